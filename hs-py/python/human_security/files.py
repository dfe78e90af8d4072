"""Reading what lies on disk, starting a package, the format's schema."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from human_security import _core
from human_security._face import as_path, face
from human_security.assessment import Assessment

__all__ = ["load", "schema", "template"]


@face
def load(source: str | os.PathLike[str] | Mapping[str, Any]) -> Assessment:
    """Read an assessment: a JSON file, a data package folder, or a dict.

    Parameters
    ----------
    source : path or dict
        A path of a JSON file; a folder that holds a ``datapackage.json``, or that file; or the document itself.

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
    if isinstance(source, Mapping):
        return Assessment(_core.Assessment.from_dict(source))
    return Assessment(_core.Assessment.load(as_path(source)))


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
