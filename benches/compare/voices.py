"""What people say, beside scipy, krippendorff, pandas and brute force: agreement, orders, alpha, inequality, the matrix.

    python benches/compare/voices.py [--repeats 5]

Each peer does the same work on the same numbers, and its answer is checked against ours. What is compared is the time of our call over the
peer's: below 1 is faster. Install what is to be compared: scipy, krippendorff, pandas.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import human_security as hs


def best(work: Callable[[], Any], repeats: int) -> float:
    """Return the least seconds of one call, after one that warms up."""
    work()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def row(work: str, peer: str, ours: float, theirs: float) -> None:
    """Print one comparison."""
    print(f"{work:52} {peer:16} {1e3 * ours:11.4f} {1e3 * theirs:11.4f} {ours / theirs:7.2f}", flush=True)


def concordance(repeats: int) -> None:
    """Compare Kendall's W of many raters with Friedman's test, which carries the same statistic."""
    from scipy import stats

    random = np.random.default_rng(1)
    ratings = np.argsort(random.random((20_000, 12)) + np.linspace(0, 0.5, 12), axis=1).astype(float)
    found = hs.agreement(ratings, test="chi-squared")
    wanted = stats.friedmanchisquare(*ratings.T)
    np.testing.assert_allclose(found.chi_squared, wanted.statistic, rtol=1e-9)
    ours = best(lambda: hs.agreement(ratings, test="chi-squared"), repeats)
    row(
        "Kendall's W, 20,000 raters of 12 items",
        "scipy",
        ours,
        best(lambda: stats.friedmanchisquare(*ratings.T), repeats),
    )


def orders(repeats: int) -> None:
    """Compare the exact Kemeny order of eight items with a look at all 40,320 orders."""
    random = np.random.default_rng(2)
    ranks = np.argsort(np.argsort(random.random((40, 8)), axis=1), axis=1) + 1.0

    def brute() -> float:
        before = (ranks[:, :, None] < ranks[:, None, :]).sum(axis=0)
        every = np.array(list(itertools.permutations(range(8))))
        cost = np.zeros(len(every))
        for first, second in itertools.combinations(range(8), 2):
            cost += before[every[:, second], every[:, first]]
        return float(cost.min())

    settings = {"values": "ranks", "behind": False, "draws": 0}
    found = hs.consensus(ranks, **settings)
    assert found.exact
    np.testing.assert_allclose(found.kemeny_distance, brute())
    row(
        "Kemeny order, 40 raters of 8 items",
        "numpy, all orders",
        best(lambda: hs.consensus(ranks, **settings), repeats),
        best(brute, 1),
    )


def coding(repeats: int) -> None:
    """Compare Krippendorff's alpha of ten coders and 20,000 units."""
    if not importlib.util.find_spec("krippendorff"):
        return
    import krippendorff

    random = np.random.default_rng(3)
    truth = random.integers(0, 5, 20_000)
    codes = np.where(random.random((10, 20_000)) < 0.8, truth, random.integers(0, 5, (10, 20_000))).astype(float)
    codes[random.random(codes.shape) < 0.1] = np.nan
    for level in ("nominal", "ordinal"):
        found = hs.krippendorff_alpha(codes, level=level, draws=0)
        wanted = krippendorff.alpha(codes, level_of_measurement=level)
        np.testing.assert_allclose(found.alpha, wanted, rtol=1e-9)
        ours = best(lambda level=level: hs.krippendorff_alpha(codes, level=level, draws=0), repeats)
        theirs = best(lambda level=level: krippendorff.alpha(codes, level_of_measurement=level), repeats)
        row(f"Krippendorff's alpha, {level}, 10 coders, 20,000 units", "krippendorff", ours, theirs)


def unequal(repeats: int) -> None:
    """Compare Gini and Theil of a million incomes, 50 groups, with pandas and numpy."""
    import pandas as pd

    random = np.random.default_rng(4)
    values = random.lognormal(size=1_000_000)
    groups = random.integers(0, 50, len(values)).astype(str).tolist()

    def peer() -> tuple[float, float]:
        frame = pd.DataFrame({"value": values, "group": groups})
        mean = values.mean()
        means = frame.groupby("group")["value"].agg(["mean", "size"])
        between = float((means["size"] / len(values) * means["mean"] / mean * np.log(means["mean"] / mean)).sum())
        ordered = np.sort(values)
        gini = float(
            2 * (np.arange(1, len(values) + 1) * ordered).sum() / (len(values) * ordered.sum())
            - (len(values) + 1) / len(values)
        )
        return gini, between

    found = hs.inequality(values, groups=groups)
    np.testing.assert_allclose((found.gini, found.theil_between), peer(), rtol=1e-6)
    row(
        "Gini and Theil, 1,000,000 values, 50 groups",
        "pandas, numpy",
        best(lambda: hs.inequality(values, groups=groups), repeats),
        best(peer, repeats),
    )


def matrix(repeats: int) -> None:
    """Compare the matrix of 500 places, 14 threats and 4 groups with a pivot of the same conditions, which has neither states nor intervals."""
    import pandas as pd

    components = ["economic", "food", "health", "environmental", "personal", "community", "political"]
    groups = [
        {"id": f"g{i}", "name": f"G{i}", "gender": "female" if i % 2 else "male", "age": "young" if i < 2 else "old"}
        for i in range(4)
    ]
    places = [{"id": "land", "name": "Land", "level": "national"}]
    places += [{"id": f"p{i}", "name": f"P{i}", "level": "district", "parent": "land"} for i in range(500)]
    random = np.random.default_rng(5)
    conditions = [
        {
            "threat": f"t{t}",
            "place": f"p{p}",
            "group": f"g{g}",
            "severity": round(float(random.random()), 3),
            "prevalence": round(float(random.random()), 3),
        }
        for p in range(500)
        for t in range(14)
        for g in range(4)
    ]
    situation = hs.load(
        {
            "schema": "human-security/1",
            "id": "wide",
            "title": "A generated situation",
            "places": places,
            "groups": groups,
            "partitions": [{"id": "all", "groups": [g["id"] for g in groups]}],
            "populations": [
                {"place": f"p{p}", "group": f"g{g}", "persons": 1000} for p in range(500) for g in range(4)
            ],
            "threats": [{"id": f"t{t}", "name": f"T{t}", "component": components[t % 7]} for t in range(14)],
            "conditions": conditions,
        }
    )
    frame = pd.DataFrame(conditions)
    frame["component"] = frame["threat"].map({f"t{t}": components[t % 7] for t in range(14)})
    frame["gender"] = frame["group"].map({g["id"]: g["gender"] for g in groups})

    def pivot() -> Any:
        # a cell shows its worst threat
        mean = frame.groupby(["place", "component", "threat", "gender"])["severity"].mean()
        return mean.groupby(level=["place", "component", "gender"]).max()

    found = {
        (r["place"], r["component"], r["value"]): r["severity"]
        for r in situation.matrix().table.rows()
        if r["dimension"] == "gender"
    }
    for key, severity in pivot().items():
        np.testing.assert_allclose(found[key], severity, rtol=1e-9)
    row(
        "Matrix, 501 places, 28,000 conditions",
        "pandas pivot",
        best(situation.matrix, min(repeats, 3)),
        best(pivot, repeats),
    )


def main() -> None:
    """Run every comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    print(f"{'work':52} {'peer':16} {'ours, ms':>11} {'peer, ms':>11} {'ratio':>7}")
    for work in (concordance, orders, coding, unequal, matrix):
        work(repeats)


if __name__ == "__main__":
    main()
