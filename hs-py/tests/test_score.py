"""Scores through Python: the same bits from any library, in any order; missing never zero; refusals without values."""

from __future__ import annotations

import datetime
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import human_security as hs
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from human_security import _progress
from hypothesis import given, settings
from hypothesis import strategies as st

SCHEME = hs.DeprivationScheme(
    [
        hs.Deprivation("food", below=28, component="food", weight=0.25),
        hs.Deprivation("water", among=["river", "unprotected well"], component="health", weight=0.25, vital=True),
        hs.Deprivation("minutes", above=60, maximum=600, component="health", weight=0.25),
        hs.Deprivation("safe", among=[False], component="personal", weight=0.25),
    ],
    cutoff=0.5,
)
DESIGN: dict[str, Any] = {"by": ["district", "sex"], "weight": "wt", "strata": "stratum", "cluster": "psu", "min_n": 0}
N = 800


def rows(n: int = N, seed: int = 0) -> pl.DataFrame:
    """Draw rows of every type, some missing everywhere they may be."""
    rng = np.random.default_rng(seed)

    def holes(values: Any) -> list[Any]:
        return [None if hole else value for value, hole in zip(values, rng.random(n) < 0.05, strict=True)]

    stratum = rng.integers(0, 4, n)
    return pl.DataFrame(
        {
            "food": holes(rng.uniform(10, 60, n).tolist()),
            "water": holes(rng.choice(["river", "tap", "unprotected well"], n).tolist()),
            "minutes": holes(rng.integers(0, 200, n).tolist()),
            "safe": holes((rng.random(n) < 0.7).tolist()),
            "district": holes(rng.choice(["north", "south", "east of Ségou"], n).tolist()),
            "sex": rng.choice(["f", "m"], n),
            "wt": rng.uniform(0.5, 3, n),
            "stratum": stratum,
            "psu": stratum * 100 + rng.integers(0, 8, n),
        }
    )


FRAME = rows()
WANTED = hs.score(FRAME, SCHEME, **DESIGN)


def bits(result: hs.Result) -> dict[str, Any]:
    return {name: table.to_dict() for name, table in result.tables.items()}


def as_numpy(frame: pl.DataFrame) -> dict[str, Any]:
    """Return NumPy arrays as people keep them: NaN, masks, objects, text of fixed width."""
    safe = frame["safe"]
    return {
        "food": frame["food"].fill_null(float("nan")).to_numpy(),
        "water": np.array(frame["water"].to_list(), dtype=object),
        "minutes": np.ma.masked_array(frame["minutes"].fill_null(0).to_numpy(), frame["minutes"].is_null().to_numpy()),
        "safe": np.ma.masked_array(safe.fill_null(False).to_numpy(), safe.is_null().to_numpy()),
        "district": frame["district"].to_list(),
        "sex": np.array(frame["sex"].to_list()),
        "wt": frame["wt"].to_numpy(),
        "stratum": frame["stratum"].to_numpy().astype("i2"),
        "psu": frame["psu"].to_numpy().astype(">i4"),
    }


def strided(frame: pl.DataFrame) -> dict[str, Any]:
    columns = as_numpy(frame)
    wide = np.empty((len(frame), 3))
    wide[:, 1] = columns["food"]
    return {**columns, "food": wide[:, 1], "wt": columns["wt"][::-1].copy()[::-1]}


def in_duckdb(frame: pl.DataFrame) -> Any:
    connection = duckdb.connect()
    connection.register("people", frame.to_arrow())
    return connection.sql("select *, 1 as unread from people")


