"""What the tests share: where the known answers and the document corpus lie, and how often hypothesis tries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import human_security as hs
import pytest
from hypothesis import HealthCheck, settings

CASES = Path(__file__).resolve().parents[2] / "hs-core" / "tests" / "cases"

settings.register_profile("quick", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("quick")


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def ituri() -> hs.Assessment:
    return hs.examples.load("ituri")


@pytest.fixture
def small() -> dict[str, Any]:
    return {
        "schema": "human-security/1",
        "id": "small",
        "title": "A small <case>",
        "places": [{"id": "P", "name": "P", "level": "district", "codes": {"pcode": "X1"}}],
        "groups": [{"id": "women", "name": "Women", "tags": ["returnee"]}],
        "populations": [{"place": "P", "persons": 1000}],
        "threats": [
            {"id": "drought", "name": "Drought", "component": "environmental"},
            {"id": "hunger", "name": "Hunger", "component": "food"},
        ],
        "conditions": [
            {"threat": "drought", "place": "P", "severity": 0.6, "prevalence": 0.5, "severity_range": [0.5, 0.7]},
            {"threat": "hunger", "place": "P", "period": "2008", "severity": 0.5},
        ],
        "linkages": [{"id": "l1", "from": "drought", "to": "hunger", "effect": "feeds", "weight": 0.5}],
        "interventions": [
            {
                "id": "wells",
                "name": "Wells",
                "pillar": "empowerment",
                "component": "environmental",
                "effects": [{"threat": "drought", "change": 0.2}],
            }
        ],
        "extra": {"big": 12345678901234567890123, "exact": 0.1, "list": [1, None, True, "é"]},
    }
