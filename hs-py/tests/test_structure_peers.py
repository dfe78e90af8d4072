"""Structure, cascades and doubt beside networkx, scipy and plain NumPy, on random networks."""

from __future__ import annotations

import math
from itertools import islice, pairwise
from typing import Any

import human_security as hs
import networkx as nx
import numpy as np
import pytest
from scipy import stats


def random(seed: int, n: int, degree: float, low: float, high: float) -> tuple[Any, hs.DominoNetwork]:
    rng = np.random.default_rng(seed)
    matrix = np.where(rng.random((n, n)) < degree / n, rng.uniform(low, high, (n, n)), 0.0)
    source, target = np.nonzero(matrix)
    return matrix, hs.DominoNetwork.from_edges(source, target, matrix[source, target], nodes=n)


def product(graph: Any, nodes: list[Any]) -> float:
    return float(math.prod(graph[a][b]["weight"] for a, b in pairwise(nodes)))


@pytest.mark.parametrize("seed", range(4))
def test_loops_are_those_of_networkx(seed: int) -> None:
    _, network = random(seed, 14, 2.5, -1.0, 1.0)
    graph = network.to_networkx()
    found = {}
    for row in network.loops(max_length=5).table.rows():
        nodes = row["nodes"]
        found[frozenset(zip(nodes, [*nodes[1:], nodes[0]], strict=True))] = row
    wanted = list(nx.simple_cycles(graph, length_bound=5))
    assert len(found) == len(wanted)
    for cycle in wanted:
        row = found[frozenset(zip(cycle, [*cycle[1:], cycle[0]], strict=True))]
        weight = product(graph, [*cycle, cycle[0]])
        assert row["gain"] == pytest.approx(abs(weight))
        assert row["sign"] == ("reinforcing" if weight > 0 else "balancing")
        assert row["length"] == len(cycle)


@pytest.mark.parametrize("seed", range(4))
def test_chains_are_the_shortest_simple_paths_by_minus_log_weight(seed: int) -> None:
    _, network = random(seed, 16, 3, 0.05, 1.0)
    graph = network.to_networkx()
    for _, _, edge in graph.edges(data=True):
        edge["length"] = -math.log(edge["weight"])
    source, target = "0", "7"
    if not nx.has_path(graph, source, target):
        pytest.skip("nothing leads there")
    wanted = [product(graph, path) for path in islice(nx.shortest_simple_paths(graph, source, target, "length"), 8)]
    found = network.chains(source, target, k=8).table.rows()
    np.testing.assert_allclose([row["gain"] for row in found], wanted, rtol=1e-12)
    for row in found:
        assert row["gain"] == pytest.approx(product(graph, row["nodes"]))


@pytest.mark.parametrize("seed", range(3))
def test_modularity_is_that_of_networkx(seed: int) -> None:
    blocks = nx.planted_partition_graph(3, 10, 0.6, 0.05, seed=seed, directed=True)
    rng = np.random.default_rng(seed)
    source, target = zip(*blocks.edges, strict=True)
    network = hs.DominoNetwork.from_edges(source, target, rng.uniform(0.2, 1.0, len(source)), nodes=30)
    found = network.clusters(seed=0)
    both = nx.Graph()
    both.add_nodes_from(network.nodes["node"].tolist())
    for row in network.edges.rows():
        weight = abs(row["weight"]) + both.get_edge_data(row["from"], row["to"], {"weight": 0.0})["weight"]
        both.add_edge(row["from"], row["to"], weight=weight)
    parts: dict[int, set[str]] = {}
    for row in found.table.rows():
        parts.setdefault(row["cluster"], set()).add(row["node"])
    assert found.modularity == pytest.approx(nx.community.modularity(both, parts.values()), abs=1e-12)
    best = max(nx.community.modularity(both, nx.community.louvain_communities(both, seed=s)) for s in range(5))
    assert found.modularity >= best - 1e-9


