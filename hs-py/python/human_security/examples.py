"""The eight funded projects of the 2009 handbook, embedded as assessments; surveys of households to practise on.

Every number in the assessments is illustrative unless its source states it; each says so in a note. The surveys are
synthetic: nobody answered them.
"""

from __future__ import annotations

from typing import Any

from human_security import _core
from human_security._face import face
from human_security.assessment import Assessment
from human_security.scheme import DeprivationScheme
from human_security.table import Table

__all__ = ["SurveyTruth", "load", "names", "survey", "survey_design", "survey_names", "survey_scheme", "survey_truth"]


def names() -> list[str]:
    """Return the names of the examples."""
    return _core.example_names()


def load(name: str) -> Assessment:
    """Read one of the examples.

    Parameters
    ----------
    name : str
        One of `names`.

    Returns
    -------
    Assessment

    Raises
    ------
    NotFoundError
        Where there is no such example; the nearest name is given.

    Examples
    --------
    >>> import human_security as hs
    >>> hs.examples.load("ituri").id
    'ituri'
    """
    return Assessment(_core.example(name))


def survey_names() -> list[str]:
    """Return the names of the surveys."""
    return _core.survey_names()


@face
def survey(name: str, n: int = 2000, seed: int = 0) -> Table:
    """Draw a synthetic survey of households, clustered, with weights and missing values: the same for the same seed.

    Parameters
    ----------
    name : str
        One of `survey_names`.
    n : int
        Number of households.
    seed : int
        Seed of the draws.

    Returns
    -------
    Table

    Examples
    --------
    >>> import human_security as hs
    >>> len(hs.examples.survey("ituri", n=500))
    500
    """
    return Table(_core.survey(name, n, seed))


@face
def survey_scheme(name: str) -> DeprivationScheme:
    """Return the deprivation scheme that goes with a survey.

    Parameters
    ----------
    name : str
        One of `survey_names`.

    Returns
    -------
    DeprivationScheme
    """
    return DeprivationScheme.from_dict(_core.survey_score(name)["scheme"])


@face
def survey_design(name: str) -> dict[str, Any]:
    """Return how a survey asks to be scored, as keywords of `hs.score`: groups, weights, strata, clusters.

    Parameters
    ----------
    name : str
        One of `survey_names`.

    Returns
    -------
    dict

    Examples
    --------
    >>> import human_security as hs
    >>> data, scheme = hs.examples.survey("ituri"), hs.examples.survey_scheme("ituri")
    >>> s = hs.score(data, scheme, **hs.examples.survey_design("ituri"))
    """
    wanted = ("by", "weight", "size", "strata", "cluster", "fpc", "domain")
    return {key: value for key, value in _core.survey_score(name).items() if key in wanted and value}


class SurveyTruth:
    """What the measures are in the population that a survey is drawn from: computed from the model, not estimated.

    Attributes
    ----------
    groups : Table
        over, district, sex, group, unit, population, share, H, A, M0, contribution, union, complete, and H_complete,
        A_complete, M0_complete: the measures among those with every answer.
    dimensions : Table
        over, district, sex, group, unit, indicator, component, weight, headcount, censored_headcount, contribution.
    """

    __slots__ = ("dimensions", "groups")

    def __init__(self, groups: Table, dimensions: Table) -> None:
        self.groups = groups
        self.dimensions = dimensions

    def __repr__(self) -> str:
        return f"SurveyTruth(groups: {len(self.groups)} rows, dimensions: {len(self.dimensions)} rows)"


@face
def survey_truth(name: str) -> SurveyTruth:
    """Return what the scheme's measures are in the population that a survey is drawn from.

    Parameters
    ----------
    name : str
        One of `survey_names`.

    Returns
    -------
    SurveyTruth
    """
    groups, dimensions = _core.survey_truth(name)
    return SurveyTruth(Table(groups), Table(dimensions))
