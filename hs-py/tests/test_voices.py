"""What people say, against other programs: scipy, statsmodels, krippendorff, NumPy."""

from __future__ import annotations

from typing import Any

import human_security as hs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats
from statsmodels.stats.inter_rater import cohens_kappa

SEEDS = range(12)


def ratings(seed: int, raters: int, items: int, ties: bool) -> Any:
    rng = np.random.default_rng(seed)
    return rng.integers(1, 5, (raters, items)).astype(float) if ties else rng.normal(size=(raters, items))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("ties", [False, True])
def test_kendalls_w_is_friedmans_chi_squared(seed: int, ties: bool) -> None:
    given_ratings = ratings(seed, 6, 5, ties)
    found = hs.agreement(given_ratings)
    wanted = stats.friedmanchisquare(*given_ratings.T)
    assert found.chi_squared == pytest.approx(wanted.statistic, rel=1e-9)
    assert found.w == pytest.approx(wanted.statistic / (6 * 4), rel=1e-9)
    approximate = hs.agreement(given_ratings, test="chi-squared")
    assert approximate.p_value == pytest.approx(wanted.pvalue, rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_correlations_and_their_chances(seed: int) -> None:
    first, second = ratings(seed, 2, 9, ties=False)
    found = hs.compare_ratings(first, second)
    tau = stats.kendalltau(first, second, method="exact")
    assert found.kendall == pytest.approx(tau.statistic)
    assert found.kendall_p_value == pytest.approx(tau.pvalue, rel=1e-9)
    assert found.spearman == pytest.approx(stats.spearmanr(first, second).statistic)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("weights", ["linear", "quadratic", "none"])
def test_weighted_kappa(seed: int, weights: str) -> None:
    first, second = ratings(seed, 2, 40, ties=True).astype(int)
    table = np.zeros((4, 4))
    np.add.at(table, (first - 1, second - 1), 1)
    wanted = cohens_kappa(table, wt=None if weights == "none" else weights).kappa
    assert hs.compare_ratings(first, second, weights=weights).kappa == pytest.approx(wanted)


@pytest.mark.parametrize("seed", SEEDS)
def test_limits_of_agreement(seed: int) -> None:
    first, second = ratings(seed, 2, 20, ties=False)
    difference = first - second
    found = hs.compare_ratings(first, second)
    assert found.bias == pytest.approx(difference.mean())
    spread = stats.norm.ppf(0.975) * difference.std(ddof=1)
    assert found.limit_upper == pytest.approx(difference.mean() + spread)
    assert found.limit_lower == pytest.approx(difference.mean() - spread)


@pytest.mark.parametrize("seed", SEEDS)
def test_alpha_from_its_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    answers = rng.normal(size=(30, 1)) + rng.normal(size=(30, 4))
    covariance = np.cov(answers, rowvar=False)
    alpha = 4 / 3 * (1 - np.trace(covariance) / covariance.sum())
    found = hs.reliability(answers)
    assert found.alpha == pytest.approx(alpha)
    freedom = 29, 29 * 3
    lower = 1 - (1 - alpha) * stats.f.ppf(1 - (1 - found.settings["level"]) / 2, *freedom)
    assert found.alpha_lower == pytest.approx(lower, rel=1e-6)


@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(2, 5))
def test_order_of_raters_does_not_matter_and_unanimity_is_kept(seed: int, raters: int, items: int) -> None:
    rng = np.random.default_rng(seed)
    order = rng.permutation(items).astype(float)
    agreed = hs.agreement(np.tile(order, (raters, 1)))
    assert agreed.w == pytest.approx(1.0)
    together = hs.consensus(np.tile(order, (raters, 1)), draws=0)
    np.testing.assert_array_equal(stats.rankdata(-order), together["kemeny_rank"])
    given_ratings = rng.normal(size=(raters, items))
    shuffled = given_ratings[rng.permutation(raters)]
    assert hs.agreement(given_ratings).w == hs.agreement(shuffled).w
    np.testing.assert_array_equal(
        hs.consensus(given_ratings, draws=0)["kemeny_rank"], hs.consensus(shuffled, draws=0)["kemeny_rank"]
    )


def polychoric(first: Any, second: Any) -> float:
    """The correlation of two normals cut into steps, in two steps, by scipy alone."""
    table = np.zeros((len(np.unique(first)), len(np.unique(second))))
    np.add.at(table, (np.unique(first, return_inverse=True)[1], np.unique(second, return_inverse=True)[1]), 1)
    cuts = [stats.norm.ppf(np.clip(np.cumsum(table.sum(axis=axis)) / table.sum(), 0, 1)) for axis in (1, 0)]
    cuts = [np.concatenate([[-8.0], cut[:-1], [8.0]]) for cut in cuts]

    def loss(r: float) -> float:
        both = stats.multivariate_normal(cov=[[1, r], [r, 1]])
        under = np.array([[both.cdf([h, k]) for k in cuts[1]] for h in cuts[0]])
        cells = np.diff(np.diff(under, axis=0), axis=1)
        return float(-(table * np.log(np.clip(cells, 1e-300, None))).sum())

    return float(optimize.minimize_scalar(loss, bounds=(-0.99, 0.99), method="bounded", options={"xatol": 1e-7}).x)


@pytest.mark.parametrize("seed", range(4))
def test_reliability_of_few_steps(seed: int) -> None:
    rng = np.random.default_rng(seed)
    answers = np.digitize(rng.normal(size=(60, 1)) + rng.normal(size=(60, 3)), [-1.0, 0.0, 1.5]).astype(float)
    pairs = [polychoric(answers[:, i], answers[:, j]) for i, j in [(0, 1), (0, 2), (1, 2)]]
    found = hs.reliability(answers)
    assert found.ordinal_alpha == pytest.approx(3 / 2 * (1 - 3 / (3 + 2 * sum(pairs))), abs=1e-4)
    assert found.ordinal_alpha > found.alpha
    assert hs.reliability(rng.normal(size=(20, 3))).ordinal_alpha is None
