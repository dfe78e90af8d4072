"""Models are values: checked once, equal by their parameters, told in full."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import human_security as hs
import numpy as np
import pytest
from human_security.models import Model

MODELS: list[Any] = [
    hs.NoisyOr(),
    hs.Linear(cap=2.0),
    hs.FuzzyCognitiveMap(rule="kosko", transfer="tanh", steepness=2.0),
    hs.LinearThreshold(threshold=0.5, runs=10, seed=1, rule="kempe"),
    hs.LinearThreshold(threshold=np.array([0.5, 0.25])),
    hs.Watts(threshold={"a": 0.5, "b": 0.2}, runs=10),
    hs.Watts(threshold={0: 0.5}),
    hs.IndependentCascade(runs=5, seed=2),
    hs.DebtRank(variant="linear", value=[1, 2]),
    hs.DynamicInoperability(resilience=[0.5, 1.0], cap=0.9),
    hs.AlternatingRenewal(internal=0.1, external=[0.1, 0.2], recovery={"a": 0.3}, step=0.5, method="mean-field"),
]


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_a_model_is_a_value(model: Model) -> None:
    told = model.to_dict()
    assert told["model"] == model.word
    assert pickle.loads(pickle.dumps(model)) == model
    assert copy.deepcopy(model) == model
    assert hash(copy.copy(model)) == hash(model)
    assert [other for other in MODELS if other == model] == [model]
    network = hs.DominoNetwork.from_edges([0], [1], [0.5], names=["a", "b"])
    by_dict = network.propagate(told, start=[1, 0], base=None, max_steps=50)
    assert network.propagate(model, start=[1, 0], max_steps=50).state.tobytes() == by_dict.state.tobytes()
    assert by_dict.settings["model"] == told


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: hs.LinearThreshold(threshold=1.5), "threshold"),
        (lambda: hs.LinearThreshold(rule="kemp"), "kempe"),
        (lambda: hs.Watts(runs=0), "runs"),
        (lambda: hs.IndependentCascade(runs=-1), "runs"),
        (lambda: hs.DebtRank(variant="old"), "original"),
        (lambda: hs.DynamicInoperability(resilience=0.0), "resilience"),
        (lambda: hs.AlternatingRenewal(internal=-0.1), "internal"),
        (lambda: hs.AlternatingRenewal(internal=float("nan")), "finite"),
        (lambda: hs.IndependentCascade(sed=1), "did you mean `seed`"),  # type: ignore[call-arg]
    ],
)
def test_a_parameter_out_of_its_domain_is_refused_at_once(make: Any, says: str) -> None:
    with pytest.raises(hs.ArgumentError, match=says):
        make()


def test_what_has_no_meaning_for_a_model_is_refused() -> None:
    network = hs.DominoNetwork.from_edges([0], [1], [-0.5])
    for model in (hs.LinearThreshold(), hs.Watts(), hs.IndependentCascade(), hs.DebtRank(), hs.AlternatingRenewal()):
        with pytest.raises(hs.HumanSecurityError, match=r"-0\.5|negative|below 0"):
            network.propagate(model, start=[1, 0])
    fed = hs.DominoNetwork.from_edges([0], [1], [0.5])
    with pytest.raises(hs.HumanSecurityError, match="base"):
        fed.propagate(hs.IndependentCascade(), start=[1, 0], base=[0.1, 0.1])


def test_settings_of_a_wrong_type_are_told_as_before() -> None:
    network = hs.DominoNetwork.from_edges([0], [1], [0.5])
    for keywords, says in (
        ({"max_steps": -1}, "max_steps"),
        ({"max_steps": 2.5}, "max_steps"),
        ({"tolerance": float("nan")}, "tolerance"),
        ({"keep": "all"}, "trajectory"),
        ({"pulse": "yes"}, "pulse"),
        ({"anchoring": {"kappa": 1}}, "kappa"),
    ):
        with pytest.raises(hs.ArgumentError, match=says):
            network.propagate(start=[1, 0], **keywords)
    whole = network.propagate(start=[1, 0], tolerance=0, max_steps=np.int64(5))  # type: ignore[arg-type]
    assert whole.settings["max_steps"] == 5
    assert network.propagate(start={0: 1.0}, anchoring={"horizons": [1, 2, 3]}).state[0] == 0.0


def test_cascades_tell_their_size_and_doubt() -> None:
    network = hs.DominoNetwork.from_edges([0, 1], [1, 2], [0.6, 0.5])
    run = network.propagate(hs.IndependentCascade(runs=500, seed=1), start=[1, 0, 0], keep="trajectory")
    assert run.standard_error.shape == (3,)
    assert run.standard_error[0] == 0
    assert run.size == pytest.approx(run.state.sum())
    assert run.size_standard_error > 0
    assert run.facts["runs"] == 500
    np.testing.assert_array_equal(run.trajectory[-1], run.state)
    assert "standard_error" in run.table.columns


def test_a_picture_stands_by_itself(tmp_path: Any) -> None:
    network = hs.DominoNetwork.from_edges([0, 1], [1, 0], [0.6, -0.5], names=["<b>飢餓</b>", "a & b"])
    picture = network.plot(static=True)
    assert "<script" not in picture.svg
    assert "<b>" not in picture.svg
    assert "飢餓" in picture.svg
    assert picture._repr_html_().startswith("<img ")
    picture.save(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == picture.svg
    chart = network.plot().to_dict()
    assert len(chart["layer"]) == 4
    assert network.plot(static=True).svg == picture.svg
    with pytest.raises(hs.UndefinedError):
        hs.DominoNetwork.from_edges([], [], []).plot()


def test_events_come_in_any_form() -> None:
    import pandas as pd
    import polars as pl

    network = hs.DominoNetwork.from_edges([0], [1], [0.5], names=["a", "b"])
    rows = [("a", 4, 6), ("b", 7, None)]
    wanted = network.renewal_rates(rows, horizon=10).to_json()
    columns = {"node": ["a", "b"], "start": [4, 7], "end": [6, None]}
    for events in (
        [dict(zip(("node", "start", "end"), row, strict=True)) for row in rows],
        columns,
        pd.DataFrame(columns),
        pl.DataFrame(columns),
    ):
        assert (
            network.renewal_rates(events, horizon=10)["rate"].tobytes()
            == np.array(network.renewal_rates(rows, horizon=10)["rate"]).tobytes()
        )
    assert wanted
    for wrong in ("a", 3, [("a",)], {"node": ["a"]}, [("a", "soon")]):
        with pytest.raises(hs.ArgumentError):
            network.renewal_rates(wrong, horizon=10)
