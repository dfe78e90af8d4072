"""Draws over the ranges of a fuzzy cognitive map, and its sensitivity, beside numba, scipy and SALib: the same map, one run.

    python benches/compare/ensemble.py [--repeats 5] [--threads 1]

First work: 1,000 draws of PERT weights on 200 nodes and 2,000 edges, each run to a greatest change of 1e-5, quantiles and ranks by node. numba: a loop a
careful user writes (sparse rows, no allocation a step), with numpy's beta for PERT; scipy: `csr_matrix.dot` draw by draw. Second work: Sobol indices of one
node of a map of 10 nodes and 20 edges, 22,528 runs, against SALib around the scipy loop and around numba. Set RAYON_NUM_THREADS for threads.
"""

from __future__ import annotations

import argparse
import os
import time

import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("--repeats", type=int, default=5)
parser.add_argument("--threads", type=int, default=1)
ARGUMENTS = parser.parse_args()
os.environ["RAYON_NUM_THREADS"] = str(ARGUMENTS.threads)

import scipy.sparse as sparse  # noqa: E402
from numba import njit  # noqa: E402

DRAWS, TOLERANCE = 1000, 1e-5


def world(nodes: int, edges: int) -> dict[str, np.ndarray]:
    """A fixed map with ranges of up to 0.2 to either side."""
    random = np.random.default_rng(11)
    weight = random.uniform(-1, 1, edges)
    return {
        "source": random.integers(0, nodes, edges).astype(np.uint32),
        "target": random.integers(0, nodes, edges).astype(np.uint32),
        "weight": weight,
        "low": np.maximum(weight - 0.2 * random.random(edges), -1),
        "high": np.minimum(weight + 0.2 * random.random(edges), 1),
    }


@njit(cache=False)
def settle(offsets, sources, weights, state, scratch):
    """One run: rows of incoming edges, to a greatest change within tolerance."""
    nodes = len(state)
    for _ in range(1000):
        change = 0.0
        for j in range(nodes):
            z = state[j]
            for e in range(offsets[j], offsets[j + 1]):
                z += weights[e] * state[sources[e]]
            x = 1.0 / (1.0 + np.exp(-z))
            change = max(change, abs(x - state[j]))
            scratch[j] = x
        state[:] = scratch
        if change <= TOLERANCE:
            break


@njit(cache=False)
def pert_loop(offsets, sources, low, mode, high, nodes, draws):
    states = np.empty((draws, nodes))
    weights, scratch = np.empty(len(low)), np.empty(nodes)
    for d in range(draws):
        for e in range(len(low)):
            width = high[e] - low[e]
            m = (mode[e] - low[e]) / width
            weights[e] = low[e] + width * np.random.beta(1 + 4 * m, 5 - 4 * m)
        states[d] = 0.5
        settle(offsets, sources, weights, states[d], scratch)
    return states


@njit(cache=False)
def given_loop(offsets, sources, drawn, nodes):
    states, scratch = np.empty((len(drawn), nodes)), np.empty(nodes)
    for d in range(len(drawn)):
        states[d] = 0.5
        settle(offsets, sources, drawn[d], states[d], scratch)
    return states


def rows(edges: dict[str, np.ndarray], nodes: int):
    order = np.lexsort((edges["source"], edges["target"]))
    offsets = np.searchsorted(edges["target"][order], np.arange(nodes + 1))
    return order, offsets, edges["source"][order].astype(np.int64)


def scipy_loop(offsets, sources, drawn, nodes):
    states = np.empty((len(drawn), nodes))
    for d, weights in enumerate(drawn):
        matrix = sparse.csr_matrix((weights, sources, offsets), shape=(nodes, nodes))
        x = np.full(nodes, 0.5)
        for _ in range(1000):
            following = 1 / (1 + np.exp(-(x + matrix @ x)))
            change, x = np.abs(following - x).max(), following
            if change <= TOLERANCE:
                break
        states[d] = x
    return states


def best(work) -> float:
    """Least of several times, in milliseconds, the first not counted."""
    work()
    times = []
    for _ in range(ARGUMENTS.repeats):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return 1000 * min(times)


def pert(edges, shares):
    """Weights by SciPy's quantiles of the beta."""
    from scipy.special import betaincinv

    width = edges["high"] - edges["low"]
    mode = (edges["weight"] - edges["low"]) / width
    return edges["low"] + width * betaincinv(1 + 4 * mode, 5 - 4 * mode, shares)


def main() -> None:
    import human_security as hs

    nodes = 200
    edges = world(nodes, 2000)
    order, offsets, sources = rows(edges, nodes)
    network = hs.DominoNetwork.from_edges(nodes=nodes, **edges)
    model, start = hs.FuzzyCognitiveMap(), np.full(nodes, 0.5)
    low, mode, high = (edges[name][order] for name in ("low", "weight", "high"))
    drawn = np.random.default_rng(1).uniform(low, high, (DRAWS, len(low)))

    def ours():
        return network.simulate(model, draws=DRAWS, start=start, tolerance=TOLERANCE)

    def theirs():
        states = pert_loop(offsets, sources, low, mode, high, nodes, DRAWS)
        return np.quantile(states, [0.05, 0.5, 0.95], axis=0)

    gap = np.abs(np.asarray(ours().table["median"], dtype=float) - theirs()[1]).max()
    print(f"medians agree to {gap:.4f}")
    time_ours = best(ours)
    for name, work in [
        ("numba, PERT and quantiles", theirs),
        ("numba, PERT", lambda: pert_loop(offsets, sources, low, mode, high, nodes, DRAWS)),
        ("numba, weights given", lambda: given_loop(offsets, sources, drawn, nodes)),
        ("scipy, weights given", lambda: scipy_loop(offsets, sources, drawn, nodes)),
    ]:
        other = best(work)
        print(f"1,000 draws: {name} {other:.1f} ms; ours (PERT, quantiles, ranks) {time_ours:.1f} ms; ratio {other / time_ours:.1f}")

    from SALib.analyze import sobol as analyse
    from SALib.sample import sobol as sample

    nodes = 10
    edges = world(nodes, 20)
    order, offsets, sources = rows(edges, nodes)
    network = hs.DominoNetwork.from_edges(nodes=nodes, **edges)
    problem = {"num_vars": 20, "names": [f"w{i}" for i in range(20)], "bounds": [[0, 1]] * 20}

    def judged():
        return network.sensitivity(model, outcome="9", n=1024, start=np.full(nodes, 0.5), tolerance=TOLERANCE)

    def salib(loop):
        shares = sample.sample(problem, 1024, calc_second_order=False, seed=1)
        states = loop(offsets, sources, pert(edges, shares)[:, order], nodes)
        return analyse.analyze(problem, states[:, 9], calc_second_order=False, num_resamples=500, seed=1)

    found, wanted = np.asarray(judged().table["total"], dtype=float), salib(given_loop)["ST"]
    print(f"total indices agree to {np.abs(found - wanted).max():.3f}")
    time_ours = best(judged)
    for name, loop in [("SALib and a numba loop", given_loop), ("SALib and a scipy loop", scipy_loop)]:
        begin = time.perf_counter()
        salib(loop)
        other = 1000 * (time.perf_counter() - begin)
        print(f"Sobol, 22,528 runs: {name} {other:.0f} ms; ours {time_ours:.1f} ms; ratio {other / time_ours:.0f}")


if __name__ == "__main__":
    main()