KINDS: dict[str, Any] = {
    "polars": lambda f: f,
    "polars in chunks": lambda f: pl.concat([f[:100], f[100:101], f[101:]], rechunk=False),
    "polars, lazy": lambda f: f.lazy(),
    "polars, categories": lambda f: f.with_columns(pl.col("district", "water").cast(pl.Categorical)),
    "pyarrow": lambda f: f.to_arrow(),
    "pyarrow, large text": lambda f: f.to_arrow(compat_level=pl.CompatLevel.oldest()),
    "pyarrow, dictionaries": lambda f: pa.table(
        {n: c.dictionary_encode() if n in ("sex", "psu") else c for n, c in zip(f.columns, f.to_arrow(), strict=True)}
    ),
    "pyarrow, reader": lambda f: f.to_arrow().to_reader(max_chunksize=77),
    "pandas": lambda f: f.to_pandas(),
    "pandas, nullable": lambda f: f.to_pandas().convert_dtypes(dtype_backend="numpy_nullable"),
    "pandas, Arrow": lambda f: f.to_pandas(use_pyarrow_extension_array=True),
    "pandas, objects": lambda f: f.to_pandas().astype({"district": object, "water": object, "safe": object}),
    "pandas, categories": lambda f: f.to_pandas().astype({"district": "category", "water": "category"}),
    "numpy": as_numpy,
    "numpy, strided": strided,
    "numpy, records": lambda f: as_records(f),
    "lists": lambda f: f.to_dict(as_series=False),
    "duckdb": in_duckdb,
    "what speaks of arrays alone": lambda f: TableLike(f),
    "an iterator of frames": lambda f: iter([f[:300], f[300:].to_arrow(), f[:0].to_pandas()]),
}


