"""The methods once more, in NumPy alone: an oracle written from their text (docs/methods), not from the library's code.

Dense loops, no thought of speed: what it shares with the library is the definitions alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Cell = tuple[str, str, "str | None"]  # threat, place, group
Link = tuple[int, int, float, int]  # from, to, signed weight, lag
WORDS = {"very-weak": 0.1, "weak": 0.3, "moderate": 0.5, "strong": 0.7, "very-strong": 0.9}
KINDS = ["indicator", "expert", "perception"]
KAPPA = 0.9


def mean(values: Iterable[tuple[float, float]]) -> float:
    """Weighted mean of (value, weight); alike where all weights are 0."""
    pairs = list(values)
    total = sum(w for _, w in pairs)
    return sum(v * w for v, w in pairs) / total if total > 0 else sum(v for v, _ in pairs) / len(pairs)


class Situation:
    """An assessment and its expansion; `groups` is the partition of the group axis."""

    def __init__(self, document: dict[str, Any], groups: str | None = None) -> None:
        self.document = document
        self.places = {p["id"]: p for p in document["places"]}
        self.rows = {(p["place"], p.get("group")): float(p["persons"]) for p in document["populations"]}
        self.partition: list[str] = document["partitions"][0]["groups"]
        self.axis: list[str | None] = list(self.partition) if groups else [None]

    def persons(self, place: str, group: str | None = None) -> float | None:
        if group is not None or (place, None) in self.rows:
            return self.rows.get((place, group))
        parts = [self.rows.get((place, g)) for g in self.partition]
        return None if None in parts else sum(p for p in parts if p is not None)

    def share(self, place: str, groups: list[str] | None) -> float:
        """Share of a place's persons in groups of the partition."""
        if groups is None:
            return 1.0
        whole = self.persons(place)
        assert whole
        return sum(self.rows[place, g] for g in groups) / whole

    def stated(self, cell: Cell, field: str) -> float | None:
        """The condition that feeds an analysis: latest period, first kind, mean of its sources by confidence."""
        threat, place, group = cell
        found = [
            c
            for c in self.document["conditions"]
            if (c["threat"], c["place"], c.get("group")) == (threat, place, group) and c.get(field) is not None
        ]
        if not found:
            return None
        latest = max(c.get("period") or "" for c in found)
        found = [c for c in found if (c.get("period") or "") == latest]
        first = min(KINDS.index(c.get("kind") or "expert") for c in found)
        found = [c for c in found if KINDS.index(c.get("kind") or "expert") == first]
        return mean((c[field], c.get("confidence", 1.0)) for c in found)

    def condition(self, cell: Cell, field: str) -> float | None:
        """A cell's number: on the whole axis else the mean over groups, on a partition's else the whole's."""
        own = self.stated(cell, field)
        if own is not None:
            return own
        threat, place, group = cell
        if group is not None:
            return self.stated((threat, place, None), field)
        parts = [(self.stated((threat, place, g), field), self.rows.get((place, g), 1.0)) for g in self.partition]
        known = [(v, w) for v, w in parts if v is not None]
        return mean(known) if known else None

    def reached(self, place: str, reach: str) -> list[tuple[str, float]]:
        """Places a linkage reaches from one, with the factor on its weight."""
        parent = self.places[place].get("parent")
        if reach == "same":
            return [(place, 1.0)]
        if reach == "down":
            return [(p, 1.0) for p in self.places if self.places[p].get("parent") == place]
        if reach == "up":
            if parent is None:
                return []
            children = [self.persons(p) for p in self.places if self.places[p].get("parent") == parent]
            mine = self.persons(place)
            if None in children or mine is None:
                return [(parent, 1 / len(children))]
            return [(parent, mine / sum(c for c in children if c is not None))]
        lists = [(p, a["place"], a.get("weight", 1.0)) for p, v in self.places.items() for a in v.get("neighbours", [])]
        return [(q, w / sum(v for _, r, v in lists if r == q)) for p, q, w in lists if p == place]

    def edges_from(self, cell: Cell) -> list[tuple[Cell, dict[str, Any], float]]:
        """What a node reaches: the cell, the linkage, the factor."""
        threat, place, group = cell
        out: list[tuple[Cell, dict[str, Any], float]] = []
        for link in self.document["linkages"]:
            bound, to = link.get("groups"), link.get("to_groups")
            if link["from"] != threat or (link.get("places") and place not in link["places"]):
                continue
            if group is not None and bound and group not in bound:
                continue
            for q, factor in self.reached(place, link.get("reach", "same")):
                if group is None:
                    out.append(((link["to"], q, None), link, factor * self.share(q, to or bound)))
                elif to is None:
                    out.append(((link["to"], q, group), link, factor))
                else:
                    feeding = bound or self.partition
                    part = self.rows[place, group] / sum(self.rows[place, g] for g in feeding)
                    out += [((link["to"], q, h), link, factor * part) for h in to]
        return out

    def expand(self, interventions: Sequence[str] = ()) -> Situation:
        """Close the cells forward, pool parallel links; `links` are those with a number."""
        cells = {
            (c["threat"], c["place"], g)
            for c in self.document["conditions"]
            for g in self.axis
            if g is None or c.get("group") in (None, g)
        }
        for i in self.document["interventions"]:
            if i["id"] in interventions:
                for e in i.get("effects", []) + i.get("externalities", []):
                    cells |= {c for c, _ in self.targets(e)} if e.get("place") else set()
        edges: dict[tuple[Cell, Cell, int], list[tuple[dict[str, Any], float]]] = {}
        todo = list(cells)
        while todo:
            cell = todo.pop()
            for target, link, factor in self.edges_from(cell):
                edges.setdefault((cell, target, link.get("lag", 0)), []).append((link, factor))
                if target not in cells:
                    cells.add(target)
                    todo.append(target)
        self.cells = sorted(cells, key=lambda c: (c[1], c[0], c[2] or ""))
        self.position = {c: k for k, c in enumerate(self.cells)}
        self.edges = {key: pool(statements) for key, statements in edges.items()}
        self.links: list[Link] = [
            (self.position[i], self.position[j], w, lag) for (i, j, lag), w in self.edges.items() if w is not None
        ]
        self.severity = [self.condition(c, "severity") for c in self.cells]
        return self

    def targets(self, effect: dict[str, Any]) -> list[tuple[Cell, float]]:
        """Cells an effect is given to, with its share of them."""
        threats = [t["id"] for t in self.document["threats"]]
        component = {t["id"]: t["component"] for t in self.document["threats"]}
        threats = [t for t in threats if effect.get("threat") in (None, t)]
        threats = [t for t in threats if effect.get("component") in (None, component[t])]
        group, place = effect.get("group"), effect.get("place")
        groups = [g for g in self.axis if g is None or group in (None, g)]
        if place is None:
            cells = [c for c in self.cells if c[0] in threats and c[2] in groups]
        else:
            cells = [(t, place, g) for t in threats for g in groups]
        narrow = group is not None and self.axis == [None]
        return [(c, self.share(c[1], [group]) if narrow and group else 1.0) for c in cells]


