"""Tables reach every data frame library without a copy."""

from __future__ import annotations

import html
from typing import Any

import human_security as hs
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest


@pytest.fixture
def network() -> hs.DominoNetwork:
    return hs.DominoNetwork.from_edges(
        [0, 1, 2], [1, 2, 0], [0.5, -0.25, 0.125], names=["a<b>", "b", "c"], lag=[0, 2, 1]
    )


@pytest.fixture
def gaps() -> hs.Table:
    return hs.DominoNetwork.from_edges([0, 1], [1, 0], [0.5, None]).edges


def address(array: Any) -> int:
    return int(np.asarray(array).__array_interface__["data"][0])


def test_numbers_are_views_that_cannot_be_written(network: hs.DominoNetwork) -> None:
    edges = network.edges
    weight = edges["weight"]
    assert weight.dtype == np.float64
    assert weight.tolist() == [0.5, -0.25, 0.125]
    assert address(weight) == address(edges["weight"])
    with pytest.raises(ValueError, match="read-only"):
        weight[0] = 1.0
    assert edges["lag"].dtype == np.int64
    assert edges["lag"].tolist() == [0, 2, 1]
    del edges, network
    assert weight.sum() == 0.375


def test_missing_stays_missing(gaps: hs.Table) -> None:
    assert np.isnan(gaps["weight"][1])
    assert gaps.to_dict()["weight"] == [0.5, None]
    assert gaps.rows()[1]["weight"] is None
    assert gaps.to_pandas()["weight"].isna().tolist() == [False, True]
    assert gaps.to_polars()["weight"].to_list() == [0.5, None]
    assert gaps.to_pyarrow()["weight"].to_pylist() == [0.5, None]


def test_text_lists_and_yes_or_no(network: hs.DominoNetwork) -> None:
    nodes = network.nodes
    assert nodes["node"].tolist() == ["a<b>", "b", "c"]
    assert nodes["node"].dtype == object
    assert nodes["observed"].dtype == bool
    assert nodes["place"].tolist() == [None, None, None]
    assert network.edges["linkages"].tolist() == [[], [], []]


def test_polars_takes_the_memory_as_it_is(network: hs.DominoNetwork) -> None:
    edges = network.edges
    for frame in (edges.to_polars(), pl.DataFrame(edges)):
        assert address(frame["weight"].to_numpy(allow_copy=False)) == address(edges["weight"])
        assert frame["from"].to_list() == ["a<b>", "b", "c"]


def test_pyarrow_takes_the_memory_as_it_is(network: hs.DominoNetwork) -> None:
    edges = network.edges
    for table in (edges.to_pyarrow(), pa.table(edges)):
        assert table["weight"].chunk(0).buffers()[1].address == address(edges["weight"])
    assert pa.record_batch(edges).column("weight").buffers()[1].address == address(edges["weight"])
    assert pa.schema(edges).names == edges.columns


def test_pandas_takes_the_memory_as_it_is(network: hs.DominoNetwork) -> None:
    edges = network.edges
    frame = edges.to_pandas()
    assert address(frame["weight"].to_numpy()) == address(edges["weight"])
    assert frame.columns.tolist() == edges.columns
    own = frame.copy()
    own.loc[0, "weight"] = 9.0
    frame["more"] = 1
    with pytest.raises(ValueError, match="read-only"):
        frame.loc[0, "weight"] = 9.0
    assert edges["weight"][0] == 0.5


def test_pandas_keeps_whole_numbers_and_words(gaps: hs.Table) -> None:
    frame = gaps.to_pandas()
    assert frame["lag"].dtype == np.int64
    assert pd.api.types.is_string_dtype(frame["from"].dtype)


def test_a_requested_schema_is_met_or_refused(network: hs.DominoNetwork) -> None:
    edges = network.edges
    wish = pa.schema(
        [
            (name, pa.large_string()) if name in ("from", "to") else pa.schema(edges).field(name)
            for name in edges.columns
        ]
    )
    table = pa.table(edges, schema=wish)
    assert table.schema.field("from").type == pa.large_string()
    assert table["from"].to_pylist() == ["a<b>", "b", "c"]
    with pytest.raises(hs.ArgumentError, match="2 columns"):
        edges.__arrow_c_stream__(pa.schema([("a", pa.int64()), ("b", pa.int64())]).__arrow_c_schema__())
    with pytest.raises(TypeError, match="capsule"):
        edges.__arrow_c_stream__("no schema")


def test_an_unknown_column_names_the_nearest(network: hs.DominoNetwork) -> None:
    with pytest.raises(hs.NotFoundError, match="did you mean `weight`"):
        network.edges["weigth"]
    with pytest.raises(TypeError, match="wanted its name"):
        network.edges[0]  # type: ignore[index]
    assert "weight" in network.edges
    assert list(network.edges) == network.edges.columns


def test_faces_escape_and_count(network: hs.DominoNetwork) -> None:
    html = network.nodes._repr_html_()
    assert "a&lt;b&gt;" in html
    assert "<b>" not in html
    assert "3 rows" in html
    text = repr(network.edges)
    assert text.splitlines()[0].split()[:3] == ["from", "to", "weight"]
    assert text.endswith("3 rows")


def test_a_long_table_is_cut_in_faces_alone() -> None:
    n = 500
    edges = hs.DominoNetwork.from_edges(np.arange(n), (np.arange(n) + 1) % n, np.full(n, 0.1)).edges
    assert "500 rows, the first" in edges._repr_html_()
    assert edges._repr_html_().count("<tr>") < 100
    assert len(repr(edges).splitlines()) < 40
    assert len(edges.rows()) == n


def test_an_empty_table_has_its_columns() -> None:
    empty = hs.DominoNetwork.from_edges([], [], []).edges
    assert len(empty) == 0
    assert empty.to_pandas().shape == (0, len(empty.columns))
    assert empty.to_polars().height == 0
    assert empty.to_pyarrow().num_rows == 0
    assert empty["weight"].shape == (0,)
    assert "0 rows" in repr(empty)


def test_a_wide_table_scrolls_and_long_text_keeps_a_width() -> None:
    shown = hs.examples.load("moldova").check()._repr_html_()
    finding = max(hs.examples.load("moldova").check().table["finding"], key=len)
    assert len(finding) > 60
    assert html.escape(finding) in shown
    assert "overflow-x:auto" in shown
    assert "min-width" in shown
