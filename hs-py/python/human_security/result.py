"""Results: what every analysis returns, with the same names in Python, C, JSON and reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from human_security import _core
from human_security.table import Table, shown, table_html

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow
    from numpy.typing import NDArray

__all__ = [
    "Check",
    "EntityTables",
    "Externalities",
    "HarmRegister",
    "People",
    "Portfolio",
    "Propagation",
    "Result",
    "Tables",
    "TotalEffects",
]

_NOTES = 12


class Tables(Mapping[str, Table]):
    """The tables of a result, by name, in order; the first is the main one."""

    def __init__(self, core: _core.Outcome, /) -> None:
        self._core = core

    def __getitem__(self, name: str) -> Table:
        return Table(self._core.table(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self._core.table_names)

    def __len__(self) -> int:
        return len(self._core.table_names)

    def __repr__(self) -> str:
        return f"Tables({', '.join(f'{name}: {len(table):,} rows' for name, table in self.items())})"


class EntityTables(Mapping[str, Table]):
    """The arrays of an assessment as tables, by name, nested ones included."""

    def __init__(self, core: _core.Assessment, /) -> None:
        self._core = core

    def __getitem__(self, name: str) -> Table:
        return Table(self._core.table(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self._core.table_names)

    def __len__(self) -> int:
        return len(self._core.table_names)

    def __repr__(self) -> str:
        return f"EntityTables({', '.join(f'{name}: {len(table):,} rows' for name, table in self.items())})"


class Result:
    """What an analysis returned.

    Facts, arrays and tables are attributes by their names: ``result.status``, ``result.state``, ``result.harms``.

    Attributes
    ----------
    settings : dict
        The settings it ran with, defaults written out.
    notes : list of dict
        What was dropped, defaulted or assumed, each with ``code``, ``message`` and ``subjects`` (ids).
    table : Table
        The main table.
    tables : Tables
        All tables by name.
    """

    def __init__(self, core: _core.Outcome, /) -> None:
        self._core = core

    @property
    def analysis(self) -> str:
        """Name of the analysis."""
        return self._core.analysis

    @property
    def settings(self) -> dict[str, Any]:
        """The settings it ran with, defaults written out."""
        settings: dict[str, Any] = self._core.settings
        return settings

    @property
    def facts(self) -> dict[str, Any]:
        """Single facts by name; None where undefined, with a note that says why."""
        return self._core.facts

    @property
    def notes(self) -> list[dict[str, Any]]:
        """What was dropped, defaulted or assumed."""
        return self._core.notes

    @property
    def tables(self) -> Tables:
        """All tables by name."""
        return Tables(self._core)

    @property
    def table(self) -> Table:
        """The main table."""
        return Table(self._core.table(self._core.table_names[0]))

    @property
    def columns(self) -> list[str]:
        """Names of the main table's columns."""
        return self.table.columns

    def __len__(self) -> int:
        """Return the number of rows of the main table."""
        return len(self.table)

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, column: str) -> NDArray[Any]:
        """Return one column of the main table as a NumPy array."""
        return self.table[column]

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of the main table as dicts."""
        return self.table.rows()

    def to_pandas(self) -> pandas.DataFrame:
        """Return the main table as a pandas data frame."""
        return self.table.to_pandas()

    def to_polars(self) -> polars.DataFrame:
        """Return the main table as a polars data frame."""
        return self.table.to_polars()

    def to_pyarrow(self) -> pyarrow.Table:
        """Return the main table as a pyarrow table."""
        return self.table.to_pyarrow()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand the main table out as an Arrow stream."""
        return self.table.__arrow_c_stream__(requested_schema)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain Python: settings, facts, arrays as lists, tables as lists of rows, notes."""
        return self._core.to_dict()

    def to_json(self) -> str:
        """Return everything as JSON text."""
        return self._core.to_json()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        core = self._core
        try:
            found = core.attribute(name)
        except KeyError:
            known = ", ".join([*core.array_names, *core.facts, *core.table_names])
            raise AttributeError(
                f"{type(self).__name__} has no `{name}`; it has {known}", name=name, obj=self
            ) from None
        return Table(found) if isinstance(found, _core.Table) else found

    def __dir__(self) -> list[str]:
        core = self._core
        return sorted({*super().__dir__(), *core.array_names, *core.facts, *core.table_names})

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} ({self.analysis})"]
        lines += [f"  {name}: {_fact(value)}" for name, value in self.facts.items()]
        core = self._core
        lines += [f"  {name}: array {core.array(name).shape}" for name in core.array_names]
        lines += [f"  {name}: table of {len(table):,} rows" for name, table in self.tables.items()]
        if notes := self.notes:
            lines.append(f"  notes: {len(notes)}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(_fact(value))}</dd>" for name, value in self.facts.items())
        parts = [f"<p><strong>{escape(self.analysis.replace('_', ' '))}</strong></p>"]
        if facts:
            parts.append(f"<dl>{facts}</dl>")
        for at, (name, table) in enumerate(self.tables.items()):
            shown_table = table_html(table, caption=name.replace("_", " "))
            if at == 0:
                parts.append(shown_table)
            else:
                summary = f"{escape(name.replace('_', ' '))} ({len(table):,} rows)"
                parts.append(f"<details><summary>{summary}</summary>{shown_table}</details>")
        if notes := self.notes:
            items = "".join(f"<li>{escape(note['message'])}</li>" for note in notes[:_NOTES])
            more = f"<li>and {len(notes) - _NOTES} more</li>" if len(notes) > _NOTES else ""
            parts.append(f"<details><summary>{len(notes)} notes</summary><ul>{items}{more}</ul></details>")
        return f'<div class="human-security">{"".join(parts)}</div>'


def _fact(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, (dict, list)):
        text = str(value)
        return text if len(text) <= 100 else f"{len(value)} entries"
    return shown(value, 200)


class Propagation(Result):
    """How severity came to rest, or did not.

    Attributes
    ----------
    state : ndarray of shape (n,)
        Severity of each node at the last step.
    trajectory : ndarray of shape (steps + 1, n)
        Every step, with ``keep="trajectory"``.
    status : {"converged", "cycle", "not-converged", "diverging"}
        How the run ended.
    period : int or None
        Length of the cycle, where there is one.
    iterations : int
        Steps taken.
    error_bound : float or None
        How far the state may be from rest, where that is known.
    unique : bool or None
        Whether the state at rest is the only one; None where that was not asked or could not be told.
    contraction, spread : float or None
        What shows that it is; how far states at rest may lie apart.
    standard_error : ndarray of shape (n,)
        Standard error of each state, of models that draw.
    size, size_standard_error : float
        Mean number of nodes that are on at the end, and its standard error, of models that draw.
    table : Table
        node, threat, place, group, state.
    """

    @property
    def state(self) -> NDArray[Any]:
        """Severity of each node at the last step, shape (n,)."""
        return self._core.array("state")

    @property
    def status(self) -> str:
        """How the run ended."""
        return str(self._core.attribute("status"))


class TotalEffects(Result):
    """Direct and indirect effects together.

    Attributes
    ----------
    matrix : ndarray of shape (n, n)
        Row = from, column = to.
    spectral_radius : float
        Of the normalised weights.
    scale : float
        What the weights were divided by.
    """

    @property
    def matrix(self) -> NDArray[Any]:
        """Total effects, shape (n, n): row = from, column = to."""
        return self._core.array("matrix")


class Externalities(Result):
    """What interventions do outside their own target.

    Attributes
    ----------
    table : Table
        One row a cell, route and sign: intervention, threat, component, place, group, horizon, route, outcome, change,
        lower, upper, persons, crosses.
    components : Table
        The 7 x 7 table of components, "no claim" apart from zero.
    harms : Table
        Cells that get worse: intervention, threat, place, group, change, probability, persons, divider.
    """

    @property
    def components(self) -> Table:
        """The 7 x 7 table of components."""
        return Table(self._core.table("components"))

    @property
    def harms(self) -> Table:
        """Cells that get worse by more than the harm setting."""
        return Table(self._core.table("harms"))


class HarmRegister(Result):
    """What may get worse for whom, and what was decided about it.

    Attributes
    ----------
    table : Table
        One row a harmed cell: what was computed, and beside it what was decided.
    assessed : Table
        One row an intervention: "assessed", "no harm found", or "not assessed", with the reason.
    pathways : Table
        The chains that carry each harm, with their links and evidence.
    prompts : Table
        What the handbook and the databank warn of: prompts, not predictions.
    dividers_connectors : Table
        What divides the groups of a place and what connects them.
    """

    @property
    def assessed(self) -> Table:
        """Whether each intervention was assessed."""
        return Table(self._core.table("assessed"))

    @property
    def prompts(self) -> Table:
        """What the handbook and the databank warn of."""
        return Table(self._core.table("prompts"))


class People(Result):
    """Whom interventions lift above the threshold, and whom they push below.

    Attributes
    ----------
    table : Table
        One row an intervention, place and group: lifted, pushed, each with ``_lower``, ``_upper``, ``_nearest``,
        ``_farthest``.
    indicators : Table
        Which indicator moved them.
    unmoved : Table
        Which indicators could not move, and why.
    prevalence : Table
        Shares affected before and after, where there is no data.
    """

    @property
    def indicators(self) -> Table:
        """Which indicator moved them."""
        return Table(self._core.table("indicators"))


class Portfolio(Result):
    """Which interventions were chosen, and how sure that choice is.

    Attributes
    ----------
    table : Table
        One row an intervention: intervention, chosen, level, cost, chosen_share.
    objective, bound, gap : float or None
        What the choice reaches, what no choice can exceed, and how far they lie apart; None where no bound holds.
    status : {"optimal", "gap", "no-bound"}
        What is known of the choice.
    binding : Table
        The constraints that bind, in words.
    front : Table
        Benefit, harm and cost of choices that none beats in all three.
    """

    @property
    def chosen(self) -> list[str]:
        """Ids of the interventions chosen."""
        table = self.table
        return [str(name) for name, chosen in zip(table["intervention"], table["chosen"], strict=True) if chosen]

    @property
    def front(self) -> Table:
        """Choices that none beats in benefit, harm and cost together."""
        return Table(self._core.table("front"))


class Check(Table):
    """What is thin or missing: not errors, but what a reader should know before trusting a result.

    A table with subject, id, finding, advice; ``facts`` counts the statements by what they rest on.
    """

    __slots__ = ("_outcome",)

    def __init__(self, outcome: _core.Outcome, /) -> None:
        super().__init__(outcome.table(outcome.table_names[0]))
        self._outcome = outcome

    @property
    def table(self) -> Table:
        """The findings."""
        return Table(self._core)

    @property
    def tables(self) -> Tables:
        """All tables by name."""
        return Tables(self._outcome)

    @property
    def settings(self) -> dict[str, Any]:
        """The settings it ran with: none."""
        settings: dict[str, Any] = self._outcome.settings
        return settings

    @property
    def facts(self) -> dict[str, Any]:
        """How many statements are stated, inferred, measured, or do not say."""
        return self._outcome.facts

    @property
    def notes(self) -> list[dict[str, Any]]:
        """What was dropped, defaulted or assumed."""
        return self._outcome.notes

    def to_json(self) -> str:
        """Return everything as JSON text."""
        return self._outcome.to_json()
