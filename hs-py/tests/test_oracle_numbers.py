"""Random situations and networks, computed here and by the oracle."""

from __future__ import annotations

import random
from typing import Any

import human_security as hs
import numpy as np
import pytest
from human_security.models import Model
from oracle import (
    KINDS,
    TRANSFERS,
    WORDS,
    Anchored,
    Cell,
    Link,
    Situation,
    Vector,
    dematel,
    externalities,
    fuzzy_argument,
    noisy_or,
    radii,
    steps,
    strength,
    weighted,
)

COMPONENTS = ["economic", "food", "food", "personal", "health"]
PLACES = "NABCX"  # A, B and C lie in N; X stands by itself
WORD = ["noisy-or", "linear", "fuzzy"]


def situation(seed: int) -> dict[str, Any]:
    """A document with most of what expansion must tell apart."""
    r = random.Random(seed)

    def u(low: float = 0.0, high: float = 1.0) -> float:
        return round(r.uniform(low, high), 3)

    def sometimes(chance: float, **fields: Any) -> dict[str, Any]:
        return fields if r.random() < chance else {}

    def some_groups() -> list[str]:
        return r.sample(["women", "men"], r.randint(1, 2))

    def threat() -> str:
        return f"t{r.randrange(5)}"

    places = []
    for p in PLACES:
        near = [{"place": q, **sometimes(0.7, weight=u(0.2, 3))} for q in PLACES if q != p and r.random() < 0.4]
        level = "national" if p in "NX" else "district"
        inside = {"parent": "N"} if level == "district" else {}
        places.append({"id": p, "name": p, "level": level, "neighbours": near, **inside})
    populations: list[dict[str, Any]] = []
    for p in PLACES:
        women, men = r.randint(50, 900), r.randint(50, 900)
        populations += [{"place": p, "group": "women", "persons": women}, {"place": p, "group": "men", "persons": men}]
        populations += [{"place": p, "persons": women + men}] if r.random() < 0.6 else []
    conditions: dict[tuple[Any, ...], dict[str, Any]] = {}
    for _ in range(r.randint(8, 22)):
        key: dict[str, Any] = {
            "threat": threat(),
            "place": r.choice(PLACES),
            **sometimes(0.35, group=r.choice(["women", "men"])),
        }
        key |= sometimes(0.5, period=r.choice(["2007", "2008"])) | sometimes(0.5, source=r.choice(["s1", "s2"]))
        key |= sometimes(0.4, kind=r.choice([KINDS[0], KINDS[2]]))
        numbers = sometimes(0.9, severity=r.choice([u(), u(), u(0.3, 0.8), u(0.1, 0.9), 0.0, 1.0]))
        numbers |= sometimes(0.6 if numbers else 1.1, prevalence=u()) | sometimes(0.4, confidence=u())
        conditions[tuple(sorted(key.items()))] = key | numbers
    strongest = [0.3, 0.6, 1.0][seed % 3]
    linkages: list[dict[str, Any]] = []
    for k in range(r.randint(3, 12)):
        link: dict[str, Any] = {
            "id": f"l{k}",
            "from": threat(),
            "to": threat(),
            "effect": r.choice(["feeds", "feeds", "dampens"]),
        }
        said = r.random()
        link |= {"weight": u(0, strongest)} if said < 0.75 else {}
        link |= {"strength": r.choice(list(WORDS)[:3])} if 0.75 <= said < 0.9 else {}
        link |= sometimes(0.4, lag=r.randint(0, 3)) | sometimes(0.5, confidence=u())
        link |= sometimes(0.6, reach=r.choice(["same", "up", "down", "neighbours"]))
        link |= sometimes(0.2, places=r.sample(PLACES, r.randint(1, 3)))
        if linkages and r.random() < 0.3:  # another voice on the link before
            link |= {key: linkages[-1].get(key) for key in ("from", "to", "lag", "reach")}
            link = {key: value for key, value in link.items() if value is not None}
        linkages.append(link | sometimes(0.2, groups=some_groups()) | sometimes(0.2, to_groups=some_groups()))

    def effect(aside: bool) -> dict[str, Any]:
        aim: dict[str, Any] = {"component": "food"} if aside and r.random() < 0.4 else {"threat": threat()}
        aim |= sometimes(0.7, place=r.choice(PLACES)) | sometimes(0.3, group=r.choice(["women", "men"]))
        aim |= sometimes(1.1 if aside else 0.5, outcome=r.choice(["better", "worse"]))
        return aim | {"change": u(0, 0.7)} | sometimes(0.5, likelihood=u())

    capacities = []
    for k in range(r.randint(0, 6)):
        has = {"id": f"c{k}", "place": r.choice(PLACES), "component": r.choice(COMPONENTS), "level": u()}
        has |= {"pillar": r.choice(["protection", "empowerment", "both"])} | sometimes(0.4, against=["t1", "t2"])
        has |= sometimes(0.3, group=r.choice(["women", "men"])) | sometimes(0.2, kind="harmful-coping")
        capacities.append(has)
    intervention: dict[str, Any] = {
        "id": "i",
        "name": "i",
        "component": "food",
        "pillar": r.choice(["protection", "both"]),
    }
    intervention["effects"] = [effect(False) for _ in range(r.randint(1, 2))]
    intervention["externalities"] = [effect(True) for _ in range(r.randint(0, 2))]
    return {
        "schema": "human-security/1", "id": "a", "title": "A", "places": places, "populations": populations,
        "sources": [{"id": "s1", "title": "1"}, {"id": "s2", "title": "2"}],
        "groups": [{"id": g, "name": g} for g in ("women", "men")],
        "partitions": [{"id": "gender", "groups": ["women", "men"]}],
        "threats": [{"id": f"t{k}", "name": f"t{k}", "component": c} for k, c in enumerate(COMPONENTS)],
        "conditions": list(conditions.values()), "linkages": linkages, "interventions": [intervention],
        "capacities": capacities,
    }  # fmt: skip


