"""Networks from any sequence of numbers, without surprises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import human_security as hs
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]


def strided(values: list[float], dtype: str) -> Any:
    wide = np.zeros(2 * len(values), dtype=dtype)
    wide[::2] = values
    return wide[::2]


WAYS: dict[str, Callable[[list[float]], Any]] = {
    "list": list,
    "tuple": tuple,
    "pandas": pd.Series,
    "polars": pl.Series,
    "array": np.array,
    "strided": lambda v: strided(v, "float64"),
    "reversed": lambda v: np.array(v[::-1])[::-1],
    "float32": lambda v: np.array(v, dtype="float32"),
    "big-endian": lambda v: np.array(v, dtype=">f8"),
    "object": lambda v: np.array(v, dtype=object),
    "range of objects": lambda v: [np.float32(x) for x in v],
}


@pytest.mark.parametrize("way", WAYS)
def test_weights_of_any_kind(way: str) -> None:
    weights = [0.5, -0.25, 2.0]
    n = hs.DominoNetwork.from_edges([0, 1, 2], [1, 2, 0], WAYS[way](weights))
    assert n.edges["weight"].tolist() == weights


@pytest.mark.parametrize("way", WAYS)
def test_positions_of_any_kind(way: str) -> None:
    n = hs.DominoNetwork.from_edges(WAYS[way]([0, 1, 2]), WAYS[way]([1, 2, 0]), [1, 1, 1], lag=WAYS[way]([0, 3, 1]))
    assert n.edges["from"].tolist() == ["0", "1", "2"]
    assert n.edges["lag"].tolist() == [0, 3, 1]


@pytest.mark.parametrize("dtype", INTEGERS)
def test_integers_of_any_width(dtype: str) -> None:
    source = np.array([0, 1], dtype=dtype)
    n = hs.DominoNetwork.from_edges(source, source[::-1], np.array([1, 2], dtype=dtype))
    assert n.edges["to"].tolist() == ["1", "0"]
    assert n.edges["weight"].tolist() == [1.0, 2.0]


@pytest.mark.parametrize("missing", [None, pd.NA])
def test_none_is_a_link_without_a_number(missing: Any) -> None:
    n = hs.DominoNetwork.from_edges([0, 1], [1, 0], [0.5, missing], low=[0.4, None], high=[0.6, None])
    assert n.edges.to_dict()["weight"] == [0.5, None]
    assert n.edges.to_dict()["low"] == [0.4, None]
    assert [note["code"] for note in n.notes] == ["unweighted-linkage"]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("way", ["list", "array", "object"])
def test_what_is_not_finite_is_refused(bad: float, way: str) -> None:
    with pytest.raises(hs.ArgumentError, match="finite"):
        hs.DominoNetwork.from_edges([0, 1], [1, 0], WAYS[way]([0.5, bad]))


REFUSED: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"source": [0.5, 1]}, hs.ArgumentError, r"`source`\[0\]: found 0.5"),
    ({"source": [-1, 1]}, hs.ArgumentError, r"`source`\[0\]: found -1"),
    ({"source": [2**32, 1]}, hs.ArgumentError, "found 4294967296"),
    ({"source": [2**70, 1]}, hs.ArgumentError, "`source`"),
    ({"source": [float("nan"), 1]}, hs.ArgumentError, "`source`.*NaN"),
    ({"source": [None, 1]}, hs.ArgumentError, r"`source`\[0\]: found None"),
    ({"source": ["a", "b"]}, TypeError, "`source`: found values of type <U1"),
    ({"source": "01"}, TypeError, "`source`: found `str`"),
    ({"source": 0}, TypeError, "`source`: found int"),
    ({"source": [[0, 1]]}, hs.ArgumentError, "2 axes"),
    ({"source": [[0], [1, 2]]}, hs.ArgumentError, "ragged"),
    ({"source": [True, False]}, TypeError, "bool"),
    ({"source": np.array(["2008-01-01"] * 2, dtype="datetime64[D]")}, TypeError, "datetime64"),
    ({"source": [1 + 2j, 1]}, TypeError, "complex"),
    ({"weight": ["a", 0.5]}, TypeError, "`weight`"),
    ({"weight": [object(), 0.5]}, TypeError, r"`weight`\[0\]: found `object`"),
    ({"weight": [0.5]}, hs.ArgumentError, "`weight` has 1 entries, wanted 2"),
    ({"weight": None}, TypeError, "`weight`: found `NoneType`"),
    ({"names": ["a"]}, hs.ArgumentError, "wanted one below 1"),
    ({"names": ["a", "a"]}, hs.ArgumentError, "`a` twice"),
    ({"names": "ab"}, TypeError, "`names`: found one text"),
    ({"names": ["a", 1]}, TypeError, r"`names`\[1\]: found `int`"),
    ({"nodes": -1}, hs.ArgumentError, "`nodes`: found -1"),
    ({"nodes": 1.0}, TypeError, "`nodes`: found `float`"),
    ({"nodes": True}, TypeError, "`nodes`: found `bool`"),
    ({"lag": [0, 1001]}, hs.ArgumentError, "1001"),
    ({"low": [0.1, 0.1]}, hs.ArgumentError, "without `high`"),
]


@pytest.mark.parametrize(("change", "error", "says"), REFUSED)
def test_what_does_not_fit_is_refused_in_words(change: dict[str, Any], error: type[Exception], says: str) -> None:
    arguments: dict[str, Any] = {"source": [0, 1], "target": [1, 0], "weight": [0.5, 0.5], **change}
    with pytest.raises(error, match=says) as caught:
        hs.DominoNetwork.from_edges(**arguments)
    assert isinstance(caught.value, hs.HumanSecurityError)


def test_an_unknown_keyword_is_met_with_the_nearest() -> None:
    with pytest.raises(TypeError, match="did you mean `weight`") as caught:
        hs.DominoNetwork.from_edges([0], [1], weights=[1])  # type: ignore[call-arg]
    assert isinstance(caught.value, hs.HumanSecurityError)
    with pytest.raises(TypeError, match="missing"):
        hs.DominoNetwork.from_edges([0], [1])  # type: ignore[call-arg]


def test_names_and_nodes_fix_the_count() -> None:
    assert len(hs.DominoNetwork.from_edges([], [], [], nodes=4)) == 4
    assert len(hs.DominoNetwork.from_edges([], [], [], names=np.array(["a", "b"]))) == 2
    assert len(hs.DominoNetwork.from_edges([0], [5], [1])) == 6
    assert len(hs.DominoNetwork.from_edges([], [], [])) == 0
    assert "2 nodes" in repr(hs.DominoNetwork.from_edges([0], [1], [1]))


@given(
    st.integers(1, 30).flatmap(
        lambda edges: st.tuples(
            hnp.arrays(st.sampled_from(["int16", "uint32", "int64", "float32"]), edges, elements=st.integers(0, 20)),
            hnp.arrays(np.float64, edges, elements=st.floats(-1e300, 1e300)),
        )
    )
)
def test_what_goes_in_comes_out(edges: tuple[Any, Any]) -> None:
    source, weight = edges
    n = hs.DominoNetwork.from_edges(source, source[::-1], weight)
    assert n.edges["weight"].tolist() == weight.tolist()
    assert n.edges["from"].tolist() == [str(int(s)) for s in source]
    assert len(n) == int(source.max()) + 1
