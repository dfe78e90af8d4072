//! The tables of coded stories.

use serde_json::json;

use super::stories::StoriesResult;
use crate::Result;
use crate::tables::{Outcome, Table};

crate::tables::arrow_tables!(StoriesResult);

fn whole(n: usize) -> Option<i64> {
    i64::try_from(n).ok()
}

fn shown(n: usize, state: &str) -> Option<i64> {
    whole(n).filter(|_| state != "suppressed")
}

impl StoriesResult {
    fn codes_table(&self) -> Result<Table> {
        let rows = &self.codes;
        Table::builder()
            .text("kind", rows.iter().map(|r| Some(r.kind)))
            .text("id", rows.iter().map(|r| Some(&r.id)))
            .integer("stories", rows.iter().map(|r| shown(r.stories, r.state)))
            .integer("segments", rows.iter().map(|r| shown(r.segments, r.state)))
            .list("stakeholders", rows.iter().map(|r| Some(r.stakeholders.clone())))
            .number("alpha", rows.iter().map(|r| r.alpha))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .integer("double_coded", rows.iter().map(|r| shown(r.double_coded, r.state)))
            .integer("agreed", rows.iter().map(|r| shown(r.agreed, r.state)))
            .build()
    }

    fn agreement_table(&self) -> Result<Table> {
        let rows = &self.agreement;
        Table::builder()
            .text("kind", rows.iter().map(|r| Some(r.kind)))
            .integer("coders", rows.iter().map(|r| whole(r.coders)))
            .integer("units", rows.iter().map(|r| whole(r.units)))
            .number("alpha", rows.iter().map(|r| r.alpha))
            .number("lower", rows.iter().map(|r| r.lower))
            .number("upper", rows.iter().map(|r| r.upper))
            .build()
    }

    fn linkages_table(&self) -> Result<Table> {
        let rows = &self.linkages;
        Table::builder()
            .text("linkage", rows.iter().map(|r| Some(&r.linkage)))
            .list("stories", rows.iter().map(|r| Some(r.stories.clone()).filter(|_| r.state != "suppressed")))
            .integer("segments", rows.iter().map(|r| shown(r.segments, r.state)))
            .list("stakeholders", rows.iter().map(|r| Some(r.stakeholders.clone())))
            .boolean("stated", rows.iter().map(|r| Some(r.stated)))
            .text("from", rows.iter().map(|r| Some(&r.from)))
            .text("to", rows.iter().map(|r| Some(&r.to)))
            .text("effect", rows.iter().map(|r| Some(r.effect)))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .build()
    }

    fn causes_table(&self) -> Result<Table> {
        let rows = &self.causes;
        Table::builder()
            .text("component", rows.iter().map(|r| Some(r.component.word())))
            .list("threats", rows.iter().map(|r| Some(r.threats.clone())))
            .integer("stories", rows.iter().map(|r| shown(r.stories, r.state)))
            .integer("segments", rows.iter().map(|r| shown(r.segments, r.state)))
            .number("share", rows.iter().map(|r| r.share))
            .number("alpha", rows.iter().map(|r| r.alpha))
            .text("state", rows.iter().map(|r| Some(r.state)))
            .build()
    }

    /// Settings, facts (`stories`, `segments`, `double_coded`), tables (`story_coding`, `coding_agreement`, `linkage_evidence`, `uncoded`, `causes`) and notes.
    ///
    /// # Errors
    /// Only by a fault of this library.
    pub fn outcome(&self) -> Result<Outcome> {
        let mut outcome = Outcome::new("story_coding", &self.settings)?;
        let counts = [("stories", self.stories), ("segments", self.segments), ("double_coded", self.double_coded)];
        outcome.facts.extend(counts.map(|(name, count)| (name.to_owned(), json!(shown(count, self.state)))));
        let rows = &self.uncoded;
        let uncoded = Table::builder()
            .text("kind", rows.iter().map(|r| Some(r.kind)))
            .text("id", rows.iter().map(|r| Some(&r.id)))
            .text("why", rows.iter().map(|r| Some(r.why)))
            .build()?;
        outcome.tables = vec![
            ("story_coding", self.codes_table()?),
            ("coding_agreement", self.agreement_table()?),
            ("linkage_evidence", self.linkages_table()?),
            ("uncoded", uncoded),
            ("causes", self.causes_table()?),
        ];
        outcome.notes = self.notes.clone();
        Ok(outcome)
    }
}