def name(cell: Cell) -> str:
    return "/".join(part for part in cell if part)


def near(found: float | None, wanted: float | None, tolerance: float = 1e-9) -> bool:
    if found is None or wanted is None:
        return found is wanted
    return abs(found - wanted) <= tolerance


def model(word: str, seed: int) -> tuple[Model, dict[str, Any]]:
    if word != "fuzzy":
        return (hs.NoisyOr() if word == "noisy-or" else hs.Linear()), {}
    rule = ["kosko", "modified-kosko", "rescaled"][seed % 3]
    transfer = ["sigmoid", "tanh", "bivalent"][seed // 3 % 3]
    settings: dict[str, Any] = {"rule": rule, "transfer": transfer, "steepness": 0.7}
    return hs.FuzzyCognitiveMap(**settings), settings


@pytest.mark.parametrize("seed", range(20))
def test_criticality_and_pillar_gaps(seed: int) -> None:
    document = situation(seed)
    s, a = Situation(document), hs.load(document)
    stated: set[Cell] = {(c["threat"], c["place"], c.get("group")) for c in document["conditions"]}
    critical = {(r["threat"], r["place"], r["group"]): r for r in a.criticality().rows()}
    gaps = {(r["threat"], r["place"], r["group"]): r for r in a.pillar_gaps().rows()}
    assert critical.keys() == stated
    for cell in stated:
        severity, prevalence, row = s.stated(cell, "severity"), s.stated(cell, "prevalence"), critical[cell]
        persons = s.persons(cell[1], cell[2])
        assert near(row["severity"], severity)
        assert near(row["prevalence"], prevalence)
        assert near(row["persons"], None if prevalence is None or persons is None else prevalence * persons, 1e-6)
        if severity is None or prevalence is None:
            assert row["class"] is None
            assert cell not in gaps
            continue
        words = {(True, True): "critical-and-pervasive", (True, False): "critical", (False, True): "pervasive"}
        assert row["class"] == words.get((severity >= 0.5, prevalence >= 0.2), "below-both")
        assert (cell in gaps) == (row["class"] != "below-both")
        if cell in gaps:
            found = [strength(s, cell, severity, pillar) for pillar in ("protection", "empowerment")]
            assert near(gaps[cell]["protection"], found[0][0])
            assert near(gaps[cell]["empowerment"], found[1][0])
            missing = {(False, False): "none", (False, True): "empowerment", (True, False): "protection"}
            assert gaps[cell]["gap"] == missing.get((not found[0][1], not found[1][1]), "both")


@pytest.mark.parametrize("groups", [None, "gender"])
@pytest.mark.parametrize("seed", range(30))
def test_expansion_and_degree_of_cause(seed: int, groups: str | None) -> None:
    document = situation(seed)
    s = Situation(document, groups).expand()
    n = hs.load(document).network(groups=groups)
    severity = {row["node"]: row["severity"] for row in n.nodes.rows()}
    assert severity.keys() == {name(c) for c in s.cells}
    assert all(near(severity[name(c)], x) for c, x in zip(s.cells, s.severity, strict=True))
    edges = {(row["from"], row["to"], row["lag"]): row["weight"] for row in n.edges.rows()}
    assert edges.keys() == {(name(i), name(j), lag) for i, j, lag in s.edges}
    assert all(near(edges[name(i), name(j), lag], w) for (i, j, lag), w in s.edges.items())

    threats = sorted({c[0] for c in s.cells})
    a = np.zeros((len(threats), len(threats)))
    for i, j, w, _ in s.links:
        a[threats.index(s.cells[i][0]), threats.index(s.cells[j][0])] += w
    a /= [sum(c[0] == t for c in s.cells) for t in threats]
    for normalise in ("max-row-column", "max-row", "spectral"):
        scale, loudest, total = dematel(a, normalise)
        if loudest > 1 - 1e-9 and scale > 0:
            with pytest.raises(hs.DivergingError, match="loop"):
                n.root_causes(normalise=normalise)
            continue
        table = {row["node"]: row for row in n.root_causes(normalise=normalise).table.rows()}
        given, received = total.sum(1), total.sum(0)
        for k, t in enumerate(threats):
            assert near(table[t]["given"], given[k], 1e-8 / (1 - loudest))
            assert near(table[t]["relation"], given[k] - received[k], 1e-8 / (1 - loudest))
            if "given_positive" in table[t]:
                assert near(table[t]["given_positive"], np.maximum(total, 0).sum(1)[k], 1e-8 / (1 - loudest))


@pytest.mark.parametrize("word", WORD)
@pytest.mark.parametrize("seed", range(24))
def test_anchored_runs(seed: int, word: str) -> None:
    document = situation(seed)
    groups = ["gender", None][seed % 2]
    s = Situation(document, groups).expand()
    n = hs.load(document).network(groups=groups)
    residual = seed % 4 == 0
    chosen, settings = model(word, seed)
    anchored = Anchored(s.links, s.severity, word, residual=residual, **settings)
    r = np.random.default_rng(seed)
    shock = np.where(r.random(len(s.cells)) < 0.3, r.uniform(-0.4, 0.4, len(s.cells)), 0)
    shock[0] = 0.2
    shocks = {name(c): d for c, d in zip(s.cells, shock, strict=True)}
    try:
        run = n.propagate(chosen, shocks=shocks, anchoring={"residual": residual}, keep="trajectory")
    except hs.HumanSecurityError:
        assert radii(anchored)[1] >= 1
        return
    table = {row["node"]: row for row in run.tables["anchoring"].rows()}
    for k, cell in enumerate(s.cells):
        row = table[name(cell)]
        assert near(row["baseline"], anchored.x[k], 1e-8)
        assert near(row["base"], anchored.base[k], 1e-8) or row["base"] is None
        assert near(row["feeds_factor"], anchored.scale[0, k], 1e-8)
        assert near(row["dampening_factor"], anchored.scale[1, k], 1e-8)
    order = [list(table).index(name(c)) for c in s.cells]
    if radii(anchored)[0] < 1 - 1e-6:
        steps_ = min(12, run.iterations)
        own = steps(anchored.f, anchored.links, anchored.x, steps_, shock, ends=(0.0, 1.0))
        assert np.abs(run.trajectory[: steps_ + 1, order] - own).max() < 1e-8
    if run.status == "converged" and run.error_bound is not None:
        error = np.abs(run.state[order] - anchored.x - anchored.effect(shock)[1]).max()
        assert error <= run.error_bound + 1e-12


@pytest.mark.parametrize("word", WORD)
@pytest.mark.parametrize("seed", range(8))
def test_externalities(seed: int, word: str) -> None:
    document = situation(seed)
    groups = [None, "gender"][seed % 2]
    s = Situation(document, groups).expand(["i"])
    chosen, settings = model(word, seed)
    anchored = Anchored(s.links, s.severity, word, **settings)
    result = hs.load(document).externalities(model=chosen, horizon="all", groups=groups, ranges="effects")
    wanted = externalities(s, document["interventions"][0], anchored)
    still, halved, lagged = radii(anchored)
    found = {(r["route"], r["outcome"], r["horizon"], r["threat"], r["place"], r["group"]): r for r in result.rows()}
    for at, horizon in enumerate(("short", "medium", "long", "rest")):
        undefined = lagged >= 1 if horizon != "rest" else min(still, halved) >= 1
        for k, cell in enumerate(s.cells):
            for sign, outcome in enumerate(("worse", "better")):
                direct, declared = wanted["shocks"][:, sign, k]
                moved = wanted[outcome][at, k] - direct - declared
                for route, change in (("direct", direct), ("declared", declared), ("propagated", moved)):
                    row = found.get((route, outcome, horizon, *cell))
                    if row is None:
                        assert undefined or abs(change) < 1e-7
                    elif undefined and route == "propagated":
                        assert row["change"] is None
                    else:
                        assert near(row["change"], change, 1e-6)
                        assert undefined or near(row["net"], wanted["net"][at, k], 1e-6)
    if min(still, halved) >= 1:
        return
    worst = np.max([wanted[k][3] for k in ("worse", "better", "net")], axis=0)
    harms = {(r["threat"], r["place"], r["group"]): r for r in result.harms.rows() if r["horizon"] == "rest"}
    for k, cell in enumerate(s.cells):
        if wanted["near"][k] > 1e-6:
            assert (cell in harms) == (wanted["probability"][k] >= 0.05)
            assert cell not in harms or near(harms[cell]["change"], worst[k], 1e-6)
            assert cell not in harms or near(harms[cell]["probability"], wanted["probability"][k], 1e-9)


def loose(links: list[Link], clamp: dict[int, float], n: int) -> Anchored:
    """The sum along links as it is, what is clamped cut out."""
    free = Anchored([], [0.5] * n, "linear")
    free.links = [link for link in links if link[1] not in clamp]
    free.f = lambda now, far: weighted(far, free.links, free.zero)
    return free


@pytest.mark.parametrize("seed", range(120))
def test_runs_on_bare_arrays(seed: int) -> None:
    r = np.random.default_rng(seed)
    n, m = int(r.integers(2, 7)), int(r.integers(1, 14))
    source, target, weight = r.integers(0, n, m), r.integers(0, n, m), r.uniform(-0.9, 0.9, m).round(2)
    lag = r.integers(0, 4, m) if seed % 8 < 4 else np.zeros(m, dtype=int)
    links = [(int(i), int(j), float(w), int(k)) for i, j, w, k in zip(source, target, weight, lag, strict=True)]
    base = r.uniform(0, 0.5, n)
    start, shock = r.uniform(0, 1, n), np.where(r.random(n) < 0.4, r.uniform(-0.3, 0.3, n), 0)
    clamp = {int(r.integers(n)): float(r.uniform())} if r.random() < 0.4 else {}
    pulse = bool(r.random() < 0.3)
    ends = [(0.0, 1.0), (-np.inf, np.inf), (0.0, 0.8), (-np.inf, np.inf)][seed % 4]
    rule = ["kosko", "modified-kosko", "rescaled"][r.integers(3)]
    transfer = list(TRANSFERS)[r.integers(5)]

    def f(now: Vector, far: Vector) -> Vector:
        if seed % 4 == 3:
            return TRANSFERS[transfer](fuzzy_argument(now, far, links, rule, base), 1.5)
        return (noisy_or if seed % 4 == 0 else weighted)(far, links, base)

    fuzzy = hs.FuzzyCognitiveMap(rule=rule, transfer=transfer, steepness=1.5)
    chosen = [hs.NoisyOr(), hs.Linear(), hs.Linear(cap=0.8), fuzzy][seed % 4]
    network = hs.DominoNetwork.from_edges(source, target, weight, nodes=n, lag=lag)
    given: dict[str, Any] = {"start": start, "shocks": shock, "clamp": clamp, "base": base, "pulse": pulse}
    try:
        run = network.propagate(chosen, keep="trajectory", **given)
    except hs.DivergingError:
        assert radii(loose(links, clamp, n))[2] >= 1
        return
    assert run.trajectory.shape == (run.iterations + 1, n)
    own = steps(f, links, start, run.iterations, shock, pulse, clamp, ends)
    np.testing.assert_allclose(run.trajectory, own, rtol=0, atol=1e-8)
    if run.status == "converged":
        settled = np.abs(np.diff(own[-int(lag.max()) - 2 :], axis=0)).max()
        assert settled <= 1e-9 + 1e-12
        if run.error_bound is not None:
            later = steps(f, links, own[-1], 2000, None if pulse else shock, False, clamp, ends)[-1]
            assert np.abs(later - run.state).max() <= run.error_bound + 1e-14
    if run.status == "cycle":
        again = steps(f, links, start, run.iterations + run.period, shock, pulse, clamp, ends)
        np.testing.assert_allclose(again[-1], run.state, rtol=0, atol=1e-7)
