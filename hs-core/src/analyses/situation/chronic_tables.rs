//! The tables of chronic and sudden threats.

use super::chronic_and_sudden::{ChronicAndSuddenResult, Recovery};
use crate::Result;
use crate::tables::Table;

pub(super) fn tables(result: &ChronicAndSuddenResult) -> Result<Vec<(&'static str, Table)>> {
    let whole = |n: usize| i64::try_from(n).ok();
    let rows = &result.rows;
    let main = Table::builder()
        .text("threat", rows.iter().map(|r| r.threat.as_ref()))
        .text("indicator", rows.iter().map(|r| r.indicator.as_ref()))
        .text("place", rows.iter().map(|r| Some(&r.place)))
        .text("group", rows.iter().map(|r| r.group.as_ref()))
        .integer("periods", rows.iter().map(|r| whole(r.periods)))
        .number("level", rows.iter().map(|r| r.level))
        .boolean("chronic", rows.iter().map(|r| r.chronic))
        .number("share", rows.iter().map(|r| r.share))
        .number("shock", rows.iter().map(|r| r.shock))
        .text("shock_date", rows.iter().map(|r| r.shock_date.as_ref()))
        .number("robust_z", rows.iter().map(|r| r.robust_z))
        .text("cusum_alarm", rows.iter().map(|r| r.cusum_alarm.as_ref()))
        .integer("recovery", rows.iter().map(|r| r.recovery.and_then(whole)))
        .text("recovered", rows.iter().map(|r| r.recovered.map(Recovery::word)))
        .number("loss_area", rows.iter().map(|r| r.loss_area))
        .text("class", rows.iter().map(|r| Some(r.class.word())))
        .text("reason", rows.iter().map(|r| r.reason))
        .integer("recovery_days", rows.iter().map(|r| r.recovery_days))
        .text("kind", rows.iter().map(|r| Some(r.kind.word())))
        .number("baseline", rows.iter().map(|r| r.baseline))
        .integer("suppressed", rows.iter().map(|r| whole(r.suppressed)))
        .build()?;
    let rows = &result.points;
    let points = Table::builder()
        .text("threat", rows.iter().map(|r| r.threat.as_ref()))
        .text("indicator", rows.iter().map(|r| r.indicator.as_ref()))
        .text("place", rows.iter().map(|r| Some(&r.place)))
        .text("group", rows.iter().map(|r| r.group.as_ref()))
        .text("period", rows.iter().map(|r| Some(&r.period)))
        .number("value", rows.iter().map(|r| r.value))
        .number("robust_z", rows.iter().map(|r| r.robust_z))
        .number("cusum", rows.iter().map(|r| r.cusum))
        .boolean("high", rows.iter().map(|r| r.high))
        .text("state", rows.iter().map(|r| Some(r.state)))
        .build()?;
    let rows = &result.transitions;
    let transitions = Table::builder()
        .text("from", rows.iter().map(|r| Some(r.from)))
        .text("to", rows.iter().map(|r| Some(r.to)))
        .integer("steps", rows.iter().map(|r| whole(r.steps)))
        .number("share", rows.iter().map(|r| r.share))
        .build()?;
    Ok(vec![("chronic_and_sudden", main), ("points", points), ("transitions", transitions)])
}
