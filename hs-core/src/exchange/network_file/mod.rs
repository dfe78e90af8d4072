//! Networks in other programs' files: GraphML, GEXF, DOT, Mermaid and JSON out; GraphML, JSON, square matrices and Kumu's sheets in.
//!
//! | file | format |
//! |---|---|
//! | `graphml.rs` | GraphML: yEd, Gephi, igraph, networkx |
//! | `gexf.rs` | GEXF: Gephi |
//! | `dot.rs` | DOT: Graphviz |
//! | `mermaid.rs` | Mermaid: pictures in Markdown |
//! | `node_link.rs` | JSON: networkx's node-link form; Kumu's blueprints |
//! | `sheet.rs` | CSV: square matrices, Kumu's connections and elements, lists of edges |
//! | `xml.rs` | what XML can hold |
//! | `map.rs` | a map on its way in |

mod dot;
mod gexf;
mod graphml;
mod map;
mod mermaid;
mod node_link;
mod sheet;
#[cfg(test)]
mod tests;
mod xml;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::assessment::Limits;
use crate::network::{DominoNetwork, Edge};
use crate::tables::Table;
use crate::{Error, ErrorKind, Result, files, shown};

/// A format of networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NetworkFormat {
    /// GraphML (`.graphml`), written and read.
    Graphml,
    /// GEXF 1.3 (`.gexf`), written.
    Gexf,
    /// DOT (`.dot`, `.gv`), written.
    Dot,
    /// Mermaid (`.mmd`), written.
    Mermaid,
    /// JSON (`.json`): networkx's node-link form, written and read; Kumu's blueprints, read.
    Json,
    /// CSV (`.csv`): a square matrix, a sheet of connections or a list of edges, read.
    Csv,
}

impl NetworkFormat {
    /// The format that the ending of a path names.
    ///
    /// # Errors
    /// `Unsupported` for another ending.
    pub fn of(path: &Path) -> Result<NetworkFormat> {
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
        Ok(match ending.as_str() {
            "graphml" | "xml" => NetworkFormat::Graphml,
            "gexf" => NetworkFormat::Gexf,
            "dot" | "gv" => NetworkFormat::Dot,
            "mmd" | "mermaid" => NetworkFormat::Mermaid,
            "json" => NetworkFormat::Json,
            "csv" => NetworkFormat::Csv,
            _ => {
                let message =
                    format!("found the ending `{}`, wanted a network as .graphml, .gexf, .dot, .mmd, .json or .csv", shown(&ending));
                return Err(Error::new(ErrorKind::Unsupported, message));
            }
        })
    }

    fn word(self) -> &'static str {
        match self {
            NetworkFormat::Graphml => "GraphML",
            NetworkFormat::Gexf => "GEXF",
            NetworkFormat::Dot => "DOT",
            NetworkFormat::Mermaid => "Mermaid",
            NetworkFormat::Json => "JSON",
            NetworkFormat::Csv => "CSV",
        }
    }
}

/// Which entry of a matrix says what feeds what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Orientation {
    /// A row feeds its columns.
    #[default]
    RowFeedsColumn,
    /// A column feeds its rows.
    ColumnFeedsRow,
}

/// How a file of a network is read.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadNetwork {
    /// The format; absent: what the ending of the path says, JSON for a text without a path.
    pub format: Option<NetworkFormat>,
    /// The attribute, key or column that holds the weights; absent: `weight`, of a sheet also `strength`.
    pub weight: Option<String>,
    /// Which entry of a matrix says what feeds what.
    pub orientation: Orientation,
    /// Path of a sheet of elements that goes with a sheet of connections.
    pub elements: Option<String>,
}

impl ReadNetwork {
    /// Reads a file.
    ///
    /// Weights stand as in the file; a link without one is a link without a number. What a network does not take up is told in its notes.
    ///
    /// # Errors
    /// `File` where it cannot be read; `Unsupported` for a format that is written only; `Document` or `Syntax` with every problem of the file.
    pub fn run(&self, path: &Path, limits: &Limits) -> Result<DominoNetwork> {
        let format = self.format.map_or_else(|| NetworkFormat::of(path), Ok)?;
        let bytes = files::read_bounded(path, limits)?;
        let elements = self.elements.as_ref().map(|path| files::read_bounded(Path::new(path), limits)).transpose()?;
        self.read(&bytes, elements.as_deref(), format, limits)
    }

    /// Reads a text.
    ///
    /// # Errors
    /// As [`ReadNetwork::run`]; `Argument` where `elements` is asked for: a text stands alone.
    pub fn from_text(&self, bytes: &[u8], limits: &Limits) -> Result<DominoNetwork> {
        if self.elements.is_some() {
            return Err(Error::argument("found `elements` beside a text, wanted it beside the path of a sheet of connections"));
        }
        self.read(bytes, None, self.format.unwrap_or(NetworkFormat::Json), limits)
    }

