"""Rows scored as they come, on one machine or on many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from human_security import _core
from human_security._face import face
from human_security._progress import shown
from human_security.errors import ArgumentTypeError
from human_security.scheme import DeprivationScheme
from human_security.scoring import Score, as_data, settings_of

__all__ = ["ScoreAccumulator"]

_SCORE = _core.defaults("score")


class ScoreAccumulator:
    """Rows scored as they come, in memory that does not grow with them.

    What several have seen can be merged in any order and tree, with the same bits as from all rows at once. Its bytes,
    by `to_bytes` or pickle, count as microdata: they are for other machines of yours, not for publication.

    Parameters
    ----------
    scheme, by, weight, size, strata, cluster, fpc, lonely_psu, domain, min_n : any
        As for `score`.
    cutoffs, weightings, bounds, gaps, level : any
        As for `score`.

    Examples
    --------
    >>> import human_security as hs
    >>> scheme = hs.DeprivationScheme([hs.Deprivation("food_score", below=28)], cutoff=1)
    >>> acc, other = hs.ScoreAccumulator(scheme, min_n=0), hs.ScoreAccumulator(scheme, min_n=0)
    >>> acc.update({"food_score": [20.0, 35.0]})
    >>> other.update({"food_score": [25.0, 50.0]})
    >>> acc.merge(other)
    >>> acc.finish().table["H"]
    array([0.5])
    """

    __slots__ = ("_core",)

    @face
    def __init__(
        self,
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
    ) -> None:
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
        self._core = _core.ScoreAccumulator(settings)

    @property
    def settings(self) -> dict[str, Any]:
        """The settings, defaults written out."""
        return self._core.settings

    @property
    def rows(self) -> int:
        """Rows taken in so far."""
        return self._core.rows

    @face
    def update(self, data: Any, progress: bool | None = None) -> None:
        """Take in rows: all of them, or none where any is refused or Ctrl-C is pressed.

        Parameters
        ----------
        data : frame, mapping or path
            As for `score`.
        progress : bool, optional
            As for `score`.
        """
        with shown(progress, "score") as bar:
            self._core.update(as_data(data), bar)

    @face
    def merge(self, other: ScoreAccumulator) -> None:
        """Take in what another has seen; the other stays as it is.

        Parameters
        ----------
        other : ScoreAccumulator
            One with the same settings.
        """
        if not isinstance(other, ScoreAccumulator):
            raise ArgumentTypeError(f"`other`: found `{type(other).__name__}`, wanted a ScoreAccumulator")
        self._core.merge(other._core)

    def to_bytes(self) -> bytes:
        """Return everything it has seen as bytes, the same for the same rows; they count as microdata."""
        return self._core.to_bytes()

    @classmethod
    def from_bytes(cls, given: bytes, /) -> ScoreAccumulator:
        """Return the accumulator that bytes of `to_bytes` hold."""
        accumulator = cls.__new__(cls)
        accumulator._core = _core.ScoreAccumulator.from_bytes(given)
        return accumulator

    def finish(self) -> Score:
        """Return every measure of the rows taken in so far; more may be taken in after it."""
        return Score(self._core.finish())

    def __reduce__(self) -> tuple[Any, ...]:
        return (ScoreAccumulator.from_bytes, (self.to_bytes(),))

    def __repr__(self) -> str:
        return f"ScoreAccumulator({self.rows:,} rows)"
