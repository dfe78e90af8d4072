"""Thresholds on people: who is below the bar, in how many ways, where, in which group, and how sure are we?"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from human_security import _core
from human_security._face import face, given
from human_security._plot import plot_score
from human_security._progress import shown
from human_security._score_html import score_html
from human_security.result import Result
from human_security.scheme import DeprivationScheme, as_scheme
from human_security.table import Table

__all__ = ["Score", "SurveyMean", "robustness", "score", "score_change", "survey_mean"]

_SCORE = _core.defaults("score")
_CHANGE = _core.defaults("score-change")
_MEAN = _core.defaults("survey-mean")


class Score(Result):
    """What a score found.

    Attributes
    ----------
    table : Table
        One row a group and configuration: the `by` columns, weighting, cutoff, n, population, share, H, A, M0, M1, M2,
        contribution, union, each with ``_se``, ``_lower``, ``_upper``; design_effect, degrees_of_freedom, coverage,
        suppressed. An undefined or suppressed figure is null.
    margins : Table
        The same for every coarser group, down to the total; ``over`` names the columns that are held.
    dimensions, dimension_margins : Table
        One row a group and indicator: headcount, censored_headcount, contribution, missing.
    counts : Table
        How many people have which weighted share of deprivations.
    codeprivation : Table
        Which deprivations go together: the share deprived in both, phi, conditional.
    missing : Table
        Missing values by indicator.
    """

    @property
    def margins(self) -> Table:
        """The same figures for every coarser group, down to the total."""
        return Table(self._core.table("margins"))

    @property
    def dimensions(self) -> Table:
        """One row a group and indicator."""
        return Table(self._core.table("dimensions"))

    @face
    def plot(self, measure: str = "H") -> Any:
        """Show a measure of every group with its interval, by Altair.

        Parameters
        ----------
        measure : {"H", "A", "M0", "M1", "M2", "contribution", "union"}
            What is shown.

        Returns
        -------
        altair.LayerChart

        Raises
        ------
        UnsupportedError
            Altair is not installed.
        """
        return plot_score(self, measure)

    def _repr_html_(self) -> str:
        return score_html(self)


def settings_of(
    scheme: DeprivationScheme | Mapping[str, Any],
    by: str | Sequence[str],
    cutoffs: Sequence[float] | None,
    weightings: Mapping[str, Mapping[str, float]] | None,
    **others: Any,
) -> dict[str, Any]:
    """Return the settings of a score as the core reads them."""
    columns = [by] if isinstance(by, str) else by
    return given(scheme=as_scheme(scheme), by=columns, cutoffs=cutoffs, weightings=weightings, **others)


@face
def score(
    data: Any,
    scheme: DeprivationScheme | Mapping[str, Any],
    by: str | Sequence[str] = tuple(_SCORE["by"]),
    weight: str | None = _SCORE["weight"],
    size: str | None = _SCORE["size"],
    strata: str | None = _SCORE["strata"],
    cluster: str | None = _SCORE["cluster"],
    fpc: str | None = _SCORE["fpc"],
    lonely_psu: str = _SCORE["lonely_psu"],
    domain: str | None = _SCORE["domain"],
    min_n: int = _SCORE["min_n"],
    cutoffs: Sequence[float] | None = _SCORE["cutoffs"],
    weightings: Mapping[str, Mapping[str, float]] | None = _SCORE["weightings"],
    bounds: bool = _SCORE["bounds"],
    gaps: bool = _SCORE["gaps"],
    level: float = _SCORE["level"],
    progress: bool | None = None,
) -> Score:
    """Score people or households by a deprivation scheme (Alkire-Foster), with the design of the survey.

    Rows are read once, where they lie, and only the columns that are needed; memory does not grow with them. Order of
    rows, kind of data frame and batches change no bit of the answer. Standard errors are by Taylor linearisation.
    Cells with few rows are suppressed, with others so that they cannot be recovered by subtraction.

    Parameters
    ----------
    data : frame, mapping or path
        Anything that speaks Arrow (polars, pyarrow, DuckDB, pandas), a mapping of columns to NumPy arrays, an iterator
        of these, or a path of a Parquet or CSV file.
    scheme : DeprivationScheme
        Indicators, cut-offs, weights.
    by : str or list of str
        Columns to split by; their margins are made too.
    weight : str, optional
        Column of survey weights; every row weighs 1 where not given.
    size : str, optional
        Column of household sizes: persons are weight times size. Where not given the unit is rows.
    strata : str, optional
        Column of strata.
    cluster : str, optional
        Column of primary sampling units, nested in strata; every row is its own where not given.
    fpc : str, optional
        Column of the finite population: PSUs in the stratum's population where above 1, else the sampling fraction.
    lonely_psu : {"adjust", "certainty", "error"}
        What a stratum with one PSU adds to the variance: its distance from the grand mean, nothing, or an error.
    domain : str, optional
        Column of yes and no: rows that are not in the domain weigh nothing, their PSUs stay.
    min_n : int
        Least sample count of a published cell, its numerator and its complement; 0 turns suppression off.
    cutoffs : list of float, optional
        Several k in place of the scheme's, in one pass.
    weightings : dict, optional
        Several weightings in place of the scheme's, by name: weight of each indicator, by its name.
    bounds : bool
        Whether bounds are added: all that is missing deprived, and none of it.
    gaps : bool
        Whether M1 and M2 are computed where every indicator is cardinal.
    level : float
        Level of the intervals.
    progress : bool, optional
        Whether a progress bar is shown: in a terminal or notebook, once work turns out to be long, where not given.

    Returns
    -------
    Score
        The main table has one row a group: n, population, share, H, A, M0 (M1, M2), se, lower, upper, coverage,
        suppressed. ``.margins``, ``.dimensions``, ``.counts``, ``.codeprivation``, ``.missing`` beside it.

    Raises
    ------
    NotFoundError
        A column that is not there; the nearest name is given.
    ArgumentError
        A scheme, setting or column that makes no sense: ``problems`` lists every one. No message holds a row's value.
    UndefinedError
        There are no rows, or weights sum to 0.

    References
    ----------
    Alkire, S. & Foster, J. (2011). Counting and multidimensional poverty measurement.

    Examples
    --------
    >>> import human_security as hs
    >>> data = {"food_score": [20.0, 35.0, 40.0, 25.0], "water": ["river", "well", "river", "well"]}
    >>> scheme = hs.DeprivationScheme(
    ...     [hs.Deprivation("food_score", below=28), hs.Deprivation("water", among=["river"])], cutoff=0.5
    ... )
    >>> s = hs.score(data, scheme, min_n=0)
    >>> s.table["H"], s.table["M0"]
    (array([0.75]), array([0.5]))
    """
    settings = settings_of(
        scheme,
        by,
        cutoffs,
        weightings,
        weight=weight,
        size=size,
        strata=strata,
        cluster=cluster,
        fpc=fpc,
        lonely_psu=lonely_psu,
        domain=domain,
        min_n=min_n,
        bounds=bounds,
        gaps=gaps,
        level=level,
    )
    with shown(progress, "score") as bar:
        return Score(_core.score(settings, as_data(data), bar))


def as_data(data: Any) -> Any:
    """Return data as the core takes it: a result or table of this package as it is, a path as text."""
    if isinstance(data, os.PathLike):
        return os.fspath(data)
    return data


@face
def score_change(
    first: Any,
    second: Any,
    scheme: DeprivationScheme | Mapping[str, Any],
    by: str | Sequence[str] = tuple(_SCORE["by"]),
    weight: str | None = _SCORE["weight"],
    size: str | None = _SCORE["size"],
    strata: str | None = _SCORE["strata"],
    cluster: str | None = _SCORE["cluster"],
    fpc: str | None = _SCORE["fpc"],
    lonely_psu: str = _SCORE["lonely_psu"],
    domain: str | None = _SCORE["domain"],
    min_n: int = _SCORE["min_n"],
    cutoffs: Sequence[float] | None = _SCORE["cutoffs"],
    weightings: Mapping[str, Mapping[str, float]] | None = _SCORE["weightings"],
    bounds: bool = _SCORE["bounds"],
    gaps: bool = _SCORE["gaps"],
    level: float = _SCORE["level"],
    samples: str = _CHANGE["samples"],
    progress: bool | None = None,
) -> Result:
    """Tell what changed between two rounds of a survey: second minus first, below 0 is better.

    Parameters
    ----------
    first, second : frame, mapping or path
        The rows of each round, as for `score`.
    scheme, by, weight, size, strata, cluster, fpc, lonely_psu, domain, min_n : any
        As for `score`.
    cutoffs, weightings, bounds, gaps, level : any
        As for `score`; both rounds are scored alike.
    samples : {"independent", "overlapping"}
        How the samples relate: drawn apart, or sharing PSUs (the same stratum and cluster), whose covariance counts.
    progress : bool, optional
        As for `score`.

    Returns
    -------
    Result
        Table: one row a group and measure, with the change, its standard error and interval; the Shapley
        decomposition into incidence and intensity, by indicator and by group, beside it.

    References
    ----------
    Alkire, S., Roche, J. & Vaz, A. (2017). Changes over time in multidimensional poverty.
    """
    settings = settings_of(
        scheme,
        by,
        cutoffs,
        weightings,
        weight=weight,
        size=size,
        strata=strata,
        cluster=cluster,
        fpc=fpc,
        lonely_psu=lonely_psu,
        domain=domain,
        min_n=min_n,
        bounds=bounds,
        gaps=gaps,
        level=level,
    )
    with shown(progress, "score change") as bar:
        outcome = _core.score_change({"score": settings, "samples": samples}, as_data(first), as_data(second), bar)
    return Result(outcome)


@face
def robustness(
    data: Any,
    scheme: DeprivationScheme | Mapping[str, Any],
    by: str | Sequence[str] = tuple(_SCORE["by"]),
    weight: str | None = _SCORE["weight"],
    size: str | None = _SCORE["size"],
    strata: str | None = _SCORE["strata"],
    cluster: str | None = _SCORE["cluster"],
    fpc: str | None = _SCORE["fpc"],
    lonely_psu: str = _SCORE["lonely_psu"],
    domain: str | None = _SCORE["domain"],
    min_n: int = _SCORE["min_n"],
    cutoffs: Sequence[float] | None = _SCORE["cutoffs"],
    weightings: Mapping[str, Mapping[str, float]] | None = _SCORE["weightings"],
    bounds: bool = _SCORE["bounds"],
    gaps: bool = _SCORE["gaps"],
    level: float = _SCORE["level"],
    progress: bool | None = None,
) -> Result:
    """Tell whether the ranks of groups stand under other cut-offs and weights.

    Parameters
    ----------
    data : frame, mapping or path
        As for `score`.
    scheme, weight, size, strata, cluster, fpc, lonely_psu, domain, min_n, bounds, gaps, level : any
        As for `score`.
    by : str or list of str
        Columns whose groups are ranked.
    cutoffs : list of float, optional
        The grid of k.
    weightings : dict, optional
        The grid of weights, by name.
    progress : bool, optional
        As for `score`.

    Returns
    -------
    Result
        Agreement of the ranks (Kendall's tau-b) of every two choices; the order of every two groups; dominance over
        the cut-offs.

    References
    ----------
    Alkire, S. & Santos, M. (2014). Measuring acute poverty in the developing world.
    """
    settings = settings_of(
        scheme,
        by,
        cutoffs,
        weightings,
        weight=weight,
        size=size,
        strata=strata,
        cluster=cluster,
        fpc=fpc,
        lonely_psu=lonely_psu,
        domain=domain,
        min_n=min_n,
        bounds=bounds,
        gaps=gaps,
        level=level,
    )
    with shown(progress, "robustness") as bar:
        return Result(_core.robustness({"score": settings}, as_data(data), bar))


class SurveyMean(Result):
    """What a column amounts to in the population.

    Attributes
    ----------
    table : Table
        One row a group: the `by` columns, n, population, estimate, standard_error, lower, upper, degrees_of_freedom,
        design_effect, suppressed.
    """

    def _figure(self, name: str) -> Any:
        column = self.table[name]
        return column if self.settings["by"] else column[0].item()

    @property
    def estimate(self) -> Any:
        """The estimate: a float, or one for each group."""
        return self._figure("estimate")

    @property
    def standard_error(self) -> Any:
        """Its standard error; NaN where undefined."""
        return self._figure("standard_error")

    @property
    def lower(self) -> Any:
        """Lower end of the interval."""
        return self._figure("lower")

    @property
    def upper(self) -> Any:
        """Upper end of the interval."""
        return self._figure("upper")

    @property
    def degrees_of_freedom(self) -> Any:
        """PSUs less strata."""
        return self._figure("degrees_of_freedom")

    @property
    def design_effect(self) -> Any:
        """Variance over that of a simple random sample."""
        return self._figure("design_effect")


@face
def survey_mean(
    data: Any,
    column: str,
    weight: str | None = _MEAN["weight"],
    strata: str | None = _MEAN["strata"],
    cluster: str | None = _MEAN["cluster"],
    fpc: str | None = _MEAN["fpc"],
    by: str | Sequence[str] = tuple(_MEAN["by"]),
    kind: str = _MEAN["kind"],
    denominator: str | None = _MEAN["denominator"],
    domain: str | None = _MEAN["domain"],
    lonely_psu: str = _MEAN["lonely_psu"],
    level: float = _MEAN["level"],
    min_n: int = _MEAN["min_n"],
    progress: bool | None = None,
) -> SurveyMean:
    """Estimate the mean (total, ratio, proportion) of a column in the population, by group, with its standard error.

    A row whose value is missing stays in the design and weighs nothing; it is never taken for zero.

    Parameters
    ----------
    data : frame, mapping or path
        As for `score`.
    column : str
        Column of the values.
    weight, strata, cluster, fpc : str, optional
        Columns of the design, as for `score`.
    by : str or list of str
        Columns to split by.
    kind : {"mean", "total", "ratio", "proportion"}
        What is estimated.
    denominator : str, optional
        Of a ratio: column of the denominator.
    domain : str, optional
        Column of yes and no: rows that are not in the domain weigh nothing, their PSUs stay.
    lonely_psu : {"adjust", "certainty", "error"}
        What a stratum with one PSU adds to the variance.
    level : float
        Level of the intervals.
    min_n : int
        Least sample count of a published group; 0 publishes all.
    progress : bool, optional
        As for `score`.

    Returns
    -------
    SurveyMean
        Table: estimate, standard_error, lower, upper, degrees_of_freedom, design_effect; each an attribute too.

    References
    ----------
    Binder, D. (1983). On the variances of asymptotically normal estimators from complex surveys.

    Examples
    --------
    >>> import human_security as hs
    >>> m = hs.survey_mean({"x": [1.0, 2.0, 6.0]}, "x")
    >>> m.estimate
    3.0
    """
    settings = given(
        column=column,
        weight=weight,
        strata=strata,
        cluster=cluster,
        fpc=fpc,
        by=[by] if isinstance(by, str) else by,
        kind=kind,
        denominator=denominator,
        domain=domain,
        lonely_psu=lonely_psu,
        level=level,
        min_n=min_n,
    )
    with shown(progress, "survey mean") as bar:
        return SurveyMean(_core.survey_mean(settings, as_data(data), bar))