    fn read(&self, bytes: &[u8], elements: Option<&[u8]>, format: NetworkFormat, limits: &Limits) -> Result<DominoNetwork> {
        if elements.is_some() && format != NetworkFormat::Csv {
            return Err(Error::argument(format!("found `elements` beside {}, wanted it beside a sheet of connections", format.word())));
        }
        let map = match format {
            NetworkFormat::Graphml => graphml::read(bytes, self, limits)?,
            NetworkFormat::Json => node_link::read(bytes, self, limits)?,
            NetworkFormat::Csv => sheet::read(bytes, elements, self, limits)?,
            NetworkFormat::Gexf | NetworkFormat::Dot | NetworkFormat::Mermaid => {
                let message = format!("{} is written, not read; wanted GraphML, JSON or CSV", format.word());
                return Err(Error::new(ErrorKind::Unsupported, message));
            }
        };
        map.network()
    }
}

/// Reads a network from a file, as [`ReadNetwork`] does by default.
///
/// # Errors
/// As [`ReadNetwork::run`].
pub fn read_network(path: impl AsRef<Path>) -> Result<DominoNetwork> {
    ReadNetwork::default().run(path.as_ref(), &Limits::default())
}

/// Writes a network to a file, in the format that its ending names; whole or not at all.
///
/// # Errors
/// `Sensitivity` where it was made from a restricted or strict assessment whose class is not acknowledged;
/// `Unsupported` for another ending, or one that is read only; `File` where it cannot be written.
pub fn write_network(network: &DominoNetwork, path: impl AsRef<Path>, acknowledgement: Option<&str>) -> Result<()> {
    network.allow_export(acknowledgement)?;
    let path = path.as_ref();
    files::write_atomic(path, network_text(network, NetworkFormat::of(path)?)?.as_bytes())
}

/// A network as text.
///
/// # Errors
/// `Unsupported` for a format that is read only.
pub fn network_text(network: &DominoNetwork, format: NetworkFormat) -> Result<String> {
    let view = View { nodes: network.nodes_table()?, network };
    match format {
        NetworkFormat::Graphml => graphml::write(&view),
        NetworkFormat::Gexf => gexf::write(&view),
        NetworkFormat::Dot => dot::write(&view),
        NetworkFormat::Mermaid => mermaid::write(&view),
        NetworkFormat::Json => node_link::write(&view),
        NetworkFormat::Csv => {
            let message = "CSV is read, not written; wanted .graphml, .gexf, .dot, .mmd or .json, or the table of edges";
            Err(Error::new(ErrorKind::Unsupported, message))
        }
    }
}

/// What the writers see of a network.
struct View<'a> {
    nodes: Table,
    network: &'a DominoNetwork,
}

/// Columns of nodes that are written, and whether they hold numbers.
const NODE_COLUMNS: [(&str, bool); 8] = [
    ("threat", false),
    ("place", false),
    ("group", false),
    ("component", false),
    ("severity", true),
    ("prevalence", true),
    ("persons", true),
    ("coverage", true),
];

impl View<'_> {
    fn names(&self) -> Vec<&str> {
        self.nodes.text("node").unwrap_or_default().into_iter().map(Option::unwrap_or_default).collect()
    }

    /// Attributes of nodes, column by column: those that some node has; of a network from arrays none, as its threats are its names.
    fn attributes(&self) -> Vec<(&'static str, Attribute<'_>)> {
        if !self.network.is_expanded() {
            return Vec::new();
        }
        let column = |&(name, number): &(&'static str, bool)| {
            if number {
                let values = self.nodes.number(name)?;
                values.iter().any(Option::is_some).then_some((name, Attribute::Numbers(values)))
            } else {
                let values = self.nodes.text(name)?;
                values.iter().any(Option::is_some).then_some((name, Attribute::Texts(values)))
            }
        };
        NODE_COLUMNS.iter().filter_map(column).collect()
    }

    fn edges(&self) -> impl Iterator<Item = (usize, Edge, Vec<&str>)> + '_ {
        self.network.edges().enumerate().map(|(index, edge)| (index, edge, self.network.linkages_of(index).collect()))
    }
}

/// A column of nodes.
enum Attribute<'a> {
    Numbers(Vec<Option<f64>>),
    Texts(Vec<Option<&'a str>>),
}

impl Attribute<'_> {
    fn number(&self, node: usize) -> Option<f64> {
        match self {
            Attribute::Numbers(values) => values.get(node).copied().flatten(),
            Attribute::Texts(_) => None,
        }
    }

    fn text(&self, node: usize) -> Option<&str> {
        match self {
            Attribute::Texts(values) => values.get(node).copied().flatten(),
            Attribute::Numbers(_) => None,
        }
    }
}

/// The word of an edge's sign.
fn effect(edge: &Edge) -> &'static str {
    if edge.dampens { "dampens" } else { "feeds" }
}

/// An edge in few signs, for pictures: its weight, else its sign, and its lag.
fn short(edge: &Edge) -> String {
    let mut text = match edge.weight {
        Some(weight) => format!("{weight}"),
        None if edge.dampens => "−".to_owned(),
        None => "+".to_owned(),
    };
    if edge.lag > 0 {
        text.push_str(&format!(", {} {}", edge.lag, if edge.lag == 1 { "period" } else { "periods" }));
    }
    text
}
