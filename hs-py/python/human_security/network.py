"""The domino network: which threat feeds or dampens which."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from human_security import _core
from human_security._face import as_path, face, given
from human_security._picture import plot_network
from human_security.doubt import Doubt
from human_security.interop import columns_of_networkx, columns_of_rustworkx, to_networkx, to_rustworkx
from human_security.models import Model, as_core
from human_security.result import Propagation, Result, Tables, TotalEffects
from human_security.structure import Structure
from human_security.table import Table, count, table_html

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from human_security._face import ByNode, Names, Numbers

__all__ = ["DominoNetwork"]

_PROPAGATE = _core.defaults("propagate")
_TOTAL = _core.defaults("total-effects")
_CAUSES = _core.defaults("root-causes")


class DominoNetwork(Structure, Doubt):
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
        dampens: Sequence[bool] | NDArray[Any] | None = None,
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
        dampens : sequence of bool, optional
            Whether each edge dampens: the sign of a link without a number, which feeds where not given.

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
        return cls(_core.Network.from_edges(source, target, weight, names, nodes, lag, low, high, dampens))

    @classmethod
    @face
    def from_networkx(
        cls,
        graph: Any,
        weight: str | None = "weight",
        lag: str = "lag",
        low: str = "low",
        high: str = "high",
    ) -> DominoNetwork:
        """Take a directed networkx graph over: its nodes in their order, its edges with what they carry.

        Parameters
        ----------
        graph : networkx.DiGraph or networkx.MultiDiGraph
            A node's name is the node itself, as text.
        weight, lag, low, high : str
            Attributes of edges that hold them. An edge without a weight is a link without a number: it counts in paths
            and loops, not in propagation (networkx would count 1); its attribute ``effect`` may say that it dampens.

        Returns
        -------
        DominoNetwork

        Raises
        ------
        UnsupportedError
            A graph without directions.
        """
        columns = columns_of_networkx(graph, {"weight": weight, "lag": lag, "low": low, "high": high})
        return cls.from_edges(**columns)

    @classmethod
    @face
    def from_rustworkx(
        cls,
        graph: Any,
        weight: str | None = "weight",
        lag: str = "lag",
        low: str = "low",
        high: str = "high",
    ) -> DominoNetwork:
        """Take a directed rustworkx graph over: its nodes in their order, its edges with what they carry.

        Parameters
        ----------
        graph : rustworkx.PyDiGraph
            A node's payload is its name, or a dict with ``node``, ``name``, ``id`` or ``label``; else the index is its
            name. An edge's payload is its weight, or a dict; None is a link without a number.
        weight, lag, low, high : str
            Keys of an edge's dict that hold them.

        Returns
        -------
        DominoNetwork

        Raises
        ------
        UnsupportedError
            A graph without directions.
        """
        columns = columns_of_rustworkx(graph, {"weight": weight, "lag": lag, "low": low, "high": high})
        return cls.from_edges(**columns)

    @face
    def to_networkx(self, multigraph: bool | None = None) -> Any:
        """Return the network as a networkx graph.

        Nodes are called by their names and carry threat, place, group, severity, observed, component and so on; edges
        carry weight, lag, low, high, effect and linkages. What is missing is not there: mind that networkx counts an
        edge without a weight as 1.

        Parameters
        ----------
        multigraph : bool, optional
            Whether it is a `networkx.MultiDiGraph`; where not given, only if edges join the same two nodes.

        Returns
        -------
        networkx.DiGraph or networkx.MultiDiGraph

        Examples
        --------
        >>> import human_security as hs
        >>> n = hs.DominoNetwork.from_edges([0], [1], [0.6], names=["drought", "hunger"])
        >>> n.to_networkx()["drought"]["hunger"]["weight"]  # doctest: +SKIP
        0.6
        """
        return to_networkx(self, multigraph)

    @face
    def to_rustworkx(self) -> Any:
        """Return the network as a `rustworkx.PyDiGraph`: nodes in their order, dicts as payloads of nodes and edges.

        Returns
        -------
        rustworkx.PyDiGraph
        """
        return to_rustworkx(self)

    @face
    def plot(self, static: bool | None = None) -> Any:
        """Return a picture of the network: causes before effects, solid red arrows feed, dashed blue ones dampen.

        Of a network with too many nodes to read, those whose links carry most are drawn.

        Parameters
        ----------
        static : bool, optional
            Whether it is a drawing (`Picture`, SVG without script) and not a chart of Altair; where not given, only if
            Altair is not installed.

        Returns
        -------
        altair.LayerChart or Picture
        """
        return plot_network(self, static)

    @face
    def write(self, path: str | os.PathLike[str], acknowledgement: str | None = None) -> None:
        """Write the network for another program; an older file is replaced whole or not at all.

        Parameters
        ----------
        path : path
            Its ending names the format: ``.graphml``, ``.gexf``, ``.dot``, ``.mmd`` (Mermaid) or ``.json`` (node-link).
        acknowledgement : str, optional
            The sensitivity class, named to acknowledge that a network of a restricted or strict assessment leaves.

        Raises
        ------
        SensitivityError
            A network of a restricted or strict assessment without its acknowledgement.
        UnsupportedError
            Another ending.
        """
        self._core.write(as_path(path), acknowledgement)

    @face
    def to_text(self, format: str) -> str:
        """Return the network as text in the format of another program.

        Parameters
        ----------
        format : {"graphml", "gexf", "dot", "mermaid", "json"}
            The format.

        Returns
        -------
        str

        Examples
        --------
        >>> import human_security as hs
        >>> print(hs.DominoNetwork.from_edges([0], [1], [0.6], names=["drought", "hunger"]).to_text("mermaid"))
        flowchart LR
        ...
        """
        return self._core.text(format)

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
    def disputed(self) -> Table:
        """Edges whose statements disagree on the sign: from, to, lag, kept, confidence and linkages of each side."""
        return self.tables["disputed"]

    @property
    def tables(self) -> Tables:
        """All tables by name: nodes, edges, disputed."""
        return Tables(self._core.outcome())

    @property
    def notes(self) -> list[dict[str, Any]]:
        """What was dropped, defaulted or assumed when the network was built."""
        return self._core.outcome().notes

    @property
    def settings(self) -> dict[str, Any] | None:
        """The settings of the expansion; None for a network from arrays."""
        settings: dict[str, Any] | None = self._core.outcome().settings
        return settings

    @face
    def propagate(
        self,
        model: Model | Mapping[str, Any] | None = None,
        start: Numbers | ByNode | None = None,
        shocks: Numbers | ByNode | None = None,
        clamp: Numbers | ByNode | None = None,
        base: Numbers | ByNode | None = None,
        max_steps: int = _PROPAGATE["max_steps"],
        tolerance: float = _PROPAGATE["tolerance"],
        keep: str | None = None,
        pulse: bool = _PROPAGATE["pulse"],
        anchoring: Mapping[str, Any] | None = None,
        method: str | None = None,
        certify: bool | None = None,
    ) -> Propagation:
        """Let severity travel along the network until it rests.

        On a network from an assessment the run starts from what was observed, and nothing moves of itself: the
        exogenous part is solved so that the observed state is at rest, unless `base` is given. On bare arrays the start
        is 0 where none is given, and a run needs a start, a base or a shock.

        Parameters
        ----------
        model : Model, optional
            `NoisyOr` (default), `Linear`, `FuzzyCognitiveMap`, `DynamicInoperability`; or, from given states,
            `LinearThreshold`, `Watts`, `IndependentCascade`, `DebtRank`, `AlternatingRenewal`.
        start, shocks, clamp, base : array_like of shape (n,) or dict, optional
            Numbers for nodes: one for each (None for none), or by name or position. On a network from an assessment a
            name may be a threat's id, for all its nodes. `start` is the state at step 0; `shocks` are added to the
            severity; nodes in `clamp` hold their state; `base` is the exogenous part of the model.
        max_steps : int
            Steps at the most.
        tolerance : float
            Greatest change of a node at which the run has settled.
        keep : {"state", "trajectory"}, optional
            What to keep: the last state, or every state.
        pulse : bool
            Whether shocks act in the first step only.
        anchoring : dict, optional
            How a run from an assessment is anchored: ``over_explained``, ``residual``, ``horizons``, ``tolerance``,
            ``max_steps``.
        method : {"steps", "solve"}, optional
            How a linear model comes to rest: step by step, or by a solver.
        certify : bool, optional
            Whether to find out if the state at rest is the only one; where not given, small networks are told.

        Returns
        -------
        Propagation

        Raises
        ------
        DivergingError
            A linear model whose spectral radius is 1 or more; the message names a loop.
        NotFoundError
            A name that no node has; the nearest is given.

        Examples
        --------
        >>> import human_security as hs
        >>> n = hs.DominoNetwork.from_edges([0, 1], [1, 2], [0.5, 0.5], names=["drought", "hunger", "flight"])
        >>> n.propagate(hs.NoisyOr(), base={"drought": 0.8}).state
        array([0.8, 0.4, 0.2])
        """
        return Propagation(
            self._core.propagate(
                as_core(model),
                start,
                shocks,
                clamp,
                base,
                max_steps,
                tolerance,
                keep,
                pulse,
                anchoring,
                method,
                certify,
            )
        )

    @face
    def total_effects(
        self,
        normalise: str = _TOTAL["normalise"],
        alpha: float = _TOTAL["alpha"],
        damping: float = _TOTAL["damping"],
        gross: bool = _TOTAL["gross"],
    ) -> TotalEffects:
        """Add up direct and indirect effects: ``T = X (I - X)⁻¹`` with ``X = W / s``.

        Parameters
        ----------
        normalise : {"max-row-column", "max-row", "spectral"}
            What the weights are divided by, taken on their magnitudes.
        alpha : float
            The radius that the spectral divisor leaves.
        damping : float
            Multiplies every normalised weight; 1 leaves them.
        gross : bool
            Whether to add up paths of either sign apart, on signed maps.

        Returns
        -------
        TotalEffects
            ``.matrix`` of shape (n, n), row = from, column = to; ``.spectral_radius``, ``.scale``.

        Raises
        ------
        DivergingError
            A radius of 1 or more, as in a closed ring of equal weights; the message names a loop.

        Examples
        --------
        >>> import human_security as hs
        >>> n = hs.DominoNetwork.from_edges([0, 1], [1, 2], [1.0, 0.5])
        >>> n.total_effects().matrix[0]
        array([0. , 1. , 0.5])
        """
        settings = given(normalise=normalise, alpha=alpha, damping=damping, gross=gross)
        return TotalEffects(self._core.analyse("total_effects", settings))

    @face
    def root_causes(
        self,
        normalise: str = _CAUSES["normalise"],
        alpha: float = _CAUSES["alpha"],
        damping: float = _CAUSES["damping"],
    ) -> Result:
        """Tell which threats lie upstream of most: the degree of cause (DEMATEL).

        Parameters
        ----------
        normalise : {"max-row-column", "max-row", "spectral"}
            What the weights are divided by, taken on their magnitudes; tools differ, and it changes ranks.
        alpha : float
            The radius that the spectral divisor leaves.
        damping : float
            Multiplies every normalised weight; 1 leaves them.

        Returns
        -------
        Result
            Table: node (a threat's id on expanded networks), given, received, prominence, relation, rank; on signed
            maps also given_positive, given_negative, received_positive, received_negative. A relation above 0 is a
            net cause.

        Raises
        ------
        DivergingError
            A radius of 1 or more; the message names a loop.

        References
        ----------
        Gabus, A. & Fontela, E. (1972). *World problems, an invitation to further thought within the framework of
        DEMATEL*.
        """
        settings = given(normalise=normalise, alpha=alpha, damping=damping)
        return Result(self._core.analyse("root_causes", settings))

    def __repr__(self) -> str:
        return f"DominoNetwork({count(len(self), 'node')}, {count(len(self.edges), 'edge')})"

    def _repr_html_(self) -> str:
        return (
            f"<div><p><strong>domino network</strong>: {count(len(self), 'node')}, {count(len(self.edges), 'edge')}</p>"
            f"<details open><summary>edges</summary>{table_html(self.edges)}</details>"
            f"<details><summary>nodes</summary>{table_html(self.nodes)}</details></div>"
        )