class TableLike:
    """Speaks the interface of arrays alone."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.batch = pa.RecordBatch.from_struct_array(frame.to_arrow().to_struct_array().combine_chunks())

    def __arrow_c_array__(self, requested_schema: object | None = None) -> Any:
        return self.batch.__arrow_c_array__(requested_schema)


def as_records(frame: pl.DataFrame) -> Any:
    columns = {n: c for n, c in as_numpy(frame).items() if not isinstance(c, np.ma.MaskedArray)}
    columns["minutes"] = np.array([np.nan if m is None else m for m in frame["minutes"].to_list()])
    columns["safe"] = np.array(frame["safe"].to_list(), dtype=object)
    columns["district"] = np.array(frame["district"].to_list(), dtype=object)
    records = np.empty(len(frame), dtype=[(name, np.asarray(column).dtype) for name, column in columns.items()])
    for name, column in columns.items():
        records[name] = column
    return records


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_data_gives_the_same_bits(kind: str) -> None:
    assert bits(hs.score(KINDS[kind](FRAME), SCHEME, **DESIGN)) == bits(WANTED)


@pytest.mark.parametrize("size", [None, 100])
def test_a_parquet_file_gives_the_same_bits(tmp_path: Path, size: int | None) -> None:
    path = tmp_path / "people.parquet"
    pq.write_table(FRAME.to_arrow(compat_level=pl.CompatLevel.oldest()), path, row_group_size=size)
    assert bits(hs.score(path, SCHEME, **DESIGN)) == bits(WANTED)
    assert bits(hs.score(str(path), SCHEME, **DESIGN)) == bits(WANTED)


def test_a_csv_file_gives_the_same_figures(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    FRAME.write_csv(path)
    found = hs.score(path, SCHEME, **DESIGN)
    assert bits(found) == bits(WANTED)


def test_strided_arrays_are_copied_and_that_is_said() -> None:
    assert [n for n in WANTED.notes if n["code"] == "copied-column"] == []
    found = [n for n in hs.score(strided(FRAME), SCHEME, **DESIGN).notes if n["code"] == "copied-column"]
    assert found
    assert set(found[0]["subjects"]) == {"food", "wt"}


@settings(max_examples=12)
@given(seed=st.integers(0, 10**6), size=st.integers(1, 400))
def test_order_of_rows_and_batches_change_no_bit(seed: int, size: int) -> None:
    mixed = FRAME.sample(fraction=1.0, shuffle=True, seed=seed)
    assert bits(hs.score(mixed, SCHEME, **DESIGN)) == bits(WANTED)
    parts = (mixed[at : at + size] for at in range(0, N, size))
    assert bits(hs.score(parts, SCHEME, **DESIGN)) == bits(WANTED)


@settings(max_examples=12)
@given(st.lists(st.one_of(st.none(), st.floats(0, 100), st.just(float("nan"))), min_size=1, max_size=30))
def test_missing_never_equals_zero(values: list[float | None]) -> None:
    scheme = hs.DeprivationScheme([hs.Deprivation("x", below=50)], cutoff=1)
    there = [v for v in values if v is not None and v == v]
    for data in ({"x": values}, {"x": np.array(values, dtype=float)}, pl.DataFrame({"x": values}, strict=False)):
        if not there:
            with pytest.raises(hs.ArgumentError, match="no value for indicator `x`"):
                hs.score(data, scheme, min_n=0)
            continue
        found = hs.score(data, scheme, min_n=0)
        assert found.table["H"][0] == pytest.approx(sum(v < 50 for v in there) / len(there))
        assert found.rows_used == len(there)


def test_the_figures_are_those_of_a_loop() -> None:
    scheme = hs.DeprivationScheme(SCHEME.indicators, cutoff=0.5, missing="not-deprived")
    found = {
        (r["district"], r["sex"]): r
        for r in hs.score(FRAME, scheme, by=["district", "sex"], weight="wt", min_n=0).rows()
    }
    tested: dict[Any, list[float]] = {}
    for row in FRAME.iter_rows(named=True):
        lacks = [
            row["food"] is not None and row["food"] < 28,
            row["water"] in ("river", "unprotected well"),
            row["minutes"] is not None and row["minutes"] > 60,
            row["safe"] is False,
        ]
        c = sum(lacks) / 4
        sums = tested.setdefault((row["district"], row["sex"]), [0.0, 0.0, 0.0])
        sums[0] += row["wt"]
        sums[1] += row["wt"] * (c >= 0.5)
        sums[2] += row["wt"] * c * (c >= 0.5)
    assert set(found) == set(tested)
    for key, (total, poor, gaps) in tested.items():
        assert found[key]["population"] == pytest.approx(total)
        assert found[key]["H"] == pytest.approx(poor / total)
        assert found[key]["M0"] == pytest.approx(gaps / total)


def test_a_scheme_is_checked_and_travels() -> None:
    assert hs.DeprivationScheme.from_dict(SCHEME.to_dict()) == SCHEME
    assert hs.DeprivationScheme.from_json(SCHEME.to_json()).hash == SCHEME.hash
    assert WANTED.scheme_hash == SCHEME.hash
    assert len(SCHEME.hash) == 64
    assert SCHEME.weights == dict.fromkeys(("food", "water", "minutes", "safe"), 0.25)
    assert hs.Deprivation("a", among={"z", "y"}) == hs.Deprivation("a", among=["y", "z"])
    nested = hs.DeprivationScheme(
        [hs.Deprivation("a", below=1, component="food"), hs.Deprivation("b", below=1, component="health")],
        cutoff=1 / 3,
        components={"food": 0.75, "health": 0.25},
    )
    assert nested.weights == {"a": 0.75, "b": 0.25}
    with pytest.raises(hs.ArgumentError, match="no rule"):
        hs.Deprivation("a")
    with pytest.raises(hs.ArgumentError, match="below` and `above"):
        hs.Deprivation("a", below=1, above=2)
    with pytest.raises(hs.ArgumentError) as caught:
        hs.DeprivationScheme([hs.Deprivation("a", below=1, weight=0.7), hs.Deprivation("a", below=2)], cutoff=0)
    assert caught.value.total >= 2
    for wrong in ("abc", 3, {"a": 1}, hs.Deprivation("a", below=1)):
        with pytest.raises(TypeError, match="wanted a list of hs"):
            hs.DeprivationScheme(wrong, cutoff=1)  # type: ignore[arg-type]


CANARY = "Amina-7731"

REFUSED: dict[str, tuple[Any, dict[str, Any], type[Exception], str]] = {
    "no rows": (FRAME[:0], {}, hs.UndefinedError, "no rows"),
    "text where numbers are wanted": (FRAME.with_columns(food=pl.lit(CANARY)), {}, hs.ArgumentError, "food"),
    "negative weights": (FRAME.with_columns(wt=-pl.col("wt")), {}, hs.ArgumentError, "wt"),
    "missing weights": (FRAME.with_columns(wt=pl.lit(float("nan"))), {}, hs.ArgumentError, "wt"),
    "weights of zero": (FRAME.with_columns(wt=pl.lit(0.0)), {}, hs.HumanSecurityError, "weigh"),
    "an unknown column": (FRAME, {"weight": "wtt"}, hs.NotFoundError, "did you mean `wt`"),
    "dates to split by": (FRAME.with_columns(sex=pl.lit(datetime.date(2009, 1, 1))), {}, hs.ArgumentError, "sex"),
    "an unknown policy": (FRAME, {"lonely_psu": "ignore"}, hs.ArgumentError, "lonely_psu"),
    "a level of 95": (FRAME, {"level": 95}, hs.ArgumentError, "level"),
    "a column twice": (FRAME, {"by": ["sex", "sex"]}, hs.ArgumentError, "sex"),
    "a missing file": ("/nowhere/people.parquet", {}, hs.FileError, "people.parquet"),
    "a Dask collection": (type("Frame", (), {"__module__": "dask.dataframe"})(), {}, TypeError, "hs.dask.score"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_name_the_column_and_no_value(case: str) -> None:
    data, more, error, says = REFUSED[case]
    with pytest.raises(error, match=says) as caught:
        hs.score(data, SCHEME, **{**DESIGN, **more})
    assert isinstance(caught.value, hs.HumanSecurityError)
    assert not isinstance(caught.value, hs.InternalError)
    for said in (str(caught.value), str(caught.value.problems)):
        assert CANARY not in said


def test_keywords_and_schemes_that_are_none() -> None:
    with pytest.raises(TypeError, match="did you mean `weight`"):
        hs.score(FRAME, SCHEME, weigth="wt")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="DeprivationScheme"):
        hs.score(FRAME, "scheme")  # type: ignore[arg-type]
    assert bits(hs.score(FRAME, SCHEME.to_dict(), **DESIGN)) == bits(WANTED)


def test_one_column_may_be_named_by_itself() -> None:
    assert hs.score(FRAME, SCHEME, by="sex").table == hs.score(FRAME, SCHEME, by=["sex"]).table


def test_what_stands_beside_a_score() -> None:
    assert WANTED.table.columns[:7] == ["district", "sex", "weighting", "cutoff", "n", "population", "share"]
    for figure in ("H", "A", "M0", "M1", "M2", "contribution", "union"):
        assert {figure, f"{figure}_se", f"{figure}_lower", f"{figure}_upper"} <= set(WANTED.table.columns)
    assert next(iter(WANTED.tables)) == "groups"
    assert {"", "district", "sex"} == set(WANTED.margins["over"])
    assert {"indicator", "component", "headcount", "censored_headcount", "contribution"} <= set(
        WANTED.dimensions.columns
    )
    several = hs.score(FRAME, SCHEME, cutoffs=[0.25, 0.5], bounds=True, min_n=0)
    assert list(several.table["cutoff"]) == [0.25, 0.5]
    assert {"H_lower", "H_upper"} <= set(several.tables["bounds"].columns)


def test_small_groups_are_hidden_and_said_to_be() -> None:
    few = hs.score(FRAME[:60], SCHEME, by="district", min_n=25)
    hidden = few.table["suppressed"]
    assert hidden.any()
    html = few._repr_html_()
    assert "suppressed" in html
    assert "fewer than 25" in html
    assert "suppressed" in repr(few.table)


def test_the_notebook_face_shows_doubt_and_escapes() -> None:
    html = WANTED._repr_html_()
    assert html.count("<tr") > 6
    assert " to " in html
    assert "95% interval" in html
    assert "not known" in html
    evil = FRAME.with_columns(district=pl.lit("<script>alert(1)</script>"))
    assert "<script" not in hs.score(evil, SCHEME, by="district")._repr_html_()


def test_a_plot_shows_every_group_with_its_interval() -> None:
    pytest.importorskip("altair")
    drawn = WANTED.plot().to_dict()
    values = drawn["data"]["values"] if "values" in drawn["data"] else drawn["datasets"][drawn["data"]["name"]]
    assert len(values) == len(WANTED)
    assert {v["value"] for v in values} == set(WANTED.table["H"])
    with pytest.raises(hs.NotFoundError, match="no measure `HH`"):
        WANTED.plot("HH")


def test_examples_to_practise_on() -> None:
    data, scheme = hs.examples.survey("ituri"), hs.examples.survey_scheme("ituri")
    assert hs.examples.survey_names() == ["ituri"]
    assert data == hs.examples.survey("ituri", n=2000, seed=0)
    assert data != hs.examples.survey("ituri", seed=1)
    found = hs.score(data, scheme, **hs.examples.survey_design("ituri"))
    truth = hs.examples.survey_truth("ituri").groups
    whole = next(row for row in truth.rows() if row["over"] == "" and row["unit"] == "persons")
    assert abs(found.table["H"][0] - whole["H_complete"]) < 4 * found.table["H_se"][0]
    with pytest.raises(hs.NotFoundError, match="ituri"):
        hs.examples.survey("itury")


def test_survey_means_give_figures() -> None:
    one = hs.survey_mean(FRAME, "food", weight="wt", strata="stratum", cluster="psu")
    assert isinstance(one.estimate, float)
    assert one.lower < one.estimate < one.upper
    assert one.degrees_of_freedom == WANTED.degrees_of_freedom
    assert one.design_effect > 0
    by = hs.survey_mean(FRAME, "food", weight="wt", by="sex")
    assert by.estimate.shape == (2,)
    assert by.table["estimate"].tolist() == by.estimate.tolist()


def test_indices_take_columns_or_an_array() -> None:
    columns = {"wells": [0.0, 5.0, 10.0], "clinics": [4.0, 2.0, 3.0], "name": ["A", "B", "C"]}
    named = hs.composite_index(columns)
    bare = hs.composite_index(np.array([[0.0, 4.0], [5.0, 2.0], [10.0, 3.0]]))
    np.testing.assert_array_equal(named.values, bare.values)
    assert named.table["unit"].tolist() == ["A", "B", "C"]
    as_they_are = hs.composite_index([[1.0, 3.0]], normalise=None)
    assert as_they_are.values.tolist() == [2.0]
    drawn = hs.composite_index(columns, draws=50)
    assert (drawn.rank_lower <= drawn.rank_upper).all()
    with pytest.raises(hs.ArgumentError, match="3 axes"):
        hs.composite_index(np.zeros((2, 2, 2)))


def test_phases_of_areas() -> None:
    assert hs.area_phase(np.array([[0.8, 0.0, 0.1, 0.05, 0.05], [1.0, 0, 0, 0, np.nan]]))[0] == 3
    assert np.isnan(hs.area_phase([[1.0, 0, 0, 0, None]])[0])
    assert hs.area_phase(pd.DataFrame([[1.0, 0, 0, 0, 0]])).tolist() == [1.0]
    with pytest.raises(hs.ArgumentError, match="5"):
        hs.area_phase([[1.0]])
    with pytest.raises(hs.ArgumentError, match="rows and columns"):
        hs.area_phase([1.0, 2.0])
    with pytest.raises(TypeError, match="wanted numbers"):
        hs.area_phase([["a"] * 5])
    assert hs.area_phase([[0.25, 0.45, 0.25, 0.05, 0.0]], full=True).table["phase"].tolist() == [3]


def slow(frame: pl.DataFrame, parts: int) -> Iterator[pl.DataFrame]:
    for _ in range(parts):
        time.sleep(0.03)
        yield frame


def test_progress_is_quiet_unless_asked(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_progress, "_PATIENCE", 0.0)
    monkeypatch.setattr(_progress, "_tqdm", lambda what, total: None)
    hs.score(slow(FRAME, 10), SCHEME)
    hs.score(slow(FRAME, 10), SCHEME, progress=False)
    assert capsys.readouterr().err == ""
    hs.score(slow(FRAME, 10), SCHEME, progress=True)
    said = capsys.readouterr().err
    assert "score: " in said
    assert "rows" in said
    assert said.endswith("\r")


def test_small_scores_cost_little() -> None:
    data = {"x": np.arange(10.0)}
    scheme = hs.DeprivationScheme([hs.Deprivation("x", below=5)], cutoff=1)
    hs.score(data, scheme)
    began = time.perf_counter()
    for _ in range(100):
        hs.score(data, scheme)
    assert (time.perf_counter() - began) / 100 < 0.02


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_stream_is_not_kept() -> None:
    """A stream of 80 MB goes by in memory that does not grow with it."""
    part = pa.table({"x": np.random.default_rng(0).normal(size=1_000_000)})

    def resident() -> float:
        text = Path("/proc/self/status").read_text()
        return float(text.split("VmRSS:")[1].split()[0]) / 1024

    scheme = hs.DeprivationScheme([hs.Deprivation("x", below=0)], cutoff=1)
    hs.score(part, scheme)
    before = resident()
    most = 0.0

    def parts() -> Iterator[pa.Table]:
        nonlocal most
        for _ in range(10):
            most = max(most, resident())
            yield pa.table({"x": part["x"].to_numpy() * 1.0})

    found = hs.score(parts(), scheme)
    assert found.table["n"][0] == 10_000_000
    assert most - before < 40