@pytest.mark.parametrize("seed", range(3))
def test_influence_and_roles_are_powers_of_the_matrix(seed: int) -> None:
    matrix, network = random(seed, 12, 4, -3.0, 3.0)
    ones = np.ones(12)
    total = matrix @ ones + 0.5 * matrix @ matrix @ ones
    np.testing.assert_allclose(network.influence()["total"], total, atol=1e-12)
    power = np.abs(matrix) @ np.abs(matrix)
    roles = network.roles(power=2)
    np.testing.assert_allclose(roles["driving_indirect"], power.sum(1) / power.sum(), atol=1e-12)
    np.testing.assert_allclose(roles["dependence_indirect"], power.sum(0) / power.sum(), atol=1e-12)
    np.testing.assert_allclose(network.indices()["out_degree"], np.abs(matrix).sum(1), atol=1e-12)


def test_a_radius_over_one_component_of_many_is_found() -> None:
    matrix, network = random(5, 40, 2, 0.1, 1.0)
    radius = float(np.max(np.abs(np.linalg.eigvals(matrix))))
    graph = network.to_networkx()
    assert any(len(component) > 1 for component in nx.strongly_connected_components(graph))
    scaled = matrix * (0.9 / radius)
    source, target = np.nonzero(scaled)
    run = hs.DominoNetwork.from_edges(source, target, scaled[source, target], nodes=40).propagate(
        hs.Linear(), base=np.ones(40), tolerance=1e-12, max_steps=10_000
    )
    assert run.spectral_radius == pytest.approx(0.9, abs=1e-3)
    np.testing.assert_allclose(run.state, np.linalg.solve(np.eye(40) - scaled.T, np.ones(40)), rtol=1e-8)


def cascade(matrix: Any, seeds: list[int], runs: int, seed: int) -> Any:
    """Independent cascades, edge by edge: who is reached over the edges that are open."""
    rng = np.random.default_rng(seed)
    on = np.zeros(len(matrix))
    for _ in range(runs):
        opened = rng.random(matrix.shape) < matrix
        active = np.zeros(len(matrix), dtype=bool)
        active[seeds] = True
        while True:
            after = active | (active @ opened)
            if (after == active).all():
                break
            active = after
        on += active
    return on / runs


def test_independent_cascade_agrees_with_monte_carlo() -> None:
    matrix, network = random(11, 20, 3, 0.1, 0.6)
    runs = 4000
    found = network.propagate(hs.IndependentCascade(runs=runs, seed=3), start={0: 1, 5: 1})
    wanted = cascade(matrix, [0, 5], runs, seed=4)
    error = np.hypot(found.standard_error, np.sqrt(wanted * (1 - wanted) / runs))
    assert (np.abs(found.state - wanted) <= 4.5 * np.maximum(error, 1e-3)).all()
    assert found.size == pytest.approx(found.state.sum())
    assert abs(found.size - wanted.sum()) < 5 * found.size_standard_error + 0.1
    again = network.propagate(hs.IndependentCascade(runs=runs, seed=3), start={0: 1, 5: 1})
    assert again.state.tobytes() == found.state.tobytes()


def test_given_thresholds_turn_on_what_numpy_turns_on() -> None:
    matrix, network = random(2, 40, 4, 0.1, 1.0)
    thresholds = np.random.default_rng(7).random(40)
    active = np.zeros(40, dtype=bool)
    active[[0, 3, 9]] = True
    incoming = matrix.sum(0)
    for _ in range(50):
        share = np.divide(active @ matrix, incoming, out=np.zeros(40), where=incoming > 0)
        active = active | ((incoming > 0) & (share >= thresholds))
    found = network.propagate(hs.LinearThreshold(threshold=thresholds), start={0: 1, 3: 1, 9: 1})
    np.testing.assert_array_equal(found.state, active.astype(float))
    assert found.size == active.sum()


def test_dynamic_inoperability_steps_like_numpy() -> None:
    matrix, network = random(6, 15, 3, -0.2, 0.3)
    rng = np.random.default_rng(1)
    k, c = rng.uniform(0.2, 1.0, 15), rng.uniform(0, 0.3, 15)
    q = np.zeros(15)
    run = network.propagate(
        hs.DynamicInoperability(resilience=k), base=c, keep="trajectory", max_steps=12, tolerance=0.0
    )
    for row in run.trajectory[1:]:
        q = np.clip(q + k * (matrix.T @ q + c - q), 0, 1)
        np.testing.assert_allclose(row, q, atol=1e-12)