def pool(statements: list[tuple[dict[str, Any], float]]) -> float | None:
    """Signed weights by confidence; opposite signs are disputed, the larger sum of confidence wins, a tie feeds."""
    sides: dict[float, list[tuple[float, float]]] = {1.0: [], -1.0: []}
    for link, factor in statements:
        weight = link.get("weight", WORDS.get(link.get("strength", "")))
        if weight is not None:
            sides[1.0 if link["effect"] == "feeds" else -1.0].append((weight * factor, link.get("confidence", 1.0)))
    votes = {sign: sum(c for _, c in side) for sign, side in sides.items() if side}
    if not votes:
        return None
    sign = 1.0 if votes.get(1.0, -1.0) >= votes.get(-1.0, -1.0) else -1.0
    return sign * mean(sides[sign])


# --- models: F_j as a function of what stands at the far end of each edge ---


def noisy_or(z: Vector, links: list[Link], base: Vector) -> Vector:
    """`z` holds the source's state for each link."""
    feeds, dampens = 1 - base, np.ones(len(base))
    for x, (_, j, w, _) in zip(z, links, strict=True):
        if w > 0:
            feeds[j] *= 1 - w * x
        else:
            dampens[j] *= 1 + w * x
    return np.asarray((1 - feeds) * dampens)


