"""Documents in and out: files, folders, dicts, frames."""

from __future__ import annotations

import copy
import json
import os
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import human_security as hs
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from human_security import _core

ARRAYS = [name for name in hs.schema()["properties"] if hs.schema()["properties"][name].get("type") == "array"]


@pytest.mark.parametrize("name", hs.examples.names())
def test_every_example_loads_checks_and_comes_back(name: str, tmp_path: Path) -> None:
    a = hs.examples.load(name)
    assert hs.load(a.to_dict()) == a
    a.save(tmp_path / "a.json")
    assert hs.load(tmp_path / "a.json") == a
    first = (tmp_path / "a.json").read_bytes()
    hs.load(str(tmp_path / "a.json")).save(tmp_path / "a.json")
    assert (tmp_path / "a.json").read_bytes() == first
    a.save(tmp_path / "package")
    assert hs.load(tmp_path / "package") == a
    assert hs.load(tmp_path / "package" / "datapackage.json") == a
    assert a.check().columns == ["subject", "id", "finding", "advice"]
    assert len(a.check()) > 0


def test_an_example_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(hs.NotFoundError, match="did you mean `ituri`"):
        hs.examples.load("itury")


def test_a_dict_keeps_every_digit(small: dict[str, Any]) -> None:
    before = copy.deepcopy(small)
    a = hs.load(small)
    assert small == before
    assert a.to_dict() == small
    assert json.loads(a.to_json()) == small
    assert type(a.to_dict()["extra"]["big"]) is int
    assert hs.load(json.loads(a.to_json())) == a


def test_a_dict_may_hold_what_numpy_and_python_make(small: dict[str, Any]) -> None:
    wanted = hs.load(small)
    small["populations"][0]["persons"] = np.int64(1000)
    small["conditions"][0]["severity"] = np.float64(0.6)
    small["conditions"][0]["severity_range"] = np.array([0.5, 0.7])
    small["groups"][0]["tags"] = ("returnee",)
    assert hs.load(OrderedDict(small)) == wanted


ODD: list[tuple[Any, type[Exception], str]] = [
    (float("nan"), hs.DocumentError, "NaN"),
    (float("inf"), hs.DocumentError, "inf"),
    (10**400, hs.DocumentError, "/conditions/0/severity"),
    (True, hs.DocumentError, "/conditions/0/severity"),
    ("0.5", hs.DocumentError, "/conditions/0/severity"),
    (object(), TypeError, "/conditions/0/severity: found a value of type `object`"),
    (b"0.5", TypeError, "`bytes`"),
    ({1: 2}, TypeError, "found a key of type `int`"),
    ({0.5}, TypeError, "`set`"),
    ("\ud800", TypeError, "surrogate"),
]


@pytest.mark.parametrize(("value", "error", "says"), ODD)
def test_odd_values_are_refused_with_their_place(
    small: dict[str, Any], value: Any, error: type[Exception], says: str
) -> None:
    small["conditions"][0]["severity"] = value
    with pytest.raises(error, match=says) as caught:
        hs.load(small)
    assert isinstance(caught.value, hs.HumanSecurityError)


def test_a_dict_that_holds_itself_or_nests_too_deeply_is_refused(small: dict[str, Any]) -> None:
    small["extra"] = {"self": small}
    with pytest.raises(hs.FormatSyntaxError, match="64"):
        hs.load(small)
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"d": deep}
    small["extra"] = deep
    with pytest.raises(hs.FormatSyntaxError, match="64"):
        hs.load(small)
    while deep:
        deep = deep.popitem()[1]


def test_problems_say_where_and_how_to_mend(small: dict[str, Any]) -> None:
    small["threats"][0]["component"] = "environmentl"
    small["linkages"][0]["to"] = "hungr"
    small["colour"] = 1
    with pytest.raises(hs.DocumentError) as caught:
        hs.load(small)
    problems = caught.value.problems
    assert {p["pointer"]: p["kind"] for p in problems} == {
        "/threats/0/component": "unknown-word",
        "/linkages/0/to": "unresolved",
        "/colour": "unknown-field",
    }
    mends = {p["pointer"]: p.get("mend", "") for p in problems}
    assert "environmental" in mends["/threats/0/component"]
    assert "hunger" in mends["/linkages/0/to"]
    assert caught.value.total == 3
    assert all(p["found"] and p["wanted"] for p in problems)


