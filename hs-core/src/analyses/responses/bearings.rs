//! How protection strategies and empowerment strategies bear on each other: what is stated, and what the network adds.

use std::collections::BTreeMap;

use serde::Serialize;

use super::externality_result::{CellEffect, HorizonWord};
use super::options::Options;
use super::shocks::Route;
use super::weights::Weighted;
use crate::assessment::Intervention;
use crate::framework::{Component, Pillar};
use crate::kernels::Tick;
use crate::network::ThreatNode;
use crate::tables::{Note, Table};
use crate::{Assessment, Result};

crate::framework::words::words!(
    /// How one strategy bears on another.
    BearingKind {
        /// It needs the other.
        Requires = "requires",
        /// It is said to strengthen the other.
        Reinforces = "reinforces",
        /// The two cannot stand side by side.
        Excludes = "excludes",
        /// Together they do more than apart.
        Amplifies = "amplifies",
        /// Together they do less than apart.
        Undercuts = "undercuts",
        /// It improves a threat that the other works on.
        Reaches = "reaches",
        /// It worsens a threat that the other works on.
        Hinders = "hinders",
    }
);

/// One strategy's bearing on another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bearing {
    /// Id of the strategy that bears.
    pub from: String,
    /// Id of the strategy it bears on.
    pub to: String,
    /// How.
    pub kind: BearingKind,
    /// Severity points; none where it is stated without a number.
    pub amount: Option<f64>,
    /// The component the amount is of, where it is of one.
    pub component: Option<Component>,
    /// Ids of the threats concerned, where it reaches or hinders.
    pub threats: Vec<String>,
    /// In one sentence.
    pub words: String,
}

impl Bearing {
    /// Whether it is `stated` in the assessment or `computed`.
    pub fn basis(&self) -> &'static str {
        match self.kind {
            BearingKind::Requires | BearingKind::Reinforces | BearingKind::Excludes => "stated",
            _ => "computed",
        }
    }
}

/// A pair that amplifies or undercuts in one component.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pair {
    pub(super) first: String,
    pub(super) second: String,
    pub(super) component: Component,
    pub(super) amount: f64,
}

/// How single strategies are run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ways {
    pub(super) word: HorizonWord,
    pub(super) draws: u32,
    pub(super) seed: u64,
}

/// What each strategy does by itself, cell by cell.
pub(super) struct Singles {
    pub(super) nodes: Vec<ThreatNode>,
    /// By option.
    pub(super) effects: Vec<Vec<CellEffect>>,
    pub(super) drawn: bool,
}

impl Singles {
    pub(super) fn new(options: &Options<'_>, ways: &Ways, tick: Tick<'_>) -> Result<Singles> {
        let mut singles = Singles { nodes: options.network().nodes().collect(), effects: Vec::new(), drawn: false };
        for option in 0..options.interventions().len() {
            let found = options.expected(&[option], &[ways.word], ways.draws, ways.seed, tick)?;
            singles.drawn |= !found.exact;
            singles.effects.push(found.cells);
        }
        Ok(singles)
    }

    fn at(&self, option: usize, cell: usize) -> Option<&CellEffect> {
        self.effects.get(option)?.get(cell)
    }

    /// Mean improvement and worsening over some cells, never netted.
    pub(super) fn means(&self, option: usize, cells: &Weighted) -> (Option<f64>, Option<f64>) {
        let mean = |number: fn(&CellEffect) -> Option<f64>| cells.mean(|cell| self.at(option, cell).and_then(number));
        (mean(CellEffect::falls), mean(CellEffect::rises))
    }
}

/// The bearings of strategies of one pillar on those of the other.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Bearings {
    pub(super) protection_to_empowerment: Vec<Bearing>,
    pub(super) empowerment_to_protection: Vec<Bearing>,
    unsaid: Vec<String>,
    undefined: Vec<String>,
}

/// Whether a strategy counts on a side: `both` counts on either, what is not said on none.
pub(super) fn is_of(intervention: &Intervention, pillar: Pillar) -> bool {
    intervention.pillar == Some(pillar) || intervention.pillar == Some(Pillar::Both)
}

