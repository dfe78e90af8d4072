"""The eight funded projects of the 2009 handbook, embedded as assessments.

Every number in them is illustrative unless its source states it; each says so in a note.
"""

from __future__ import annotations

from human_security import _core
from human_security.assessment import Assessment

__all__ = ["load", "names"]


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