def test_files_that_are_not_there_or_not_readable(tmp_path: Path) -> None:
    with pytest.raises(hs.FileError, match=r"nothing\.json"):
        hs.load(tmp_path / "nothing.json")
    with pytest.raises(OSError, match=r"nothing\.json"):
        hs.load(tmp_path / "nothing.json")
    (tmp_path / "broken.json").write_bytes(b'{"schema": "human-security/1",\n"id": \xff}')
    with pytest.raises(hs.FormatSyntaxError) as caught:
        hs.load(tmp_path / "broken.json")
    assert caught.value.problems[0]["line"] == 2
    for odd in (3, None, b"a.json", [1]):
        with pytest.raises(TypeError, match="wanted a path"):
            hs.load(odd)  # type: ignore[arg-type]


def test_arrays_are_tables(ituri: hs.Assessment) -> None:
    document = ituri.to_dict()
    for name in ARRAYS:
        table = getattr(ituri, name) if name != "externalities" else ituri.tables[name]
        assert isinstance(table, hs.Table)
        assert len(table) == len(document.get(name, []))
    assert ituri.threats["id"].tolist() == [t["id"] for t in document["threats"]]
    assert set(ituri.tables) >= {*ARRAYS, "effects", "externalities", "neighbours"}
    assert len(ituri.effects) == sum(len(i.get("effects", [])) for i in document["interventions"])
    with pytest.raises(hs.NotFoundError, match="did you mean `threats`"):
        ituri.tables["threts"]


def test_restricted_assessments_ask_for_an_acknowledgement(small: dict[str, Any], tmp_path: Path) -> None:
    a = hs.load({**small, "sensitivity": "restricted"})
    assert a.sensitivity == "restricted"
    for leave in (
        lambda word: a.save(tmp_path / "a.json", acknowledgement=word),
        lambda word: a.save(tmp_path / "folder", acknowledgement=word),
        lambda word: a.report(tmp_path / "a.html", acknowledgement=word),
        lambda word: a.text_report(acknowledgement=word),
    ):
        for wrong in (None, "strict", "yes"):
            with pytest.raises(hs.SensitivityError, match="restricted"):
                leave(wrong)
        leave("restricted")
    assert sorted(os.listdir(tmp_path)) == ["a.html", "a.json", "folder"]


def test_equality_pickling_and_faces(small: dict[str, Any], ituri: hs.Assessment) -> None:
    a = hs.load(small)
    assert a == hs.load(small)
    assert a != ituri
    assert a != "small"
    assert pickle.loads(pickle.dumps(ituri)) == ituri
    assert copy.deepcopy(a) == a
    assert repr(a).startswith("Assessment('small', 'A small <case>'; ")
    assert "A small &lt;case&gt;" in a._repr_html_()
    assert "<case>" not in a._repr_html_()
    with pytest.raises(TypeError, match="unhashable"):
        hash(a)


def test_a_template_loads_and_refuses_a_full_folder(tmp_path: Path) -> None:
    hs.template(tmp_path / "new")
    assert len(hs.load(tmp_path / "new").threats) == 0
    assert (tmp_path / "new" / "README.md").exists()
    with pytest.raises(hs.FileError, match="not empty"):
        hs.template(tmp_path / "new")


def frames(a: hs.Assessment, make: Any) -> dict[str, Any]:
    return {name: make(table) for name, table in a.tables.items() if len(table)}


