"""Results have one shape, and faces that a reader can use."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import human_security as hs
import numpy as np
import polars as pl
import pytest

RUNS: dict[str, Any] = {
    "check": lambda a: a.check(),
    "criticality": lambda a: a.criticality(),
    "externalities": lambda a: a.externalities(),
    "pillar_gaps": lambda a: a.pillar_gaps(),
    "propagate": lambda a: a.network().propagate(shocks={0: 0.1}),
    "total_effects": lambda a: a.network().total_effects(),
    "root_causes": lambda a: a.network().root_causes(),
    "influence": lambda a: a.network().influence(),
    "roles": lambda a: a.network().roles(),
    "indices": lambda a: a.network().indices(),
    "loops": lambda a: a.network().loops(max_length=4),
    "chains": lambda a: a.network().chains("armed-violence", "displacement", k=3),
    "clusters": lambda a: a.network().clusters(),
    "attribution": lambda a: a.network().attribution("armed-violence", hs.Linear()),
    "blocks": lambda a: a.network().blocks(),
    "intersections": lambda a: a.intersections(),
    "simulate": lambda a: a.network().simulate(draws=20),
    "expert_root_causes": lambda a: hs.expert_root_causes([a, a], bootstrap=10),
    "pool_linkages": lambda a: hs.pool_linkages([a]),
    "compare_maps": lambda a: hs.compare_maps([a, a]),
}

COLUMNS = {
    "check": "subject id finding advice",
    "criticality": "threat place group period severity prevalence persons class coverage",
    "externalities": "intervention threat component place group horizon route outcome change lower upper persons"
    " crosses",
    "pillar_gaps": "threat place group class protection empowerment gap interventions capacities",
    "propagate": "node threat place group state",
    "root_causes": "node given received prominence relation rank",
    "influence": "node direct total rank",
    "roles": "node driving dependence driving_indirect dependence_indirect role",
    "indices": "node in_degree out_degree centrality kind",
    "loops": "nodes length sign gain lag",
    "chains": "nodes length sign gain lag",
    "clusters": "node cluster",
    "attribution": "from share value standard_error",
}


class Balanced(HTMLParser):
    """Fails on a tag that closes another, and on a script."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag != "script"
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def balanced(html: str) -> None:
    parser = Balanced()
    parser.feed(html)
    parser.close()
    assert parser.open == []


@pytest.mark.parametrize("name", RUNS)
def test_every_result_has_the_shape(name: str, ituri: hs.Assessment) -> None:
    result = RUNS[name](ituri)
    assert isinstance(result.settings, dict)
    assert all({"code", "message", "subjects"} <= set(note) for note in result.notes)
    assert isinstance(result.table, hs.Table)
    assert next(iter(result.tables.values())) == result.table
    assert result.table.columns[: len(COLUMNS.get(name, "").split())] == COLUMNS.get(name, "").split()
    assert len(result) == len(result.table)
    assert pl.DataFrame(result).height == len(result)
    everything = json.loads(result.to_json())
    assert everything["analysis"] == name
    assert set(everything["tables"]) == set(result.tables)
    assert isinstance(result.to_dict(), dict)
    balanced(result._repr_html_())
    assert repr(result)
    assert bool(result)


def test_attributes_are_facts_arrays_and_tables(ituri: hs.Assessment) -> None:
    run = ituri.network().propagate(shocks={"armed-violence": -0.2}, keep="trajectory")
    assert run.status == "converged"
    assert run.period is None
    assert run.state.shape == (len(ituri.network()),)
    assert run.trajectory.shape == (run.iterations + 1, len(run.state))
    assert np.array_equal(run.trajectory[-1], run.state)
    assert run.error_bound < 1e-6
    assert np.array_equal(run.table["state"], run.state)
    assert {"state", "status", "states"} <= set(dir(run))
    with pytest.raises(AttributeError, match="it has state"):
        run.stat  # noqa: B018
    with pytest.raises(ValueError, match="read-only"):
        run.state[0] = 1.0
    state = run.state
    del run
    assert state.sum() > 0


def test_a_run_from_an_assessment_is_at_rest_without_a_push(ituri: hs.Assessment) -> None:
    for model in (hs.NoisyOr(), hs.Linear(), hs.FuzzyCognitiveMap()):
        run = ituri.network().propagate(model)
        np.testing.assert_allclose(run.state, run.baseline, atol=1e-8)


def test_externalities_hold_what_the_contract_names(ituri: hs.Assessment) -> None:
    result = ituri.externalities(horizon="all", groups="displacement-status")
    assert set(result.table["horizon"]) == {"short", "medium", "long", "rest"}
    assert set(result.table["route"]) <= {"direct", "declared", "propagated"}
    assert set(result.table["outcome"]) <= {"better", "worse", "none"}
    assert len(result.components) == 49
    assert "no claim" in set(result.components["handbook"])
    assert {"intervention", "threat", "place", "group", "change", "probability", "persons", "divider"} <= set(
        result.harms.columns
    )
    assert ((result.harms["probability"] >= 0.05) & (result.harms["probability"] <= 1)).all()
    assert (result.harms["change"] > 0).all()
    worse = result.table["outcome"] == "worse"
    assert (result.table["change"][worse] > 0).all()
    first = ituri.interventions["id"][0]
    assert set(ituri.externalities(interventions=[first]).table["intervention"]) == {first}


@pytest.mark.parametrize("name", hs.examples.names())
def test_every_case_goes_all_the_way(name: str) -> None:
    a = hs.examples.load(name)
    n = a.network()
    assert len(n) > 5
    assert len(a.criticality()) > 0
    assert len(a.externalities()) > 0
    assert len(a.pillar_gaps()) >= 0
    assert len(n.root_causes()) > 0
    assert a.title.split(":")[0] in a.text_report(sections=["situation", "harms"])
    balanced(a._repr_html_())
    balanced(n._repr_html_())


def test_expansion_filters_and_folds(ituri: hs.Assessment) -> None:
    n = ituri.network()
    assert n.nodes.columns[:6] == ["node", "threat", "place", "group", "severity", "observed"]
    assert n.edges.columns[:4] == ["from", "to", "weight", "lag"]
    assert n.settings is not None
    assert set(ituri.network(places=["ituri"]).nodes["place"]) == {"ituri"}
    assert set(ituri.network(components=["personal"]).nodes["component"]) == {"personal"}
    assert None not in set(ituri.network(groups="displacement-status").nodes["group"])
    assert set(ituri.network(fold_places=True).nodes["place"]) == {None}
    assert hs.DominoNetwork.from_edges([0], [1], [1]).settings is None


def test_the_framework_is_there() -> None:
    f = hs.framework
    assert len(f.components) == 7
    assert len(f.externalities) == 43
    assert len(f.externality_matrix) == 49
    assert len(f.questions) == 7
    assert len(f.stages) == 5
    for name, table in f.tables().items():
        assert getattr(f, name) is table
        assert len(table) > 0
        balanced(table._repr_html_())