def weighted(z: Vector, links: list[Link], base: Vector) -> Vector:
    total = base.copy()
    for x, (_, j, w, _) in zip(z, links, strict=True):
        total[j] += w * x
    return total


TRANSFERS: dict[str, Callable[[Vector, float], Vector]] = {
    "sigmoid": lambda z, k: 1 / (1 + np.exp(-k * z)),
    "tanh": lambda z, k: np.tanh(k * z),
    "bivalent": lambda z, k: (z > 0).astype(float),
    "trivalent": lambda z, k: np.sign(z),
    "clamp": lambda z, k: np.clip(z, 0, 1),
}


def fuzzy_argument(now: Vector, z: Vector, links: list[Link], rule: str, bias: Vector) -> Vector:
    if rule == "kosko":
        return weighted(z, links, bias)
    if rule == "modified-kosko":
        return now + weighted(z, links, bias)
    return 2 * now - 1 + weighted(2 * z - 1, links, bias)


Map = Callable[[Vector, Vector], Vector]  # state now, states at the far ends of the links


def steps(
    f: Map,
    links: list[Link],
    start: Vector,
    count: int,
    shock: Vector | None = None,
    pulse: bool = False,
    clamp: dict[int, float] | None = None,
    ends: tuple[float, float] = (-np.inf, np.inf),
) -> Vector:
    """Synchronous steps, the start first; before 0 stands the start."""
    xs = [start.copy()]
    for j, v in (clamp or {}).items():
        xs[0][j] = v
    for t in range(count):
        z = np.array([xs[t - lag][i] if t >= lag else start[i] for i, _, _, lag in links])
        x = np.clip(f(xs[t], z), *ends)
        if shock is not None and (t == 0 or not pulse):
            x = np.clip(x + shock, *ends)
        for j, v in (clamp or {}).items():
            x[j] = v
        xs.append(x)
    return np.array(xs)


# --- anchoring ---


def off(factor: float, parts: list[float]) -> float:
    """What independent chances explain together, each weight times the factor."""
    return float(1 - np.prod([1 - factor * a for a in parts]))


