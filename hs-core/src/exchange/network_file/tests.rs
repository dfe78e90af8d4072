use proptest::prelude::*;

use super::*;
use crate::network::{EdgeList, Expansion};

fn text(network: &DominoNetwork, format: NetworkFormat) -> String {
    network_text(network, format).unwrap()
}

fn read(text: &str, format: NetworkFormat) -> Result<DominoNetwork> {
    ReadNetwork { format: Some(format), ..ReadNetwork::default() }.from_text(text.as_bytes(), &Limits::default())
}

fn edges(network: &DominoNetwork) -> Vec<Edge> {
    network.edges().collect()
}

fn names(network: &DominoNetwork) -> Vec<String> {
    let nodes = network.nodes_table().unwrap();
    nodes.text("node").unwrap().into_iter().map(|name| name.unwrap().to_owned()).collect()
}

fn codes(network: &DominoNetwork) -> Vec<&'static str> {
    network.notes().iter().map(|note| note.code).collect()
}

fn odd() -> DominoNetwork {
    DominoNetwork::from_edges(EdgeList {
        source: vec![0, 1, 1, 3, 0],
        target: vec![1, 2, 2, 3, 2],
        weight: vec![Some(0.1 + 0.2), Some(-1e-300), None, Some(3.0), None].into(),
        names: Some(["soif <été> & \"flood\"", "干旱\n\t\r", "\u{1}\u{7f}\u{fffe}", "n0"].map(String::from).to_vec()),
        lag: Some(vec![0, 3, 1000, 0, 0]),
        low: Some(vec![Some(0.25), None, None, None, None]),
        high: Some(vec![Some(0.5), None, None, None, None]),
        dampens: Some(vec![false, true, true, false, false]),
        ..EdgeList::default()
    })
    .unwrap()
}

#[test]
fn what_is_written_is_read_back_to_the_last_digit() {
    let network = odd();
    for format in [NetworkFormat::Graphml, NetworkFormat::Json] {
        let back = read(&text(&network, format), format).unwrap();
        assert_eq!(edges(&back), edges(&network), "{format:?}");
        assert_eq!(names(&back), names(&network), "{format:?}");
    }
}

#[test]
fn pictures_hold_every_node_and_link_and_no_syntax_of_names() {
    let network = odd();
    let dot = text(&network, NetworkFormat::Dot);
    assert!(dot.contains("\"soif <été> & \\\"flood\\\"\" -> \"干旱\\n\t\\r\" [label=\"0.30000000000000004\""));
    assert_eq!(dot.matches(" -> ").count(), 5);
    assert_eq!(dot.matches("arrowhead=tee").count(), 2);
    let mermaid = text(&network, NetworkFormat::Mermaid);
    assert!(mermaid.contains("n0[\"soif #60;été#62; #38; #34;flood#34;\"]"));
    assert!(mermaid.contains("n1 -.->|\"−, 1000 periods\"| n2"));
    let gexf = text(&network, NetworkFormat::Gexf);
    let parsed = roxmltree::Document::parse(&gexf).unwrap();
    let count = |name: &str| parsed.descendants().filter(|node| node.tag_name().name() == name).count();
    assert_eq!((count("node"), count("edge")), (4, 5));
    assert!(gexf.contains("label=\"干旱&#10;&#9;&#13;\""));
}

#[test]
fn an_assessment_says_where_each_node_stands_and_what_each_link_rests_on() {
    let assessment = crate::examples::load("ituri").unwrap();
    let network = DominoNetwork::expand(&assessment, &crate::network::Expansion::default()).unwrap();
    for format in [NetworkFormat::Graphml, NetworkFormat::Json] {
        let written = text(&network, format);
        assert!(written.contains("severity") && written.contains("linkages"));
        let back = read(&written, format).unwrap();
        assert_eq!((names(&back), edges(&back)), (names(&network), edges(&network)));
        assert!(codes(&back).contains(&"passed-over"), "what is not taken up is told");
    }
}

