//! Where do maps agree, and which links are disputed?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::statements::Statements;
use crate::kernels::index::correlation;
use crate::network::{DominoNetwork, Pooled, Statement, pool};
use crate::tables::{Array, Note, Outcome, Table};
use crate::{Assessment, Error, Result};

/// Where do maps agree, and which links are disputed?
///
/// Governments, associations and experts see different causes; the first step is to know where. Every pair of maps is compared by the links both draw, by
/// the sign and the weight they give them, and by how many additions, deletions and changes of sign turn one into the other. A link one map does not draw is silence,
/// not a weight of 0.
///
/// # Method
/// Jaccard `|A∩B| / |A∪B|` over links (from, to, lag); sign agreement over shared links; Pearson's correlation over shared links with numbers; edit distance
/// `|nodes in one only| + |links in one only| + |shared links of opposite sign|`, exact since nodes carry names, and divided by the nodes and links of the union.
///
/// # References
/// Jaccard 1912. Sanfeliu and Fu 1983 (graph edit distance). Gray et al. 2014 and Özesmi and Özesmi 2004 (comparing and combining stakeholders' maps).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompareMaps {
    /// Names of the maps; ids of assessments, else 1, 2, ... where absent.
    pub names: Option<Vec<String>>,
    /// What makes a map of assessments: `map` for each assessment, `stakeholder` for each stakeholder of their linkages; where absent each assessment if there
    /// are several, else each stakeholder.
    pub by: Option<MapsBy>,
    /// Group of each map by its name: maps of one group are pooled before they are compared; every map by itself where absent.
    pub groups: BTreeMap<String, String>,
    /// Whether the same link with another lag is another link.
    pub lags: bool,
}

impl Default for CompareMaps {
    fn default() -> Self {
        CompareMaps { names: None, by: None, groups: BTreeMap::new(), lags: true }
    }
}

/// What makes a map of assessments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MapsBy {
    /// Each assessment.
    Map,
    /// Each stakeholder.
    Stakeholder,
}

/// Two maps side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MapPair {
    /// Name of one map.
    pub first: String,
    /// Name of the other.
    pub second: String,
    /// Nodes that both speak of.
    pub shared_nodes: usize,
    /// Links of the first.
    pub links_first: usize,
    /// Links of the second.
    pub links_second: usize,
    /// Links both draw.
    pub shared: usize,
    /// Shared over all links; none where neither draws any.
    pub jaccard: Option<f64>,
    /// Share of the shared links with the same sign; none where none is shared.
    pub sign_agreement: Option<f64>,
    /// Shared links of opposite sign.
    pub conflicts: usize,
    /// Correlation of signed weights over shared links with numbers; none below two or without spread.
    pub correlation: Option<f64>,
    /// Nodes in one map only.
    pub node_edits: usize,
    /// Links in one map only.
    pub link_edits: usize,
    /// Edit distance: node edits, link edits and conflicts.
    pub distance: usize,
    /// Distance over the nodes and links of both together; none where there are none.
    pub normalised_distance: Option<f64>,
}

/// A link on which maps do not agree.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DisputedLink {
    /// Node it starts from.
    pub from: String,
    /// Node it reaches.
    pub to: String,
    /// Periods until it acts.
    pub lag: u32,
    /// Maps that say it feeds.
    pub feeds: Vec<String>,
    /// Maps that say it dampens.
    pub dampens: Vec<String>,
    /// Maps that do not draw it.
    pub silent: Vec<String>,
}

impl DisputedLink {
    /// `sign` where some say feeds and some dampens, else `presence`.
    pub fn dispute(&self) -> &'static str {
        if self.feeds.is_empty() || self.dampens.is_empty() { "presence" } else { "sign" }
    }
}

/// Maps compared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CompareMapsResult {
    /// The settings it ran with.
    pub settings: CompareMaps,
    /// Names of the maps.
    pub maps: Vec<String>,
    /// Every pair of maps.
    pub pairs: Vec<MapPair>,
    /// Links on whose sign or presence maps disagree: signs first, then by name.
    pub disputed: Vec<DisputedLink>,
    /// Links that any map draws.
    pub links: usize,
    /// Links that all maps draw with one sign.
    pub agreed: usize,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

