"""The same numbers as numpy, scipy and networkx, on random networks."""

from __future__ import annotations

from typing import Any

import human_security as hs
import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.sparse.linalg import spsolve


def random(seed: int, n: int, degree: float, low: float, high: float) -> tuple[Any, hs.DominoNetwork]:
    rng = np.random.default_rng(seed)
    matrix = np.where(rng.random((n, n)) < degree / n, rng.uniform(low, high, (n, n)), 0.0)
    source, target = np.nonzero(matrix)
    return matrix, hs.DominoNetwork.from_edges(source, target, matrix[source, target], nodes=n)


@given(st.integers(0, 2**32), st.integers(2, 40))
def test_linear_solves_the_system(seed: int, n: int) -> None:
    matrix, network = random(seed, n, 3, 0.0, 0.25)
    base = np.random.default_rng(seed + 1).random(n)
    assume(np.max(np.abs(np.linalg.eigvals(matrix))) < 0.95)
    run = network.propagate(hs.Linear(), base=base, tolerance=1e-13, max_steps=100_000)
    wanted = spsolve(sp.eye(n, format="csc") - sp.csc_matrix(matrix.T), base)
    np.testing.assert_allclose(run.state, np.ravel(wanted), rtol=1e-9, atol=1e-9)
    assert run.status == "converged"


@given(st.integers(0, 2**32), st.integers(2, 30), st.sampled_from(["kosko", "modified-kosko", "rescaled"]))
def test_fuzzy_cognitive_map_steps_like_numpy(seed: int, n: int, rule: str) -> None:
    matrix, network = random(seed, n, 4, -1.0, 1.0)
    x = np.random.default_rng(seed + 1).random(n)
    steps = 7
    run = network.propagate(
        hs.FuzzyCognitiveMap(rule=rule, steepness=0.7), start=x, max_steps=steps, tolerance=0.0, keep="trajectory"
    )
    for row in run.trajectory[1:]:
        if rule == "kosko":
            z = matrix.T @ x
        elif rule == "modified-kosko":
            z = x + matrix.T @ x
        else:
            z = (2 * x - 1) + matrix.T @ (2 * x - 1)
        x = 1 / (1 + np.exp(-0.7 * z))
        np.testing.assert_allclose(row, x, rtol=0, atol=1e-12)


@given(st.integers(0, 2**32), st.integers(2, 30))
def test_noisy_or_steps_like_numpy(seed: int, n: int) -> None:
    matrix, network = random(seed, n, 4, -0.9, 0.9)
    rng = np.random.default_rng(seed + 1)
    x, base = rng.random(n), rng.random(n)
    feeds, dampens = np.clip(matrix, 0, None), np.clip(-matrix, 0, None)
    run = network.propagate(hs.NoisyOr(), start=x, base=base, max_steps=6, tolerance=0.0, keep="trajectory")
    for row in run.trajectory[1:]:
        x = (1 - (1 - base) * np.prod(1 - feeds * x[:, None], axis=0)) * np.prod(1 - dampens * x[:, None], axis=0)
        np.testing.assert_allclose(row, x, rtol=0, atol=1e-12)


@given(st.integers(0, 2**32), st.integers(2, 25))
def test_total_effects_are_the_neumann_sum(seed: int, n: int) -> None:
    matrix, network = random(seed, n, 3, 0.1, 4.0)
    scale = max(matrix.sum(0).max(), matrix.sum(1).max(), 1e-300)
    x = matrix / scale
    assume(np.max(np.abs(np.linalg.eigvals(x))) < 0.99)
    result = network.total_effects()
    wanted = x @ np.linalg.inv(np.eye(n) - x)
    np.testing.assert_allclose(result.matrix, wanted, rtol=1e-9, atol=1e-9)
    causes = network.root_causes().table
    np.testing.assert_allclose(causes["given"], wanted.sum(1), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(causes["received"], wanted.sum(0), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_linear_is_katz_centrality(seed: int) -> None:
    graph = nx.gnp_random_graph(30, 0.1, seed=seed, directed=True)
    alpha = 0.05
    source, target = zip(*graph.edges, strict=True)
    network = hs.DominoNetwork.from_edges(source, target, np.full(len(source), alpha), nodes=30)
    state = network.propagate(hs.Linear(), base=np.ones(30), tolerance=1e-14, max_steps=10_000).state
    wanted = nx.katz_centrality_numpy(graph, alpha=alpha, beta=1.0, normalized=False)
    np.testing.assert_allclose(state, [wanted[i] for i in range(30)], rtol=1e-9)


@given(st.integers(0, 2**32), st.integers(2, 12))
def test_a_diverging_system_is_refused_and_names_a_loop(seed: int, n: int) -> None:
    matrix, network = random(seed, n, 3, 0.0, 2.0)
    radius = np.max(np.abs(np.linalg.eigvals(matrix)))
    if radius < 1 - 1e-6:
        assert network.propagate(hs.Linear(), base=np.ones(n), max_steps=100_000).status in (
            "converged",
            "not-converged",
        )
    elif radius > 1 + 1e-6:
        with pytest.raises(hs.DivergingError, match="loop"):
            network.propagate(hs.Linear(), base=np.ones(n))


def test_order_of_edges_and_threads_change_no_bit() -> None:
    _, network = random(3, 60, 5, -0.9, 0.9)
    edges = network.edges
    names = network.nodes["node"].tolist()
    at = {name: i for i, name in enumerate(names)}
    source = np.array([at[name] for name in edges["from"]])
    target = np.array([at[name] for name in edges["to"]])
    first = network.propagate(base=np.full(60, 0.1)).state
    again = (
        hs.DominoNetwork.from_edges(source, target, edges["weight"], nodes=60).propagate(base=np.full(60, 0.1)).state
    )
    assert first.tobytes() == again.tobytes()
