"""People's data from any library: read where it lies, or refused with the column's name and never a row's value."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import duckdb
import human_security as hs
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from human_security import _core
from test_intake import LIES

N = 1000
X = np.arange(N, dtype=np.float64)


def addresses(data: Any, *columns: str) -> list[list[int | None]]:
    return _core.column_addresses(data, list(columns))


def at(array: Any) -> int:
    return int(array.__array_interface__["data"][0])


def test_numpy_is_read_in_place() -> None:
    for dtype in ("f8", "f4", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1"):
        array = X.astype(dtype)
        array.flags.writeable = False
        assert addresses({"x": array}, "x") == [[at(array)]], dtype
    assert addresses({"x": X[10:]}, "x") == [[at(X) + 80]]


def test_pandas_is_read_in_place() -> None:
    frame = pd.DataFrame({"x": X, "text": ["a"] * N, "i": np.arange(N), "f": X.astype("f4")})
    for column in ("x", "i", "f"):
        assert addresses(frame, column) == [[at(frame[column].to_numpy())]]
    codes = pd.DataFrame({"c": pd.Categorical(["u", "v"] * (N // 2))})
    assert addresses(codes, "c") == [[at(codes["c"].array.codes)]]
    arrow = pd.DataFrame({"x": pd.Series(X, dtype=pd.ArrowDtype(pa.float64())), "s": pd.Series(["a"] * N, dtype="str")})
    assert addresses(arrow, "x") == [[arrow["x"].array.__arrow_array__().chunk(0).buffers()[1].address]]
    assert addresses(arrow, "s") == [[arrow["s"].array.__arrow_array__().chunk(0).buffers()[1].address]]


def test_polars_is_read_in_place() -> None:
    frame = pl.DataFrame({"x": X, "s": ["a long word that is kept apart"] * N, "unread": [object()] * N})
    lies = at(frame["x"].to_numpy(allow_copy=False))
    assert addresses(frame, "x") == [[lies]]
    assert addresses(frame[5:], "x") == [[lies + 40]]
    assert addresses({"x": frame["x"]}, "x") == [[lies]]
    two = pl.concat([frame.select("x"), frame.select("x")], rechunk=False)
    assert addresses(two, "x") == [[at(chunk.to_numpy(allow_copy=False))] for chunk in two["x"].get_chunks()]


def test_pyarrow_is_read_in_place() -> None:
    table = pa.table({"x": X, "s": ["a"] * N})
    wanted = [[table["x"].chunk(0).buffers()[1].address, table["s"].chunk(0).buffers()[1].address]]
    assert addresses(table, "x", "s") == wanted
    assert addresses(table.to_reader(), "x", "s") == wanted
    assert addresses(table.to_batches()[0], "x", "s") == wanted
    assert addresses({"x": table["x"], "s": table["s"]}, "x", "s") == wanted


def test_duckdb_is_read_in_place() -> None:
    """The batches that DuckDB makes are seen on their way, and lie where they are read."""
    seen: list[list[int]] = []

    def watched(reader: pa.RecordBatchReader) -> Any:
        for batch in reader:
            seen.append([column.buffers()[1].address for column in batch.columns])
            yield batch

    query = "select i::double as x, i as j, 'g' || i % 7 as g from range(300000) t(i)"
    reader = duckdb.connect().sql(query).to_arrow_reader()
    found = addresses(pa.RecordBatchReader.from_batches(reader.schema, watched(reader)), "x", "j", "g")
    assert len(found) > 1
    assert found == seen


def test_memory_is_let_go() -> None:
    array = X.copy()
    gone = weakref.ref(array)
    addresses({"x": array}, "x")
    del array
    gc.collect()
    assert gone() is None


def test_a_list_of_batches_is_as_good_as_a_table() -> None:
    frame = pl.DataFrame({"x": X})
    parts = [frame[:10], frame[10:]]
    assert len(addresses(iter(parts), "x")) == 2
    assert len(addresses((part.to_pandas() for part in parts), "x")) == 2
    assert addresses(frame.lazy(), "x")


class Broken(Exception):
    """Raised by the caller's own code."""


def test_what_the_callers_own_code_raises_comes_through() -> None:
    def parts() -> Any:
        yield pl.DataFrame({"x": X})
        raise Broken

    with pytest.raises(Broken):
        addresses(parts(), "x")