MAKERS: dict[str, Any] = {
    "table": lambda t: t,
    "polars": lambda t: t.to_polars(),
    "pyarrow": lambda t: t.to_pyarrow(),
    "pyarrow batch": lambda t: pa.record_batch(t),
    "pandas": lambda t: t.to_pandas(),
    "dict of lists": lambda t: t.to_dict(),
    "dict of arrays": lambda t: {name: t[name] for name in t.columns},
    "polars in pieces": lambda t: pl.concat([t.to_polars()[:1], t.to_polars()[1:]], rechunk=False),
}


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("name", ["ituri", "moldova", "quispicanchis"])
def test_an_assessment_from_frames_is_the_same(name: str, maker: str) -> None:
    a = hs.examples.load(name)
    document = a.to_dict()
    root = {key: document[key] for key in ("id", "title", "language", "sensitivity", "extra") if key in document}
    assert hs.Assessment.from_tables(**root, **frames(a, MAKERS[maker])) == a


def test_frames_that_do_not_fit_are_refused_with_row_and_column() -> None:
    threats = pd.DataFrame({"id": ["a", "b"], "name": ["A", "B"], "component": ["food", "fod"]})
    with pytest.raises(hs.DocumentError) as caught:
        hs.Assessment.from_tables(threats=threats)
    problem = caught.value.problems[0]
    assert (problem["resource"], problem["row"], problem["field"]) == ("threats", 2, "component")
    assert "food" in problem["mend"]
    with pytest.raises(hs.DocumentError, match="did you mean `threats`"):
        hs.Assessment.from_tables(threts=threats)
    with pytest.raises(hs.DocumentError, match="component"):
        hs.Assessment.from_tables(threats=threats.rename(columns={"component": "componnt"}))


BAD_FRAMES: list[tuple[Any, type[Exception], str]] = [
    ("threats.csv", TypeError, "found `str`, wanted a data frame"),
    (3, TypeError, "found `int`"),
    (None, TypeError, "found `NoneType`"),
    ([1, 2], TypeError, "found `list`"),
    ({"id": "abc"}, TypeError, "found one text"),
    ({"id": 3}, TypeError, "found `int`, wanted a sequence"),
    ({"id": ["a"], "name": []}, hs.ArgumentError, "found 0 values, wanted 1"),
    ({"id": ["a", 1.5]}, TypeError, "row 2"),
    ({1: ["a"]}, TypeError, "found a column named by `int`"),
    (pl.DataFrame({"id": [1.5]}).lazy(), TypeError, "LazyFrame"),
]


@pytest.mark.parametrize(("frame", "error", "says"), BAD_FRAMES)
def test_what_is_no_frame_is_refused(frame: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        hs.Assessment.from_tables(threats=frame)


def test_core_is_not_made_by_hand() -> None:
    for kind in (_core.Assessment, _core.Network, _core.Outcome, _core.Table):
        with pytest.raises(TypeError):
            kind()


def test_the_limits_of_the_reader_are_the_callers(tmp_path: Path) -> None:
    text = {"schema": "human-security/1", "id": "a", "title": "x" * 65_537}
    (tmp_path / "a.json").write_text(json.dumps(text), encoding="utf-8")
    for source in (text, tmp_path / "a.json"):
        with pytest.raises(hs.LimitError):
            hs.load(source)
        assert len(hs.load(source, limits={"text": 65_537}).title) == 65_537
        with pytest.raises(hs.LimitError):
            hs.load(source, limits={"text": 70_000, "objects": 0})
    with pytest.raises(hs.LimitError):
        hs.load(tmp_path / "a.json", limits={"bytes": 100})
    with pytest.raises(hs.NotFoundError, match="did you mean `text`"):
        hs.load(text, limits={"txt": 1})
    for most in (-1, 1.5, True):
        with pytest.raises(hs.ArgumentError, match="whole number"):
            hs.load(text, limits={"text": most})  # type: ignore[dict-item]


def test_what_is_no_situation_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(hs.ArgumentError, match=r"json\.loads") as refused:
        hs.load('{"schema": "human-security/1", "title": "secret"}')
    assert "secret" not in str(refused.value)
    (tmp_path / "threats.csv").write_text("id,name\n", encoding="utf-8")
    with pytest.raises(hs.UnsupportedError, match="from_tables"):
        hs.load(tmp_path / "threats.csv")
