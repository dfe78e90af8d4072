"""Scores over a Dask cluster: the same numbers, to the last bit, as on one machine.

Needs ``dask`` (``pip install human-security[dask]``), which is imported when it is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from human_security import _core
from human_security._face import face
from human_security.accumulator import ScoreAccumulator
from human_security.errors import ArgumentTypeError
from human_security.scoring import Score, settings_of

if TYPE_CHECKING:
    from human_security.scheme import DeprivationScheme

__all__ = ["score"]

_SCORE = _core.defaults("score")
# How many accumulators are merged at a time.
_FAN = 8


def _partial(settings: dict[str, Any], part: Any) -> bytes:
    """Score one partition."""
    accumulator = _core.ScoreAccumulator(settings)
    accumulator.update(part)
    return accumulator.to_bytes()


def _merged(parts: Sequence[bytes]) -> bytes:
    """Merge what partitions amount to, in their order."""
    first, *others = (_core.ScoreAccumulator.from_bytes(part) for part in parts)
    for other in others:
        first.merge(other)
    return first.to_bytes()


@face
def score(
    dask_dataframe: Any,
    scheme: DeprivationScheme | Mapping[str, Any],
    by: str | Sequence[str] = tuple(_SCORE["by"]),
    weight: str | None = _SCORE["weight"],
    size: str | None = _SCORE["size"],
    strata: str | None = _SCORE["strata"],
    cluster: str | None = _SCORE["cluster"],
    fpc: str | None = _SCORE["fpc"],
    lonely_psu: str = _SCORE["lonely_psu"],
    domain: str | None = _SCORE["domain"],
    min_n: int = _SCORE["min_n"],
    cutoffs: Sequence[float] | None = _SCORE["cutoffs"],
    weightings: Mapping[str, Mapping[str, float]] | None = _SCORE["weightings"],
    bounds: bool = _SCORE["bounds"],
    gaps: bool = _SCORE["gaps"],
    level: float = _SCORE["level"],
) -> Score:
    """Score the rows of a Dask data frame, each partition where it lies.

    Partitions become accumulators, merged in a tree that hangs on their positions alone; what is worked out twice,
    because a worker died, counts once. What travels is small, but it counts as microdata: keep it in your cluster.

    Parameters
    ----------
    dask_dataframe : dask.dataframe.DataFrame, or a list of delayed frames
        The rows.
    scheme, by, weight, size, strata, cluster, fpc, lonely_psu, domain, min_n : any
        As for `score`.
    cutoffs, weightings, bounds, gaps, level : any
        As for `human_security.score`.

    Returns
    -------
    Score
        That of `human_security.score` on all rows together, bit for bit.

    Raises
    ------
    NotFoundError, ArgumentError, UndefinedError
        As for `human_security.score`; what the columns show is refused before any work is sent.
    """
    from dask.base import compute
    from dask.delayed import delayed

    settings = settings_of(
        scheme,
        by,
        cutoffs,
        weightings,
        weight=weight,
        size=size,
        strata=strata,
        cluster=cluster,
        fpc=fpc,
        lonely_psu=lonely_psu,
        domain=domain,
        min_n=min_n,
        bounds=bounds,
        gaps=gaps,
        level=level,
    )
    accumulator = _core.ScoreAccumulator(settings)
    if hasattr(dask_dataframe, "to_delayed") and hasattr(dask_dataframe, "columns"):
        # The empty frame that tells its columns: refused here what would be refused by every worker.
        accumulator.update(dask_dataframe._meta)
        needed = _core.score_columns(settings)
        parts = dask_dataframe[needed].to_delayed()
    elif isinstance(dask_dataframe, (list, tuple)) and dask_dataframe:
        parts = list(dask_dataframe)
    else:
        found = type(dask_dataframe).__name__
        raise ArgumentTypeError(f"found `{found}`, wanted a Dask data frame or a list of delayed frames")
    partial, merged = delayed(_partial, pure=False), delayed(_merged, pure=False)
    made = [partial(settings, part) for part in parts]
    while len(made) > 1:
        made = [merged(made[at : at + _FAN]) for at in range(0, len(made), _FAN)]
    (whole,) = compute(made[0])  # type: ignore[no-untyped-call]
    return ScoreAccumulator.from_bytes(whole).finish()
