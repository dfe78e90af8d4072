"""Reading what lies on disk, starting a package, the format's schema."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

from human_security import _core
from human_security._face import as_path, face, given
from human_security.assessment import Assessment
from human_security.errors import ArgumentError, UnsupportedError
from human_security.network import DominoNetwork

__all__ = ["load", "read_network", "schema", "template"]

_READ = _core.defaults("read-network")

_TABLES = {".csv", ".tsv", ".parquet", ".xlsx", ".xls", ".ods"}


@face
def load(source: str | os.PathLike[str] | Mapping[str, Any], limits: Mapping[str, int] | None = None) -> Assessment:
    """Read an assessment: a JSON file, a data package folder, or a dict.

    Parameters
    ----------
    source : path or dict
        A path of a JSON file; a folder that holds a ``datapackage.json``, or that file; or the document itself.
    limits : dict, optional
        The most that is taken in, where the default is not to hold: ``bytes`` of a file (256 MiB), ``objects`` of JSON
        or rows of a table (10 million), bytes of one ``text`` (64 KiB).

    Returns
    -------
    Assessment

    Raises
    ------
    DocumentError
        The document breaks rules of the format: ``problems`` lists every one, each with its place and mend.
    FormatSyntaxError
        The text itself is broken.
    LimitError
        The document is larger than the reader's limits.
    FileError
        The file cannot be read.

    Examples
    --------
    >>> import human_security as hs
    >>> a = hs.load({"schema": "human-security/1", "id": "a", "title": "A"})
    >>> a.title
    'A'
    """
    most = None if limits is None else _whole(limits)
    if isinstance(source, Mapping):
        return Assessment(_core.Assessment.from_dict(source, most))
    path = as_path(source)
    if path.lstrip("\ufeff \t\r\n").startswith("{"):
        raise ArgumentError("found a text of JSON, wanted a path or a dict; `json.loads` makes a dict of the text")
    if os.path.splitext(path)[1].lower() in _TABLES and os.path.isfile(path):
        message = f"`{os.path.basename(path)}` is one table, wanted a JSON file or a data package folder"
        raise UnsupportedError(f"{message}; `Assessment.from_tables` makes an assessment of data frames")
    return Assessment(_core.Assessment.load(path, most))


@face
def read_network(
    path: str | os.PathLike[str],
    format: str | None = _READ["format"],
    weight: str | None = _READ["weight"],
    orientation: str = _READ["orientation"],
    elements: str | os.PathLike[str] | None = _READ["elements"],
    limits: Mapping[str, int] | None = None,
) -> DominoNetwork:
    """Read a network from another program's file.

    Weights stand as in the file; a link without one is a link without a number. What the network does not take up is
    told in its notes.

    Parameters
    ----------
    path : path
        GraphML, JSON (networkx's node-link form, Kumu's blueprints), or CSV: a square matrix, Kumu's connections, a
        list of edges.
    format : {"graphml", "json", "csv"}, optional
        The format, where the ending of the path does not say it.
    weight : str, optional
        Attribute, key or column that holds the weights; ``weight`` where not given, in a sheet also ``strength``.
    orientation : {"row-feeds-column", "column-feeds-row"}
        Which entry of a matrix says what feeds what.
    elements : path, optional
        Sheet of elements that goes with a sheet of connections.
    limits : dict, optional
        The most that is taken in: ``bytes`` of a file, ``objects``, bytes of one ``text``.

    Returns
    -------
    DominoNetwork

    Raises
    ------
    DocumentError
        Something in the file is wrong; ``problems`` lists every place.
    UnsupportedError
        A format that is only written, or no format.
    """
    settings = given(
        format=format,
        weight=weight,
        orientation=orientation,
        elements=None if elements is None else as_path(elements),
    )
    most = None if limits is None else _whole(limits)
    return DominoNetwork(_core.read_network(settings, as_path(path), most))


def _whole(limits: Mapping[str, int]) -> dict[str, int]:
    for name, most in limits.items():
        if isinstance(most, bool) or not isinstance(most, int) or most < 0:
            raise ArgumentError(f"`limits`: found {most!r} for `{name}`, wanted a whole number of 0 or more")
    return {str(name): min(most, sys.maxsize) for name, most in limits.items()}


@face
def template(folder: str | os.PathLike[str]) -> None:
    """Make an empty data package with its columns explained, to be filled in.

    Parameters
    ----------
    folder : path
        The folder to make; it must be new or empty.

    Raises
    ------
    FileError
        The folder holds anything already, or cannot be written.
    """
    _core.template(as_path(folder))


@face
def schema() -> dict[str, Any]:
    """Return the JSON Schema of the format ``human-security/1``."""
    return _core.schema()
