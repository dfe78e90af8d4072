"""Questions about how a network is built: who drives it, what loops in it, which paths and clusters it has."""

from __future__ import annotations

from human_security import _core
from human_security._face import face, given
from human_security.result import Result

__all__ = ["Structure"]

_INFLUENCE = _core.defaults("influence")
_ROLES = _core.defaults("roles")


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
