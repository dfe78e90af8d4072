"""Networks of other libraries: networkx and rustworkx, both ways; neither is needed unless it is asked for."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from human_security.errors import ArgumentError, ArgumentTypeError, UnsupportedError

if TYPE_CHECKING:
    from human_security.network import DominoNetwork

__all__ = ["columns_of_networkx", "columns_of_rustworkx", "to_networkx", "to_rustworkx"]

_NAMES = ("node", "name", "id", "label")


def _needed(name: str) -> Any:
    """Import a library, or say how to get it."""
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError:
        raise UnsupportedError(f"this needs {name}: `pip install {name}`") from None


def _positions(network: DominoNetwork) -> tuple[list[int], list[int]]:
    """Return where each edge starts and ends, by position."""
    return network._core.ends()


def _attributes(network: DominoNetwork, table: str, without: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the rows of a table as dicts that hold what is known: nothing missing stands in them."""
    rows = (network.nodes if table == "nodes" else network.edges).rows()
    return [
        {name: value for name, value in row.items() if value is not None and value != [] and name not in without}
        for row in rows
    ]


def to_networkx(network: DominoNetwork, multigraph: bool | None = None) -> Any:
    """Return the network as a networkx graph; see `DominoNetwork.to_networkx`."""
    nx = _needed("networkx")
    source, target = _positions(network)
    names = network.nodes["node"].tolist()
    if multigraph is None:
        multigraph = len(set(zip(source, target, strict=True))) < len(source)
    elif not multigraph and len(set(zip(source, target, strict=True))) < len(source):
        message = "`multigraph`: found edges that join the same two nodes, which a DiGraph cannot hold; wanted true"
        raise UnsupportedError(message)
    graph = nx.MultiDiGraph() if multigraph else nx.DiGraph()
    nodes = _attributes(network, "nodes", ("node",))
    edges = _attributes(network, "edges", ("from", "to"))
    graph.add_nodes_from(zip(names, nodes, strict=True))
    graph.add_edges_from((names[i], names[j], of) for i, j, of in zip(source, target, edges, strict=True))
    return graph


def to_rustworkx(network: DominoNetwork) -> Any:
    """Return the network as a rustworkx graph; see `DominoNetwork.to_rustworkx`."""
    rx = _needed("rustworkx")
    source, target = _positions(network)
    graph = rx.PyDiGraph(multigraph=True)
    graph.add_nodes_from(_attributes(network, "nodes", ()))
    edges = _attributes(network, "edges", ("from", "to"))
    graph.add_edges_from(list(zip(source, target, edges, strict=True)))
    return graph


def _columns(names: list[str], edges: Iterable[tuple[int, int, Any]], keys: Mapping[str, str | None]) -> dict[str, Any]:
    """Return what `DominoNetwork.from_edges` takes, from edges by position with their attributes."""
    columns: dict[str, list[Any]] = {"source": [], "target": [], "weight": []}
    rest: dict[str, list[Any]] = {"lag": [], "low": [], "high": [], "dampens": []}
    for source, target, found in edges:
        columns["source"].append(source)
        columns["target"].append(target)
        attributes = found if isinstance(found, Mapping) else {"weight": found}
        weight_key = keys["weight"] if isinstance(found, Mapping) else "weight"
        weight = attributes.get(weight_key) if weight_key is not None else None
        columns["weight"].append(weight)
        rest["lag"].append(_lag(attributes.get(keys["lag"])))
        rest["low"].append(attributes.get(keys["low"]))
        rest["high"].append(attributes.get(keys["high"]))
        dampens = attributes.get("effect") == "dampens" if weight is None else _below(weight, (source, target))
        rest["dampens"].append(dampens)
    kept = {name: values for name, values in rest.items() if any(value not in (None, 0) for value in values)}
    if ("low" in kept) != ("high" in kept):
        kept["low"], kept["high"] = rest["low"], rest["high"]
    return {**columns, **kept, "names": names}


def _lag(found: Any) -> int:
    """Return a lag; none is 0."""
    if found is None:
        return 0
    try:
        return operator.index(found)
    except TypeError:
        if isinstance(found, float) and found.is_integer():
            return int(found)
        raise ArgumentTypeError(f"`lag`: found `{type(found).__name__}`, wanted a whole number") from None


def _below(weight: Any, edge: tuple[int, int]) -> bool:
    """Whether a weight is below 0."""
    if isinstance(weight, (str, bytes, bool)) or not hasattr(weight, "__float__"):
        found = type(weight).__name__
        message = f"`weight` of the edge from {edge[0]} to {edge[1]}: found `{found}`, wanted a number"
        raise ArgumentTypeError(message)
    return bool(weight < 0)


def columns_of_networkx(graph: Any, keys: Mapping[str, str | None]) -> dict[str, Any]:
    """Return a networkx graph as columns."""
    if not all(hasattr(graph, name) for name in ("is_directed", "is_multigraph", "edges", "nodes")):
        raise ArgumentTypeError(f"`graph`: found `{type(graph).__name__}`, wanted a networkx graph")
    if not graph.is_directed():
        message = "found an undirected graph, wanted a directed one; `graph.to_directed()` takes every edge both ways"
        raise UnsupportedError(message)
    at = {node: position for position, node in enumerate(graph.nodes)}
    names = _unique([node if isinstance(node, str) else str(node) for node in graph.nodes])
    edges = ((at[source], at[target], attributes) for source, target, attributes in graph.edges(data=True))
    return _columns(names, edges, keys)


def columns_of_rustworkx(graph: Any, keys: Mapping[str, str | None]) -> dict[str, Any]:
    """Return a rustworkx graph as columns."""
    if not all(hasattr(graph, name) for name in ("node_indices", "weighted_edge_list", "get_node_data")):
        raise ArgumentTypeError(f"`graph`: found `{type(graph).__name__}`, wanted a rustworkx graph")
    if not hasattr(graph, "to_undirected"):
        raise UnsupportedError("found an undirected graph, wanted a directed one; `graph.to_directed()` makes one")
    indices = list(graph.node_indices())
    at = {index: position for position, index in enumerate(indices)}
    names = _unique([_payload_name(graph.get_node_data(index), index) for index in indices])
    edges = ((at[source], at[target], payload) for source, target, payload in graph.weighted_edge_list())
    return _columns(names, edges, keys)


def _payload_name(payload: Any, index: int) -> str:
    """Return the name that a node of rustworkx carries: text, or an entry of that meaning; else its index."""
    if isinstance(payload, str):
        return payload
    if isinstance(payload, Mapping):
        return next((str(payload[key]) for key in _NAMES if payload.get(key) is not None), str(index))
    return str(index)


def _unique(names: list[str]) -> list[str]:
    """Refuse names that two nodes share once they are text."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ArgumentError(f"two nodes are called `{name}` as text; wanted names that differ")
        seen.add(name)
    return names
