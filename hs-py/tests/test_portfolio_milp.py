"""Portfolios against scipy.optimize.milp, on coefficients that numpy finds from the same network."""

from __future__ import annotations

from typing import Any

import human_security as hs
import numpy as np
import pytest

THREATS = {"war": "personal", "hunger": "food", "illness": "health"}
PLACES = ["A", "B", "C", "D"]
#: within a place: from, to, weight; small enough that no severity seen is over-explained
LINKS = [("war", "hunger", 0.3), ("hunger", "illness", 0.25)]


def instance(seed: int, interventions: int) -> tuple[dict[str, Any], np.ndarray, np.ndarray, np.ndarray]:
    """Return an assessment, and by intervention what it gains, and its net on every cell, and its cost."""
    rng = np.random.default_rng(seed)
    names = list(THREATS)
    weights = np.zeros((3, 3))
    for source, target, weight in LINKS:
        weights[names.index(source), names.index(target)] = weight
    # x = b + W'x: what a shock moves in the end
    total = np.linalg.inv(np.eye(3) - weights.T)
    persons = rng.integers(300, 3000, len(PLACES))
    severity = np.round(rng.uniform(0.45, 0.8, (len(PLACES), 3)), 3)
    better = np.zeros((interventions, len(PLACES), 3))
    worse = np.zeros_like(better)
    rows: list[dict[str, Any]] = []
    for k in range(interventions):
        effects = []
        for threat, place in sorted({(int(rng.integers(3)), int(rng.integers(4))) for _ in range(2)}):
            change = float(np.round(rng.uniform(0.003, 0.03), 4))
            effects.append({"threat": names[threat], "place": PLACES[place], "change": change})
            better[k, place] += total[:, threat] * change
        row: dict[str, Any] = {
            "id": f"i{k}",
            "name": f"I {k}",
            "component": "food",
            "pillar": ["protection", "empowerment"][int(rng.integers(2))],
            "cost": float(np.round(rng.uniform(1, 9), 2)),
            "effects": effects,
        }
        if k % 3 == 0:
            threat, place = int(rng.integers(3)), int(rng.integers(4))
            change = float(np.round(rng.uniform(0.005, 0.03), 4))
            row["externalities"] = [
                {"threat": names[threat], "place": PLACES[place], "outcome": "worse", "change": change}
            ]
            worse[k, place] += total[:, threat] * change
        rows.append(row)
    rows[1]["requires"] = ["i2"]
    rows[4]["excludes"] = ["i5"]
    document = {
        "schema": "human-security/1",
        "id": "milp",
        "title": "Random numbers",
        "places": [{"id": place, "name": place, "level": "district"} for place in PLACES],
        "threats": [{"id": name, "name": name, "component": component} for name, component in THREATS.items()],
        "populations": [{"place": place, "persons": int(n)} for place, n in zip(PLACES, persons, strict=True)],
        "conditions": [
            {"threat": name, "place": place, "severity": float(severity[p, t]), "prevalence": 0.3}
            for p, place in enumerate(PLACES)
            for t, name in enumerate(names)
        ],
        "linkages": [
            {"id": f"{source}-{target}", "from": source, "to": target, "effect": "feeds", "weight": weight}
            for source, target, weight in LINKS
        ],
        "interventions": rows,
    }
    gain = np.einsum("kpt,p->k", better, persons)
    return document, gain, (worse - better).reshape(interventions, -1), np.array([row["cost"] for row in rows])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("harm", [True, False])
def test_a_choice_is_that_of_milp(seed: int, harm: bool) -> None:
    optimize = pytest.importorskip("scipy.optimize")
    document, gain, net, cost = instance(seed, 16)
    n, budget, share, tolerance = len(gain), 25.0, 0.4, 0.01
    empowers = np.array([row["pillar"] == "empowerment" for row in document["interventions"]])
    one = np.eye(n)
    rows = [cost, (empowers - share) * cost, one[1] - one[2], one[4] + one[5]]
    low, high = [-np.inf, 0.0, -np.inf, -np.inf], [budget, np.inf, 0.0, 1.0]
    if harm:
        rows.extend(net.T)
        low.extend([-np.inf] * net.shape[1])
        high.extend([tolerance] * net.shape[1])
    peer = optimize.milp(
        -gain,
        constraints=optimize.LinearConstraint(np.vstack(rows), low, high),
        integrality=np.ones(n),
        bounds=optimize.Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    assert peer.status == 0
    found = hs.load(document).portfolio(
        budget=budget,
        min_share={"empowerment": share},
        do_no_harm=harm,
        model=hs.Linear(),
        robustness_draws=0,
        front=0,
    )
    assert found.objective == pytest.approx(-peer.fun, rel=1e-6)
    assert found.status == "optimal"
    assert found.gap == pytest.approx(0.0, abs=1e-6)
    assert found.bound >= found.objective - 1e-9
    chosen = np.array(found.table["chosen"], dtype=float)
    assert cost @ chosen <= budget + 1e-9
    # another set may be worth the same: it must at least be worth as much
    assert gain @ chosen == pytest.approx(-peer.fun, rel=1e-6)
