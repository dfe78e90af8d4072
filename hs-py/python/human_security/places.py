"""Thresholds on places: phases of areas, severity over sectors, joint people in need, indices, years of security."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from human_security import _core
from human_security._face import face, given
from human_security._progress import shown
from human_security.result import Result
from human_security.scoring import as_data

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from human_security._face import Grid, Names, Numbers

__all__ = [
    "CompositeIndex",
    "area_phase",
    "composite_index",
    "intersectoral_severity",
    "people_in_need",
    "years_of_individual_security",
]

_AREA = _core.defaults("area-phase")
_SEVERITY = _core.defaults("intersectoral-severity")
_NEED = _core.defaults("people-in-need")
_INDEX = _core.defaults("composite-index")
_YEARS = _core.defaults("years-of-individual-security")


@overload
def area_phase(shares: Grid, share: float = ..., full: Literal[False] = ...) -> NDArray[Any]: ...
@overload
def area_phase(shares: Grid, share: float = ..., *, full: Literal[True]) -> Result: ...
@face
def area_phase(shares: Grid, share: float = _AREA["share"], full: bool = False) -> Any:
    """Tell which phase each area takes, from the shares of its people in each (the 20 % rule of the IPC).

    An area takes the worst phase whose share of people in it *or worse* is at least `share`, inclusive to 1e-9. A
    missing share leaves the phase undefined: it is never taken for nobody.

    Parameters
    ----------
    shares : array_like of shape (n, 5)
        Shares of people in phases 1 to 5, as fractions of 1; NaN is missing.
    share : float
        Share of people in a phase or worse from which the area takes it; above 0, to 1.
    full : bool
        Whether the whole result is returned: a table with share_at_or_above and label, and notes.

    Returns
    -------
    ndarray of shape (n,) or Result
        Phases 1 to 5; NaN where undefined.

    References
    ----------
    IPC Global Partners (2021). *Integrated Food Security Phase Classification Technical Manual Version 3.1*.

    Examples
    --------
    >>> import human_security as hs
    >>> hs.area_phase([[0.25, 0.45, 0.25, 0.05, 0.0]])
    array([3.])
    """
    result = Result(_core.area_phase(given(share=share), shares))
    return result if full else result.phases


@overload
def intersectoral_severity(sectors: Grid, names: Names | None = ..., full: Literal[False] = ...) -> NDArray[Any]: ...
@overload
def intersectoral_severity(sectors: Grid, names: Names | None = ..., *, full: Literal[True]) -> Result: ...
@face
def intersectoral_severity(sectors: Grid, names: Names | None = _SEVERITY["names"], full: bool = False) -> Any:
    """Tell how severe things are in each area over all its sectors (JIAF-like, preliminary).

    Parameters
    ----------
    sectors : array_like of shape (n, sectors)
        Severity of each sector, 1 to 5; half steps are not rounded; NaN is missing.
    names : list of str, optional
        Names of the sectors; their positions where not given.
    full : bool
        Whether the whole result is returned: a table with sectors, insufficient, lower, upper and flags, and notes.

    Returns
    -------
    ndarray of shape (n,) or Result
        Severity 1 to 5; NaN where no sector is known. Rows with fewer than 4 known sectors are flagged in the table.

    References
    ----------
    Inter-Agency Standing Committee (2024). *Joint and Intersectoral Analysis Framework 2.0: Technical Manual*.

    Examples
    --------
    >>> import human_security as hs
    >>> hs.intersectoral_severity([[3, 3, 4, 4, 2], [5, 5, 4, 4, 1]])
    array([3., 5.])
    """
    result = Result(_core.intersectoral_severity(given(names=names), sectors))
    return result if full else result.severity


@face
def people_in_need(
    sectors: Grid,
    population: Numbers | None = None,
    previous: Numbers | None = None,
    names: Names | None = _NEED["names"],
    disjoint: bool = _NEED["disjoint"],
    first_second: float = _NEED["first_second"],
    first_third: float = _NEED["first_third"],
    population_share: float = _NEED["population_share"],
    change: float = _NEED["change"],
) -> Result:
    """Tell how many people are in need over all sectors together: the largest sector's count, never the sum.

    Parameters
    ----------
    sectors : array_like of shape (n, sectors)
        People in need by sector; NaN is missing, and never nobody.
    population : array_like of shape (n,), optional
        People in all; NaN where not known.
    previous : array_like of shape (n,), optional
        The joint figures of the round before.
    names : list of str, optional
        Names of the sectors; their positions where not given.
    disjoint : bool
        Whether nobody stands in two rows, so that the rows may be summed.
    first_second, first_third : float
        Gap between the largest sector and the second (third), as a share of the largest, from which a row is flagged.
    population_share : float
        Share of the population in need above which a row is flagged.
    change : float
        Change against `previous`, as a share of it, from which a row is flagged.

    Returns
    -------
    Result
        Table: row, joint, sector, lower, upper, sectors, flags; ``.total`` with its bounds where rows may be summed.

    Examples
    --------
    >>> import human_security as hs
    >>> hs.people_in_need([[400, 250, 300]], population=[900]).table["upper"]
    array([900.])
    """
    settings = given(
        names=names,
        disjoint=disjoint,
        first_second=first_second,
        first_third=first_third,
        population_share=population_share,
        change=change,
    )
    return Result(_core.people_in_need(settings, sectors, population, previous))


class CompositeIndex(Result):
    """Many indicators as one number a place.

    Attributes
    ----------
    values : ndarray of shape (n,)
        The index; NaN where undefined.
    ranks : ndarray of shape (n,)
        Rank 1 is the highest value; ties are averaged.
    rank_lower, rank_upper : ndarray of shape (n,)
        Interval of each rank, where draws were asked for.
    table : Table
        unit, value, rank, rank_lower, rank_median, rank_upper, coverage, draws.
    """

    @property
    def values(self) -> NDArray[Any]:
        """The index, shape (n,)."""
        return self._core.array("values")

    @property
    def ranks(self) -> NDArray[Any]:
        """Ranks, shape (n,): 1 is the highest value."""
        return self._core.array("ranks")


@face
def composite_index(
    data: Any,
    weights: str | Sequence[float] | Mapping[str, float] = _INDEX["weights"],
    normalise: str | None = _INDEX["normalise"],
    aggregate: str | Mapping[str, str] = _INDEX["aggregate"],
    tree: Mapping[str, Any] | Sequence[Any] | None = _INDEX["tree"],
    indicators: Mapping[str, Mapping[str, Any]] | None = None,
    names: Names | None = None,
    units: Names | None = None,
    unit: str | None = _INDEX["unit"],
    columns: Sequence[str] | None = _INDEX["columns"],
    treatment: str | None = _INDEX["treatment"],
    skewness: float = _INDEX["skewness"],
    kurtosis: float = _INDEX["kurtosis"],
    limit: int = _INDEX["limit"],
    range: tuple[float, float] = tuple(_INDEX["range"]),
    centre: float = _INDEX["centre"],
    spread: float = _INDEX["spread"],
    deviation: str = _INDEX["deviation"],
    clip: bool = _INDEX["clip"],
    cap_at_target: bool = _INDEX["cap_at_target"],
    renormalise: bool = _INDEX["renormalise"],
    penalty: str = _INDEX["penalty"],
    scale: tuple[float, float] = tuple(_INDEX["scale"]),
    missing: str = _INDEX["missing"],
    least_share: float = _INDEX["least_share"],
    draws: int = _INDEX["draws"],
    seed: int = _INDEX["seed"],
    level: float = _INDEX["level"],
    vary: Mapping[str, Any] | None = None,
    keep: Sequence[str] = tuple(_INDEX["keep"]),
    progress: bool | None = None,
) -> CompositeIndex:
    """Make one number a place of many indicators, and tell how far its rank hangs on the choices made.

    Parameters
    ----------
    data : frame, mapping or array_like of shape (n, indicators)
        One row a unit; missing is null or NaN, and never zero.
    weights : {"equal", "pca", "entropy"}, list or dict
        Weights by a rule, in the order of the indicators, or by name of indicator or node.
    normalise : {"min-max", "z-score", "rank", "distance-to-target"} or None
        How indicators come to one scale; None leaves the data as they are.
    aggregate : {"arithmetic", "geometric", "harmonic", "mazziotta-pareto", "reversed-geometric"} or dict
        How the parts of a node become one number, for every node or by name of node.
    tree : dict or list, optional
        What the index is made of: names of nodes over names of indicators; one node of all where not given.
    indicators : dict, optional
        By name of indicator: ``better`` ("higher" or "lower"), ``goalposts``, ``target``, ``treatment``.
    names, units : list of str, optional
        Names of columns and rows, where `data` is an array.
    unit : str, optional
        Column that names the units, where the data come as columns.
    columns : list of str, optional
        Columns that are indicators; those the tree names, or all, where not given.
    treatment : {"none", "winsorise", "log", "winsorise-or-log"}, optional
        What is done about outliers.
    skewness, kurtosis : float
        An indicator is winsorised while its absolute skewness and its kurtosis are above these.
    limit : int
        Most points that are winsorised.
    range : two floats
        Where min-max puts the worst and the best value.
    centre, spread : float
        Mean and standard deviation of z-scores.
    deviation : {"population", "sample"}
        Which standard deviation z-scores divide by.
    clip : bool
        Whether what lies past a goalpost counts as standing on it.
    cap_at_target : bool
        Whether what lies past a target counts as standing on it.
    renormalise : bool
        Whether given weights are scaled to sum to 1 within each node.
    penalty : {"minus", "plus"}
        Sign of the Mazziotta-Pareto penalty.
    scale : two floats
        Ends of the scale that the reversed geometric mean works on.
    missing : {"undefined", "available"}
        What becomes of a node that lacks one of its parts.
    least_share : float
        Least weight of what is there, of 1, for ``missing="available"``.
    draws : int
        How many times the index is made anew under other choices; 0 leaves rank intervals out.
    seed : int
        Seed of the draws.
    level : float
        Level of the rank intervals.
    vary : dict, optional
        Which choices the draws vary: ``treatment``, ``normalise``, ``aggregate``, ``weights``, ``leave_one_out``.
    keep : list of {"draws", "steps"}
        What more the result holds.
    progress : bool, optional
        Whether a progress bar is shown: in a terminal or notebook, once work turns out to be long, where not given.

    Returns
    -------
    CompositeIndex
        ``.values`` and ``.ranks``; ``.rank_lower`` and ``.rank_upper`` with draws.

    References
    ----------
    OECD & JRC (2008). *Handbook on Constructing Composite Indicators*.

    Examples
    --------
    >>> import human_security as hs
    >>> hs.composite_index({"wells": [0.0, 5.0, 10.0], "clinics": [4.0, 2.0, 3.0]}).values
    array([0.5 , 0.25, 0.75])
    """
    settings = given(
        unit=unit,
        columns=columns,
        indicators=indicators,
        treatment=treatment,
        skewness=skewness,
        kurtosis=kurtosis,
        limit=limit,
        range=range,
        centre=centre,
        spread=spread,
        deviation=deviation,
        clip=clip,
        cap_at_target=cap_at_target,
        weights=weights,
        renormalise=renormalise,
        aggregate=aggregate,
        penalty=penalty,
        scale=scale,
        tree=tree,
        missing=missing,
        least_share=least_share,
        draws=draws,
        seed=seed,
        level=level,
        vary=vary,
        keep=keep,
    )
    # None is a choice of its own: the data stay as they are.
    settings["normalise"] = normalise
    with shown(progress, "composite index") as bar:
        return CompositeIndex(_core.composite_index(settings, as_data(data), names, units, bar))


@face
def years_of_individual_security(
    ages: Any,
    domains: Sequence[str] = tuple(_YEARS["domains"]),
    infants: str = _YEARS["infants"],
    radix: float = _YEARS["radix"],
    level: float = _YEARS["level"],
) -> Result:
    """Tell how many years of a life are lived outside generalised poverty (Sullivan's method).

    Parameters
    ----------
    ages : frame or mapping
        One row an age interval: ``age``; ``death_rate``, or ``deaths`` and ``population``, or ``survivors`` and
        ``person_years``; ``insecure`` (share below the threshold in *any* domain) with ``n`` or ``standard_error``,
        or one share a domain.
    domains : list of str
        Columns that hold the share below the threshold in one domain: they bound the union and do not tell it.
    infants : {"keyfitz", "chiang", "coale-demeny-women", "coale-demeny-men", "half"}
        How long those live who die before their fifth birthday, where the data do not say.
    radix : float
        Survivors at the first age.
    level : float
        Level of the intervals.

    Returns
    -------
    Result
        ``.years`` at the first age with ``.lower``, ``.upper``, ``.life_expectancy`` and ``.share``; table by age.

    References
    ----------
    King, G. & Murray, C. (2001). Rethinking human security.
    Sullivan, D. (1971). A single index of mortality and morbidity.
    """
    settings = given(domains=domains, infants=infants, radix=radix, level=level)
    return Result(_core.years_of_individual_security(settings, as_data(ages)))
