//! What synergies there are: rows, and the tables made of them.

use serde_json::json;

use super::bearings::{self, Bearing, Bearings};
use super::externality_result::HorizonWord;
use super::synergies::Synergies;
use crate::Result;
use crate::framework::Component;
use crate::propagation::Model;
use crate::tables::{Note, Outcome, Table};

crate::framework::words::words!(
    /// What interventions do to each other.
    Kind {
        /// Together they improve more, or harm less, than the sum of each alone.
        Amplify = "amplify",
        /// Together they improve less, or harm more.
        Undercut = "undercut",
        /// One side gains and the other loses: better amplified and worse too.
        Both = "both",
        /// Nothing beyond the sum.
        None = "none",
        /// No number can be given.
        Undefined = "undefined",
    }
);

/// The synergy of a pair or triple in one component.
#[derive(Debug, Clone, PartialEq)]
pub struct SynergyRow {
    /// Id of the first intervention.
    pub first: String,
    /// Id of the second.
    pub second: String,
    /// Id of the third, in a triple.
    pub third: Option<String>,
    /// The component the cells are of.
    pub component: Component,
    /// When it is read.
    pub horizon: HorizonWord,
    /// What improving shocks do together beyond each alone, in severity points; none where undefined.
    pub better: Option<f64>,
    /// What worsening shocks do together beyond each alone.
    pub worse: Option<f64>,
    /// What all shocks do together beyond each alone; negative where they amplify each other.
    pub synergy: Option<f64>,
    /// The same, less what comes of counting a shared requirement twice.
    pub beyond: Option<f64>,
    /// In a word.
    pub kind: Kind,
    /// Whether the other model gives the same sign; none where one of the two is undefined.
    pub sign_robust: Option<bool>,
    /// Ids of all interventions that run, requirements among them.
    pub closed: Vec<String>,
    /// Ids of what more than one of them requires, or is.
    pub shared: Vec<String>,
    /// Why there is no number.
    pub reason: Option<String>,
}

/// What [`Synergies`] found.
#[derive(Debug, Clone)]
pub struct SynergiesResult {
    /// The settings.
    pub settings: Synergies,
    /// The model whose sign was held against the first one's.
    pub other: Model,
    /// By pair, horizon and component.
    pub rows: Vec<SynergyRow>,
    /// By triple, horizon and component; empty unless asked for.
    pub triples: Vec<SynergyRow>,
    pub(super) bearings: Bearings,
    pub(super) interventions: Vec<String>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

crate::tables::arrow_tables!(SynergiesResult);

impl SynergiesResult {
    /// How protection strategies bear on empowerment strategies.
    pub fn protection_to_empowerment(&self) -> &[Bearing] {
        &self.bearings.protection_to_empowerment
    }

    /// How empowerment strategies bear on protection strategies.
    pub fn empowerment_to_protection(&self) -> &[Bearing] {
        &self.bearings.empowerment_to_protection
    }

    pub(super) fn remark(&mut self, added: &[String], drawn: bool) {
        let mut add = |code, message: String, subjects: Vec<String>| self.notes.push(Note::new(code, message, subjects));
        if self.interventions.len() < 2 {
            add("no-pair", "there are fewer than two interventions, so there is no pair".into(), self.interventions.clone());
        }
        if !added.is_empty() {
            let message = "interventions are required by those asked for: they run with them and are not paired themselves";
            add("required-too", message.into(), added.to_vec());
        }
        if drawn {
            let Synergies { draws, seed, .. } = self.settings;
            let message = format!(
                "effects with ranges, or more than 12 uncertain ones: figures are means over {draws} draws with seed {seed}, the same for every term"
            );
            add("drawn", message, Vec::new());
        }
        let names = |row: &SynergyRow| {
            let third = row.third.as_ref().map(|id| format!(" + {id}")).unwrap_or_default();
            format!("{} + {}{third}", row.first, row.second)
        };
        let of = |wanted: &dyn Fn(&SynergyRow) -> bool| {
            let mut found: Vec<String> = self.rows.iter().chain(&self.triples).filter(|r| wanted(r)).map(names).collect();
            found.dedup();
            found
        };
        let undefined = of(&|r| r.kind == Kind::Undefined);
        let shared = of(&|r| !r.shared.is_empty());
        for (code, message, found) in [
            ("undefined-synergy", "no number can be given; the column `reason` says why", undefined),
            (
                "shared-requirement",
                "both terms hold what both require, so its effect is counted twice and `synergy` takes it off; `beyond_shared` and `kind` leave that out",
                shared,
            ),
        ] {
            if !found.is_empty() {
                self.notes.push(Note::some(code, message, found.len(), found));
            }
        }
    }

    fn table(rows: &[SynergyRow], settings: &Synergies, triples: bool) -> Result<Table> {
        let mut table =
            Table::builder().text("first", rows.iter().map(|r| Some(&r.first))).text("second", rows.iter().map(|r| Some(&r.second)));
        if triples {
            table = table.text("third", rows.iter().map(|r| r.third.as_ref()));
        }
        table
            .text("component", rows.iter().map(|r| Some(r.component.word())))
            .number("better", rows.iter().map(|r| r.better))
            .number("worse", rows.iter().map(|r| r.worse))
            .number("synergy", rows.iter().map(|r| r.synergy))
            .text("kind", rows.iter().map(|r| Some(r.kind.word())))
            .boolean("sign_robust", rows.iter().map(|r| r.sign_robust))
            .text("model", rows.iter().map(|_| Some(settings.model.word())))
            .list("closed", rows.iter().map(|r| Some(r.closed.clone())))
            .text("reason", rows.iter().map(|r| r.reason.as_ref()))
            .text("horizon", rows.iter().map(|r| Some(r.horizon.word())))
            .list("shared", rows.iter().map(|r| Some(r.shared.clone())))
            .number("beyond_shared", rows.iter().map(|r| r.beyond))
            .build()
    }

    /// Settings, facts, tables (`synergies`, `triples` where asked for, `protection_to_empowerment`, `empowerment_to_protection`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("synergies", &self.settings)?;
        let pairs = |kind: Kind| {
            let mut found: Vec<_> = self.rows.iter().filter(|r| r.kind == kind).map(|r| (&r.first, &r.second)).collect();
            found.dedup();
            found.len()
        };
        outcome.facts.insert("model".into(), json!(self.settings.model.word()));
        outcome.facts.insert("other_model".into(), json!(self.other.word()));
        outcome.facts.insert("interventions".into(), json!(self.interventions.len()));
        for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::None) {
            outcome.facts.insert(format!("pairs_{}", kind.word()), json!(pairs(*kind)));
        }
        outcome.tables = vec![("synergies", Self::table(&self.rows, &self.settings, false)?)];
        if self.settings.triples {
            outcome.tables.push(("triples", Self::table(&self.triples, &self.settings, true)?));
        }
        outcome.tables.push(("protection_to_empowerment", bearings::table(&self.bearings.protection_to_empowerment)?));
        outcome.tables.push(("empowerment_to_protection", bearings::table(&self.bearings.empowerment_to_protection)?));
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
