"""Assessments: a situation, seen through the human-security framework."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from human_security import _core
from human_security._face import as_path, face, given
from human_security.choosing import Choosing
from human_security.intersections import Meeting
from human_security.models import Model, as_model
from human_security.moving import Moving
from human_security.network import DominoNetwork
from human_security.process import Process
from human_security.responses import Responses
from human_security.result import Check, EntityTables, Result
from human_security.saying import Saying
from human_security.situation import Situation
from human_security.table import Table

__all__ = ["Assessment"]

_NETWORK = _core.defaults("network")
_CRITICALITY = _core.defaults("criticality")
_PHASES = _core.defaults("phases")
_REPORT = _core.defaults("report")


class Assessment(Situation, Meeting, Saying, Process, Responses, Choosing, Moving):
    """A situation, as it was read; it never changes.

    Read one with `load`, `examples.load` or `Assessment.from_tables`.
    """

    __slots__ = ("_core", "_made")

    def __init__(self, core: _core.Assessment, /) -> None:
        self._core = core
        self._made: dict[str, Table] = {}

    @classmethod
    @face
    def from_tables(
        cls,
        id: str | None = None,
        title: str | None = None,
        language: str | None = None,
        sensitivity: str | None = None,
        extra: Mapping[str, Any] | None = None,
        **tables: Any,
    ) -> Assessment:
        """Build an assessment from data frames.

        Parameters
        ----------
        id, title, language, sensitivity : str, optional
            What stands beside the tables.
        extra : dict, optional
            Fields of your own.
        **tables : frame
            One for each array of the format, ``effects``, ``externalities`` and ``neighbours`` too: anything that
            speaks Arrow (polars, pyarrow, DuckDB, pandas), or a mapping of columns to NumPy arrays or lists. The
            columns are those of a data package (see `template`): a range is two columns (``severity_low``,
            ``severity_high``), a missing value is null or NaN.

        Returns
        -------
        Assessment

        Raises
        ------
        DocumentError
            ``problems`` lists everything that is wrong, each with resource, row (from 1) and column.

        Examples
        --------
        >>> import human_security as hs
        >>> a = hs.Assessment.from_tables(
        ...     threats={"id": ["drought"], "name": ["Drought"], "component": ["environmental"]},
        ... )
        >>> len(a.threats)
        1
        """
        root = given(id=id, title=title, language=language, sensitivity=sensitivity, extra=extra)
        return cls(_core.Assessment.from_tables(root, tables))

    def _table(self, name: str) -> Table:
        if name not in self._made:
            self._made[name] = Table(self._core.table(name))
        return self._made[name]

    @property
    def id(self) -> str:
        """Its id."""
        return self._core.id

    @property
    def title(self) -> str:
        """Its title."""
        return self._core.title

    @property
    def sensitivity(self) -> str | None:
        """How freely it may leave: "public", "internal", "restricted", "strict", or None where not said."""
        return self._core.sensitivity

    @property
    def tables(self) -> EntityTables:
        """All arrays as tables by name, ``externalities`` too."""
        return EntityTables(self._core)

    @property
    def sources(self) -> Table:
        """Sources: what is known from where."""
        return self._table("sources")

    @property
    def places(self) -> Table:
        """Places, each on one level, with its parent and codes."""
        return self._table("places")

    @property
    def neighbours(self) -> Table:
        """Adjacent places, directed, with the weight of the adjacency."""
        return self._table("neighbours")

    @property
    def groups(self) -> Table:
        """Groups of the population, by gender, age, status and tags."""
        return self._table("groups")

    @property
    def partitions(self) -> Table:
        """Partitions: groups that do not overlap and together are everyone."""
        return self._table("partitions")

    @property
    def populations(self) -> Table:
        """Persons by place and group."""
        return self._table("populations")

    @property
    def threats(self) -> Table:
        """Threats, each of one component."""
        return self._table("threats")

    @property
    def conditions(self) -> Table:
        """Conditions: severity and prevalence of a threat by place, group and period."""
        return self._table("conditions")

    @property
    def capacities(self) -> Table:
        """Capacities to resist or cope, by component and pillar."""
        return self._table("capacities")

    @property
    def linkages(self) -> Table:
        """Linkages: which threat feeds or dampens which."""
        return self._table("linkages")

    @property
    def interventions(self) -> Table:
        """Interventions: strategies, policies, programmes."""
        return self._table("interventions")

    @property
    def effects(self) -> Table:
        """Effects of interventions on the threats they target."""
        return self._table("effects")

    @property
    def actors(self) -> Table:
        """Actors, who may protect and be a source of threat."""
        return self._table("actors")

    @property
    def responsibilities(self) -> Table:
        """Who is responsible for what, at which stage."""
        return self._table("responsibilities")

    @property
    def indicators(self) -> Table:
        """Indicators: measured quantities with direction and thresholds."""
        return self._table("indicators")

    @property
    def observations(self) -> Table:
        """Observed values of indicators."""
        return self._table("observations")

    @property
    def perceptions(self) -> Table:
        """What people themselves say."""
        return self._table("perceptions")

    @property
    def priorities(self) -> Table:
        """What a policy says it puts first."""
        return self._table("priorities")

    @property
    def ties(self) -> Table:
        """Ties between actors."""
        return self._table("ties")

    @property
    def items(self) -> Table:
        """Items of scales: what respondents are asked."""
        return self._table("items")

    @property
    def answers(self) -> Table:
        """Answers of respondents to items."""
        return self._table("answers")

    @property
    def stories(self) -> Table:
        """Coded segments of stories; their words have no field."""
        return self._table("stories")

    @property
    def committees(self) -> Table:
        """Seats of committees, by whom they are held."""
        return self._table("committees")

    @property
    def meetings(self) -> Table:
        """Meetings, who took part and what came of them."""
        return self._table("meetings")

    @property
    def feedback(self) -> Table:
        """What people brought forward, and what became of it."""
        return self._table("feedback")

    @property
    def resources(self) -> Table:
        """Resources that interventions use."""
        return self._table("resources")

    @property
    def judgements(self) -> Table:
        """What people decided or answered."""
        return self._table("judgements")

    @face
    def to_dict(self) -> dict[str, Any]:
        """Return the document as plain Python; `load` reads it back as an equal assessment."""
        return self._core.to_dict()

    @face
    def to_json(self) -> str:
        """Return the document as JSON text, the same bytes for equal assessments."""
        return self._core.to_json()

    @face
    def save(self, path: str | os.PathLike[str], acknowledgement: str | None = None) -> None:
        """Save as a JSON file, or as a data package where the path is a folder.

        Saving is whole or not at all: a save that is killed leaves the old file.

        Parameters
        ----------
        path : path
            A file that ends in ``.json``; any other path is a folder.
        acknowledgement : str, optional
            The sensitivity class, named to acknowledge that a restricted or strict assessment leaves.

        Raises
        ------
        SensitivityError
            A restricted or strict assessment without its acknowledgement.
        FileError
            The file cannot be written.
        """
        self._core.save(as_path(path), acknowledgement)

    @face
    def check(self) -> Check:
        """Say what is thin or missing: what a reader should know before trusting a result.

        Returns
        -------
        Check
            A table: subject, id, finding, advice.
        """
        return Check(self._core.check())

    @face
    def network(
        self,
        places: Sequence[str] | None = None,
        groups: str | None = None,
        period: str | None = None,
        components: Sequence[str] | None = None,
        fold_places: bool = _NETWORK["fold_places"],
        unweighted: float | None = None,
        adjacency: str = _NETWORK["adjacency"],
        kinds: Sequence[str] = tuple(_NETWORK["kinds"]),
        interventions: Sequence[str] | None = None,
    ) -> DominoNetwork:
        """Expand the assessment to its domino network: threat by place by group.

        Parameters
        ----------
        places : list of str, optional
            Ids of the places that may hold nodes; all where not given.
        groups : str, optional
            Id of the partition that the group axis runs over; the whole population where not given.
        period : str, optional
            The period asked for; the latest of each cell where not given.
        components : list of str, optional
            Components whose threats may be nodes; all where not given.
        fold_places : bool
            Whether places are averaged away, with persons as weights.
        unweighted : float, optional
            What a link with neither weight nor strength is worth, 0 to 1; where not given it takes no part in
            propagation.
        adjacency : {"standardised", "raw"}
            How adjacency weights are read.
        kinds : list of str
            Which kinds of condition are used, the preferred first.
        interventions : list of str, optional
            Interventions whose effects and externalities add the cells they name.

        Returns
        -------
        DominoNetwork

        Raises
        ------
        NotFoundError
            An id that the assessment does not have.
        """
        settings = given(
            places=places,
            groups=groups,
            period=period,
            components=components,
            fold_places=fold_places,
            unweighted=unweighted,
            adjacency=adjacency,
            kinds=kinds,
            interventions=interventions,
        )
        return DominoNetwork(self._core.network(settings))

    @face
    def criticality(
        self,
        severity: float = _CRITICALITY["severity"],
        prevalence: float = _CRITICALITY["prevalence"],
        places: Sequence[str] | None = None,
        groups: str | None = None,
        whole_population: bool = _CRITICALITY["whole_population"],
        period: str | None = None,
        components: Sequence[str] | None = None,
        kinds: Sequence[str] = tuple(_CRITICALITY["kinds"]),
        risk: str | None = None,
        capacities: str = _CRITICALITY["capacities"],
        observations: str = _CRITICALITY["observations"],
        prevalence_from: Sequence[str] = tuple(_CRITICALITY["prevalence_from"]),
        bounds: Sequence[float] = tuple(_CRITICALITY["bounds"]),
    ) -> Result:
        """Tell which threats are critical, which pervasive, and for how many; the two axes stay apart.

        Parameters
        ----------
        severity : float
            Severity from which a cell is critical, 0 to 1.
        prevalence : float
            Prevalence from which a cell is pervasive, 0 to 1.
        places : list of str, optional
            Ids of the places; all where not given.
        groups : str, optional
            Id of a partition: one row a group of it. Where not given, one row a cell as stated.
        whole_population : bool
            One row a threat and place for the whole population.
        period : str, optional
            The period asked for; the latest of each cell where not given.
        components : list of str, optional
            Components of the threats; all where not given.
        kinds : list of str
            Which kinds of condition are used, the preferred first.
        risk : {"geometric", "arithmetic", "max"}, optional
            The risk score to add.
        capacities : {"product", "max"}
            How several capacities combine in the risk score.
        observations : {"none", "fill"}
            Whether observations of indicators fill what no condition states.
        prevalence_from : list of str
            Ids of indicators that are shares of persons affected: with `observations`, they fill prevalence.
        bounds : four floats
            Severities that the phase bounds of an indicator stand for, where observations fill.

        Returns
        -------
        Result
            Table: threat, place, group, period, severity, prevalence, persons, class, coverage. Class is null where
            severity or prevalence is missing.
        """
        settings = given(
            severity=severity,
            prevalence=prevalence,
            places=places,
            groups=groups,
            whole_population=whole_population,
            period=period,
            components=components,
            kinds=kinds,
            risk=risk,
            capacities=capacities,
            observations=observations,
            prevalence_from=prevalence_from,
            bounds=bounds,
        )
        return Result(self._core.criticality(settings))

    @face
    def phases(
        self,
        bounds: Sequence[float] = tuple(_PHASES["bounds"]),
        share: float = _PHASES["share"],
        places: Sequence[str] | None = None,
        groups: str | None = None,
        whole_population: bool = _PHASES["whole_population"],
        period: str | None = None,
        components: Sequence[str] | None = None,
        kinds: Sequence[str] = tuple(_PHASES["kinds"]),
        observations: str = _PHASES["observations"],
        prevalence_from: Sequence[str] = tuple(_PHASES["prevalence_from"]),
    ) -> Result:
        """Tell which of five severity phases each cell is in, and each area by the share of its people.

        Parameters
        ----------
        bounds : four floats
            Severities at which phases 2 to 5 begin.
        share : float
            Share of people in a phase or worse from which the area takes it; above 0, to 1.
        places : list of str, optional
            Ids of the places; all where not given.
        groups : str, optional
            Id of a partition: one row a group of it. Where not given, one row a cell as stated.
        whole_population : bool
            One row a threat and place for the whole population.
        period : str, optional
            The period asked for; the latest of each cell where not given.
        components : list of str, optional
            Components of the threats; all where not given.
        kinds : list of str
            Which kinds of condition are used, the preferred first.
        observations : {"none", "fill"}
            Whether observations of indicators fill what no condition states.
        prevalence_from : list of str
            Ids of indicators that are shares of persons affected: with `observations`, they fill prevalence.

        Returns
        -------
        Result
            Table: threat, place, group, period, severity, prevalence, persons, phase, coverage; ``.areas``: the phase
            of each area; ``.observations``: the phase of each observation.
        """
        settings = given(
            bounds=bounds,
            share=share,
            places=places,
            groups=groups,
            whole_population=whole_population,
            period=period,
            components=components,
            kinds=kinds,
            observations=observations,
            prevalence_from=prevalence_from,
        )
        return Result(self._core.phases(settings))

    @face
    def report(
        self,
        path: str | os.PathLike[str],
        title: str | None = None,
        sections: Sequence[str] | None = None,
        places: Sequence[str] | None = None,
        groups: str | None = None,
        period: str | None = None,
        unweighted: float | None = None,
        severity: float = _REPORT["severity"],
        prevalence: float = _REPORT["prevalence"],
        normalise: str = _REPORT["normalise"],
        model: Model | Mapping[str, Any] | None = None,
        horizon: str = _REPORT["horizon"],
        interventions: Sequence[str] | None = None,
        budget: float | None = None,
        draws: int = _REPORT["draws"],
        acknowledgement: str | None = None,
    ) -> None:
        """Write the report: one HTML page that needs nothing else.

        Parameters
        ----------
        path : path
            The page to write; an older one is replaced whole or not at all.
        title : str, optional
            Title; that of the assessment where not given.
        sections : list of str, optional
            Sections, in this order: "situation", "knowledge", "criticality", "phases", "matrix", "vital-core",
            "gender-gaps", "perceptions", "agreement", "mismatch", "trust", "stories", "network", "root-causes",
            "loops", "intersections", "capacities", "externalities", "harms", "people", "synergies",
            "seven-questions", "pillar-gaps", "pillar-balance", "portfolio", "policy-coherence", "action-plan",
            "stakeholders", "participation", "principles", "screens", "notes", "sources", "settings"; all where not
            given (the portfolio with a budget alone).
        places : list of str, optional
            Ids of the places; all where not given.
        groups : str, optional
            Id of a partition; the whole population where not given.
        period : str, optional
            The period asked for; the latest of each cell where not given.
        unweighted : float, optional
            What a link without a number is worth, 0 to 1; it takes no part where not given.
        severity : float
            Severity from which a threat is critical.
        prevalence : float
            Prevalence from which a threat is pervasive.
        normalise : {"max-row-column", "max-row", "spectral"}
            What weights are divided by for the degree of cause.
        model : Model, optional
            How severity travels when an intervention acts; `NoisyOr` where not given.
        horizon : {"short", "medium", "long", "rest", "all"}
            When the effects of interventions are read.
        interventions : list of str, optional
            Ids of the interventions; all where not given.
        budget : float, optional
            Most that may be spent: adds the choice of a portfolio.
        draws : int
            Draws of intervals and chances.
        acknowledgement : str, optional
            The sensitivity class, named to acknowledge that a restricted or strict assessment leaves.

        Raises
        ------
        SensitivityError
            A restricted or strict assessment without its acknowledgement.
        FileError
            The page cannot be written.
        """
        settings = given(
            title=title,
            sections=sections,
            places=places,
            groups=groups,
            period=period,
            unweighted=unweighted,
            severity=severity,
            prevalence=prevalence,
            normalise=normalise,
            model=as_model(model),
            horizon=horizon,
            interventions=interventions,
            budget=budget,
            draws=draws,
            acknowledgement=acknowledgement,
        )
        self._core.report(settings, as_path(path))

    @face
    def text_report(
        self,
        title: str | None = None,
        sections: Sequence[str] | None = None,
        places: Sequence[str] | None = None,
        groups: str | None = None,
        period: str | None = None,
        unweighted: float | None = None,
        severity: float = _REPORT["severity"],
        prevalence: float = _REPORT["prevalence"],
        normalise: str = _REPORT["normalise"],
        model: Model | Mapping[str, Any] | None = None,
        horizon: str = _REPORT["horizon"],
        interventions: Sequence[str] | None = None,
        budget: float | None = None,
        draws: int = _REPORT["draws"],
        acknowledgement: str | None = None,
    ) -> str:
        """Return the report as text for a terminal of 80 columns; the parameters are those of `report`."""
        settings = given(
            title=title,
            sections=sections,
            places=places,
            groups=groups,
            period=period,
            unweighted=unweighted,
            severity=severity,
            prevalence=prevalence,
            normalise=normalise,
            model=as_model(model),
            horizon=horizon,
            interventions=interventions,
            budget=budget,
            draws=draws,
            acknowledgement=acknowledgement,
        )
        return self._core.text_report(settings)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Assessment):
            return NotImplemented
        return self._core == other._core

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return (_again, (self.to_dict(),))

    def _counts(self) -> list[tuple[str, int]]:
        return [(name, len(table)) for name, table in self.tables.items() if len(table)]

    def __repr__(self) -> str:
        counts = ", ".join(f"{name}: {number:,}" for name, number in self._counts())
        return f"Assessment({self.id!r}, {self.title!r}; {counts or 'empty'})"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope='row'>{escape(name)}</th><td>{number:,}</td></tr>" for name, number in self._counts()
        )
        sensitivity = f" &middot; {escape(self.sensitivity)}" if self.sensitivity else ""
        return (
            f"<div><p><strong>{escape(self.title)}</strong> &middot; <code>{escape(self.id)}</code>{sensitivity}</p>"
            f"<table><tbody>{rows}</tbody></table></div>"
        )


def _again(document: dict[str, Any]) -> Assessment:
    return Assessment(_core.Assessment.from_dict(document))
