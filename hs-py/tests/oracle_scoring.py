"""Scoring once more, in NumPy and SciPy alone, row by row: written from the text of the methods, not from the code."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Vector = NDArray[np.float64]
Labels = NDArray[Any]


class Sample:
    """Rows of a survey; every figure is a ratio of totals, its variance that of the linearised totals by PSU."""

    def __init__(self, rows: int, weight: Vector, strata: Labels | None = None, cluster: Labels | None = None) -> None:
        self.weight = weight
        self.strata = np.zeros(rows, dtype=int) if strata is None else np.asarray(strata)
        self.cluster = np.arange(rows) if cluster is None else np.asarray(cluster)
        self.fpc: dict[Any, float] = {}
        self.lonely = "adjust"

    @property
    def degrees_of_freedom(self) -> int:
        psus = len(set(zip(self.strata.tolist(), self.cluster.tolist(), strict=True)))
        return psus - len(set(self.strata.tolist()))

    def variance(self, z: Vector) -> float:
        """Of the total of z, which is weighted already."""
        total, everyone = 0.0, []
        sums: dict[Any, list[float]] = {}
        for stratum in sorted(set(self.strata.tolist())):
            here = self.strata == stratum
            sums[stratum] = [
                float(z[here & (self.cluster == c)].sum()) for c in sorted(set(self.cluster[here].tolist()))
            ]
            everyone += sums[stratum]
        grand = float(np.mean(everyone))
        for stratum, psus in sums.items():
            n = len(psus)
            keep = 1 - self.fpc.get(stratum, 0.0)
            if n == 1:
                total += keep * (psus[0] - grand) ** 2 if self.lonely == "adjust" else 0.0
            else:
                total += float(keep * n / (n - 1) * sum((t - np.mean(psus)) ** 2 for t in psus))
        return total

    def ratio(self, y: Vector, x: Vector) -> tuple[float, float]:
        """Σvy/Σvx and its standard error; rows that do not count have 0 in both."""
        top, bottom = float((self.weight * y).sum()), float((self.weight * x).sum())
        r = top / bottom
        return r, float(np.sqrt(self.variance(self.weight * (y - r * x) / bottom)))

    def logit(self, p: float, se: float, level: float = 0.95) -> tuple[float, float]:
        """Interval of a share on the logit scale."""
        t = stats.t.ppf((1 + level) / 2, self.degrees_of_freedom)
        middle, width = np.log(p / (1 - p)), t * se / (p * (1 - p))
        return float(1 / (1 + np.exp(-(middle - width)))), float(1 / (1 + np.exp(-(middle + width))))


class Scored:
    """Deprivations (n, d) with NaN where missing, weights of indicators, k, and which rows are asked about."""

    def __init__(
        self,
        sample: Sample,
        deprived: Vector,
        weights: Vector,
        k: float,
        domain: NDArray[np.bool_],
        exclude: bool = True,
    ) -> None:
        known = ~np.isnan(deprived).any(axis=1) if exclude else np.ones(len(deprived), dtype=bool)
        self.sample, self.weights = sample, weights
        self.counts = (known & domain).astype(float)
        self.g = np.nan_to_num(deprived) * self.counts[:, None]
        self.c = self.g @ weights
        self.poor = ((self.c >= k - 1e-9) & (self.counts > 0)).astype(float)

    def figures(self) -> dict[str, tuple[float, float]]:
        """H, A, M0, and by indicator headcount, censored headcount and contribution, each with its standard error."""
        ratio, poor_c = self.sample.ratio, self.poor * self.c
        found = {"H": ratio(self.poor, self.counts), "A": ratio(poor_c, self.poor), "M0": ratio(poor_c, self.counts)}
        for j, w in enumerate(self.weights):
            censored = self.poor * self.g[:, j]
            found[f"headcount {j}"] = ratio(self.g[:, j], self.counts)
            found[f"censored_headcount {j}"] = ratio(censored, self.counts)
            found[f"contribution {j}"] = ratio(w * censored, poor_c)
        return found

    def contribution(self, group: NDArray[np.bool_]) -> tuple[float, float]:
        """Share of a group in the whole M0."""
        return self.sample.ratio(self.poor * self.c * group, self.poor * self.c)