/// From, to, lag.
type Link<'a> = (&'a str, &'a str, u32);

/// A map as it is compared.
struct MapView<'a> {
    nodes: &'a BTreeSet<String>,
    links: BTreeMap<Link<'a>, Pooled>,
}

impl CompareMaps {
    /// Compares networks by the names of their nodes.
    ///
    /// # Errors
    /// `Argument` for fewer than two maps, names that are not one a map, a group of a map that is not there.
    ///
    /// # Examples
    /// ```
    /// use hs_core::analyses::voices::CompareMaps;
    /// use hs_core::network::{DominoNetwork, EdgeList};
    ///
    /// let map = |target: Vec<u32>, weight: Vec<f64>| {
    ///     DominoNetwork::from_edges(EdgeList { source: vec![0; target.len()], target, weight: weight.into(), nodes: Some(3), ..EdgeList::default() })
    /// };
    /// let compared = CompareMaps::default().run(&[&map(vec![1, 2], vec![0.5, 0.4])?, &map(vec![1], vec![-0.5])?])?;
    /// // two links in all, one shared, of opposite sign: one link to add and one sign to turn
    /// assert_eq!((compared.pairs[0].jaccard, compared.pairs[0].conflicts, compared.pairs[0].distance), (Some(0.5), 1, 2));
    /// # Ok::<(), hs_core::Error>(())
    /// ```
    pub fn run(&self, networks: &[&DominoNetwork]) -> Result<CompareMapsResult> {
        if self.by == Some(MapsBy::Stakeholder) {
            return Err(Error::argument("`by`: found `stakeholder`, which linkages of assessments name and networks do not"));
        }
        self.compared(Statements::of_networks(networks, self.names.as_deref())?)
    }

    /// Compares assessments, or the stakeholders of their linkages, by the ids of threats.
    ///
    /// # Errors
    /// As [`CompareMaps::run`].
    pub fn run_assessments(&self, assessments: &[&Assessment]) -> Result<CompareMapsResult> {
        let by = self.by.unwrap_or(if assessments.len() > 1 { MapsBy::Map } else { MapsBy::Stakeholder });
        if by == MapsBy::Map {
            return self.compared(Statements::of_assessments(assessments, self.names.as_deref())?);
        }
        if self.names.is_some() {
            return Err(Error::argument("`names`: maps by stakeholder are named by them; found names as well"));
        }
        let (mut all, left_out) = Statements::of_assessments(assessments, None)?.regrouped(|_, said| said.stakeholder.clone());
        if !left_out.is_empty() {
            let message = "name no stakeholder and were left out";
            all.notes.push(Note::counted("linkage-without-stakeholder", "linkage", message, left_out));
        }
        self.compared(all)
    }

