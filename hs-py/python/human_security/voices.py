"""Several maps together: experts, stakeholders, contexts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from human_security import _core
from human_security._face import face, given
from human_security.assessment import Assessment
from human_security.errors import ArgumentTypeError
from human_security.network import DominoNetwork
from human_security.result import Result

__all__ = ["compare_maps", "expert_root_causes", "pool_linkages"]

_EXPERTS = _core.defaults("expert-root-causes")
_POOL = _core.defaults("pool-linkages")
_COMPARE = _core.defaults("compare-maps")


def _networks(maps: Iterable[DominoNetwork | Assessment], what: str) -> list[_core.Network]:
    """Return what the core keeps of networks; an assessment stands for its own."""
    several = _several(maps, what)
    return [one.network()._core if isinstance(one, Assessment) else one._core for one in several]


def _maps(maps: Iterable[DominoNetwork | Assessment], what: str) -> tuple[list[_core.Network], list[_core.Assessment]]:
    """Return what the core keeps of networks or of assessments, whichever they all are."""
    several = _several(maps, what)
    networks = [one._core for one in several if isinstance(one, DominoNetwork)]
    assessments = [one._core for one in several if isinstance(one, Assessment)]
    if networks and assessments:
        raise ArgumentTypeError(f"`{what}`: found networks and assessments, wanted one kind: `a.network()` makes one")
    return networks, assessments


def _several(maps: Iterable[DominoNetwork | Assessment], what: str) -> list[DominoNetwork | Assessment]:
    """Return maps as a list; one alone is no list of maps."""
    if isinstance(maps, (DominoNetwork, Assessment, str)) or not isinstance(maps, Iterable):
        raise ArgumentTypeError(f"`{what}`: found `{type(maps).__name__}`, wanted a list of networks or assessments")
    several = list(maps)
    for at, one in enumerate(several):
        if not isinstance(one, (DominoNetwork, Assessment)):
            raise ArgumentTypeError(f"`{what}`[{at}]: found `{type(one).__name__}`, wanted a network or an assessment")
    return several


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


@face
def pool_linkages(
    maps: Iterable[DominoNetwork | Assessment],
    confidence: Sequence[float] | None = None,
    names: Sequence[str] | None = None,
    estimator: str = _POOL["estimator"],
    disputed: str = _POOL["disputed"],
    level: float = _POOL["level"],
) -> Result:
    """Tell what several maps say together of each link.

    Statements of one link with equal lag are averaged, never summed. Where they disagree on the sign they are not
    averaged: the link is disputed. A link without a number is passed over where others have one, and never counts as 0.

    Parameters
    ----------
    maps : list of DominoNetwork or list of Assessment
        Networks are pooled by the names of their nodes, assessments by the ids of their threats.
    confidence : list of float, optional
        How sure each map is, 0 or above; multiplied with the confidence of its statements.
    names : list of str, optional
        Names of the maps.
    estimator : {"paule-mandel", "dersimonian-laird", "reml"}
        How the variance between statements is found, where every one has a range.
    disputed : {"majority", "both"}
        What becomes of a link on whose sign statements disagree.
    level : float
        Level of the intervals.

    Returns
    -------
    Result
        Table: from, to, weight, lag, effect, low, high, n, maps, conflict, method, mean, standard_error, lower, upper,
        tau_squared, i_squared, q, reach, confidence, passed_over. ``.disputed``: the links with two signs, and who
        says which.

    References
    ----------
    Paule, R. C. & Mandel, J. (1982). Consensus values and weighting factors.
    Hartung, J. & Knapp, G. (2001). On tests of the overall treatment effect in meta-analysis.

    Examples
    --------
    >>> import human_security as hs
    >>> says = [hs.DominoNetwork.from_edges([0], [1], [w], names=["drought", "hunger"]) for w in (0.8, 0.4)]
    >>> hs.pool_linkages(says, confidence=[3, 1])["weight"]
    array([0.7])
    """
    settings = given(confidence=confidence, names=names, estimator=estimator, disputed=disputed, level=level)
    return Result(_core.pool_linkages(settings, *_maps(maps, "maps")))


@face
def compare_maps(
    maps: Iterable[DominoNetwork | Assessment],
    names: Sequence[str] | None = None,
    by: str | None = _COMPARE["by"],
    groups: Mapping[str, str] | None = None,
    lags: bool = _COMPARE["lags"],
) -> Result:
    """Tell where maps agree, and which links are disputed.

    A link that a map does not draw is silence, not a weight of 0.

    Parameters
    ----------
    maps : list of DominoNetwork or list of Assessment
        Compared by the names of nodes or the ids of threats.
    names : list of str, optional
        Names of the maps.
    by : {"map", "stakeholder"}, optional
        Of assessments: whether each is a map, or each stakeholder of their linkages; where not given, each assessment
        if there are several, else each stakeholder.
    groups : dict, optional
        Group of each map by its name: maps of one group are pooled before they are compared.
    lags : bool
        Whether the same link with another lag is another link.

    Returns
    -------
    Result
        Table, one row a pair: first, second, jaccard, sign_agreement, conflicts, correlation, distance,
        normalised_distance, shared, links_first, links_second, shared_nodes, node_edits, link_edits. ``.disputed``:
        from, to, lag, dispute, feeds, dampens, silent. Arrays ``jaccard`` and ``distance``, map by map.

    References
    ----------
    Gray, S. A. et al. (2014). Fuzzy cognitive mapping: current knowledge in the field of environmental management.
    Sanfeliu, A. & Fu, K.-S. (1983). A distance measure between attributed relational graphs.
    """
    settings = given(names=names, by=by, groups=groups, lags=lags)
    return Result(_core.compare_maps(settings, *_maps(maps, "maps")))
