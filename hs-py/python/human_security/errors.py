"""Exceptions of this package: one for each kind of error of the core.

All derive from `HumanSecurityError` and carry ``problems``: what was found and wanted, where, and how to mend it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

__all__ = [
    "BY_KIND",
    "ArgumentError",
    "ArgumentTypeError",
    "CancelledError",
    "DivergingError",
    "DocumentError",
    "FileError",
    "FormatSyntaxError",
    "HandleError",
    "HumanSecurityError",
    "InternalError",
    "LimitError",
    "NotFoundError",
    "OutOfMemoryError",
    "SensitivityError",
    "UndefinedError",
    "UnsupportedError",
]


class HumanSecurityError(Exception):
    """Base of every exception of this package.

    Attributes
    ----------
    kind : str
        The core's word for what sort of failure this is, for example ``"document"``.
    problems : list of dict
        Every problem found, to 100, in document order. Each has ``kind``, ``pointer`` (JSON pointer), ``found`` and
        ``wanted``; where known also ``mend``, ``line`` and ``column``, or ``resource``, ``row`` and ``field``.
    total : int
        How many problems there are in all.
    """

    kind: ClassVar[str] = "error"

    def __init__(self, message: str = "", problems: Sequence[dict[str, Any]] = (), total: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.problems: list[dict[str, Any]] = list(problems)
        self.total = len(self.problems) if total is None else total

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.message, self.problems, self.total))


class FormatSyntaxError(HumanSecurityError, ValueError):
    """The text itself is broken: not UTF-8, not JSON, not CSV, nested too deeply."""

    kind = "syntax"


class DocumentError(HumanSecurityError, ValueError):
    """A document breaks a rule of the format; ``problems`` lists every one."""

    kind = "document"


class LimitError(HumanSecurityError, ValueError):
    """The input is larger than a limit the caller can raise."""

    kind = "limit"


class FileError(HumanSecurityError, OSError):
    """Reading or writing a file failed."""

    kind = "file"


class ArgumentError(HumanSecurityError, ValueError):
    """A setting or argument is out of its domain."""

    kind = "argument"


class ArgumentTypeError(ArgumentError, TypeError):
    """An argument of a type that has no meaning here, or a keyword that does not exist."""


class NotFoundError(HumanSecurityError, KeyError):
    """An id, name, column or analysis that was asked for does not exist."""

    kind = "not-found"


class UnsupportedError(HumanSecurityError, ValueError):
    """The model or format has no meaning for this input."""

    kind = "unsupported"


class DivergingError(HumanSecurityError, ArithmeticError, ValueError):
    """The system has no finite answer; the message names a loop responsible."""

    kind = "diverging"


class UndefinedError(HumanSecurityError, ArithmeticError, ValueError):
    """What was asked for is undefined for this input, with the reason."""

    kind = "undefined"


class SensitivityError(HumanSecurityError, PermissionError):
    """An export of a restricted assessment lacks its acknowledgement."""

    kind = "sensitivity"


class CancelledError(HumanSecurityError):
    """The work was asked to stop."""

    kind = "cancelled"


class OutOfMemoryError(HumanSecurityError, MemoryError):
    """Memory that the stated sizes ask for is not to be had."""

    kind = "memory"


class HandleError(HumanSecurityError):
    """A handle of the C interface that is not valid; never raised from Python's own objects."""

    kind = "handle"


class InternalError(HumanSecurityError, RuntimeError):
    """A fault of this library: please report it."""

    kind = "internal"


BY_KIND: dict[str, type[HumanSecurityError]] = {
    error.kind: error
    for error in (
        FormatSyntaxError,
        DocumentError,
        LimitError,
        FileError,
        ArgumentError,
        NotFoundError,
        UnsupportedError,
        DivergingError,
        UndefinedError,
        SensitivityError,
        CancelledError,
        OutOfMemoryError,
        HandleError,
        InternalError,
    )
}
