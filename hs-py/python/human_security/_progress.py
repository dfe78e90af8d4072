"""A progress bar for long work: quiet in scripts, and quiet while work is short."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["shown"]

_PATIENCE = 1.0
_EVERY = 0.1


class Bar:
    """Told how many rows are done, of how many where that is known; shows itself once work turns out to be long."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.began = time.monotonic()
        self.last = 0.0
        self.bar: Any = None
        self.line = ""

    def __call__(self, done: int, total: int | None) -> None:
        """Show how far the work is."""
        now = time.monotonic()
        if now - self.began < _PATIENCE or now - self.last < _EVERY:
            return
        self.last = now
        if self.bar is None:
            self.bar = _tqdm(self.what, total) or False
        if self.bar:
            if total:
                self.bar.total = total
            self.bar.update(done - self.bar.n)
            return
        share = f" of {total:,} ({done / total:.0%})" if total else ""
        line = f"{self.what}: {done:,} rows{share}"
        sys.stderr.write("\r" + line.ljust(len(self.line)))
        sys.stderr.flush()
        self.line = line

    def close(self) -> None:
        """Take the bar away."""
        if self.bar:
            self.bar.close()
        elif self.line:
            sys.stderr.write("\r" + " " * len(self.line) + "\r")
            sys.stderr.flush()


def _tqdm(what: str, total: int | None) -> Any:
    """Return a bar of tqdm, where it is installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from tqdm.auto import tqdm
        except ImportError:
            return None
        return tqdm(total=total, desc=what, unit=" rows", unit_scale=True, leave=False)


def _watched() -> bool:
    """Whether somebody looks: a terminal, or a notebook."""
    return "ipykernel" in sys.modules or (sys.stderr is not None and sys.stderr.isatty())


@contextmanager
def shown(progress: bool | None, what: str) -> Iterator[Callable[[int, int | None], None] | None]:
    """Give what is told of progress: None where it is not to be shown."""
    if progress is False or (progress is None and not _watched()):
        yield None
        return
    bar = Bar(what)
    try:
        yield bar
    finally:
        bar.close()
