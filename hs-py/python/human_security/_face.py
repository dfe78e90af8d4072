"""What the faces share: what was given crosses, a keyword that does not exist is met with the nearest one."""

from __future__ import annotations

import difflib
import functools
import inspect
import operator
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ParamSpec, TypeAlias, TypeVar, Union

from numpy.typing import ArrayLike, NDArray

from human_security.errors import ArgumentTypeError

ByNode: TypeAlias = Union[Mapping[str, float], Mapping[int, float], Mapping[Union[str, int], float]]  # noqa: UP007
Numbers: TypeAlias = Union[ArrayLike, Sequence[Union[float, None]]]  # noqa: UP007
Grid: TypeAlias = Union[ArrayLike, Sequence[Sequence[Union[float, None]]]]  # noqa: UP007
Names: TypeAlias = Union[Sequence[str], NDArray[Any]]  # noqa: UP007

P = ParamSpec("P")
R = TypeVar("R")


def given(**settings: Any) -> dict[str, Any]:
    """Keep the settings that were given; None stands for not given."""
    return {name: value for name, value in settings.items() if value is not None}


def by_position(values: Any) -> Any:
    """Turn numbers by position into pairs, which have a JSON form; everything else stays as it is."""
    if isinstance(values, Mapping) and values and all(hasattr(key, "__index__") for key in values):
        return [[operator.index(key), value] for key, value in values.items()]
    return values


def face(function: Callable[P, R]) -> Callable[P, R]:
    """Make a call with an unknown keyword say which one was likely meant."""
    known = [name for name in inspect.signature(function).parameters if name not in ("self", "cls")]

    @functools.wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except TypeError:
            unknown = [name for name in kwargs if name not in known]
            if not unknown or any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
                raise
            near = difflib.get_close_matches(unknown[0], known, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            wanted = ", ".join(f"`{name}`" for name in known) or "no keyword"
            name = function.__qualname__.removesuffix(".__init__")
            message = f"`{name}`: found the keyword `{unknown[0]}`, wanted {wanted}{hint}"
            raise ArgumentTypeError(message) from None

    parameters = list(inspect.signature(function).parameters.values())
    return called


def as_path(given: str | os.PathLike[str]) -> str:
    """Return a path as text."""
    try:
        found = os.fspath(given)
    except TypeError:
        raise ArgumentTypeError(f"found `{type(given).__name__}`, wanted a path") from None
    if not isinstance(found, str):
        raise ArgumentTypeError("found a path of bytes, wanted a path of text")
    return found