    fn compared(&self, mut all: Statements) -> Result<CompareMapsResult> {
        if let Some(unknown) = self.groups.keys().find(|name| !all.maps.contains(name)) {
            return Err(Error::not_found("map", unknown, all.maps.iter().map(String::as_str)));
        }
        if !self.groups.is_empty() {
            let nodes = std::mem::take(&mut all.nodes);
            let maps = all.maps.clone();
            let group = |name: &String| self.groups.get(name).unwrap_or(name).clone();
            (all, _) = all.regrouped(|all, said| all.maps.get(said.map).map(group));
            // a map without a link, or a node without one, is of its group all the same
            for (name, nodes) in maps.iter().map(group).zip(nodes) {
                let at = all.maps.iter().position(|map| *map == name).unwrap_or_else(|| {
                    all.maps.push(name);
                    all.nodes.push(BTreeSet::new());
                    all.maps.len() - 1
                });
                all.nodes.get_mut(at).into_iter().for_each(|own| own.extend(nodes.iter().cloned()));
            }
        }
        if all.maps.len() < 2 {
            return Err(Error::argument(format!("found {} maps, wanted at least two to compare", all.maps.len())));
        }
        let mut notes = std::mem::take(&mut all.notes);
        let views = self.views(&all, &mut notes);
        let mut pairs = Vec::new();
        for (at, (first, a)) in all.maps.iter().zip(&views).enumerate() {
            for (second, b) in all.maps.iter().zip(&views).skip(at + 1) {
                pairs.push(pair(first, second, a, b));
            }
        }
        let union: BTreeSet<Link<'_>> = views.iter().flat_map(|v| v.links.keys().copied()).collect();
        let mut disputed = Vec::new();
        for key in &union {
            let who = |wanted: Option<bool>| {
                let says = all.maps.iter().zip(&views).filter(|(_, v)| v.links.get(key).map(|l| l.dampens) == wanted);
                says.map(|(name, _)| name.clone()).collect::<Vec<_>>()
            };
            let link = DisputedLink {
                from: key.0.to_owned(),
                to: key.1.to_owned(),
                lag: key.2,
                feeds: who(Some(false)),
                dampens: who(Some(true)),
                silent: who(None),
            };
            if !link.silent.is_empty() || link.dispute() == "sign" {
                disputed.push(link);
            }
        }
        let links = union.len();
        let agreed = links - disputed.len();
        // stable: by name within either kind
        disputed.sort_by_key(|link| link.dispute() == "presence");
        if pairs.iter().any(|p| p.jaccard.is_none() || p.sign_agreement.is_none() || p.correlation.is_none()) {
            let message =
                "figures over shared links are undefined for pairs that share none, correlations also below two numbers or without spread";
            notes.push(Note::new("undefined-agreement", message, Vec::<String>::new()));
        }
        Ok(CompareMapsResult { settings: self.clone(), maps: all.maps.clone(), pairs, disputed, links, agreed, notes })
    }

    /// Each map with one statement a link.
    fn views<'a>(&self, all: &'a Statements, notes: &mut Vec<Note>) -> Vec<MapView<'a>> {
        let mut parts: Vec<BTreeMap<Link<'_>, Vec<Statement>>> = vec![BTreeMap::new(); all.maps.len()];
        for (at, said) in all.said.iter().enumerate() {
            if let Some(part) = parts.get_mut(said.map) {
                let lag = if self.lags { said.lag } else { 0 };
                part.entry((said.from.as_str(), said.to.as_str(), lag)).or_default().push(said.statement(at));
            }
        }
        let mut torn = Vec::new();
        let mut views = Vec::with_capacity(parts.len());
        for ((part, nodes), name) in parts.into_iter().zip(&all.nodes).zip(&all.maps) {
            let links = part.into_iter().map(|(key, mut statements)| {
                let pooled = pool(&mut statements);
                if pooled.dispute.is_some() {
                    torn.push(format!("{name}: {} -> {}", key.0, key.1));
                }
                (key, pooled)
            });
            views.push(MapView { nodes, links: links.collect() });
        }
        if !torn.is_empty() {
            let message = "have both signs within one map: the side with more confidence stands";
            notes.push(Note::counted("disputed-within", "link", message, torn));
        }
        views
    }
}

fn pair(first: &str, second: &str, a: &MapView<'_>, b: &MapView<'_>) -> MapPair {
    let both: Vec<(&Pooled, &Pooled)> = a.links.iter().filter_map(|(key, own)| b.links.get(key).map(|other| (own, other))).collect();
    let shared = both.len();
    let union = a.links.len() + b.links.len() - shared;
    let conflicts = both.iter().filter(|(x, y)| x.dampens != y.dampens).count();
    let share = |part: usize, of: usize| (of > 0).then(|| part as f64 / of as f64);
    let (x, y): (Vec<f64>, Vec<f64>) = both.iter().filter_map(|(x, y)| x.weight.zip(y.weight)).unzip();
    let shared_nodes = a.nodes.intersection(b.nodes).count();
    let all_nodes = a.nodes.len() + b.nodes.len() - shared_nodes;
    let (node_edits, link_edits) = (all_nodes - shared_nodes, union - shared);
    let distance = node_edits + link_edits + conflicts;
    MapPair {
        first: first.to_owned(),
        second: second.to_owned(),
        shared_nodes,
        links_first: a.links.len(),
        links_second: b.links.len(),
        shared,
        jaccard: share(shared, union),
        sign_agreement: share(shared - conflicts, shared),
        conflicts,
        correlation: Some(correlation(&x, &y)).filter(|r| !r.is_nan()),
        node_edits,
        link_edits,
        distance,
        normalised_distance: share(distance, all_nodes + union),
    }
}

