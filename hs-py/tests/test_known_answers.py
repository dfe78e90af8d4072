"""Known answers from outside, run through Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import human_security as hs
import numpy as np
import pytest
from conftest import CASES, read

FILES = [path for path in sorted(CASES.glob("*/*.json")) if path.parent.name != "documents"]
MODELS = {"noisy-or": hs.NoisyOr, "linear": hs.Linear, "fuzzy-cognitive-map": hs.FuzzyCognitiveMap}


def network(inputs: dict[str, Any]) -> hs.DominoNetwork:
    edges = inputs["edges"]
    return hs.DominoNetwork.from_edges(
        edges["source"], edges["target"], edges["weight"], names=inputs["nodes"], lag=edges["lag"]
    )


def test_the_cases_are_there() -> None:
    assert len(FILES) >= 27


def owner(case: dict[str, Any]) -> Any:
    inputs = case["inputs"]
    return hs.load(inputs["assessment"]) if "assessment" in inputs else network(inputs)


def tables(result: Any, wanted: dict[str, dict[str, list[Any]]], tolerance: float) -> None:
    for name, columns in wanted.items():
        table = result.tables[name].to_dict()
        for column, values in columns.items():
            assert len(table[column]) == len(values), column
            for found, value in zip(table[column], values, strict=True):
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    assert found == pytest.approx(value, rel=0, abs=tolerance), column
                else:
                    assert found == value, column


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}: {path.stem}")
def test_a_case_is_met(path: Path) -> None:
    case = read(path)
    settings = dict(case["inputs"].get("settings") or {})
    if isinstance(settings.get("model"), dict):
        model = dict(settings["model"])
        settings["model"] = MODELS[model.pop("model")](**model)
    result = getattr(owner(case), case["analysis"])(**settings)
    tolerance = case["tolerance"]
    for key, wanted in case["expected"].items():
        if key in ("state", "matrix"):
            np.testing.assert_allclose(np.ravel(getattr(result, key)), wanted, rtol=0, atol=tolerance)
        elif key == "direction":
            np.testing.assert_allclose(result.state / np.linalg.norm(result.state), wanted, rtol=0, atol=tolerance)
        elif key == "columns":
            for column, values in wanted.items():
                np.testing.assert_allclose(result.table[column], values, rtol=0, atol=tolerance)
        elif key == "tables":
            tables(result, wanted, tolerance)
        elif key == "scale":
            assert result.scale == pytest.approx(wanted, rel=0, abs=tolerance)
        elif key in ("status", "iterations", "period"):
            assert getattr(result, key) == wanted
        else:
            pytest.fail(f"nothing compares `{key}`")