/// Severity points in words: three decimals, without a sign.
pub(super) fn points(amount: f64) -> String {
    let size = amount.abs();
    if size < 0.0005 { "less than 0.001".into() } else { format!("{size:.3}") }
}

/// A name as it stands in a sentence: names may hold commas and verbs of their own.
pub(super) fn quoted(name: &str) -> String {
    format!("“{name}”")
}

/// `a, b and c`; past `most` the rest is counted.
pub(super) fn listed(names: &[String], most: usize) -> String {
    let hidden = names.len().saturating_sub(most);
    let shown: Vec<&str> = names.iter().take(if hidden == 1 { most + 1 } else { most }).map(String::as_str).collect();
    match (shown.as_slice(), hidden) {
        (shown, 2..) => format!("{} and {hidden} more", shown.join(", ")),
        ([], _) => String::new(),
        ([only], _) => (*only).to_owned(),
        ([init @ .., last], _) => format!("{} and {last}", init.join(", ")),
    }
}

impl Bearings {
    pub(super) fn new(assessment: &Assessment, options: &Options<'_>, singles: &Singles, pairs: &[Pair], least: f64) -> Bearings {
        let all = options.interventions();
        let targets: Vec<BTreeMap<&str, Vec<usize>>> = (0..all.len()).map(|option| aimed_at(options, singles, option)).collect();
        let mut found = Bearings::default();
        let side = |pillar: Pillar| all.iter().enumerate().filter(move |(_, i)| is_of(i, pillar)).map(|(option, _)| option);
        for (from_pillar, to_pillar) in [(Pillar::Protection, Pillar::Empowerment), (Pillar::Empowerment, Pillar::Protection)] {
            let mut rows = Vec::new();
            for from in side(from_pillar) {
                for to in side(to_pillar).filter(|to| *to != from) {
                    let (Some(one), Some(other)) = (all.get(from), all.get(to)) else { continue };
                    stated(one, other, &mut rows);
                    together(one, other, pairs, least, &mut rows);
                    let Some(cells) = targets.get(to) else { continue };
                    if reached(assessment, singles, (from, one), other, cells, least, &mut rows).is_none() {
                        found.undefined.push(one.id.clone());
                    }
                }
            }
            match from_pillar {
                Pillar::Protection => found.protection_to_empowerment = rows,
                _ => found.empowerment_to_protection = rows,
            }
        }
        found.unsaid = all.iter().filter(|i| i.pillar.is_none()).map(|i| i.id.clone()).collect();
        found.undefined.sort_unstable();
        found.undefined.dedup();
        found
    }

    pub(super) fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if !self.unsaid.is_empty() {
            let message = "interventions do not say their pillar and stand on neither side of protection and empowerment";
            notes.push(Note::new("pillar-not-said", message, self.unsaid.clone()));
        }
        if !self.undefined.is_empty() {
            let message = "effects are undefined on a cell that another strategy works on, so whether it is reached cannot be told";
            notes.push(Note::new("undefined-bearing", message, self.undefined.clone()));
        }
        notes
    }
}

/// The cells a strategy sets out to improve, by threat.
fn aimed_at<'n>(options: &Options<'_>, singles: &'n Singles, option: usize) -> BTreeMap<&'n str, Vec<usize>> {
    let mut targets: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for strike in options.strikes(option).iter().filter(|s| s.route == Route::Direct && !s.worse && s.change > 0.0) {
        for (cell, _) in &strike.cells {
            let Some(node) = singles.nodes.get(*cell) else { continue };
            let cells = targets.entry(&*node.threat).or_default();
            if !cells.contains(cell) {
                cells.push(*cell);
            }
        }
    }
    targets
}

fn stated(one: &Intervention, other: &Intervention, rows: &mut Vec<Bearing>) {
    let (name, beside) = (quoted(&one.name), quoted(&other.name));
    let mut add = |kind, words| rows.push(bearing(one, other, kind, words));
    if one.requires.contains(&other.id) {
        add(BearingKind::Requires, format!("{name} needs {beside} to be in place"));
    }
    if one.reinforces.contains(&other.id) {
        add(BearingKind::Reinforces, format!("{name} is said to strengthen {beside}"));
    }
    if one.excludes.contains(&other.id) || other.excludes.contains(&one.id) {
        add(BearingKind::Excludes, format!("{name} and {beside} cannot both be carried out"));
    }
}

