"""The domino network beside scipy, numba and numpy: maps run to equilibrium, linear totals, the overhead of a call.

    python benches/compare/network.py [--threads 1,2] [--repeats 5] [--world]

Each number of threads runs in a process of its own, so that the limit holds. A peer does the same work on the same network to the same
tolerance, and its answer is checked against ours. What is compared is the time of our call over the peer's: below 1 is faster. `--world` adds
1.4 million nodes and 15 million edges (some 2 GB of memory). Install what is to be compared: scipy, numba.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np


def best(work: Callable[[], Any], repeats: int, number: int = 1) -> float:
    """Return the least seconds of one call, after one that warms up."""
    work()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        for _ in range(number):
            work()
        times.append((time.perf_counter() - begun) / number)
    return min(times)


def network(nodes: int, degree: int, low: float, high: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return edges of a fixed random network."""
    random = np.random.default_rng(7)
    edges = nodes * degree
    source, target = random.integers(0, nodes, edges), random.integers(0, nodes, edges)
    return source, target, random.uniform(low, high, edges)


def row(work: str, peer: str, ours: float, theirs: float) -> None:
    """Print one comparison."""
    print(f"{work:42} {peer:16} {1e3 * ours:11.4f} {1e3 * theirs:11.4f} {ours / theirs:7.2f}", flush=True)


def dense(repeats: int) -> None:
    """Compare a fuzzy cognitive map of 30 dense nodes, run to equilibrium."""
    import human_security as hs

    random = np.random.default_rng(3)
    matrix = random.uniform(-1, 1, (30, 30))
    np.fill_diagonal(matrix, 0.0)
    source, target = np.nonzero(matrix)
    own = hs.DominoNetwork.from_edges(source, target, matrix[source, target], nodes=30)
    start = np.full(30, 0.5)
    model = hs.FuzzyCognitiveMap(steepness=0.2)
    ours = best(lambda: own.propagate(model, start=start, tolerance=1e-9), repeats, 100)
    wanted = own.propagate(model, start=start, tolerance=1e-9)

    def numpy_run() -> np.ndarray:
        x = start
        for _ in range(1000):
            after = 1 / (1 + np.exp(-0.2 * (x + matrix.T @ x)))
            if np.max(np.abs(after - x)) <= 1e-9:
                return after
            x = after
        return x

    np.testing.assert_allclose(wanted.state, numpy_run(), atol=1e-8)
    work = f"map, 30 dense nodes, {wanted.iterations} steps"
    row(work, "numpy", ours, best(numpy_run, repeats, 20))
    if importlib.util.find_spec("numba"):
        from numba import njit

        @njit(cache=False)
        def loop(matrix: Any, start: Any) -> Any:
            n = len(start)
            x, after = start.copy(), np.empty(n)
            for _ in range(1000):
                most = 0.0
                for j in range(n):
                    z = x[j]
                    for i in range(n):
                        z += matrix[i, j] * x[i]
                    after[j] = 1 / (1 + np.exp(-0.2 * z))
                    most = max(most, abs(after[j] - x[j]))
                x, after = after, x
                if most <= 1e-9:
                    break
            return x

        np.testing.assert_allclose(wanted.state, loop(matrix, start), atol=1e-8)
        row(work, "numba", ours, best(lambda: loop(matrix, start), repeats, 100))


def sparse(nodes: int, repeats: int) -> None:
    """Compare a fuzzy cognitive map on a sparse network, with a tolerance of 1e-5."""
    import human_security as hs
    import scipy.sparse as sp

    source, target, weight = network(nodes, 10 if nodes <= 100_000 else 11, -1, 1)
    own = hs.DominoNetwork.from_edges(source, target, weight, nodes=nodes)
    rows = sp.csr_matrix((weight, (target, source)), shape=(nodes, nodes))
    start = np.full(nodes, 0.5)
    model = hs.FuzzyCognitiveMap(steepness=0.5)
    ours = best(lambda: own.propagate(model, start=start, tolerance=1e-5), repeats)
    wanted = own.propagate(model, start=start, tolerance=1e-5)

    def scipy_run() -> np.ndarray:
        x = start
        for _ in range(1000):
            after = 1 / (1 + np.exp(-0.5 * (x + rows @ x)))
            if np.max(np.abs(after - x)) <= 1e-5:
                return after
            x = after
        return x

    np.testing.assert_allclose(wanted.state, scipy_run(), atol=1e-4)
    work = f"map, {nodes:,} nodes, {len(weight):,} edges, {wanted.iterations} steps"
    row(work, "scipy", ours, best(scipy_run, repeats))


def linear(nodes: int, repeats: int) -> None:
    """Compare linear totals to 1e-8, the radius checked, with a Neumann loop in scipy."""
    import human_security as hs
    import scipy.sparse as sp

    source, target, weight = network(nodes, 10, 0.0, 0.18)
    own = hs.DominoNetwork.from_edges(source, target, weight, nodes=nodes)
    rows = sp.csr_matrix((weight, (target, source)), shape=(nodes, nodes))
    base = np.random.default_rng(1).random(nodes)
    ours = best(lambda: own.propagate(hs.Linear(), base=base, tolerance=1e-8), repeats)
    wanted = own.propagate(hs.Linear(), base=base, tolerance=1e-8)

    def neumann() -> np.ndarray:
        x = base
        for _ in range(10_000):
            after = base + rows @ x
            if np.max(np.abs(after - x)) <= 1e-8:
                return after
            x = after
        return x

    np.testing.assert_allclose(wanted.state, neumann(), rtol=1e-5)
    row(f"linear, {nodes:,} nodes, {len(weight):,} edges", "scipy, Neumann", ours, best(neumann, repeats))


def calls(repeats: int) -> None:
    """Print what a call costs on a network of three nodes."""
    import human_security as hs

    own = hs.DominoNetwork.from_edges([0, 1], [1, 2], [0.5, 0.5], names=["drought", "hunger", "flight"])
    base = np.array([0.8, 0.0, 0.0])
    model = hs.NoisyOr()
    for said, work in {
        "a call, base as an array": lambda: own.propagate(model, base=base),
        "a call, base by name": lambda: own.propagate(model, base={"drought": 0.8}),
        "a call and its state": lambda: own.propagate(model, base=base).state,
        "a call of influence": own.influence,
    }.items():
        print(f"{said:42} {'':16} {1e3 * best(work, repeats, 2000):11.4f}", flush=True)


def once(threads: int, repeats: int, world: bool) -> None:
    """Print the whole table for one number of threads."""
    print(f"\n{threads} thread{'s' if threads > 1 else ''}")
    print(f"{'work':42} {'peer':16} {'ours, ms':>11} {'peer, ms':>11} {'ratio':>7}")
    calls(repeats)
    dense(repeats)
    sparse(100_000, repeats)
    linear(100_000, repeats)
    if world:
        sparse(1_400_000, 2)


def main() -> None:
    """Run every number of threads in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--world", action="store_true")
    parser.add_argument("--once", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        once(given.once, given.repeats, given.world)
        return
    for threads in given.threads.split(","):
        limits = ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
        again = [sys.executable, __file__, "--once", threads, "--repeats", str(given.repeats)]
        again += ["--world"] if given.world else []
        subprocess.run(again, check=True, env={**os.environ, **dict.fromkeys(limits, threads)})


if __name__ == "__main__":
    main()
