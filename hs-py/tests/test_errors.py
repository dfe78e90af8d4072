"""Every kind of error of the core has exactly one exception."""

from __future__ import annotations

import pickle

import human_security as hs
import pytest
from human_security import _core, errors


def test_each_kind_has_exactly_one_exception() -> None:
    assert sorted(errors.BY_KIND) == sorted(_core.error_kinds())
    assert len(set(errors.BY_KIND.values())) == len(errors.BY_KIND)
    for kind, error in errors.BY_KIND.items():
        assert error.kind == kind
        assert issubclass(error, hs.HumanSecurityError)
        assert getattr(hs, error.__name__) is error


def test_exceptions_are_also_what_python_calls_them() -> None:
    for error in (hs.DocumentError, hs.FormatSyntaxError, hs.ArgumentError, hs.UnsupportedError, hs.LimitError):
        assert issubclass(error, ValueError)
    assert issubclass(hs.FileError, OSError)
    assert issubclass(hs.NotFoundError, LookupError)
    assert issubclass(hs.OutOfMemoryError, MemoryError)
    assert issubclass(hs.ArgumentTypeError, TypeError)


@pytest.mark.parametrize("error", [*errors.BY_KIND.values(), hs.ArgumentTypeError])
def test_exceptions_read_well_and_travel(error: type[hs.HumanSecurityError]) -> None:
    raised = error("found `x`, wanted `y`", [{"pointer": "/a"}], 3)
    assert str(raised) == "found `x`, wanted `y`"
    again = pickle.loads(pickle.dumps(raised))
    assert type(again) is error
    assert (again.problems, again.total, str(again)) == (raised.problems, 3, str(raised))


@pytest.mark.parametrize("way", ["short", "long", "free"])
def test_a_panic_becomes_an_exception(way: str) -> None:
    with pytest.raises(hs.InternalError, match="planted"):
        _core.fault(way)
    assert len(hs.DominoNetwork.from_edges([0], [1], [1.0])) == 2
