"""Known answers from outside, run through Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import human_security as hs
import numpy as np
import pytest
from conftest import CASES, read

FILES = [path for path in sorted(CASES.glob("*/*.json")) if path.parent.name != "documents"]
MODELS = {model.word: model for model in vars(hs).values() if isinstance(model, type) and hasattr(model, "word")}


def network(inputs: dict[str, Any]) -> hs.DominoNetwork:
    return hs.DominoNetwork.from_edges(names=inputs["nodes"], **inputs["edges"])


def networks(inputs: dict[str, Any]) -> list[hs.DominoNetwork]:
    return [network(one) for one in inputs["networks"]]


def test_the_cases_are_there() -> None:
    assert len(FILES) >= 27


def owner(case: dict[str, Any]) -> Any:
    inputs = case["inputs"]
    return hs.load(inputs["assessment"]) if "assessment" in inputs else network(inputs)


def scored(call: Any, inputs: dict[str, Any], *data: Any) -> Any:
    settings = dict(inputs["settings"])
    score = dict(settings.pop("score", settings))
    scheme = hs.DeprivationScheme.from_dict(score.pop("scheme"))
    settings.pop("scheme", None)
    return call(*data, scheme, **{**score, **settings})


def close(found: Any, wanted: Any, tolerance: float) -> None:
    np.testing.assert_allclose(found, wanted, rtol=0, atol=tolerance)


def numbers(rows: Any) -> Any:
    return np.array(rows, dtype=float)


# What cases of Sobol indices name.
G: Any = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
FUNCTIONS: dict[str, Any] = {
    "ishigami": lambda x: np.sin(x[:, 0]) * (1 + 0.1 * x[:, 2] ** 4) + 7 * np.sin(x[:, 1]) ** 2,
    "g": lambda x: np.prod((abs(4 * x - 2) + G) / (1 + G), axis=1),
    "straight": lambda x: x[:, 0] - 2 * x[:, 1] + 0.5 * x[:, 2],
}


def moved(inputs: dict[str, Any]) -> Any:
    settings = dict(inputs["settings"])
    score = dict(settings.pop("score", None) or {})
    scheme = hs.DeprivationScheme.from_dict(score.pop("scheme")) if score else None
    return hs.load(inputs["assessment"]).people(scheme, inputs.get("columns"), **score, **modelled(settings))


def registered(inputs: dict[str, Any]) -> Any:
    settings = dict(inputs.get("settings") or {})
    externalities = settings.pop("externalities", {})
    return hs.load(inputs["assessment"]).harm_register(**settings, **modelled(externalities))


def modelled(settings: dict[str, Any]) -> dict[str, Any]:
    settings = dict(settings)
    if isinstance(settings.get("model"), dict):
        model = dict(settings["model"])
        settings["model"] = MODELS[model.pop("model")](**model)
    return settings


def on_numbers(call: Any, inputs: dict[str, Any]) -> Any:
    """Run on rows of numbers, or as the method of the same name on an assessment."""
    if "assessment" in inputs:
        return getattr(hs.load(inputs["assessment"]), call.__name__)(**inputs.get("settings", {}))
    return call(numbers(inputs["rows"]), **inputs.get("settings", {}))


# How the analyses that no assessment or network owns are called.
CALLS: dict[str, Any] = {
    "score": lambda i: scored(hs.score, i, i["columns"]),
    "robustness": lambda i: scored(hs.robustness, i, i["columns"]),
    "score_change": lambda i: scored(hs.score_change, i, i["first"], i["second"]),
    "survey_mean": lambda i: hs.survey_mean(i["columns"], **i["settings"]),
    "expert_root_causes": lambda i: hs.expert_root_causes(networks(i), **i["settings"]),
    "pool_linkages": lambda i: hs.pool_linkages(networks(i), **i["settings"]),
    "compare_maps": lambda i: hs.compare_maps(networks(i), **i["settings"]),
    "area_phase": lambda i: hs.area_phase(numbers(i["rows"]), full=True, **i.get("settings", {})),
    "intersectoral_severity": lambda i: hs.intersectoral_severity(
        numbers(i["rows"]), full=True, **i.get("settings", {})
    ),
    "people_in_need": lambda i: hs.people_in_need(
        numbers(i["rows"]), i.get("population"), i.get("previous"), **i.get("settings", {})
    ),
    "composite_index": lambda i: hs.composite_index(
        numbers(i["values"]), names=i["indicators"], units=i["units"], **i["settings"]
    ),
    "agreement": lambda i: on_numbers(hs.agreement, i),
    "consensus": lambda i: on_numbers(hs.consensus, i),
    "reliability": lambda i: on_numbers(hs.reliability, i),
    "krippendorff_alpha": lambda i: on_numbers(hs.krippendorff_alpha, i),
    "inequality": lambda i: hs.inequality(i["values"], i.get("weights"), i.get("groups"), **i.get("settings", {})),
    "compare_ratings": lambda i: hs.compare_ratings(i["first"], i["second"], **i["settings"]),
    "people": lambda i: moved(i),
    "harm_register": lambda i: registered(i),
    "sobol": lambda i: hs.sobol(FUNCTIONS[i["function"]], **i["settings"]),
    "years_of_individual_security": lambda i: hs.years_of_individual_security(i["columns"], **i["settings"]),
}


def run(case: dict[str, Any]) -> Any:
    if case["analysis"] in CALLS:
        return CALLS[case["analysis"]](case["inputs"])
    settings = dict(case["inputs"].get("settings") or {})
    if case["analysis"] == "renewal_rates":
        settings.setdefault("events", [])
    return getattr(owner(case), case["analysis"])(**modelled(settings))


def same(found: Any, wanted: Any, tolerance: float, where: str) -> None:
    """Compare numbers within the tolerance, lists and objects part by part, everything else exactly."""
    if isinstance(wanted, dict):
        assert set(wanted) <= set(found), where
        for key, value in wanted.items():
            same(found[key], value, tolerance, f"{where}.{key}")
    elif isinstance(wanted, list):
        assert len(found) == len(wanted), where
        for at, (one, value) in enumerate(zip(found, wanted, strict=True)):
            same(one, value, tolerance, f"{where}[{at}]")
    elif isinstance(wanted, (int, float)) and not isinstance(wanted, bool):
        assert found is not None, where
        assert found == pytest.approx(wanted, rel=0, abs=tolerance), where
    else:
        assert found == wanted, where


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}: {path.stem}")
def test_a_case_is_met(path: Path) -> None:
    case = read(path)
    result = run(case)
    tolerance = case["tolerance"]
    for key, wanted in case["expected"].items():
        if key in ("state", "matrix", "values", "ranks"):
            np.testing.assert_allclose(np.ravel(getattr(result, key)), numbers(wanted), rtol=0, atol=tolerance)
        elif key == "arrays":
            for name, values in wanted.items():
                np.testing.assert_allclose(
                    np.ravel(getattr(result, name)), numbers(values).ravel(), rtol=0, atol=tolerance
                )
        elif key == "facts":
            same({name: result.facts[name] for name in wanted}, wanted, tolerance, "facts")
        elif key == "coverage":
            np.testing.assert_allclose(result.table["coverage"], wanted, rtol=0, atol=tolerance)
        elif key == "nodes":
            nodes = result.nodes
            for name, values in wanted.items():
                np.testing.assert_allclose(
                    nodes["value"][nodes["node"] == name], numbers(values), rtol=0, atol=tolerance
                )
        elif key == "direction":
            np.testing.assert_allclose(result.state / np.linalg.norm(result.state), wanted, rtol=0, atol=tolerance)
        elif key == "columns":
            found = result.table.to_dict()
            same({name: found[name] for name in wanted}, wanted, tolerance, "columns")
        elif key == "tables":
            found = {name: result.tables[name].to_dict() for name in wanted}
            same(found, wanted, tolerance, "tables")
        elif key == "scale":
            assert result.scale == pytest.approx(wanted, rel=0, abs=tolerance)
        elif key in ("status", "iterations", "period"):
            assert getattr(result, key) == wanted
        else:
            pytest.fail(f"nothing compares `{key}`")