SECRET = "Amina-7731"
NONE, TWO = "/x: found no column of that name", "/x: found two columns of that name"

REFUSED: dict[str, tuple[Any, type[Exception], str]] = {
    "nothing": (None, TypeError, "`data`: found `NoneType`"),
    "a number": (3, TypeError, "`data`: found `int`"),
    "a missing column": ({"xx": X}, hs.NotFoundError, "no column of that name.*did you mean `xx`"),
    "a missing polars column": (pl.DataFrame({"y": X}), hs.NotFoundError, NONE),
    "a missing pyarrow column": (pa.table({"y": X}), hs.NotFoundError, NONE),
    "a missing pandas column": (pd.DataFrame({"y": X}), hs.NotFoundError, NONE),
    "a missing DuckDB column": (lambda: duckdb.connect().sql("select 1 as y"), hs.NotFoundError, NONE),
    "twice in pandas": (
        pd.DataFrame(np.ones((2, 2)), columns=["x", "x"]),
        hs.ArgumentError,
        TWO,
    ),
    "twice in Arrow": (
        pa.table([pa.array([1.0])] * 2, names=["x", "x"]),
        hs.ArgumentError,
        TWO,
    ),
    "two axes": ({"x": np.ones((2, 2))}, hs.ArgumentError, "column `x`: found an array of 2 axes"),
    "no axis": ({"x": np.array(1.0)}, hs.ArgumentError, "column `x`: found an array of 0 axes"),
    "one text": ({"x": SECRET}, TypeError, "column `x`: found one text"),
    "mixed": ({"x": np.array([1.0, SECRET], dtype=object)}, TypeError, "column `x` row 2: found a value of type `str`"),
    "mixed in a list": ({"x": [SECRET, True]}, TypeError, "column `x` row 2: found a value of type `bool` among texts"),
    "no type we know": ({"x": [object()]}, TypeError, "column `x` row 1: found a value of type `object`"),
    "times": (
        {"x": np.array(["2009-01-01"], dtype="M8[D]")},
        TypeError,
        r"column `x`: found values of type datetime64",
    ),
    "complex numbers": ({"x": np.array([1j])}, TypeError, "column `x`: found values of type complex128"),
    "bytes": ({"x": np.array([SECRET.encode()])}, TypeError, "column `x`: found values of type"),
    "records": ({"x": np.zeros(2, dtype=[("a", "f8")])}, TypeError, "column `x`: found values of type"),
    "half a letter": (
        {"x": np.array(["\ud800" + SECRET])},
        hs.ArgumentError,
        "column `x` row 1: found text with a lone",
    ),
    "half a letter in a list": ({"x": [SECRET + "\ud800"]}, TypeError, "column `x` row 1: found text with a lone"),
    "a dict in a column": ({"x": {"a": 1}}, TypeError, "column `x`: found `dict`"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_data_is_refused_by_column(case: str) -> None:
    data, error, says = REFUSED[case]
    with pytest.raises(error, match=says) as caught:
        addresses(data() if callable(data) else data, "x")
    assert isinstance(caught.value, hs.HumanSecurityError)
    assert SECRET not in str(caught.value)
    assert SECRET not in str(caught.value.problems)


def test_columns_of_different_length_are_refused() -> None:
    for other in (X[1:], list(X[1:]), pa.array(X[1:]), pd.Series(X[1:])):
        with pytest.raises(hs.ArgumentError, match="column `y`: found 999 values, wanted 1000 as column `x` has"):
            addresses({"x": X, "y": other}, "x", "y")


@pytest.mark.parametrize("lie", LIES)
def test_columns_that_lie_are_refused(lie: str) -> None:
    """As a table, as one column of a mapping, and where the scheme reads it."""
    batch = LIES[lie]
    for data in (batch, pa.Table.from_batches([batch]), {"id": batch.column("id")}):
        with pytest.raises(hs.ArgumentError, match="not a sound Arrow table") as caught:
            addresses(data, "id")
        assert not isinstance(caught.value, hs.InternalError)
    scheme = hs.DeprivationScheme([hs.Deprivation("id", among=["a"])], cutoff=1)
    with pytest.raises(hs.ArgumentError, match="not a sound Arrow table"):
        hs.score(batch, scheme)
