"""Loops up to a length beside igraph and networkx: the same network, the same count, one run.

    python benches/compare/loops.py [--nodes 200] [--links 2000] [--length 6] [--repeats 5] [--threads 1,2] [--engines ours,igraph,networkx]

`ours` gives each loop its nodes, sign, gain and lag, and lists all by gain; the peers give nodes alone. Times are medians of calls from Python on a network that is
made already, the list of loops in hand; `ours` is timed to the result, and to the result with its table read. Processor time counts all threads and no other work
on the machine. igraph takes `mode=1` ("out"; the
word raises a TypeError in 1.0.0). The network is that of `benches/benches/structure.rs`. Install what is to be compared: igraph, networkx.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

NEEDS = {"ours": "human_security", "igraph": "igraph", "networkx": "networkx"}
Links = list[tuple[int, int, float]]


def network(nodes: int, links: int) -> Links:
    """Different links between different nodes, weights of 0.01 to 1.00, every fourth of which dampens."""
    state = 1

    def random(below: int) -> int:
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 33) % below

    seen: set[tuple[int, int]] = set()
    found: Links = []
    while len(seen) < links:
        link = (random(nodes), random(nodes))
        if link[0] != link[1] and link not in seen:
            seen.add(link)
            size = (1 + random(100)) / 100
            found.append((*link, -size if random(4) == 0 else size))
    return found


def ours(nodes: int, links: Links, length: int) -> dict[str, Callable[[], int]]:
    """The library."""
    import human_security as hs

    source, target, weight = zip(*links)
    n = hs.DominoNetwork.from_edges(source, target, weight, nodes=nodes)

    def read() -> int:
        return len(n.loops(max_length=length).table)

    return {"ours": lambda: n.loops(max_length=length).count, "ours, table read": read}


def igraph(nodes: int, links: Links, length: int) -> dict[str, Callable[[], int]]:
    """igraph, without signs and gains."""
    import igraph as ig

    graph = ig.Graph(n=nodes, edges=[link[:2] for link in links], directed=True)
    return {"igraph": lambda: len(graph.simple_cycles(mode=1, max=length))}


def networkx(nodes: int, links: Links, length: int) -> dict[str, Callable[[], int]]:
    """networkx, without signs and gains."""
    import networkx as nx

    graph = nx.DiGraph([link[:2] for link in links])
    return {"networkx": lambda: sum(1 for _ in nx.simple_cycles(graph, length_bound=length))}


def measure(engine: str, nodes: int, links: int, length: int, repeats: int) -> None:
    """Prints count, median time and median processor time of each of an engine's works."""
    for name, work in globals()[engine](nodes, network(nodes, links), length).items():
        times, processor = [], []
        for _ in range(repeats):
            start, busy = time.perf_counter(), time.process_time()
            count = work()
            times.append(time.perf_counter() - start)
            processor.append(time.process_time() - busy)
        print(f"{name}\t{count}\t{statistics.median(times)}\t{statistics.median(processor)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=200)
    parser.add_argument("--links", type=int, default=2000)
    parser.add_argument("--length", type=int, default=6)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--engines", default="ours,igraph,networkx")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        measure(arguments.one, arguments.nodes, arguments.links, arguments.length, arguments.repeats)
        return
    rows: list[tuple[str, int, float, float]] = []
    for engine in arguments.engines.split(","):
        if importlib.util.find_spec(NEEDS[engine]) is None:
            print(f"{engine}: not installed, left out")
            continue
        # the peers have one thread
        for threads in arguments.threads.split(",") if engine == "ours" else ["1"]:
            shared = [f"--{name}={getattr(arguments, name)}" for name in ("nodes", "links", "length", "repeats")]
            environment = {**os.environ, "RAYON_NUM_THREADS": threads}
            command = [sys.executable, __file__, "--one", engine, *shared]
            out = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
            for line in out.splitlines():
                name, count, median, busy = line.split("\t")
                label = f"{name}, {threads} thread{'s' if threads != '1' else ''}" if engine == "ours" else name
                rows.append((label, int(count), float(median), float(busy)))
    counts = {count for _, count, _, _ in rows}
    print(f"{arguments.nodes} nodes, {arguments.links} links, loops to {arguments.length}: {sorted(counts)} loops{'' if len(counts) < 2 else ' - they differ!'}")
    peers = [median for label, _, median, _ in rows if not label.startswith("ours")]
    for label, _, median, busy in rows:
        ratio = f"{min(peers) / median:6.1f} x the best peer" if peers and label.startswith("ours") else ""
        print(f"{label:32} median {median * 1e3:9.1f} ms  processor {busy * 1e3:9.1f} ms  {ratio}")


if __name__ == "__main__":
    main()
