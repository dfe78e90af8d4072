"""Several maps together: experts, stakeholders, contexts."""

from __future__ import annotations

from collections.abc import Iterable

from human_security import _core
from human_security._face import face, given
from human_security.assessment import Assessment
from human_security.errors import ArgumentTypeError
from human_security.network import DominoNetwork
from human_security.result import Result

__all__ = ["expert_root_causes"]

_EXPERTS = _core.defaults("expert-root-causes")


def _networks(maps: Iterable[DominoNetwork | Assessment], what: str) -> list[_core.Network]:
    """Return what the core keeps of networks; an assessment stands for its own."""
    found = []
    for at, one in enumerate(_several(maps, what)):
        if isinstance(one, Assessment):
            found.append(one.network()._core)
        elif isinstance(one, DominoNetwork):
            found.append(one._core)
        else:
            raise ArgumentTypeError(f"`{what}`[{at}]: found `{type(one).__name__}`, wanted a network or an assessment")
    return found


def _several(maps: Iterable[DominoNetwork | Assessment], what: str) -> list[DominoNetwork | Assessment]:
    """Return maps as a list; one alone is no list of maps."""
    if isinstance(maps, (DominoNetwork, Assessment, str)) or not isinstance(maps, Iterable):
        raise ArgumentTypeError(f"`{what}`: found `{type(maps).__name__}`, wanted a list of networks or assessments")
    return list(maps)


@face
def expert_root_causes(
    networks: Iterable[DominoNetwork | Assessment],
    normalise: str = _EXPERTS["normalise"],
    alpha: float = _EXPERTS["alpha"],
    damping: float = _EXPERTS["damping"],
    bootstrap: int = _EXPERTS["bootstrap"],
    seed: int = _EXPERTS["seed"],
    level: float = _EXPERTS["level"],
) -> Result:
    """Tell which threats lie upstream of most, by the mean of several experts' maps, and how far ranks hang on them.

    Parameters
    ----------
    networks : list of DominoNetwork or Assessment
        One an expert, aligned by the names of nodes; a link that an expert does not draw counts as 0 in the mean.
    normalise : {"max-row-column", "max-row", "spectral"}
        What the weights are divided by, taken on their magnitudes.
    alpha : float
        The radius that the spectral divisor leaves.
    damping : float
        Multiplies every normalised weight; 1 leaves them.
    bootstrap : int
        Draws of experts, with replacement; 0 leaves rank intervals out.
    seed : int
        Seed of the draws.
    level : float
        Share of the draws that an interval holds.

    Returns
    -------
    Result
        Table: node, given, received, prominence, relation, rank, rank_lower, rank_upper, cause_share, experts.
        ``.experts``, ``.scale``, ``.spectral_radius``, ``.draws``.

    References
    ----------
    Gabus, A. & Fontela, E. (1972). *World problems, an invitation to further thought within the framework of DEMATEL*.
    Efron, B. (1979). Bootstrap methods: another look at the jackknife.
    """
    settings = given(normalise=normalise, alpha=alpha, damping=damping, bootstrap=bootstrap, seed=seed, level=level)
    return Result(_core.expert_root_causes(settings, _networks(networks, "networks")))