#[test]
fn files_of_other_programs_are_read() {
    // igraph: ids of its own, the name as an attribute, every attribute with a key
    let igraph = r#"<?xml version="1.0" encoding="UTF-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">
      <key id="v_name" for="node" attr.name="name" attr.type="string"/><key id="e_w" for="edge" attr.name="weight" attr.type="double"><default>0.5</default></key>
      <graph id="G" edgedefault="undirected"><node id="n0"><data key="v_name">drought</data></node><node id="n1"><data key="v_name">hunger</data></node>
      <edge source="n0" target="n1"/><edge source="n1" target="n1" directed="true"><data key="e_w">-2</data></edge></graph></graphml>"#;
    let network = read(igraph, NetworkFormat::Graphml).unwrap();
    assert_eq!(names(&network), ["drought", "hunger"]);
    assert_eq!(
        network.edges().map(|e| (e.from, e.to, e.weight)).collect::<Vec<_>>(),
        [(0, 1, Some(0.5)), (1, 0, Some(0.5)), (1, 1, Some(-2.0))]
    );
    assert_eq!(codes(&network), ["names-from", "mutual-links"]);
    let links = r#"{"directed": true, "multigraph": false, "graph": {}, "nodes": [{"id": 1}, {"id": "b", "size": 3}], "links": [{"source": 1, "target": "b"}]}"#;
    let network = read(links, NetworkFormat::Json).unwrap();
    assert_eq!((names(&network), network.edge(0).unwrap().weight), (vec!["1".to_owned(), "b".to_owned()], None));
    assert!(network.notes().iter().any(|note| note.message.contains("`size` of a node")));
    let blueprint = r#"{"elements": [{"label": "A"}, {"id": "x", "label": "B"}], "connections": [{"from": "A", "to": "x", "direction": "mutual", "type": "-"}]}"#;
    let network = read(blueprint, NetworkFormat::Json).unwrap();
    assert_eq!(names(&network), ["A", "B"]);
    assert_eq!(network.edges().map(|e| (e.from, e.to, e.dampens)).collect::<Vec<_>>(), [(0, 1, true), (1, 0, true)]);
}

#[test]
fn sheets_are_read() {
    let csv = |text: &str| read(text, NetworkFormat::Csv).unwrap();
    let network = csv(
        "From,To,Type,Direction,Strength,Delay,Owner\nDrought,Hunger,+,directed,0.5,2,me\nRelief,Hunger,−,,0.25,,\nRelief,Drought,opposite,,,,\n",
    );
    assert_eq!(names(&network), ["Drought", "Hunger", "Relief"]);
    let found: Vec<_> = network.edges().map(|e| (e.from, e.to, e.weight, e.dampens, e.lag)).collect();
    assert_eq!(found, [(0, 1, Some(0.5), false, 2), (2, 1, Some(-0.25), true, 0), (2, 0, None, true, 0)]);
    assert!(network.notes().iter().any(|note| note.message.contains("`Owner` of connections")));
    let matrix = ",a,b,c\nb,0,,1.5\na,,-0.5,0\nc,,,\n";
    let found = |network: &DominoNetwork| network.edges().map(|e| (e.from, e.to, e.weight.unwrap())).collect::<Vec<_>>();
    assert_eq!(found(&csv(matrix)), [(1, 2, 1.5), (0, 1, -0.5)]);
    let turned = ReadNetwork { format: Some(NetworkFormat::Csv), orientation: Orientation::ColumnFeedsRow, ..ReadNetwork::default() };
    assert_eq!(found(&turned.from_text(matrix.as_bytes(), &Limits::default()).unwrap()), [(2, 1, 1.5), (1, 0, -0.5)]);
    let bare = csv("0,1\n0.5,0\n");
    assert_eq!((names(&bare), found(&bare)), (vec!["0".to_owned(), "1".to_owned()], vec![(0, 1, 1.0), (1, 0, 0.5)]));
    assert_eq!(found(&csv(",1,2\n1,0,3\n2,4,0\n")), [(0, 1, 3.0), (1, 0, 4.0)], "names that are numbers");
}

