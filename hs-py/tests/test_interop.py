"""Networks go to other libraries and files and come back as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import human_security as hs
import networkx as nx
import numpy as np
import pytest
import rustworkx as rx

NAMES = ["война", "飢餓", 'a "b" <c> & d', "é\u0301\U0001f30d", "\u202eleft", "x y"]


def odd() -> hs.DominoNetwork:
    """Parallel edges, a loop of one, links without a number, signs, lags, ranges, names of every kind."""
    return hs.DominoNetwork.from_edges(
        [0, 0, 1, 2, 3, 3],
        [1, 1, 2, 2, 4, 0],
        [0.5, 0.1 + 0.2, -0.25, 0.0, None, None],
        names=NAMES,
        lag=[0, 3, 0, 1, 0, 2],
        low=[0.4, None, -0.5, None, None, None],
        high=[0.6, None, -0.1, None, None, None],
        dampens=[False, False, True, False, True, False],
    )


KEPT = ("from", "to", "weight", "lag", "low", "high", "effect")


def same(found: hs.DominoNetwork, wanted: hs.DominoNetwork) -> None:
    assert found.nodes["node"].tolist() == wanted.nodes["node"].tolist()
    key = lambda row: repr([row[name] for name in KEPT])  # noqa: E731
    rows = [[row[name] for name in KEPT] for row in sorted(found.edges.rows(), key=key)]
    assert rows == [[row[name] for name in KEPT] for row in sorted(wanted.edges.rows(), key=key)]


def test_networkx_and_back() -> None:
    network = odd()
    graph = network.to_networkx()
    assert isinstance(graph, nx.MultiDiGraph)
    assert list(graph.nodes) == NAMES
    same(hs.DominoNetwork.from_networkx(graph), network)
    simple = hs.DominoNetwork.from_edges([0, 1], [1, 2], [0.5, -0.25], names=["a", "b", "c"], lag=[0, 2])
    graph = simple.to_networkx()
    assert type(graph) is nx.DiGraph
    assert graph["b"]["c"]["weight"] == -0.25
    assert graph["b"]["c"]["lag"] == 2
    same(hs.DominoNetwork.from_networkx(graph), simple)
    assert type(simple.to_networkx(multigraph=True)) is nx.MultiDiGraph
    with pytest.raises(hs.UnsupportedError, match="same two nodes"):
        network.to_networkx(multigraph=False)


def test_rustworkx_and_back() -> None:
    network = odd()
    graph = network.to_rustworkx()
    assert isinstance(graph, rx.PyDiGraph)
    assert [node["node"] for node in graph.nodes()] == NAMES
    same(hs.DominoNetwork.from_rustworkx(graph), network)


def test_an_expanded_network_carries_what_it_knows(ituri: hs.Assessment) -> None:
    network = ituri.network()
    graph = network.to_networkx()
    assert graph.number_of_nodes() == len(network)
    assert graph.number_of_edges() == len(network.edges)
    row = network.nodes.rows()[0]
    wanted = {name: value for name, value in row.items() if value is not None and name != "node"}
    assert graph.nodes[row["node"]] == wanted
    back = hs.DominoNetwork.from_networkx(graph)
    assert back.edges["weight"].tolist() == network.edges["weight"].tolist()


def test_graphs_of_other_makers() -> None:
    graph = nx.DiGraph()
    graph.add_edge("a", "b")
    graph.add_edge("b", 3, strength=np.float64(0.5), delay=2.0)
    network = hs.DominoNetwork.from_networkx(graph, weight="strength", lag="delay")
    assert network.nodes["node"].tolist() == ["a", "b", "3"]
    assert [row["weight"] for row in network.edges.rows()] == [None, 0.5]
    assert network.edges["lag"].tolist() == [0, 2]
    plain: Any = rx.PyDiGraph()
    plain.add_nodes_from(["a", {"label": "b"}, None])
    plain.remove_node(0)
    plain.add_node("z")
    plain.add_edge(1, 2, 0.5)
    plain.add_edge(2, 0, None)
    network = hs.DominoNetwork.from_rustworkx(plain)
    assert network.nodes["node"].tolist() == ["z", "b", "2"]
    assert [(row["from"], row["to"], row["weight"]) for row in network.edges.rows()] == [
        ("b", "2", 0.5),
        ("2", "z", None),
    ]


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: hs.DominoNetwork.from_networkx(nx.Graph([(0, 1)])), hs.UnsupportedError, "to_directed"),
        (lambda: hs.DominoNetwork.from_rustworkx(rx.PyGraph()), hs.UnsupportedError, "to_directed"),
        (lambda: hs.DominoNetwork.from_networkx([1]), hs.ArgumentTypeError, "wanted a networkx graph"),
        (lambda: hs.DominoNetwork.from_rustworkx(nx.DiGraph()), hs.ArgumentTypeError, "wanted a rustworkx graph"),
        (lambda: hs.DominoNetwork.from_networkx(nx.DiGraph([("1", 1)])), hs.ArgumentError, "two nodes are called `1`"),
        (
            lambda: hs.DominoNetwork.from_networkx(nx.DiGraph([("a", "b", {"weight": "much"})])),
            hs.ArgumentTypeError,
            "wanted a number",
        ),
        (
            lambda: hs.DominoNetwork.from_networkx(nx.DiGraph([("a", "b", {"weight": float("nan")})])),
            hs.ArgumentError,
            "finite",
        ),
        (
            lambda: hs.DominoNetwork.from_networkx(nx.DiGraph([("a", "b", {"weight": 1, "lag": 0.5})])),
            hs.ArgumentTypeError,
            "`lag`",
        ),
    ],
)
def test_what_is_refused(make: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        make()


@pytest.mark.parametrize("ending", ["graphml", "json"])
def test_files_and_back(ending: str, tmp_path: Path) -> None:
    network = odd()
    path = tmp_path / f"réseau.{ending}"
    network.write(path)
    same(hs.read_network(path), network)
    network.write(path)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_networkx_reads_what_is_written(tmp_path: Path) -> None:
    network = hs.DominoNetwork.from_edges([0, 1], [1, 2], [0.5, -0.25], names=["hunger", "flight", "飢餓"], lag=[0, 2])
    network.write(tmp_path / "a.graphml")
    network.write(tmp_path / "a.gexf")
    graph = nx.read_graphml(tmp_path / "a.graphml")
    assert sorted(weight for _, _, weight in graph.edges(data="weight")) == [-0.25, 0.5]
    graph = nx.read_gexf(tmp_path / "a.gexf")
    assert graph.number_of_edges() == 2
    nx.write_graphml(network.to_networkx(), tmp_path / "b.graphml")


@pytest.mark.parametrize("format", ["dot", "mermaid", "gexf", "graphml", "json"])
def test_texts_name_every_node_with_a_plain_name(format: str) -> None:
    text = odd().to_text(format)
    assert "война" in text or "\\u0432" in text
    assert odd().to_text(format) == text


def test_endings_and_formats_that_do_not_exist(tmp_path: Path) -> None:
    with pytest.raises(hs.UnsupportedError, match="wanted a network as"):
        odd().write(tmp_path / "a.xlsx")
    with pytest.raises(hs.ArgumentError, match="dott"):
        odd().to_text("dott")
    with pytest.raises(hs.FileError):
        hs.read_network(tmp_path / "none.json")
    with pytest.raises(hs.UnsupportedError):
        hs.read_network(tmp_path / "none.xlsx")


def test_a_square_matrix(tmp_path: Path) -> None:
    path = tmp_path / "matrix.csv"
    path.write_text(",a,b\na,0,0.5\nb,-0.25,0\n", encoding="utf-8")
    rows = {(row["from"], row["to"]): row["weight"] for row in hs.read_network(path).edges.rows()}
    assert rows == {("a", "b"): 0.5, ("b", "a"): -0.25}
    turned = hs.read_network(path, orientation="column-feeds-row")
    assert {(row["to"], row["from"]): row["weight"] for row in turned.edges.rows()} == rows