fn bearing(one: &Intervention, other: &Intervention, kind: BearingKind, words: String) -> Bearing {
    Bearing { from: one.id.clone(), to: other.id.clone(), kind, amount: None, component: None, threats: Vec::new(), words }
}

/// What the pair does together, in the component where it does most of either.
fn together(one: &Intervention, other: &Intervention, pairs: &[Pair], least: f64, rows: &mut Vec<Bearing>) {
    let own = |pair: &&Pair| (pair.first == one.id && pair.second == other.id) || (pair.first == other.id && pair.second == one.id);
    let of = |sign: f64| {
        pairs
            .iter()
            .filter(own)
            .filter(|p| p.amount * sign >= least.max(f64::MIN_POSITIVE))
            .max_by(|a, b| (a.amount * sign).total_cmp(&(b.amount * sign)))
    };
    for (sign, kind, side) in [(-1.0, BearingKind::Amplifies, "below"), (1.0, BearingKind::Undercuts, "above")] {
        if let Some(pair) = of(sign) {
            let words = format!(
                "{} and {} together leave {} severity {} points {side} what each does alone adds up to",
                quoted(&one.name),
                quoted(&other.name),
                pair.component.word(),
                points(pair.amount),
            );
            rows.push(Bearing { amount: Some(pair.amount), component: Some(pair.component), ..bearing(one, other, kind, words) });
        }
    }
}

/// Whether one strategy improves or worsens what another works on; none where that is undefined.
fn reached(
    assessment: &Assessment,
    singles: &Singles,
    (from, one): (usize, &Intervention),
    other: &Intervention,
    targets: &BTreeMap<&str, Vec<usize>>,
    least: f64,
    rows: &mut Vec<Bearing>,
) -> Option<()> {
    let least = least.max(f64::MIN_POSITIVE);
    let mut better: Vec<(&str, f64)> = Vec::new();
    let mut worse: Vec<(&str, f64)> = Vec::new();
    for (threat, cells) in targets {
        let (falls, rises) = singles.means(from, &Weighted::new(&singles.nodes, cells.clone()));
        let (falls, rises) = (falls?, rises?);
        if falls <= -least {
            better.push((threat, falls));
        }
        if rises >= least {
            worse.push((threat, rises));
        }
    }
    for (mut found, kind, does) in [(better, BearingKind::Reaches, "improves"), (worse, BearingKind::Hinders, "worsens")] {
        found.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(b.0)));
        let Some((_, amount)) = found.first().copied() else { continue };
        let name = |id: &str| quoted(assessment.threats.iter().find(|t| t.id == id).map_or(id, |t| t.name.as_str()));
        let names: Vec<String> = found.iter().map(|(threat, _)| name(threat)).collect();
        let most = if found.len() > 1 { "up to " } else { "" };
        let words = format!(
            "{} {does} {} (by {most}{} severity points), which {} works on",
            quoted(&one.name),
            listed(&names, 3),
            points(amount),
            quoted(&other.name)
        );
        let threats = found.iter().map(|(threat, _)| (*threat).to_owned()).collect();
        rows.push(Bearing { amount: Some(amount), threats, ..bearing(one, other, kind, words) });
    }
    Some(())
}

/// One row a bearing: from, to, kind, basis, amount, words, component, threats.
pub(super) fn table(rows: &[Bearing]) -> Result<Table> {
    Table::builder()
        .text("from", rows.iter().map(|r| Some(&r.from)))
        .text("to", rows.iter().map(|r| Some(&r.to)))
        .text("kind", rows.iter().map(|r| Some(r.kind.word())))
        .text("basis", rows.iter().map(|r| Some(r.basis())))
        .number("amount", rows.iter().map(|r| r.amount))
        .text("words", rows.iter().map(|r| Some(&r.words)))
        .text("component", rows.iter().map(|r| r.component.map(Component::word)))
        .list("threats", rows.iter().map(|r| Some(r.threats.clone())))
        .build()
}
