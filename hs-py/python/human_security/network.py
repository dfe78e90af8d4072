"""The domino network: which threat feeds or dampens which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from human_security import _core
from human_security._face import face
from human_security.table import Table, count, table_html

if TYPE_CHECKING:
    from human_security._face import Names, Numbers

__all__ = ["DominoNetwork"]


class DominoNetwork:
    """Threats and linkages as a directed, signed network with lags.

    From an assessment (`Assessment.network`), or straight from arrays (`DominoNetwork.from_edges`). It never changes
    after it is built.
    """

    __slots__ = ("_core",)

    def __init__(self, core: _core.Network, /) -> None:
        self._core = core

    @classmethod
    @face
    def from_edges(
        cls,
        source: Numbers,
        target: Numbers,
        weight: Numbers,
        names: Names | None = None,
        lag: Numbers | None = None,
        low: Numbers | None = None,
        high: Numbers | None = None,
        nodes: int | None = None,
    ) -> DominoNetwork:
        """Build a network from arrays: one entry an edge.

        Several edges between the same two nodes, and edges from a node to itself, are kept as given: each acts on its
        own.

        Parameters
        ----------
        source, target : array_like of shape (edges,)
            Position of the node each edge starts from and reaches, from 0: integers of any type, or whole floats.
        weight : array_like of shape (edges,)
            Signed and finite; positive feeds, negative dampens. None is a link without a number: it counts in paths
            and loops, not in propagation.
        names : sequence of str, optional
            One name a node; positions as text where not given.
        lag : array_like of shape (edges,), optional
            Periods until each edge acts, whole numbers from 0 to 1000.
        low, high : array_like of shape (edges,), optional
            Ends of each weight's range, both or neither; None where an edge has none.
        nodes : int, optional
            Number of nodes; that of the names, else one more than the greatest position.

        Returns
        -------
        DominoNetwork

        Raises
        ------
        ArgumentError
            Arrays of different length, a position out of range, a weight that is not finite, a range that does not
            hold its weight, a repeated name.
        ArgumentTypeError
            Values that are no numbers (it is a `TypeError` too).

        Examples
        --------
        >>> import human_security as hs
        >>> n = hs.DominoNetwork.from_edges([0, 1], [1, 2], [0.6, 0.4], names=["drought", "hunger", "flight"])
        >>> n.edges["weight"]
        array([0.6, 0.4])
        """
        return cls(_core.Network.from_edges(source, target, weight, names, nodes, lag, low, high))

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self._core)

    @property
    def nodes(self) -> Table:
        """Nodes: node, threat, place, group, severity, observed, component, prevalence, persons, coverage."""
        return Table(self._core.nodes())

    @property
    def edges(self) -> Table:
        """Edges: from, to, weight (null = no number), lag, low, high, effect, linkages."""
        return Table(self._core.edges())

    @property
    def notes(self) -> list[dict[str, Any]]:
        """What was dropped, defaulted or assumed when the network was built."""
        return self._core.outcome().notes

    @property
    def settings(self) -> dict[str, Any] | None:
        """The settings of the expansion; None for a network from arrays."""
        settings: dict[str, Any] | None = self._core.outcome().settings
        return settings

    def __repr__(self) -> str:
        return f"DominoNetwork({count(len(self), 'node')}, {count(len(self.edges), 'edge')})"

    def _repr_html_(self) -> str:
        return (
            f"<div><p><strong>domino network</strong>: {count(len(self), 'node')}, {count(len(self.edges), 'edge')}</p>"
            f"<details open><summary>edges</summary>{table_html(self.edges)}</details>"
            f"<details><summary>nodes</summary>{table_html(self.nodes)}</details></div>"
        )
