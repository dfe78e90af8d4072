"""Questions about how a network is built: who drives it, what loops in it, which paths and clusters it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from human_security import _core
from human_security._events import events_of
from human_security._face import by_position, face, given
from human_security.models import Model, PerNode, as_model
from human_security.result import Result

if TYPE_CHECKING:
    from human_security._face import ByNode, Numbers

__all__ = ["Structure"]

_INFLUENCE = _core.defaults("influence")
_ROLES = _core.defaults("roles")
_LOOPS = _core.defaults("loops")
_CHAINS = _core.defaults("chains")
_CLUSTERS = _core.defaults("clusters")
_DIFFUSION = _core.defaults("impact-diffusion")
_RENEWAL = _core.defaults("renewal-rates")
_ATTRIBUTION = _core.defaults("attribution")
_BLOCKS = _core.defaults("blocks")


class Structure:
    """The questions themselves: methods of `DominoNetwork`."""

    __slots__ = ()
    _core: _core.Network

    @face
    def influence(self, order: int = _INFLUENCE["order"], damping: float = _INFLUENCE["damping"]) -> Result:
        """Tell how much each node pushes the others, directly and at second hand.

        Weights are taken as they are, with their signs and on any scale; what comes back to the node itself counts too.

        Parameters
        ----------
        order : int
            Links of the longest walk that counts: 1 for direct influence alone.
        damping : float
            What each further link multiplies by, 0 to 1.

        Returns
        -------
        Result
            Table: node, direct, total, rank.

        References
        ----------
        Weitz, N. et al. (2018). Towards systemic and contextual priority setting for implementing the 2030 Agenda.

        Examples
        --------
        >>> import human_security as hs
        >>> n = hs.DominoNetwork.from_edges([0, 1], [1, 2], [2.0, -1.0], names=["a", "b", "c"])
        >>> n.influence()["total"]
        array([ 1., -1.,  0.])
        """
        return Result(self._core.analyse("influence", given(order=order, damping=damping)))

    @face
    def roles(self, power: int = _ROLES["power"], cut: str = _ROLES["cut"]) -> Result:
        """Tell which nodes drive the system and which depend on it, directly and indirectly (MICMAC).

        A map with signs is read on magnitudes. Where no walk of that length exists the indirect shares are None.

        Parameters
        ----------
        power : int
            Links of the walks that make the indirect shares.
        cut : {"mean", "half"}
            Where low shares end and high ones begin: the mean share 1/n, or half the n links of weight 1 that a node
            could have.

        Returns
        -------
        Result
            Table: node, driving, dependence, driving_indirect, dependence_indirect, role ("driver", "linkage",
            "dependent", "autonomous"), role_indirect.

        References
        ----------
        Godet, M. (1994). *From Anticipation to Action*.
        """
        return Result(self._core.analyse("roles", given(power=power, cut=cut)))

    @face
    def indices(self) -> Result:
        """Tell what kind of map this is, and which node plays which part in it.

        Returns
        -------
        Result
            Table: node, in_degree, out_degree, centrality, kind ("transmitter", "receiver", "ordinary", "isolated").
            ``.density``, ``.complexity`` (receivers over transmitters), ``.connections``, ``.transmitters``,
            ``.receivers``.

        References
        ----------
        Özesmi, U. & Özesmi, S. L. (2004). Ecological models based on people's knowledge: a multi-step fuzzy cognitive
        mapping approach.
        """
        return Result(self._core.analyse("indices", {}))

    @face
    def loops(self, max_length: int = _LOOPS["max_length"], limit: int = _LOOPS["limit"]) -> Result:
        """Find every loop up to a length, with its sign, its gain and how long it takes to come round.

        A loop with an odd number of dampening links balances, any other reinforces. A link without a number counts: the
        sign of its loops is known, their gain is not.

        Parameters
        ----------
        max_length : int
            Links of the longest loop.
        limit : int
            Loops at the most; past it the search ends, and ``.truncated`` says so.

        Returns
        -------
        Result
            Table, by gain from the greatest: nodes (list), length, sign ("reinforcing" or "balancing"), gain, lag.
            ``.count``, ``.truncated``, ``.reinforcing``, ``.balancing``.

        References
        ----------
        Johnson, D. B. (1975). Finding all the elementary circuits of a directed graph.

        Examples
        --------
        >>> import human_security as hs
        >>> n = hs.DominoNetwork.from_edges([0, 1, 1], [1, 0, 2], [0.5, -0.5, 0.2], names=["war", "flight", "hunger"])
        >>> n.loops().table.rows()[0]["sign"]
        'balancing'
        """
        return Result(self._core.analyse("loops", given(max_length=max_length, limit=limit)))

    @face
    def chains(
        self,
        source: str,
        target: str,
        k: int = _CHAINS["k"],
        max_length: int | None = _CHAINS["max_length"],
        limit: int = _CHAINS["limit"],
    ) -> Result:
        """Find the pathways by which one threat reaches another: the k that carry most, from the strongest.

        No node comes twice. With weights to 1 the best k are found for any length; where weights pass 1 and there are
        loops, the search is bounded, and says so.

        Parameters
        ----------
        source, target : str
            Names of nodes, or ids of threats for any of their nodes.
        k : int
            How many.
        max_length : int, optional
            Links of the longest; any length where not given.
        limit : int
            Links tried at the most where weights pass 1; past it ``.truncated`` says so.

        Returns
        -------
        Result
            Table: nodes (list), length, sign ("feeds" or "dampens"), gain, lag, product. ``.count``, ``.truncated``.

        References
        ----------
        Yen, J. Y. (1971). Finding the k shortest loopless paths in a network.

        Examples
        --------
        >>> import human_security as hs
        >>> n = hs.DominoNetwork.from_edges([0, 1], [1, 2], [0.5, -0.5], names=["drought", "hunger", "trade"])
        >>> n.chains("drought", "trade")["gain"]
        array([0.25])
        """
        settings = given(source=source, target=target, k=k, max_length=max_length, limit=limit)
        return Result(self._core.analyse("chains", settings))

    @face
    def clusters(
        self,
        seed: int = _CLUSTERS["seed"],
        resolution: float = _CLUSTERS["resolution"],
        runs: int = _CLUSTERS["runs"],
    ) -> Result:
        """Tell which threats belong together, whatever the direction or sign of their links.

        Parameters
        ----------
        seed : int
            Seed of the orders in which nodes are tried.
        resolution : float
            Above 1 for smaller clusters, below for greater.
        runs : int
            Orders that are tried: the best division is given, and how far the others agree with it.

        Returns
        -------
        Result
            Table: node, cluster (from 0, the greatest first), stability. ``.modularity``; ``.facts["clusters"]`` counts
            them.

        References
        ----------
        Traag, V. A., Waltman, L. & van Eck, N. J. (2019). From Louvain to Leiden.
        """
        settings = given(seed=seed, resolution=resolution, runs=runs)
        return Result(self._core.analyse("clusters", settings))

    @face
    def attribution(
        self,
        node: str,
        model: Model | Mapping[str, Any] | None = None,
        base: Numbers | ByNode | None = None,
        exact: int = _ATTRIBUTION["exact"],
        samples: int = _ATTRIBUTION["samples"],
        seed: int = _ATTRIBUTION["seed"],
        shapley: bool = _ATTRIBUTION["shapley"],
        tolerance: float = _ATTRIBUTION["tolerance"],
        max_steps: int = _ATTRIBUTION["max_steps"],
        anchoring: Mapping[str, Any] | None = None,
    ) -> Result:
        """Tell how much of a node's level each upstream source explains.

        A source is a node with an exogenous part. The values of all sources, the node's own among them, sum to the
        level; one that dampens is negative. Exact under `Linear`, Shapley values otherwise.

        Parameters
        ----------
        node : str
            Name of the node, or id of a threat for the mean over its nodes.
        model : Model, optional
            `NoisyOr` where not given.
        base : array_like of shape (n,) or dict, optional
            Exogenous part of the nodes; needed on bare arrays, solved for from an assessment.
        exact : int
            Most sources for which all coalitions are valued, to 20.
        samples : int
            Orders that are drawn beyond.
        seed : int
            Seed of the orders.
        shapley : bool
            Whether a linear model too is told by Shapley values.
        tolerance : float
            Greatest change at which a run has settled.
        max_steps : int
            Steps of a run at the most.
        anchoring : dict, optional
            How a network from an assessment is anchored.

        Returns
        -------
        Result
            Table: from, share, value, standard_error. ``.level``, ``.baseline``, ``.explained``, ``.method``.

        References
        ----------
        Shapley, L. S. (1953). A value for n-person games.

        Examples
        --------
        >>> import human_security as hs
        >>> n = hs.DominoNetwork.from_edges([0, 1], [2, 2], [0.5, 0.25], names=["drought", "war", "hunger"])
        >>> n.attribution("hunger", hs.Linear(), base={"drought": 0.4, "war": 0.4})["value"]
        array([0.2, 0.1])
        """
        settings = given(
            node=node,
            model=as_model(model),
            base=by_position(base),
            exact=exact,
            samples=samples,
            seed=seed,
            shapley=shapley,
            tolerance=tolerance,
            max_steps=max_steps,
            anchoring=anchoring,
        )
        return Result(self._core.analyse("attribution", settings))

    @face
    def blocks(
        self,
        by: str = _BLOCKS["by"],
        of: str = _BLOCKS["of"],
        level: str | None = None,
        normalise: str = _BLOCKS["normalise"],
        alpha: float = _BLOCKS["alpha"],
        damping: float = _BLOCKS["damping"],
    ) -> Result:
        """Tell which components, places or threats feed which, and which border exports what.

        What feeds and what dampens is kept apart and never netted. A pair without any link makes no claim, which is not
        the same as 0: its numbers are missing.

        Parameters
        ----------
        by : {"component", "place", "threat"}
            What makes a block; components are always all seven.
        of : {"links", "effects"}
            Whether the weights of links are added up, or total effects by every path.
        level : {"local", "district", "national", "regional", "global"}, optional
            By place: the level on which places are put together.
        normalise : {"max-row-column", "max-row", "spectral"}
            Effects: what the weights are divided by.
        alpha : float
            Effects: the radius that the spectral divisor leaves.
        damping : float
            Effects: multiplies every normalised weight.

        Returns
        -------
        Result
            Table: from, to, links, positive, negative, mean, mean_positive, mean_negative, numbered; by place also
            crosses, and the tables ``borders`` and ``exports``. ``.matrix`` (sums of magnitudes), ``.positive``,
            ``.negative``: row = from, column = to, NaN without a claim. ``.facts["blocks"]`` names rows and columns.

        References
        ----------
        White, H. C., Boorman, S. A. & Breiger, R. L. (1976). Social structure from multiple networks.
        """
        settings = given(by=by, of=of, level=level, normalise=normalise, alpha=alpha, damping=damping)
        return Result(self._core.analyse("blocks", settings))

    @face
    def impact_diffusion(
        self,
        buffer: PerNode | None = None,
        binary: bool = _DIFFUSION["binary"],
        weights: PerNode | None = None,
    ) -> Result:
        """Tell how far the fall of one node can travel, and who spreads it.

        Parameters
        ----------
        buffer : float, array_like or dict, optional
            What weights into each node are divided by; weights are shares of it already where not given.
        binary : bool
            Whether only falls that bring the receiver down count, 1 each.
        weights : float, array_like or dict, optional
            What each node is worth; where not given nodes count alike, and sums are divided by those of direct impacts.

        Returns
        -------
        Result
            Table: node, susceptibility, diffusion_start, diffusion_intermediate, diffusion_total. ``.fluidity``;
            ``.impact`` and ``.communicability``: row = from, column = to.

        References
        ----------
        Silva, T. C., Souza, S. R. S. & Tabak, B. M. (2015). Monitoring vulnerability and impact diffusion in financial
        networks.
        """
        settings = given(buffer=by_position(buffer), binary=binary, weights=by_position(weights))
        return Result(self._core.analyse("impact_diffusion", settings))

    @face
    def renewal_rates(
        self,
        events: Any,
        horizon: float | None = None,
        first: float = _RENEWAL["first"],
        step: float = _RENEWAL["step"],
        rates: str = _RENEWAL["rates"],
        level: float = _RENEWAL["level"],
    ) -> Result:
        """Tell how fast threats begin, spread and end, judging by what happened: the rates of `AlternatingRenewal`.

        What is not among the events did not happen: a history with gaps gives rates that are too low.

        Parameters
        ----------
        events : list of dict, list of tuple, data frame or mapping
            What was on from when to when: ``node`` (name or position), ``start``, ``end``; an end that is missing was
            not seen before the window closed.
        horizon : float, optional
            When the window that was watched closes; with the latest event where not given.
        first : float
            When it opens.
        step : float
            Length Δt of a step.
        rates : {"common", "per-node"}
            Whether all nodes share their rates, or each has its own internal and recovery rate.
        level : float
            Share of repetitions whose interval holds the rate.

        Returns
        -------
        Result
            Table: parameter ("internal", "external", "recovery"), node, rate, standard_error, lower, upper, events,
            exposure. ``.fit`` and ``.nodes``: expected and observed turns; ``.log_likelihood``, ``.chi_squared``,
            ``.p_value``.

        References
        ----------
        Szymanski, B. K. et al. (2015). Failure dynamics of the global risk network.
        Lin, X. et al. (2017). Limits of risk predictability in a cascading alternating renewal process model.

        Examples
        --------
        >>> import human_security as hs
        >>> n = hs.DominoNetwork.from_edges([], [], [], names=["drought"])
        >>> n.renewal_rates([("drought", 4, 6)], horizon=10)["events"].tolist()
        [1.0, 0.0, 1.0]
        """
        settings = given(horizon=horizon, first=first, step=step, rates=rates, level=level)
        settings["events"] = events_of(events)
        return Result(self._core.analyse("renewal_rates", settings))