def factor(parts: list[float], goal: float) -> float:
    """The factor at which they explain just the goal, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if off(middle, parts) <= goal else (low, middle)
    return low


class Anchored:
    """b such that the observed state is at rest; `model`: "noisy-or", "linear" or settings of a fuzzy map."""

    def __init__(
        self,
        links: list[Link],
        observed: list[float | None],
        model: str,
        residual: bool = False,
        rule: str = "modified-kosko",
        transfer: str = "sigmoid",
        steepness: float = 1.0,
    ) -> None:
        n = len(observed)
        self.links, self.zero = links, np.zeros(n)
        fuzzy = model == "fuzzy"
        unseen = [j for j in range(n) if observed[j] is None]
        x = np.array([0.0 if v is None else v for v in observed])
        smooth = fuzzy and transfer in ("sigmoid", "tanh")
        biased = [j for j in range(n) if smooth and (j in unseen or not residual)]
        if fuzzy:
            x[unseen] = 1e-3
            x[biased] = np.clip(x[biased], 1e-3, 1 - 1e-3)
        self.plain: Callable[[Vector, list[Link], Vector], Vector] = noisy_or if model == "noisy-or" else weighted
        if not fuzzy:
            for _ in range(20000):
                new = np.clip(self.plain(self.far(x, links), links, self.zero), 0, 1)
                new[[j for j in range(n) if j not in unseen]] = x[[j for j in range(n) if j not in unseen]]
                if np.array_equal(new, x):
                    break
                x = new
        self.x = x
        self.scale = np.ones((2, n))
        kept = [j for j in range(n) if observed[j] is not None and x[j] > 0 and not residual and not fuzzy]
        for j in kept:
            mine = [(abs(w) * x[i], w > 0) for i, k, w, _ in links if k == j]
            feeds, dampens = [a for a, up in mine if up], [a for a, up in mine if not up]
            if model == "linear":
                if sum(feeds) > KAPPA * x[j]:
                    self.scale[0, j] = KAPPA * x[j] / sum(feeds)
                continue
            if off(1, dampens) > KAPPA * (1 - x[j]):
                self.scale[1, j] = factor(dampens, KAPPA * (1 - x[j])) if x[j] < 1 else 0.0
            held = 1 - off(self.scale[1, j], dampens)
            if off(1, feeds) * held > KAPPA * x[j]:
                self.scale[0, j] = factor(feeds, KAPPA * x[j] / held)
        self.links = links = [(i, j, w * self.scale[0 if w > 0 else 1, j], lag) for i, j, w, lag in links]
        z = self.far(x, links)
        base = np.zeros(n)
        if fuzzy:
            arg = fuzzy_argument(x, z, links, rule, self.zero)
            inner = np.clip(x, 1e-3, 1 - 1e-3)
            back = np.log(inner / (1 - inner)) if transfer == "sigmoid" else np.arctanh(inner)
            base[biased] = (back / steepness - arg)[biased]
        elif model == "linear":
            base[kept] = (x - weighted(z, links, self.zero))[kept]
        else:
            for j in kept:
                own = [(w, x[i]) for i, k, w, _ in links if k == j]
                feeds_ = np.prod([1 - w * v for w, v in own if w > 0])
                dampens_ = np.prod([1 + w * v for w, v in own if w < 0])
                base[j] = 1 - (1 - x[j] / dampens_) / feeds_
        self.base = base
        left = [j for j in range(n) if j not in biased and (fuzzy or (j not in kept and j not in unseen))]

        def bare(now: Vector, far: Vector) -> Vector:
            if fuzzy:
                return TRANSFERS[transfer](fuzzy_argument(now, far, links, rule, base), steepness)
            return self.plain(far, links, base)

        at = bare(x, z)

        def f(now: Vector, far: Vector) -> Vector:
            out = bare(now, far)
            out[left] = (x + out - at)[left]
            return out

        self.f: Map = f

    @staticmethod
    def far(x: Vector, links: list[Link]) -> Vector:
        return np.array([x[i] for i, _, _, _ in links])

    def effect(self, shock: Vector, count: int = 3000) -> tuple[Vector, Vector]:
        """Δ at 1, 4 and 12 periods, and at rest."""
        runs = [steps(self.f, self.links, self.x, 12, d, ends=(0.0, 1.0)) for d in (shock, self.zero)]
        horizons = (runs[0] - runs[1])[[1, 4, 12]]
        still = [(i, j, w, 0) for i, j, w, _ in self.links]
        rests = []
        for d in (shock, self.zero):
            x = self.x
            for _ in range(count):
                new = steps(self.f, still, x, 1, d, ends=(0.0, 1.0))[1]
                new = x / 2 + new / 2
                done = np.abs(new - x).max() < 1e-15
                x = new
                if done:
                    break
            rests.append(x)
        return horizons, rests[0] - rests[1]


# --- structure ---


def dematel(w: Vector, normalise: str) -> tuple[float, float, Vector]:
    """Scale, radius of |X|, total effects T = X (I - X)^-1; a scale of 0 gives 0."""
    size = np.abs(w)
    radius = float(np.abs(np.linalg.eigvals(size)).max())
    if normalise == "spectral":
        s = radius / 0.9 if radius > 1e-6 else 0.0
    else:
        s = float(max(size.sum(1).max(), 0 if normalise == "max-row" else size.sum(0).max()))
    if s == 0:
        return 0.0, 0.0, np.zeros_like(w)
    x = w / s
    return s, radius / s, np.asarray(x @ np.linalg.pinv(np.eye(len(w)) - x))


def radii(anchored: Anchored, h: float = 1e-6) -> tuple[float, float, float]:
    """Spectral radii by differences: without lags, of halved steps, with lags (the companion matrix)."""
    n, links, x = len(anchored.x), anchored.links, anchored.x
    far = anchored.far(x, links)

    def slope(now: Vector, then: Vector, j: int) -> float:
        rise = anchored.f(x + now, far + then) - anchored.f(x - now, far - then)
        return float(rise[j] / (2 * h))

    still = np.diag([slope(h * np.eye(n)[i], 0 * far, i) for i in range(n)])
    deep = max([lag for *_, lag in links], default=0)
    companion = np.eye(n * (deep + 1), k=-n)
    companion[:n, :n] = still
    for k, (i, j, _, lag) in enumerate(links):
        rate = slope(np.zeros(n), h * np.eye(len(far))[k], j)
        still[j, i] += rate
        companion[j, i + n * lag] += rate
    first, second, third = (
        float(np.abs(np.linalg.eigvals(m)).max()) for m in (still, (np.eye(n) + still) / 2, companion)
    )
    return first, second, third


def externalities(s: Situation, intervention: dict[str, Any], anchored: Anchored) -> dict[str, Vector]:
    """Expectation over every combination of likelihoods: worse, better, net, and shocks by route, at each horizon."""
    n = len(s.cells)
    parts = [(0, e) for e in intervention.get("effects", [])]
    parts += [(1, e) for e in intervention.get("externalities", []) if e.get("change") is not None]
    total: dict[str, Vector] = {k: np.zeros((4, n)) for k in ("worse", "better", "net")}
    shocks = np.zeros((2, 2, n))  # route, sign
    # of a harm at rest beyond the tolerance of 0.01; and how near a harm of some course comes to it
    probability, near = np.zeros(n), np.full(n, np.inf)
    for happens in itertools.product((0, 1), repeat=len(parts)):
        chance = 1.0
        d = np.zeros((2, 2, n))
        for yes, (route, e) in zip(happens, parts, strict=True):
            chance *= e.get("likelihood", 1.0) if yes else 1 - e.get("likelihood", 1.0)
            default = "better" if route == 0 else None
            sign = 0 if e.get("outcome", default) == "worse" else 1
            for cell, share in s.targets(e):
                d[route, sign, s.position[cell]] += yes * share * e["change"]
        if chance == 0:
            continue
        limit = np.array([1 - anchored.x, anchored.x])
        given = d.sum(0)
        d *= np.where(given > limit, limit / np.where(given > 0, given, 1), 1.0)
        d[:, 1] *= -1
        shocks += chance * d
        up, down = d[:, 0].sum(0), d[:, 1].sum(0)
        worst = np.full(n, -np.inf)
        for name, shock in (("worse", up), ("better", down), ("net", up + down)):
            horizons, rest = anchored.effect(shock)
            total[name] += chance * np.vstack([horizons, rest])
            worst = np.maximum(worst, rest)
        probability += chance * (worst > 0.01)
        near = np.minimum(near, np.abs(worst - 0.01))
    return total | {"shocks": shocks, "probability": probability, "near": near}


def strength(s: Situation, cell: Cell, severity: float, pillar: str) -> tuple[float | None, bool]:
    """Strength of a pillar on a cell, and whether anything of it is there."""
    threat, place, group = cell
    component = {t["id"]: t["component"] for t in s.document["threats"]}[threat]

    def part(bound: str | None) -> float:
        if bound in (None, group):
            return 1.0
        return s.share(place, [str(bound)]) if group is None else 0.0

    left, there = 1.0, False
    for c in s.document["capacities"]:
        against = threat in c["against"] if c.get("against") else c["component"] == component
        counts = c.get("kind") != "harmful-coping" and c["pillar"] in (pillar, "both") and c["place"] == place
        if against and counts and part(c.get("group")) > 0:
            left, there = left * (1 - c["level"] * part(c.get("group"))), True
    for i in s.document["interventions"]:
        better = sum(
            e["change"] * e.get("likelihood", 1.0) * part(e.get("group"))
            for e in i["effects"]
            if e["threat"] == threat and e.get("place") in (None, place) and e.get("outcome") != "worse"
        )
        if better > 0 and i["pillar"] in (pillar, "both"):
            there = True
            left *= 1 - min(better, severity) / severity if severity > 0 else np.nan
    return (None if np.isnan(left) else 1 - left), there
