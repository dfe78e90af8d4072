"""Independent cascades and linear thresholds beside cynetdiff and a short numba loop: the same network, the same seeds, one run.

    python benches/compare/cascades.py [--nodes 100000] [--degree 10] [--runs 1000] [--repeats 3] [--threads 1] [--engines ours,cynetdiff,numba]

Every engine runs in a process of its own, so that its thread limit holds. The work: a fixed random directed network, ten seeds, so many runs; our
figure is a whole call (rows turned around, states and standard errors told), theirs are their runs alone. The mean number of nodes on at the end is
checked: all engines agree within five standard errors of ours. Install what is to be compared: cynetdiff, numba.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import time

import numpy as np

NEEDS = {"ours": "human_security", "cynetdiff": "cynetdiff", "numba": "numba"}
SEEDS = 10
# chances of an edge at a mean out-degree of 10: from cascades that die at once to such that reach nearly everybody
CHANCES = [0.02, 0.05, 0.08, 0.1, 0.12, 0.2, 0.5]


def edges(nodes: int, degree: int) -> tuple[np.ndarray, np.ndarray]:
    """A fixed random network, edges by source; no edge twice, which cynetdiff would count once."""
    random = np.random.default_rng(7)
    count = nodes * degree
    both = np.unique(random.integers(0, nodes, count + count // 50) * nodes + random.integers(0, nodes, count + count // 50))
    both = np.sort(random.permutation(both)[:count])
    return (both // nodes).astype(np.uint32), (both % nodes).astype(np.uint32)


def works(nodes: int, degree: int) -> list[dict]:
    scale = 10 / degree
    small = [{"what": "independent cascade", "p": p * scale} for p in CHANCES]
    return [*small, {"what": "linear threshold", "share": 0.6}, {"what": "linear threshold", "share": 0.9}, {"what": "linear threshold", "share": 1.0}]


def weights(work: dict, target: np.ndarray, nodes: int) -> np.ndarray:
    """Chances, or shares of what comes in; a share below 1 is what all edges together weigh (the rule of Kempe)."""
    if "p" in work:
        return np.full(len(target), work["p"])
    return work["share"] / np.bincount(target, minlength=nodes)[target]


def ours(source: np.ndarray, target: np.ndarray, weight: np.ndarray, work: dict, args: argparse.Namespace) -> object:
    import human_security as hs

    network = hs.DominoNetwork.from_edges(source, target, weight, nodes=args.nodes)
    model = hs.IndependentCascade(runs=args.runs, seed=1) if "p" in work else hs.LinearThreshold(runs=args.runs, seed=1, rule="kempe")
    start = np.zeros(args.nodes)
    start[:SEEDS] = 1

    def run() -> tuple[float, float]:
        result = network.propagate(model, start=start)
        return result.size, result.size_standard_error

    return run


def cynetdiff(source: np.ndarray, target: np.ndarray, weight: np.ndarray, work: dict, args: argparse.Namespace) -> object:
    from array import array

    from cynetdiff.models import IndependentCascadeModel, LinearThresholdModel

    starts = array("I", np.searchsorted(source, np.arange(args.nodes)).astype(np.uint32).tobytes())
    targets = array("I", target.tobytes())
    values = array("f", weight.astype(np.float32).tobytes())
    if "p" in work:
        model = IndependentCascadeModel(starts, targets, activation_probs=values)
    else:
        model = LinearThresholdModel(starts, targets, influence=values)
    model.set_rng(1)
    model.set_seeds(range(SEEDS))

    def run() -> tuple[float, float]:
        sizes = np.empty(args.runs)
        for r in range(args.runs):
            model.reset_model()
            model.advance_until_completion()
            sizes[r] = model.get_num_activated_nodes()
        return sizes.mean(), sizes.std(ddof=1) / args.runs**0.5

    return run


def numba(source: np.ndarray, target: np.ndarray, weight: np.ndarray, work: dict, args: argparse.Namespace) -> object:
    """The loop a careful user writes: stamps for who is on, a queue, one random number an edge or a node."""
    from numba import njit

    starts = np.searchsorted(source, np.arange(args.nodes + 1)).astype(np.uint32)

    @njit
    def cascade(starts, targets, p, runs, nodes):
        stamp, queue, sizes = np.zeros(nodes, np.uint32), np.empty(nodes, np.uint32), np.empty(runs)
        for r in range(runs):
            size = 0
            for i in range(SEEDS):
                queue[size], stamp[i], size = i, r + 1, size + 1
            at = 0
            while at < size:
                i, at = queue[at], at + 1
                for e in range(starts[i], starts[i + 1]):
                    j = targets[e]
                    if stamp[j] != r + 1 and np.random.random() < p[e]:
                        stamp[j], queue[size], size = r + 1, j, size + 1
            sizes[r] = size
        return sizes

    @njit
    def threshold(starts, targets, w, runs, nodes):
        stamp, queue, sizes = np.zeros(nodes, np.uint32), np.empty(nodes, np.uint32), np.empty(runs)
        left = np.empty(nodes)
        for r in range(runs):
            size = 0
            for i in range(SEEDS):
                queue[size], stamp[i], left[i], size = i, r + 1, np.inf, size + 1
            at = 0
            while at < size:
                i, at = queue[at], at + 1
                for e in range(starts[i], starts[i + 1]):
                    j = targets[e]
                    if stamp[j] != r + 1:
                        stamp[j], left[j] = r + 1, np.random.random()
                    left[j] -= w[e]
                    if left[j] <= 0:
                        left[j], queue[size], size = np.inf, j, size + 1
            sizes[r] = size
        return sizes

    loop = cascade if "p" in work else threshold
    loop(starts, target, weight, 2, args.nodes)

    def run() -> tuple[float, float]:
        sizes = loop(starts, target, weight, args.runs, args.nodes)
        return sizes.mean(), sizes.std(ddof=1) / args.runs**0.5

    return run


def measure(args: argparse.Namespace) -> None:
    """One engine, in this process: its figures as JSON."""
    source, target = edges(args.nodes, args.degree)
    found = []
    for work in works(args.nodes, args.degree):
        run = globals()[args.engine](source, target, weights(work, target, args.nodes), work, args)
        best, size, error = np.inf, 0.0, 0.0
        for _ in range(args.repeats):
            begin = time.perf_counter()
            size, error = run()
            best = min(best, time.perf_counter() - begin)
        found.append({"seconds": best, "size": float(size), "error": float(error)})
    print(json.dumps(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("nodes", 100_000), ("degree", 10), ("runs", 1000), ("repeats", 3), ("threads", 1)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--engines", default=",".join(NEEDS))
    parser.add_argument("--engine", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.engine:
        measure(args)
        return
    found = {}
    for engine in args.engines.split(","):
        if importlib.util.find_spec(NEEDS[engine]) is None:
            print(f"{engine}: not installed, left out")
            continue
        limits = {name: str(args.threads) for name in ("RAYON_NUM_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS")}
        command = [sys.executable, __file__, *sys.argv[1:], "--engine", engine]
        done = subprocess.run(command, env={**os.environ, **limits}, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{engine}: {done.stderr.strip().splitlines()[-1]}")
            continue
        found[engine] = json.loads(done.stdout)
    print(f"{args.nodes} nodes, out-degree {args.degree}, {SEEDS} seeds, {args.runs} runs, {args.threads} thread(s); best of {args.repeats}")
    for at, work in enumerate(works(args.nodes, args.degree)):
        named = f"p = {work['p']:.3f}" if "p" in work else f"incoming weight {work['share']}"
        first = next(iter(found.values()))[at]
        print(f"\n{work['what']}, {named}: {first['size']:.1f} ± {first['error']:.1f} nodes on")
        for engine, rows in found.items():
            row = rows[at]
            per_run, per_node = row["seconds"] / args.runs * 1e6, row["seconds"] / args.runs / row["size"] * 1e9
            ratio = row["seconds"] / first["seconds"]
            agrees = abs(row["size"] - first["size"]) <= 5 * (row["error"] ** 2 + first["error"] ** 2) ** 0.5 + 1e-9
            print(f"  {engine:10} {per_run:10.1f} us a run {per_node:8.1f} ns a node on  {ratio:6.2f} x{'' if agrees else '  DISAGREES'}")


if __name__ == "__main__":
    main()
