"""Histories of events, in whatever form they come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from human_security.errors import ArgumentTypeError

_FIELDS = ("node", "start", "end")


def events_of(events: Any) -> list[dict[str, Any]]:
    """Return events as dicts: from columns, or from rows that are dicts or tuples; a missing end is left out."""
    if isinstance(events, Mapping) or hasattr(events, "columns") or hasattr(events, "column_names"):
        names = [name for name in _FIELDS if name != "end" or _has(events, name)]
        columns = [_column(events, name) for name in names]
        if len({len(column) for column in columns}) > 1:
            raise ArgumentTypeError("`events`: found columns of different length, wanted one entry an event in each")
        rows: list[Any] = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
    elif isinstance(events, (str, bytes)) or not isinstance(events, Iterable):
        raise ArgumentTypeError(f"`events`: found `{type(events).__name__}`, wanted rows or columns of {_WANTED}")
    else:
        rows = list(events)
    return [_event(row, at) for at, row in enumerate(rows)]


_WANTED = "node, start and end"


def _has(events: Any, name: str) -> bool:
    """Whether a frame or mapping has a column of that name."""
    names = events if isinstance(events, Mapping) else getattr(events, "column_names", None)
    return name in (events.columns if names is None else names)


def _column(events: Any, name: str) -> list[Any]:
    """Return a column as plain values."""
    if not _has(events, name):
        raise ArgumentTypeError(f"`events`: found no column `{name}`, wanted {_WANTED}")
    column = events[name]
    for plain in ("to_pylist", "to_list", "tolist"):
        if hasattr(column, plain):
            values: list[Any] = getattr(column, plain)()
            return values
    return list(column)


def _event(row: Any, at: int) -> dict[str, Any]:
    """Return one event as the core reads it."""
    if isinstance(row, Mapping):
        event = dict(row)
    elif isinstance(row, (list, tuple)) and len(row) in (2, 3):
        event = dict(zip(_FIELDS, row, strict=False))
    else:
        raise ArgumentTypeError(f"`events`[{at}]: found `{type(row).__name__}`, wanted {_WANTED}")
    if _missing(event.get("end")):
        event.pop("end", None)
    return event


def _missing(value: Any) -> bool:
    """Whether a value is None, NaN, or what pandas writes for a missing one."""
    return value is None or type(value).__name__ in ("NAType", "NaTType") or value != value
