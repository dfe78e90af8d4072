"""Scores of random surveys against an oracle written from the text of the methods."""

from __future__ import annotations

from typing import Any

import human_security as hs
import numpy as np
import pytest
from oracle_scoring import Sample, Scored

INDICATORS = 4


def survey(seed: int, rows: int = 300) -> dict[str, Any]:
    """Columns of a random survey: numbers with gaps, weights, strata with villages, groups."""
    random = np.random.default_rng(seed)
    data: dict[str, Any] = {f"y{j}": random.random(rows) for j in range(INDICATORS)}
    for j in range(INDICATORS):
        data[f"y{j}"][random.random(rows) < 0.04] = np.nan
    data["wt"] = random.choice([0.5, 1.0, 2.25, 7.0], rows)
    data["stratum"] = random.integers(0, 3, rows)
    data["psu"] = random.integers(0, 5, rows)
    data["sex"] = random.choice(["men", "women"], rows)
    data["asked"] = random.random(rows) < 0.8
    return data


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("missing", ["exclude", "not-deprived"])
def test_every_figure_and_its_standard_error(seed: int, clustered: bool, missing: str) -> None:
    data = survey(seed)
    rows = len(data["wt"])
    random = np.random.default_rng(100 + seed)
    weights = random.dirichlet(np.ones(INDICATORS))
    bars = 0.3 + 0.3 * random.random(INDICATORS)
    k = float(random.choice([1 / 3, 0.5, weights[0]]))
    scheme = hs.DeprivationScheme(
        [hs.Deprivation(f"y{j}", below=float(bars[j]), weight=float(weights[j])) for j in range(INDICATORS)],
        cutoff=k,
        missing=missing,
    )
    cluster = "psu" if clustered else None
    found = hs.score(
        data, scheme, by="sex", domain="asked", weight="wt", strata="stratum", cluster=cluster, min_n=0, progress=False
    )

    sample = Sample(rows, data["wt"], data["stratum"], data["psu"] if clustered else None)
    y = np.column_stack([data[f"y{j}"] for j in range(INDICATORS)])
    deprived = np.where(np.isnan(y), np.nan, (y < bars).astype(float))
    everyone = Scored(sample, deprived, weights, k, data["asked"], missing == "exclude")
    dimensions = found.dimensions.rows()
    for row in found.table.rows():
        group = data["sex"] == row["sex"]
        wanted = Scored(sample, deprived, weights, k, data["asked"] & group, missing == "exclude").figures()
        wanted["contribution"] = everyone.contribution(group)
        for name in ("H", "A", "M0", "contribution"):
            value, error = wanted[name]
            assert row[name] == pytest.approx(value, rel=1e-11)
            assert row[f"{name}_se"] == pytest.approx(error, rel=1e-8, abs=1e-12), name
            if 0 < value < 1:
                assert (row[f"{name}_lower"], row[f"{name}_upper"]) == pytest.approx(
                    sample.logit(value, error), rel=1e-7
                )
        assert row["degrees_of_freedom"] == sample.degrees_of_freedom
        for j in range(INDICATORS):
            (own,) = [d for d in dimensions if d["sex"] == row["sex"] and d["indicator"] == f"y{j}"]
            for name in ("headcount", "censored_headcount", "contribution"):
                value, error = wanted[f"{name} {j}"]
                assert own[name] == pytest.approx(value, rel=1e-11, abs=1e-15)
                assert own[f"{name}_se"] == pytest.approx(error, rel=1e-8, abs=1e-12), name


@pytest.mark.parametrize("lonely", ["adjust", "certainty"])
def test_a_lonely_psu_and_a_finite_population(lonely: str) -> None:
    data = survey(50)
    data["psu"][data["stratum"] == 2] = 0
    population = {0: 20.0, 1: 8.0, 2: 0.25}
    data["fpc"] = np.array([population[s] for s in data["stratum"].tolist()])
    scheme = hs.DeprivationScheme([hs.Deprivation(f"y{j}", below=0.4) for j in range(INDICATORS)], cutoff=0.5)
    found = hs.score(
        data,
        scheme,
        weight="wt",
        strata="stratum",
        cluster="psu",
        fpc="fpc",
        lonely_psu=lonely,
        min_n=0,
        progress=False,
    )
    sample = Sample(len(data["wt"]), data["wt"], data["stratum"], data["psu"])
    sample.fpc, sample.lonely = {0: 5 / 20, 1: 5 / 8, 2: 0.25}, lonely
    y = np.column_stack([data[f"y{j}"] for j in range(INDICATORS)])
    deprived = np.where(np.isnan(y), np.nan, (y < 0.4).astype(float))
    every = np.ones(len(y), dtype=bool)
    wanted = Scored(sample, deprived, np.full(INDICATORS, 1 / INDICATORS), 0.5, every).figures()
    (row,) = found.table.rows()
    for name in ("H", "A", "M0"):
        assert (row[name], row[f"{name}_se"]) == pytest.approx(wanted[name], rel=1e-9)
        assert (found.facts[name], found.facts[f"{name}_se"]) == (row[name], row[f"{name}_se"])
