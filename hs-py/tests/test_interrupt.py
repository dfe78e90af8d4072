"""Long work gives way: other threads run, Ctrl-C stops it, and nothing is left broken."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import human_security as hs
import numpy as np
import pytest

# A map that never settles: strong random weights make tanh chaotic.
CHAOS = """
import numpy as np, human_security as hs
rng = np.random.default_rng(1)
n = 400
source, target = np.repeat(np.arange(n), n), np.tile(np.arange(n), n)
network = hs.DominoNetwork.from_edges(source, target, rng.normal(size=n * n))
model = hs.FuzzyCognitiveMap(rule="kosko", transfer="tanh", steepness=5.0)
start = rng.normal(size=n)
def run(steps):
    return network.propagate(model, start=start, max_steps=steps, tolerance=0.0)
"""

CHILD = """
import sys, time
print("ready", flush=True)
try:
    {long}
except KeyboardInterrupt:
    print("waited", time.monotonic() - float(sys.stdin.readline()), flush=True)
assert {short}
print("usable", flush=True)
"""

# Thousands of threats that all feed each other: reading them takes seconds.
LARGE = """
import human_security as hs
n = 120_000
threats = [{"id": f"t{i}", "name": "T", "component": "food"} for i in range(n)]
linkages = [{"id": f"l{i}", "from": f"t{i}", "to": f"t{(i * 7 + 1) % n}", "effect": "feeds"} for i in range(n)]
document = {"schema": "human-security/1", "id": "a", "title": "A", "threats": threats, "linkages": linkages}
"""

# Millions of rows, in a file and in arrays.
PEOPLE = """
import numpy as np, human_security as hs, pyarrow as pa, pyarrow.parquet as pq, tempfile, os
rng = np.random.default_rng(0)
columns = {{f"x{{i}}": rng.normal(size=4_000_000) for i in range(3)}}
scheme = hs.DeprivationScheme([hs.Deprivation(name, below=0.0) for name in columns], cutoff=0.5)
data = columns
if {file}:
    data = os.path.join(tempfile.mkdtemp(), "people.parquet")
    pq.write_table(pa.table(columns), data, compression="zstd")
few = hs.score({{name: column[:100] for name, column in columns.items()}}, scheme).table["H"]
"""


LONG = {
    "a run": CHAOS + CHILD.format(long="run(10**9)", short="run(3).iterations == 3"),
    "reading": LARGE
    + CHILD.format(long="[hs.load(document) for _ in range(99)]", short="hs.examples.load('ituri').id == 'ituri'"),
    "scoring a file": PEOPLE.format(file=True)
    + CHILD.format(long="[hs.score(data, scheme) for _ in range(99)]", short="few[0] > 0"),
    "scoring arrays": PEOPLE.format(file=False)
    + CHILD.format(
        long="[hs.score(data, scheme) for _ in range(99)]",
        short="hs.score({n: c[:100] for n, c in columns.items()}, scheme).table['H'][0] == few[0]",
    ),
}


@pytest.mark.parametrize("work", LONG)
def test_ctrl_c_stops_within_a_tenth_of_a_second(work: str) -> None:
    waits = []
    for _ in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", LONG[work]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            time.sleep(0.3)
            pressed = time.monotonic()
            os.kill(child.pid, signal.SIGINT)
            out, err = child.communicate(f"{pressed}\n", timeout=30)
        finally:
            child.kill()
        assert "usable" in out, err
        waits.append(float(out.split()[1]))
    # A busy machine may be late once; the promise is that it can be kept.
    assert min(waits) < 0.1, waits


def test_the_lock_is_released() -> None:
    scope: dict[str, object] = {}
    exec(CHAOS, scope)
    run = scope["run"]
    assert callable(run)
    steps = 50
    while True:
        began = time.perf_counter()
        run(steps)
        if time.perf_counter() - began > 0.4:
            break
        steps *= 2
    beats = 0
    done = threading.Event()

    def work() -> None:
        run(steps)
        done.set()

    worker = threading.Thread(target=work)
    worker.start()
    while not done.is_set():
        time.sleep(0.005)
        beats += 1
    worker.join()
    assert beats >= 10


def test_threads_share_a_network() -> None:
    n = hs.DominoNetwork.from_edges(np.arange(99), np.arange(1, 100), np.full(99, 0.9))
    wanted = n.propagate(base={0: 1.0}).state
    found: list[bool] = []
    threads = [
        threading.Thread(target=lambda: found.append(np.array_equal(n.propagate(base={0: 1.0}).state, wanted)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 8


def test_small_runs_do_not_wait() -> None:
    n = hs.DominoNetwork.from_edges([0, 1], [1, 2], [0.5, 0.5])
    n.total_effects()
    began = time.perf_counter()
    for _ in range(50):
        n.propagate(base={0: 0.5})
        n.total_effects()
    assert time.perf_counter() - began < 1.0


def test_import_is_quick_and_needs_numpy_alone() -> None:
    code = (
        "import sys, human_security; "
        "print(sorted(m for m in ('pandas', 'polars', 'pyarrow', 'scipy', 'networkx') if m in sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_can_work() -> None:
    n = hs.DominoNetwork.from_edges([0], [1], [0.5])
    child = os.fork()
    if child == 0:
        os._exit(0 if n.total_effects().matrix[0, 1] == 1.0 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
