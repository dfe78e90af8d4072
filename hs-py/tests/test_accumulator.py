"""Accumulators: any tree of merges, bytes and processes, and a Dask cluster that loses a worker, change no bit."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import human_security as hs
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_score import DESIGN, FRAME, SCHEME, WANTED, N, bits


def accumulator(*parts: Any) -> hs.ScoreAccumulator:
    made = hs.ScoreAccumulator(SCHEME, **DESIGN)
    for part in parts:
        made.update(part)
    return made


@settings(max_examples=10)
@given(st.data())
def test_any_tree_of_merges_gives_the_same_bits(data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, N - 1), max_size=6)))
    parts = [accumulator(FRAME[a:b]) for a, b in zip([0, *cuts], [*cuts, N], strict=True)]
    while len(parts) > 1:
        first = parts.pop(data.draw(st.integers(0, len(parts) - 1)))
        second = parts.pop(data.draw(st.integers(0, len(parts) - 1)))
        if data.draw(st.booleans()):
            second = hs.ScoreAccumulator.from_bytes(second.to_bytes())
        first.merge(second)
        parts.append(first)
    assert parts[0].rows == N
    assert bits(parts[0].finish()) == bits(WANTED)


def test_it_takes_any_kind_of_data_and_goes_on_after_it_was_asked() -> None:
    made = accumulator(FRAME[:200], FRAME[200:500].to_arrow(), FRAME[500:700].to_pandas())
    before = bits(made.finish())
    assert bits(made.finish()) == before
    made.update(FRAME[700:].to_dict(as_series=False))
    assert bits(made.finish()) == bits(WANTED)
    assert made.settings["by"] == DESIGN["by"]


def test_it_travels_by_pickle() -> None:
    made = pickle.loads(pickle.dumps(accumulator(FRAME)))
    assert bits(made.finish()) == bits(WANTED)
    assert made.to_bytes() == accumulator(FRAME).to_bytes()


def test_a_refused_update_leaves_it_as_it_was() -> None:
    made = accumulator(FRAME)

    def parts() -> Any:
        yield FRAME
        raise OSError("the network is gone")

    with pytest.raises(hs.HumanSecurityError):
        made.update(FRAME.with_columns(wt=pl.lit(-1.0)))
    with pytest.raises(OSError, match="the network is gone"):
        made.update(parts())
    assert made.rows == N
    assert bits(made.finish()) == bits(WANTED)


def test_what_does_not_fit_is_refused() -> None:
    made = accumulator(FRAME)
    with pytest.raises(hs.ArgumentError, match="different settings"):
        made.merge(hs.ScoreAccumulator(SCHEME))
    with pytest.raises(TypeError, match="wanted a ScoreAccumulator"):
        made.merge("other")  # type: ignore[arg-type]
    with pytest.raises(hs.UndefinedError, match="no rows"):
        hs.ScoreAccumulator(SCHEME).finish()
    whole = made.to_bytes()
    for broken in (b"", b"x" * 100, whole[:-1], whole[: len(whole) // 2], whole + b"x"):
        with pytest.raises(hs.HumanSecurityError) as caught:
            hs.ScoreAccumulator.from_bytes(broken)
        assert not isinstance(caught.value, hs.InternalError)


def test_merging_with_itself_counts_twice() -> None:
    made = accumulator(FRAME)
    made.merge(made)
    assert made.rows == 2 * N


def test_dask_says_what_it_wants() -> None:
    dd = pytest.importorskip("dask.dataframe")
    with pytest.raises(TypeError, match="wanted a Dask data frame"):
        hs.dask.score(FRAME, SCHEME)
    frame = dd.from_pandas(FRAME.to_pandas(), npartitions=2)
    with pytest.raises(hs.NotFoundError, match="did you mean `wt`"):
        hs.dask.score(frame, SCHEME, weight="wtt")


CLUSTER = """
import os, signal, sys, threading, time
import human_security as hs, polars as pl

def slow(path):
    time.sleep(0.25)
    return pl.read_parquet(path)

if __name__ == "__main__":
    import dask, dask.dataframe as dd
    from dask.distributed import Client, LocalCluster
    sys.path.insert(0, {tests!r})
    from test_score import DESIGN, FRAME, SCHEME, WANTED, bits
    dask.config.set({{"distributed.comm.timeouts.connect": "30s"}})
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        with Client(cluster):
            frame = dd.from_pandas(FRAME.to_pandas().astype({{"safe": "boolean"}}), npartitions=7)
            assert bits(hs.dask.score(frame, SCHEME, **DESIGN)) == bits(WANTED)
            print("same", flush=True)

            paths = []
            for at in range(20):
                path = os.path.join({folder!r}, f"{{at:02}}.parquet")
                FRAME[40 * at : 40 * at + 40].write_parquet(path)
                paths.append(path)
            victim = next(iter(cluster.workers.values())).pid
            threading.Timer(1.0, os.kill, (victim, signal.SIGKILL)).start()
            found = hs.dask.score([dask.delayed(slow)(path) for path in paths], SCHEME, **DESIGN)
            assert bits(found) == bits(WANTED)
            try:
                os.kill(victim, 0)
                alive = open(f"/proc/{{victim}}/stat").read().split()[2] != "Z"
            except (ProcessLookupError, FileNotFoundError):
                alive = False
            assert not alive
            print("survived", flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="kills a process by its number")
def test_a_real_cluster_gives_the_same_bits_even_when_a_worker_is_killed(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    script = tmp_path / "cluster.py"
    script.write_text(CLUSTER.format(tests=str(Path(__file__).parent), folder=str(tmp_path)))
    child = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=300, check=False)
    assert child.stdout.split() == ["same", "survived"], child.stderr[-3000:]


def test_threads_share_an_accumulator() -> None:
    made = hs.ScoreAccumulator(SCHEME, **DESIGN)
    workers = [threading.Thread(target=made.update, args=(FRAME[at : at + 100],)) for at in range(0, N, 100)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert bits(made.finish()) == bits(WANTED)