crate::tables::arrow_tables!(CompareMapsResult);

impl CompareMapsResult {
    /// first, second, jaccard, sign_agreement, conflicts, correlation, distance, normalised_distance, shared, links_first, links_second, shared_nodes,
    /// node_edits, link_edits.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let rows = &self.pairs;
        let whole = |value: fn(&MapPair) -> usize| rows.iter().map(move |p| i64::try_from(value(p)).ok());
        Table::builder()
            .text("first", rows.iter().map(|p| Some(&p.first)))
            .text("second", rows.iter().map(|p| Some(&p.second)))
            .number("jaccard", rows.iter().map(|p| p.jaccard))
            .number("sign_agreement", rows.iter().map(|p| p.sign_agreement))
            .integer("conflicts", whole(|p| p.conflicts))
            .number("correlation", rows.iter().map(|p| p.correlation))
            .integer("distance", whole(|p| p.distance))
            .number("normalised_distance", rows.iter().map(|p| p.normalised_distance))
            .integer("shared", whole(|p| p.shared))
            .integer("links_first", whole(|p| p.links_first))
            .integer("links_second", whole(|p| p.links_second))
            .integer("shared_nodes", whole(|p| p.shared_nodes))
            .integer("node_edits", whole(|p| p.node_edits))
            .integer("link_edits", whole(|p| p.link_edits))
            .build()
    }

    /// Links on which maps disagree: from, to, lag, dispute, feeds, dampens, silent.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn disputed_table(&self) -> Result<Table> {
        let rows = &self.disputed;
        Table::builder()
            .text("from", rows.iter().map(|l| Some(&l.from)))
            .text("to", rows.iter().map(|l| Some(&l.to)))
            .integer("lag", rows.iter().map(|l| Some(i64::from(l.lag))))
            .text("dispute", rows.iter().map(|l| Some(l.dispute())))
            .list("feeds", rows.iter().map(|l| Some(l.feeds.iter().collect())))
            .list("dampens", rows.iter().map(|l| Some(l.dampens.iter().collect())))
            .list("silent", rows.iter().map(|l| Some(l.silent.iter().collect())))
            .build()
    }

    /// A figure of the pairs as a square array, `own` on the diagonal; NaN where undefined.
    fn square(&self, own: f64, value: impl Fn(&MapPair) -> Option<f64>) -> Array {
        let n = self.maps.len();
        let mut data = vec![own; n * n];
        let mut pairs = self.pairs.iter();
        for i in 0..n {
            for j in i + 1..n {
                let value = pairs.next().and_then(&value).unwrap_or(f64::NAN);
                for at in [i * n + j, j * n + i] {
                    data.get_mut(at).into_iter().for_each(|place| *place = value);
                }
            }
        }
        Array { shape: vec![n, n], data }
    }

    /// Everything by name, as the bindings carry it: also the arrays `jaccard` and `distance`, map by map.
    ///
    /// # Errors
    /// When a table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("compare_maps", &self.settings)?;
        outcome.facts.insert("maps".into(), json!(self.maps));
        outcome.facts.insert("links".into(), json!(self.links));
        outcome.facts.insert("agreed".into(), json!(self.agreed));
        outcome.arrays.push(("jaccard", self.square(1.0, |p| p.jaccard)));
        outcome.arrays.push(("distance", self.square(0.0, |p| Some(p.distance as f64))));
        outcome.tables = vec![("compare_maps", self.table()?), ("disputed", self.disputed_table()?)];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
