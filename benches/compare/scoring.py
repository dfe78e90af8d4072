"""Alkire-Foster scoring beside polars, DuckDB, numba and pandas: the same rows, the same answer, one run.

    python benches/compare/scoring.py [--rows 10000000] [--threads 1,2] [--repeats 3] [--engines ours,polars,...]

Every engine runs in a process of its own, so that its thread limit holds and its peak memory is its own. The work: 10 indicators as float64
columns, 50 groups, survey weights, 5 % of the rows miss an indicator (NaN; they are left out), H, A, M0 and the censored headcounts by group.
The first engine's figures are checked against every other's. Install what is to be compared: polars, duckdb, numba, pandas, pyarrow.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import time

import numpy as np

D, GROUPS, CUTOFF = 10, 50, 1 / 3
NAMES = [f"i{j}" for j in range(D)]
ENGINES = ["ours", "ours, strata and PSUs", "ours, with gaps", "numba", "polars", "duckdb", "pandas"]
NEEDS = {"ours": "human_security", "numba": "numba", "polars": "polars", "duckdb": "duckdb", "pandas": "pandas"}


def data(rows: int) -> dict[str, np.ndarray]:
    """Columns of one fixed sequence of random numbers."""
    random = np.random.default_rng(7)
    columns = {name: random.random(rows) for name in NAMES}
    for name in NAMES:
        columns[name][random.integers(0, rows, rows // 200)] = np.nan
    columns["weight"] = 0.5 + random.random(rows)
    columns["group"] = random.integers(0, GROUPS, rows)
    # 40 PSUs in each of 50 strata; a stratum lies in one group
    columns["psu"] = random.integers(0, 40, rows)
    return columns


def ours(columns: dict[str, np.ndarray], engine: str) -> object:
    """The library, from NumPy arrays."""
    import human_security as hs

    scheme = hs.DeprivationScheme([hs.Deprivation(name, below=0.2 + 0.03 * j, weight=1 / D) for j, name in enumerate(NAMES)], cutoff=CUTOFF)
    design = {"strata": "group", "cluster": "psu"} if "PSUs" in engine else {}
    gaps = "gaps" in engine

    def run() -> np.ndarray:
        s = hs.score(columns, scheme, by="group", weight="weight", gaps=gaps, min_n=0, progress=False, **design)
        return np.column_stack([s.table["H"], s.table["A"], s.table["M0"]])

    return run


def numba(columns: dict[str, np.ndarray], engine: str) -> object:
    """A loop a careful user writes: one pass, row by row."""
    from numba import njit

    y = [columns[name] for name in NAMES]
    z = np.array([0.2 + 0.03 * j for j in range(D)])
    weight, group = columns["weight"], columns["group"]

    @njit
    def sums(y0, y1, y2, y3, y4, y5, y6, y7, y8, y9, z, weight, group):
        out = np.zeros((GROUPS, 3 + D))
        g = np.zeros(D)
        row = np.zeros(D)
        for i in range(len(weight)):
            row[0], row[1], row[2], row[3], row[4] = y0[i], y1[i], y2[i], y3[i], y4[i]
            row[5], row[6], row[7], row[8], row[9] = y5[i], y6[i], y7[i], y8[i], y9[i]
            c, missing = 0.0, False
            for j in range(D):
                missing |= np.isnan(row[j])
                g[j] = 1.0 if row[j] < z[j] else 0.0
                c += g[j] / D
            if missing:
                continue
            w, at = weight[i], group[i]
            out[at, 0] += w
            if c >= CUTOFF - 1e-9:
                out[at, 1] += w
                out[at, 2] += w * c
                for j in range(D):
                    out[at, 3 + j] += w * g[j]
        return out

    def run() -> np.ndarray:
        s = sums(*y, z, weight, group)
        return np.column_stack([s[:, 1] / s[:, 0], s[:, 2] / s[:, 1], s[:, 2] / s[:, 0]])

    return run


def polars(columns: dict[str, np.ndarray], engine: str) -> object:
    """Expressions of polars on one frame."""
    import polars as pl

    frame = pl.DataFrame(columns)
    g = [(pl.col(name) < 0.2 + 0.03 * j).cast(pl.Float64).alias(f"g{j}") for j, name in enumerate(NAMES)]
    c = sum((pl.col(f"g{j}") / D for j in range(D)), pl.lit(0.0)).alias("c")
    poor = (pl.col("c") >= CUTOFF - 1e-9).cast(pl.Float64) * pl.col("weight")

    def run() -> np.ndarray:
        out = (
            frame.lazy()
            .filter(pl.all_horizontal(pl.col(name).is_not_nan() for name in NAMES))
            .select("group", "weight", *g)
            .with_columns(c)
            .with_columns(poor.alias("poor"))
            .group_by("group")
            .agg(
                pl.col("weight").sum(),
                pl.col("poor").sum(),
                (pl.col("poor") * pl.col("c")).sum().alias("counts"),
                *[(pl.col("poor") * pl.col(f"g{j}")).sum().alias(f"h{j}") for j in range(D)],
            )
            .sort("group")
            .collect()
        )
        weight, poor_weight, counts = (out[name].to_numpy() for name in ("weight", "poor", "counts"))
        return np.column_stack([poor_weight / weight, counts / poor_weight, counts / weight])

    return run


def duckdb(columns: dict[str, np.ndarray], engine: str) -> object:
    """SQL over an Arrow table."""
    import duckdb
    import pyarrow as pa

    connection = duckdb.connect()
    connection.execute(f"SET threads={os.environ['THREADS']}")
    connection.register("people", pa.table(columns))
    g = ", ".join(f"CAST({name} < {0.2 + 0.03 * j} AS DOUBLE) AS g{j}" for j, name in enumerate(NAMES))
    known = " AND ".join(f"NOT isnan({name})" for name in NAMES)
    count = " + ".join(f"g{j}" for j in range(D))
    censored = ", ".join(f"sum(poor * g{j})" for j in range(D))
    query = f"""
        SELECT "group", sum(weight), sum(poor), sum(poor * c), {censored} FROM (
            SELECT *, CASE WHEN c >= {CUTOFF - 1e-9} THEN weight ELSE 0 END AS poor FROM (
                SELECT *, ({count}) / {D} AS c FROM (SELECT "group", weight, {g} FROM people WHERE {known})))
        GROUP BY "group" ORDER BY "group"
    """

    def run() -> np.ndarray:
        out = np.array(connection.execute(query).fetchall(), dtype=float)
        return np.column_stack([out[:, 2] / out[:, 1], out[:, 3] / out[:, 2], out[:, 3] / out[:, 1]])

    return run


def pandas(columns: dict[str, np.ndarray], engine: str) -> object:
    """What an analyst writes first."""
    import pandas as pd

    frame = pd.DataFrame(columns)

    def run() -> np.ndarray:
        known = frame.dropna(subset=NAMES)
        g = pd.DataFrame({name: (known[name] < 0.2 + 0.03 * j).astype(float) for j, name in enumerate(NAMES)})
        c = g.sum(axis=1) / D
        poor = known["weight"] * (c >= CUTOFF - 1e-9)
        sums = g.mul(poor, axis=0).assign(weight=known["weight"], poor=poor, counts=poor * c).groupby(known["group"]).sum()
        return np.column_stack([sums.poor / sums.weight, sums.counts / sums.poor, sums.counts / sums.weight])

    return run


def triad(rows: int) -> float:
    """Bytes a second of a[i] = b[i] + s c[i], one thread, on arrays past the caches."""
    b, c = np.ones(rows), np.ones(rows)
    a = np.empty(rows)
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        np.multiply(c, 3.0, out=a)
        np.add(a, b, out=a)
        best = min(best, time.perf_counter() - start)
    return 5 * 8 * rows / best  # two reads and a write, twice, less the one that is read again


def one(engine: str, rows: int, repeats: int) -> None:
    """Measure one engine and print what it took as JSON."""
    columns = data(rows)
    build = {"numba": numba, "polars": polars, "duckdb": duckdb, "pandas": pandas}.get(engine, ours)
    run = build(columns, engine)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times, found = [], None
    for _ in range(repeats + 1):  # the first warms up: compilation, page faults
        start = time.perf_counter()
        found = run()
        times.append(time.perf_counter() - start)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    bandwidth = triad(min(rows, 10_000_000)) if engine == "ours" else None
    print(json.dumps({"seconds": min(times[1:]), "megabytes": grown, "triad": bandwidth, "found": found.tolist()}))


def main() -> None:
    """Run every engine that is installed, check that they agree, print nanoseconds a row and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--engines", default=";".join(ENGINES), help="separated by semicolons")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one(given.one, given.rows, given.repeats)
        return
    for threads in given.threads.split(","):
        print(f"\n{given.rows:,} rows x {D} indicators, {GROUPS} groups, {threads} thread(s)")
        limits = ("THREADS", "RAYON_NUM_THREADS", "POLARS_MAX_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")
        environment = os.environ | dict.fromkeys(limits, threads)
        reference, fastest = None, None
        for engine in given.engines.split(";"):
            need = NEEDS[engine.split(",")[0]]
            if importlib.util.find_spec(need) is None:
                print(f"  {engine:24} left out: {need} is not installed")
                continue
            command = [sys.executable, __file__, "--one", engine, "--rows", str(given.rows), "--repeats", str(given.repeats)]
            ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if ran.returncode != 0:
                print(f"  {engine:24} failed: {ran.stderr.strip().splitlines()[-1] if ran.stderr.strip() else ran.returncode}")
                continue
            told = json.loads(ran.stdout.splitlines()[-1])
            found = np.array(told["found"])
            reference = found if reference is None else reference
            fastest = told["seconds"] if fastest is None else fastest
            agree = np.allclose(found, reference, rtol=1e-9)
            nanoseconds = told["seconds"] / given.rows * 1e9
            line = f"  {engine:24} {nanoseconds:7.1f} ns a row   {told['seconds'] / fastest:5.2f} x   +{told['megabytes']:6.0f} MB"
            line += "" if agree else "   DIFFERS"
            if told["triad"]:
                read = given.rows * (D + 2) * 8 / told["seconds"]
                line += f"   reads {read / 1e9:.1f} GB/s of {told['triad'] / 1e9:.1f} GB/s (triad)"
            print(line, flush=True)


if __name__ == "__main__":
    main()
