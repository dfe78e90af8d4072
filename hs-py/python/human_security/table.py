"""Tables: named columns in Arrow memory, for any data frame library."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from human_security import _core

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow
    from numpy.typing import NDArray

__all__ = ["Table"]

_TEXT_ROWS = 20
_HTML_ROWS = 60
_CELL = 60
_NARROW = 32
_WIDE = 140
_NUMBER = "text-align:right"
_TEXT = "text-align:left;white-space:nowrap"
# long text keeps a readable width in a table that is wider than the page, which then scrolls
_LONG = "text-align:left;min-width:16em"
_LONG_TEXT = 32
_HTML_CELL = 400
# What stands in place of a figure that is hidden, so that nobody takes it for missing or zero.
HIDDEN = "suppressed"
HIDDEN_STYLE = "color:#666;font-style:italic"


def shown(value: Any, most: int = _CELL) -> str:
    """One cell as a reader sees it: missing values empty, numbers short, control characters and line ends visible."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:.4g}"
    if isinstance(value, list):
        value = ", ".join(str(item) for item in value)
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return text if len(text) <= most else text[: most - 1] + "…"


def _hides(columns: list[str], row: list[Any]) -> bool:
    """Whether a row says of itself that its figures are suppressed."""
    return "suppressed" in columns and row[columns.index("suppressed")] is True


class Table:
    """Named columns of equal length; a missing value is null, never zero.

    Any library that speaks the Arrow PyCapsule interface takes a table as it is, without a copy:
    ``polars.DataFrame(table)``, ``pyarrow.table(table)``, ``duckdb.from_arrow(table)``.

    Attributes
    ----------
    columns : list of str
        Names of the columns, in order.
    """

    __slots__ = ("_core",)

    def __init__(self, core: _core.Table, /) -> None:
        self._core = core

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._core)

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return self._core.columns

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and columns."""
        return len(self), len(self.columns)

    def __getitem__(self, column: str) -> NDArray[Any]:
        """Return one column as a NumPy array.

        Numbers without a missing value are a read-only view of the table's own memory. Otherwise the array is a copy
        in which missing numbers are NaN; text, lists, and yes-or-no with missing values, are an array of objects in
        which missing is None.

        Raises
        ------
        NotFoundError
            Where there is no such column; the nearest name is given.
        """
        if not isinstance(column, str):
            from human_security.errors import ArgumentTypeError

            raise ArgumentTypeError(f"found a column of type `{type(column).__name__}`, wanted its name")
        return self._core.array(column)

    def __contains__(self, column: object) -> bool:
        return column in self.columns

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        return self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as dicts, None where a value is missing."""
        columns = self.columns
        return [dict(zip(columns, row, strict=True)) for row in self._core.rows(0, len(self))]

    def to_dict(self) -> dict[str, list[Any]]:
        """Return the columns as lists, None where a value is missing."""
        return {name: self._core.values(name) for name in self.columns}

    def to_pandas(self) -> pandas.DataFrame:
        """Return a pandas data frame.

        Numbers without missing values share the table's memory and cannot be written in place: take ``.copy()`` to
        change values. Whole numbers and yes-or-no with missing values get pandas' nullable types.

        Returns
        -------
        pandas.DataFrame
        """
        import pandas as pd

        data: dict[str, Any] = {}
        for name in self.columns:
            kind = self._core.kind(name)
            if kind == "number" or (kind in ("integer", "boolean") and not self._core.missing(name)):
                data[name] = self._core.array(name)
            elif kind == "integer":
                data[name] = pd.array(self._core.values(name), dtype="Int64")
            elif kind == "boolean":
                data[name] = pd.array(self._core.values(name), dtype="boolean")
            elif kind == "text":
                text = "str" if int(pd.__version__.split(".")[0]) >= 3 else "object"
                data[name] = pd.Series(self._core.values(name), dtype=text)
            else:
                data[name] = pd.Series(self._core.values(name), dtype="object")
        return pd.DataFrame(data, index=pd.RangeIndex(len(self)), columns=self.columns, copy=False)

    def to_polars(self) -> polars.DataFrame:
        """Return a polars data frame that shares the table's memory.

        Returns
        -------
        polars.DataFrame
        """
        import polars as pl

        return pl.DataFrame(self)

    def to_pyarrow(self) -> pyarrow.Table:
        """Return a pyarrow table that shares the table's memory.

        Returns
        -------
        pyarrow.Table
        """
        import pyarrow as pa

        return pa.table(self)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand the table out as an Arrow stream of one batch."""
        return self._core.__arrow_c_stream__(requested_schema)

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """Hand the table out as an Arrow struct array with its schema."""
        return self._core.__arrow_c_array__(requested_schema)

    def __arrow_c_schema__(self) -> object:
        """Hand out the Arrow schema."""
        return self._core.__arrow_c_schema__()

    def __repr__(self) -> str:
        names = self.columns
        numeric = [self._core.kind(name) in ("number", "integer") for name in names]
        most = _CELL if len(names) <= 5 else _NARROW
        rows = [
            [
                HIDDEN if value is None and number and _hides(names, row) else shown(value, most)
                for value, number in zip(row, numeric, strict=True)
            ]
            for row in self._core.rows(0, _TEXT_ROWS)
        ]
        widths = [max([len(name), *(len(row[at]) for row in rows)]) for at, name in enumerate(names)]

        def line(cells: list[str]) -> str:
            aligned = (c.rjust(w) if n else c.ljust(w) for c, w, n in zip(cells, widths, numeric, strict=False))
            return "  ".join(aligned).rstrip()

        most = 0
        while most < len(names) and (most == 0 or sum(widths[: most + 1]) + 2 * most <= _WIDE):
            most += 1
        lines = [
            line(names[:most]),
            line(["-" * width for width in widths[:most]]),
            *(line(row[:most]) for row in rows),
        ]
        if len(self) > len(rows):
            lines.append(f"... {len(self) - len(rows):,} more")
        hidden = f"; not shown: {', '.join(names[most:])}" if most < len(names) else ""
        lines.append(count(len(self), "row") + hidden)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return table_html(self)


def count(number: int, thing: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def table_html(table: Table, caption: str | None = None, most: int = _HTML_ROWS) -> str:
    """Return a table as HTML: everything escaped, at most so many rows, the count of all below."""
    core = table._core
    names = table.columns
    styles = [_NUMBER if core.kind(name) in ("number", "integer") else _TEXT for name in names]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    body = []
    for row in core.rows(0, most):
        hides = _hides(names, row)
        cells = []
        for value, style in zip(row, styles, strict=True):
            if value is None and hides and style is _NUMBER:
                cells.append(f'<td style="{_NUMBER};{HIDDEN_STYLE}">{HIDDEN}</td>')
                continue
            text = shown(value, _HTML_CELL)
            wide = style is _TEXT and len(text) > _LONG_TEXT
            cells.append(f'<td style="{_LONG if wide else style}">{escape(text)}</td>')
        body.append(f"<tr>{''.join(cells)}</tr>")
    said = count(len(table), "row")
    if len(table) > most:
        said += f", the first {most} shown"
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<div class="human-security" style="overflow-x:auto"><table>{title}<thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table>"
        f"<p>{said}</p></div>"
    )
