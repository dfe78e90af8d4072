//! What blocks say of each other, as a result with tables.

use serde::Serialize;
use serde_json::json;

use super::blocks::{BlockAxis, Blocks};
use crate::Result;
use crate::tables::{Array, Note, Outcome, Table};

/// Blocks up to which pairs without a claim are listed too.
pub(super) const MOST_LISTED: usize = 300;

/// What one block says of another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Block {
    /// The block it starts from.
    pub from: String,
    /// The block it reaches.
    pub to: String,
    /// Links, those without a number included; of effects the pairs of nodes with one, none where only their sum is known.
    pub links: Option<u64>,
    /// What feeds and what dampens, the latter 0 or below; none where no link has a number.
    pub sums: Option<(f64, f64)>,
    /// How many feed and how many dampen; those of weight 0 do neither.
    pub counts: (u64, u64),
    /// Links (pairs) with a number.
    pub numbered: u64,
    /// By place: whether it leads from one country to another; none where a country is not known, and for other blocks.
    pub crosses: Option<bool>,
}

impl Block {
    pub(super) fn mean(&self) -> Option<f64> {
        self.sums.filter(|_| self.numbered > 0).map(|(feeds, dampens)| (feeds - dampens) / self.numbered as f64)
    }

    fn makes_a_claim(&self) -> bool {
        self.links != Some(0) && (self.links.is_some() || self.sums.is_some())
    }
}

/// What a place gives to others and takes from them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Border {
    /// The place.
    pub place: String,
    /// The country it is in, where known.
    pub country: Option<String>,
    /// What leaves, feeding and dampening; none where nothing with a number does.
    pub exports: Option<(f64, f64)>,
    /// What enters.
    pub imports: Option<(f64, f64)>,
    /// What stays.
    pub within: Option<(f64, f64)>,
}

/// What a place gives to another by one threat.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Export {
    /// The place it starts from.
    pub from: String,
    /// The place it reaches.
    pub to: String,
    /// Id of the threat it starts from.
    pub threat: String,
    /// Links (pairs of nodes), those without a number included.
    pub links: u64,
    /// What feeds and what dampens; none where no link has a number.
    pub sums: Option<(f64, f64)>,
}

/// Blocks and what they say of each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlocksResult {
    /// The settings it ran with.
    pub settings: Blocks,
    /// Names of the blocks, in the order of the matrix.
    pub blocks: Vec<String>,
    /// Every pair of blocks, row by row; past 300 blocks those that make a claim.
    pub pairs: Vec<Block>,
    /// By place: what each gives and takes.
    pub borders: Vec<Border>,
    /// By place: what each gives to each other, threat by threat.
    pub exports: Vec<Export>,
    /// Effects: the divisor s.
    pub scale: Option<f64>,
    /// Effects: spectral radius of the magnitudes of X.
    pub spectral_radius: Option<f64>,
    /// What was dropped, defaulted or assumed.
    pub notes: Vec<Note>,
}

crate::tables::arrow_tables!(BlocksResult);

impl BlocksResult {
    /// from, to, links, positive, negative, mean (of magnitudes), mean_positive, mean_negative, numbered; by place also crosses. Null where there is no claim.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn table(&self) -> Result<Table> {
        let rows = &self.pairs;
        let whole = |n: u64| i64::try_from(n).ok();
        let share = |sum: Option<f64>, count: u64| sum.filter(|_| count > 0).map(|sum| sum / count as f64);
        let mut table = Table::builder()
            .text("from", rows.iter().map(|b| Some(&b.from)))
            .text("to", rows.iter().map(|b| Some(&b.to)))
            .integer("links", rows.iter().map(|b| b.links.and_then(whole)))
            .number("positive", rows.iter().map(|b| b.sums.map(|s| s.0)))
            .number("negative", rows.iter().map(|b| b.sums.map(|s| s.1)))
            .number("mean", rows.iter().map(Block::mean))
            .number("mean_positive", rows.iter().map(|b| share(b.sums.map(|s| s.0), b.counts.0)))
            .number("mean_negative", rows.iter().map(|b| share(b.sums.map(|s| s.1), b.counts.1)))
            .integer("numbered", rows.iter().map(|b| b.links.and_then(|_| whole(b.numbered))));
        if self.settings.by == BlockAxis::Place {
            table = table.boolean("crosses", rows.iter().map(|b| b.crosses));
        }
        table.build()
    }

    /// By place: place, country, exports_positive, exports_negative, imports_positive, imports_negative, within_positive, within_negative.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn borders_table(&self) -> Result<Table> {
        let rows = &self.borders;
        let column = |of: fn(&Border) -> Option<(f64, f64)>, feeds: bool| {
            rows.iter().map(move |b| of(b).map(|(positive, negative)| if feeds { positive } else { negative }))
        };
        Table::builder()
            .text("place", rows.iter().map(|b| Some(&b.place)))
            .text("country", rows.iter().map(|b| b.country.as_ref()))
            .number("exports_positive", column(|b| b.exports, true))
            .number("exports_negative", column(|b| b.exports, false))
            .number("imports_positive", column(|b| b.imports, true))
            .number("imports_negative", column(|b| b.imports, false))
            .number("within_positive", column(|b| b.within, true))
            .number("within_negative", column(|b| b.within, false))
            .build()
    }

    /// By place: from, to, threat (that leaves), links, positive, negative.
    ///
    /// # Errors
    /// When the table cannot be made.
    pub fn exports_table(&self) -> Result<Table> {
        let rows = &self.exports;
        Table::builder()
            .text("from", rows.iter().map(|e| Some(&e.from)))
            .text("to", rows.iter().map(|e| Some(&e.to)))
            .text("threat", rows.iter().map(|e| Some(&e.threat)))
            .integer("links", rows.iter().map(|e| i64::try_from(e.links).ok()))
            .number("positive", rows.iter().map(|e| e.sums.map(|s| s.0)))
            .number("negative", rows.iter().map(|e| e.sums.map(|s| s.1)))
            .build()
    }

    /// Everything by name, as the bindings carry it; to 300 blocks also the arrays `matrix` (sums of magnitudes), `positive` and `negative`, NaN where there is
    /// no claim with a number.
    ///
    /// # Errors
    /// When a table cannot be made.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("blocks", &self.settings)?;
        outcome.facts.insert("blocks".into(), json!(self.blocks));
        outcome.facts.insert("claims".into(), json!(self.pairs.iter().filter(|b| b.makes_a_claim()).count()));
        outcome.facts.insert("scale".into(), json!(self.scale));
        outcome.facts.insert("spectral_radius".into(), json!(self.spectral_radius));
        let k = self.blocks.len();
        if k <= MOST_LISTED {
            let array = |value: fn((f64, f64)) -> f64| Array {
                shape: vec![k, k],
                data: self.pairs.iter().map(|b| b.sums.map_or(f64::NAN, value)).collect(),
            };
            outcome.arrays.push(("matrix", array(|(feeds, dampens)| feeds - dampens)));
            outcome.arrays.push(("positive", array(|(feeds, _)| feeds)));
            outcome.arrays.push(("negative", array(|(_, dampens)| dampens)));
        }
        outcome.tables.push(("blocks", self.table()?));
        if self.settings.by == BlockAxis::Place {
            outcome.tables.push(("borders", self.borders_table()?));
            outcome.tables.push(("exports", self.exports_table()?));
        }
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
