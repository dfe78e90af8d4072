"""Arrow from outside may lie: everything is validated before anything is read."""

from __future__ import annotations

import struct
from typing import Any

import human_security as hs
import polars as pl
import pyarrow as pa
import pytest


def threats(ids: pa.Array) -> pa.RecordBatch:
    n = len(ids)
    names, components = pa.array(["A"] * n), pa.array(["food"] * n)
    return pa.RecordBatch.from_arrays([ids, names, components], names=["id", "name", "component"])


def lying(offsets: list[int], data: bytes, kind: Any = None) -> pa.RecordBatch:
    """Text whose offsets are changed behind the back of the library that made it."""
    wide = "q" if kind is not None else "i"
    memory = bytearray(struct.pack(f"<{len(offsets)}{wide}", *([0] * len(offsets))))
    buffers = [None, pa.py_buffer(memory), pa.py_buffer(data)]
    batch = threats(pa.Array.from_buffers(kind or pa.utf8(), len(offsets) - 1, buffers))
    memory[:] = struct.pack(f"<{len(offsets)}{wide}", *offsets)
    return batch


def pointing(indices: list[int]) -> pa.RecordBatch:
    return threats(pa.DictionaryArray.from_arrays(pa.array(indices, pa.int8()), pa.array(["a"]), safe=False))


LIES = {
    "offsets that go back": lying([0, 2, 1, 3], b"abc"),
    "a negative offset": lying([-1, 1, 2], b"abc"),
    "a negative offset inside": lying([0, -1, 2], b"abc"),
    "a negative last offset": lying([0, 1, -1], b"abc"),
    "a last offset below the first": lying([3, 2], b"abc"),
    "bytes that are no text": lying([0, 1, 2], b"\xff\xfe"),
    "a text cut inside a letter": lying([0, 1, 2], "é".encode()),
    "large offsets that go back": lying([0, 2, 1, 3], b"abc", kind=pa.large_utf8()),
    "large bytes that are no text": lying([0, 1, 2], b"\xff\xfe", kind=pa.large_utf8()),
    "a dictionary index out of range": pointing([0, 7]),
    "a negative dictionary index": pointing([0, -1]),
}


@pytest.mark.parametrize("lie", LIES)
def test_buffers_that_lie_are_refused(lie: str) -> None:
    with pytest.raises(hs.ArgumentError, match="not a sound Arrow table"):
        hs.Assessment.from_tables(threats=LIES[lie])


def test_honest_odd_layouts_are_read() -> None:
    sliced = threats(pa.array(["x", "a", "b", "y"]))[1:3]
    for frame in (
        sliced,
        pa.Table.from_batches([sliced, sliced.slice(0, 0)]),
        threats(pa.array(["a", "b"], pa.large_utf8())),
        threats(pa.array(["a", "b"], pa.string_view())),
        threats(pa.array(["a", "b"]).dictionary_encode()),
        pl.DataFrame(threats(pa.array(["a", "b"]))).with_columns(pl.col("component").cast(pl.Categorical)),
    ):
        assert hs.Assessment.from_tables(threats=frame).threats["id"].tolist() == ["a", "b"]


class Stream:
    """Speaks the interface, and says what it is told."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Pair:
    """Speaks the interface of arrays, and says what it is told."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __arrow_c_array__(self, requested_schema: object | None = None) -> Any:
        return self.answer


def test_a_stream_is_read_once() -> None:
    capsule = pa.table(threats(pa.array(["a"]))).__arrow_c_stream__()
    assert len(hs.Assessment.from_tables(threats=Stream(capsule)).threats) == 1
    with pytest.raises(hs.ArgumentError, match="already read"):
        hs.Assessment.from_tables(threats=Stream(capsule))


def test_what_only_claims_to_speak_arrow_is_refused() -> None:
    with pytest.raises(TypeError, match="capsule"):
        hs.Assessment.from_tables(threats=Stream("nothing"))
    schema, array = threats(pa.array(["a"])).__arrow_c_array__()
    with pytest.raises(ValueError, match="PyCapsule_GetPointer called with incorrect name"):
        hs.Assessment.from_tables(threats=Stream(schema))
    with pytest.raises(ValueError, match="incorrect name"):
        hs.Assessment.from_tables(threats=Pair((array, schema)))
    with pytest.raises(RuntimeError, match="own"):
        hs.Assessment.from_tables(threats=Stream(RuntimeError("its own")))
    assert len(hs.Assessment.from_tables(threats=Pair((schema, array))).threats) == 1


def test_a_stream_that_fails_says_why() -> None:
    def batches() -> Any:
        yield threats(pa.array(["a"]))
        raise ValueError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(threats(pa.array(["a"])).schema, batches())
    with pytest.raises(hs.ArgumentError, match="the disk is gone"):
        hs.Assessment.from_tables(threats=reader)


def test_an_array_that_is_no_table_is_refused() -> None:
    with pytest.raises(hs.ArgumentError, match="not a sound Arrow table"):
        hs.Assessment.from_tables(threats=pa.array([1, 2]))
    with pytest.raises(hs.ArgumentError, match="null as a whole"):
        hs.Assessment.from_tables(threats=pa.array([{"id": "a"}, None]))
