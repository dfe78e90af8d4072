"""Ratings, answers and shares from your own numbers: agreement, consensus, reliability, inequality."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from human_security import _core
from human_security._face import face, given
from human_security.result import Result

if TYPE_CHECKING:
    from human_security._face import Grid, Names, Numbers

__all__ = ["agreement", "compare_ratings", "consensus", "inequality", "krippendorff_alpha", "reliability"]

_AGREEMENT = _core.defaults("agreement")
_COMPARE = _core.defaults("compare-ratings")
_ALPHA = _core.defaults("krippendorff-alpha")
_INEQUALITY = _core.defaults("inequality")
_RELIABILITY = _core.defaults("reliability")
_CONSENSUS = _core.defaults("consensus")


@face
def agreement(
    ratings: Grid,
    values: str = _AGREEMENT["values"],
    missing: str = _AGREEMENT["missing"],
    test: str = _AGREEMENT["test"],
    draws: int = _AGREEMENT["draws"],
    seed: int = _AGREEMENT["seed"],
    min_n: int = _AGREEMENT["min_n"],
) -> Result:
    """Tell how far raters agree on the order of items: Kendall's W.

    1 where all give one order, 0 where their ranks cancel out. A small chance says that the agreement is no accident,
    not that it is large. Where everything is tied, W is undefined.

    Parameters
    ----------
    ratings : array_like of shape (raters, items)
        One row a rater; NaN is missing, and never a rank.
    values : {"ratings", "ranks"}
        Whether the greatest comes first, or the least.
    missing : str
        What is done with gaps: see the methods page.
    test : {"auto", "exact", "chi-squared", "permutation"}
        How the chance is found.
    draws, seed : int
        Of the permutation test.
    min_n : int
        Fewest raters of what is shown; 0 shows all.

    Returns
    -------
    Result
        ``.w``, ``.chi_squared``, ``.p_value``, ``.raters``, ``.items``, ``.method``; ``.mean_ranks``.

    References
    ----------
    Kendall, M. G. and Babington Smith, B. (1939). The problem of m rankings.

    Examples
    --------
    >>> import human_security as hs
    >>> round(hs.agreement([[3, 2, 1], [3, 1, 2], [3, 2, 1]]).w, 4)
    0.7778
    """
    settings = given(values=values, missing=missing, test=test, draws=draws, seed=seed, min_n=min_n)
    return Result(_core.agreement(settings, ratings))


@face
def consensus(
    ratings: Grid,
    values: str = _CONSENSUS["values"],
    behind: bool = _CONSENSUS["behind"],
    last: float = _CONSENSUS["last"],
    level: float = _CONSENSUS["level"],
    draws: int = _CONSENSUS["draws"],
    seed: int = _CONSENSUS["seed"],
    min_n: int = _CONSENSUS["min_n"],
) -> Result:
    """Tell which order raters would agree on, by Borda and by Kemeny, and who sees it otherwise.

    Parameters
    ----------
    ratings : array_like of shape (raters, items)
        One row a rater; NaN is missing.
    values : {"ratings", "ranks"}
        Whether the greatest comes first, or the least.
    behind : bool
        Whether what a rater does not name stands tied behind all it names.
    last : float
        Share of the items, from the last, that counts as last for minority views.
    level : float
        Level of the rank intervals.
    draws, seed : int
        Of the rank intervals.
    min_n : int
        Fewest raters of what is shown; 0 shows all.

    Returns
    -------
    Result
        Table: threat (the position of the item), borda, borda_rank, kemeny_rank, mean_rank, rank_lower, rank_upper;
        ``.dissent``; ``.minority``; ``.kemeny_distance``; ``.exact``.

    References
    ----------
    Kemeny, J. G. (1959). Mathematics without numbers. Young, H. P. and Levenglick, A. (1978). A consistent extension of
    Condorcet's election principle.
    """
    settings = given(values=values, behind=behind, last=last, level=level, draws=draws, seed=seed, min_n=min_n)
    return Result(_core.consensus(settings, ratings))


@face
def compare_ratings(
    first: Numbers,
    second: Numbers,
    weights: str = _COMPARE["weights"],
    bounds: Sequence[float] | None = None,
    multiple: float | None = None,
    level: float = _COMPARE["level"],
) -> Result:
    """Tell whether two ratings of the same things agree, and how far they lie apart.

    Correlations ask whether both put things in one order; kappa whether both use the same category; the limits of
    agreement how far apart they lie. Two ratings may correlate fully and never agree.

    Parameters
    ----------
    first, second : array_like of shape (n,)
        The ratings; a pair of which one side is NaN is left out.
    weights : {"linear", "quadratic", "none"}
        How much a disagreement counts in kappa.
    bounds : list of float, optional
        Where categories begin, rising; whole numbers are categories where not given.
    multiple : float, optional
        Standard deviations from the mean to a limit of agreement; 1.96 where not given.
    level : float
        Level of the intervals.

    Returns
    -------
    Result
        ``.spearman``, ``.kendall`` with their chances, ``.kappa``, ``.bias``, ``.limit_lower``,
        ``.limit_upper``, ``.n``.

    References
    ----------
    Cohen, J. (1968). Weighted kappa. Bland, J. M. and Altman, D. G. (1986). Statistical methods for assessing agreement
    between two methods of clinical measurement.

    Examples
    --------
    >>> import human_security as hs
    >>> round(hs.compare_ratings([1, 2, 3, 4], [1, 3, 2, 4]).spearman, 4)
    0.8
    """
    settings = given(weights=weights, bounds=bounds, multiple=multiple, level=level)
    return Result(_core.compare_ratings(settings, first, second))


@face
def reliability(
    answers: Grid,
    reversed: Sequence[int] = tuple(_RELIABILITY["reversed"]),
    level: float = _RELIABILITY["level"],
    min_n: int = _RELIABILITY["min_n"],
) -> Result:
    """Tell whether the items of a scale measure one thing: Cronbach's alpha and McDonald's omega.

    Fewer than three items leave omega undefined. A high alpha does not show that there is one dimension.

    Parameters
    ----------
    answers : array_like of shape (respondents, items)
        One row a respondent; NaN is missing.
    reversed : list of int
        Positions of the items whose high answers mean less of what is measured.
    level : float
        Level of the intervals.
    min_n : int
        Fewest respondents of what is shown; 0 shows all.

    Returns
    -------
    Result
        ``.alpha`` with Feldt's interval, ``.omega``, ``.respondents``; ``.ordinal_alpha`` and ``.ordinal_omega`` on
        polychoric correlations, where no item has more than 7 different answers; ``.items``: mean, sd,
        item_rest_correlation, alpha_without.

    References
    ----------
    Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Feldt, L. S. (1965). The approximate
    sampling distribution of Kuder-Richardson reliability coefficient twenty. McDonald, R. P. (1999). *Test Theory*.

    Examples
    --------
    >>> import human_security as hs
    >>> round(hs.reliability([[1, 1], [2, 2], [3, 4], [4, 3]]).alpha, 4)
    0.8889
    """
    settings = given(reversed=list(reversed), level=level, min_n=min_n)
    return Result(_core.reliability(settings, answers))


@face
def krippendorff_alpha(
    codes: Grid,
    level: str = _ALPHA["level"],
    draws: int = _ALPHA["draws"],
    seed: int = _ALPHA["seed"],
    confidence: float = _ALPHA["confidence"],
) -> Result:
    """Tell how far coders agree beyond chance: Krippendorff's alpha.

    1 is full agreement, 0 what chance gives. A unit that fewer than two coders coded says nothing. Where every code is
    alike, alpha is undefined: nothing could have been told apart.

    Parameters
    ----------
    codes : array_like of shape (coders, units)
        One row a coder; NaN is missing.
    level : {"nominal", "ordinal", "interval", "ratio"}
        What the numbers mean.
    draws : int
        Draws of units for the interval; 0 gives none.
    seed : int
        Seed of the draws.
    confidence : float
        Share of the draws between lower and upper.

    Returns
    -------
    Result
        ``.alpha``, ``.lower``, ``.upper``, ``.observed``, ``.expected``, ``.units``, ``.coders``.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability.

    Examples
    --------
    >>> import human_security as hs
    >>> round(hs.krippendorff_alpha([[1, 2, 3, 3], [1, 2, 3, 4]], draws=0).alpha, 4)
    0.6957
    """
    settings = given(level=level, draws=draws, seed=seed, confidence=confidence)
    return Result(_core.krippendorff_alpha(settings, codes))


@face
def inequality(
    values: Numbers,
    weights: Numbers | None = None,
    groups: Names | None = None,
    epsilon: float = _INEQUALITY["epsilon"],
) -> Result:
    """Tell how unequal values are, and whether that lies within groups or between them.

    Theil's T divides exactly; Gini leaves a third part where groups overlap. NaN is left out and counted.

    Parameters
    ----------
    values : array_like of shape (n,)
        What each has; 0 or more.
    weights : array_like of shape (n,), optional
        Persons behind each value; 1 where not given.
    groups : list of str, optional
        The group of each value.
    epsilon : float
        How much Atkinson's index minds inequality; above 0.

    Returns
    -------
    Result
        ``.theil``, ``.theil_within``, ``.theil_between``, ``.gini``, ``.gini_within``, ``.gini_between``,
        ``.gini_overlap``, ``.mean_log_deviation``, ``.atkinson``; table: group, share, mean, theil, gini.

    References
    ----------
    Theil, H. (1967). *Economics and Information Theory*. Bhattacharya, N. and Mahalanobis, B. (1967). Regional
    disparities in household consumption in India. Atkinson, A. B. (1970). On the measurement of inequality.

    Examples
    --------
    >>> import human_security as hs
    >>> hs.inequality([1, 1, 3, 3], groups=["a", "a", "b", "b"]).gini_between
    0.25
    """
    return Result(_core.inequality(given(epsilon=epsilon), values, weights, groups))
