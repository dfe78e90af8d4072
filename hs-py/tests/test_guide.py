"""The pages and docstrings that show Python run as they stand."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import human_security
import pytest

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.IGNORE_EXCEPTION_DETAIL
MODULES = [m.name for m in pkgutil.iter_modules(human_security.__path__) if m.name not in ("__main__", "_core")]


@pytest.mark.parametrize("page", ["python.md", "network.md", "responses.md", "voices.md"])
def test_the_page_runs(page: str) -> None:
    text = (GUIDE / page).read_text(encoding="utf-8").replace("```python", "").replace("```", "")
    test = doctest.DocTestParser().get_doctest(text, {}, page, str(GUIDE / page), 0)
    assert len(test.examples) > 20
    runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
    assert runner.run(test).failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_docstrings_run(name: str) -> None:
    module = importlib.import_module(f"human_security.{name}")
    assert doctest.testmod(module, optionflags=FLAGS).failed == 0