def test_linear_debt_rank_passes_increments_on_like_numpy() -> None:
    matrix, network = random(9, 15, 3, 0.0, 0.4)
    h0 = np.zeros(15)
    h0[[0, 4]] = [0.5, 0.2]
    h, increment = h0.copy(), h0.copy()
    for _ in range(200):
        after = np.minimum(1.0, h + increment @ matrix)
        h, increment = after, after - h
    found = network.propagate(hs.DebtRank(variant="linear"), start=h0, tolerance=1e-14, max_steps=10_000)
    np.testing.assert_allclose(found.state, h, atol=1e-9)
    assert found.value == pytest.approx((h - h0).mean(), abs=1e-9)


def test_ranges_of_independent_weights_have_the_quantiles_of_scipy() -> None:
    network = hs.DominoNetwork.from_edges([0], [1], [0.5], low=[0.2], high=[0.9])
    found = network.simulate(hs.Linear(), draws=4000, base=[1.0, 0.0], distribution="uniform", keep="states")
    states = found.states[:, 1]
    assert found.states.shape == (4000, 2)
    assert stats.kstest(states, stats.uniform(0.2, 0.7).cdf).pvalue > 1e-3
    row = found.table.rows()[1]
    np.testing.assert_allclose([row["lower"], row["median"], row["upper"]], np.quantile(states, [0.05, 0.5, 0.95]))


def ishigami(x: Any) -> Any:
    return np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


def test_sobol_indices_of_ishigami() -> None:
    bounds = [(-np.pi, np.pi)] * 3
    found = hs.sobol(ishigami, bounds, n=4096, seed=1)
    np.testing.assert_allclose(found.first, [0.3139, 0.4424, 0.0], atol=0.02)
    np.testing.assert_allclose(found.total, [0.5576, 0.4424, 0.2437], atol=0.02)
    assert (found.first_lower <= found.first).all()
    assert (found.total <= found.total_upper).all()
    peer = stats.sobol_indices(
        func=lambda x: ishigami(x.T), n=4096, dists=[stats.uniform(-np.pi, 2 * np.pi)] * 3, rng=np.random.default_rng(1)
    )
    np.testing.assert_allclose(found.first, peer.first_order, atol=0.03)
    np.testing.assert_allclose(found.total, peer.total_order, atol=0.03)


def test_a_function_is_called_at_once_or_row_by_row() -> None:
    shapes: list[Any] = []

    def at_once(x: Any) -> Any:
        shapes.append(x.shape)
        return x[:, 0] + x[:, 1]

    def one(x: Any) -> float:
        shapes.append(x.shape)
        return float(math.sin(x[0]) + x[1])

    bounds = {"rain": (0, 1), "price": (0, 2)}
    found = hs.sobol(at_once, bounds, n=64)
    assert shapes == [(256, 2)]
    assert found.table["parameter"].tolist() == ["rain", "price"]
    shapes.clear()
    hs.sobol(one, [(0, 1), (0, 2)], n=64)
    assert shapes == [(256, 2)] + [(2,)] * 256
    shapes.clear()
    hs.sobol(one, [(0, 1), (0, 2)], n=64, vectorised=False)
    assert shapes == [(2,)] * 256


class Odd(RuntimeError):
    """What a user's function raises."""


@pytest.mark.parametrize(
    ("function", "error", "says"),
    [
        (lambda x: 1 / 0, ZeroDivisionError, "division"),
        (lambda x: "a", hs.ArgumentTypeError, "wanted one number"),
        (lambda x: [x[0], x[1]], hs.ArgumentTypeError, "wanted one number"),
        (lambda x: np.nan, hs.ArgumentError, "finite"),
        (3, hs.ArgumentTypeError, "wanted a function"),
    ],
)
def test_what_a_function_does_wrong_is_said(function: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        hs.sobol(function, [(0, 1), (0, 1)], n=16)


def test_what_a_function_raises_is_raised() -> None:
    calls = 0

    def late(x: Any) -> float:
        nonlocal calls
        calls += 1
        if calls == 20:
            raise Odd("late")
        return float(x[0])

    with pytest.raises(Odd, match="late"):
        hs.sobol(late, [(0, 1), (0, 1)], n=16)
    with pytest.raises(hs.ArgumentTypeError, match="one number a row"):
        hs.sobol(lambda x: x.sum(), [(0, 1)], n=16, vectorised=True)