#[test]
fn everything_that_is_wrong_is_said_at_once_with_its_place() {
    let refused = |text: &str, format| read(text, format).unwrap_err();
    let error = refused("From,To,Weight,Lag\na,b,x,\n,b,1,\na,b,1,2.5\na,b,inf,\n", NetworkFormat::Csv);
    let places: Vec<_> = error.problems.iter().map(|p| (p.line.unwrap(), p.column.unwrap(), p.kind)).collect();
    use crate::ProblemKind::{MissingField, OutOfBounds, WrongType};
    assert_eq!(places, [(2, 3, WrongType), (3, 1, MissingField), (4, 1, OutOfBounds), (5, 3, WrongType)]);
    let error = refused(
        r#"{"nodes": [{"id": "a"}, {"id": "a"}, {}], "edges": [{"source": "a", "target": "aa", "weight": "1"}]}"#,
        NetworkFormat::Json,
    );
    let pointers: Vec<_> = error.problems.iter().map(|p| p.pointer.as_str()).collect();
    assert_eq!(pointers, ["/nodes/1", "/nodes/2", "/edges/0", "/edges/0/weight"]);
    assert!(error.problems[2].mend.as_deref().unwrap().contains("`a`"));
    let graphml = |body: &str| format!("<graphml><graph edgedefault=\"directed\">{body}</graph></graphml>");
    let error = refused(&graphml("<node id=\"a\"/>\n<edge source=\"a\" target=\"b\"/>\n<hyperedge/>"), NetworkFormat::Graphml);
    assert_eq!(error.problems.iter().map(|p| p.line.unwrap()).collect::<Vec<_>>(), [2, 3]);
    let bomb = "<!DOCTYPE graphml [<!ENTITY a \"aaaa\">]><graphml><graph/></graphml>";
    assert_eq!(refused(bomb, NetworkFormat::Graphml).kind, ErrorKind::Syntax);
    assert_eq!(refused("<gexf/>", NetworkFormat::Graphml).kind, ErrorKind::Document);
    assert_eq!(refused("a;b\n1;2\n", NetworkFormat::Csv).problems[0].line, Some(1));
    assert_eq!(refused(",a,b\na,0,1\n", NetworkFormat::Csv).kind, ErrorKind::Document);
    assert_eq!(refused("", NetworkFormat::Csv).kind, ErrorKind::Document);
    assert_eq!(refused("{}", NetworkFormat::Dot).kind, ErrorKind::Unsupported);
    assert_eq!(network_text(&odd(), NetworkFormat::Csv).unwrap_err().kind, ErrorKind::Unsupported);
    assert_eq!(write_network(&odd(), "net.png", None).unwrap_err().kind, ErrorKind::Unsupported);
    let restricted = r#"{"schema": "human-security/1", "id": "a", "title": "A", "sensitivity": "restricted"}"#;
    let network = DominoNetwork::expand(&crate::Assessment::from_json(restricted).unwrap(), &Expansion::default()).unwrap();
    assert_eq!(write_network(&network, "net.json", None).unwrap_err().kind, ErrorKind::Sensitivity);
    let few = Limits { objects: 3, ..Limits::default() };
    let settings = ReadNetwork { format: Some(NetworkFormat::Graphml), ..ReadNetwork::default() };
    assert_eq!(settings.from_text(graphml("<node id=\"a\"/><node id=\"b\"/>").as_bytes(), &few).unwrap_err().kind, ErrorKind::Limit);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_names_and_numbers_survive(
        names in prop::collection::hash_set("\\PC{0,3}[\\x00-\\x20<>&\"'a-z\u{fffe}\u{1f600}]{1,6}", 1..6),
        links in prop::collection::vec((any::<u8>(), any::<u8>(), prop::option::of(-1e300..1e300f64), 0u32..1001, any::<bool>()), 0..8),
    ) {
        let names: Vec<String> = names.into_iter().collect();
        let node = |at: u8| u32::from(at) % names.len() as u32;
        let list = EdgeList {
            source: links.iter().map(|l| node(l.0)).collect(),
            target: links.iter().map(|l| node(l.1)).collect(),
            weight: links.iter().map(|l| l.2).collect::<Vec<_>>().into(),
            lag: Some(links.iter().map(|l| l.3).collect()),
            dampens: Some(links.iter().map(|l| l.2.map_or(l.4, |w| w < 0.0)).collect()),
            names: Some(names.clone()),
            ..EdgeList::default()
        };
        let network = DominoNetwork::from_edges(list).unwrap();
        for format in [NetworkFormat::Graphml, NetworkFormat::Json] {
            let back = read(&text(&network, format), format).unwrap();
            prop_assert_eq!(edges(&back), edges(&network));
            prop_assert_eq!(self::names(&back), names.clone());
        }
        roxmltree::Document::parse(&text(&network, NetworkFormat::Gexf)).unwrap();
    }

    #[test]
    fn damaged_files_are_refused_or_read_and_nothing_else(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        for format in [NetworkFormat::Graphml, NetworkFormat::Json] {
            let mut bytes = text(&odd(), format).into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let settings = ReadNetwork { format: Some(format), ..ReadNetwork::default() };
            let _ = settings.from_text(&bytes, &Limits::default());
        }
        let mut bytes = b"From,To,Type,Weight\na,b,+,1\n\"c\",a,-,0.5\n".to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = ReadNetwork { format: Some(NetworkFormat::Csv), ..ReadNetwork::default() }.from_text(&bytes, &Limits::default());
    }
}
