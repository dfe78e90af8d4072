//! What each intervention does beyond its target.

use super::{Basis, Sheet, falling, spoken};
use crate::reports::document::{Block, Cell, Grid, Part, Phrase};

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let (id, heading) = ("externalities", "What the interventions do beyond their target");
    let outcome = match basis.result("externalities") {
        Ok(outcome) => outcome,
        Err(reason) => return Part::new(id, heading, reason),
    };
    let Some(sheet) = Sheet::main(outcome).filter(|s| s.rows() > 0) else {
        return Part::new(id, heading, "No intervention is recorded, so there is no effect to follow.".into());
    };
    let mut part = Part::new(id, heading, Phrase::from("Effects beyond the target follow."));
    for intervention in &basis.assessment.interventions {
        let mut rows: Vec<usize> =
            (0..sheet.rows()).filter(|r| sheet.text(*r, "intervention").as_deref() == Some(&intervention.id)).collect();
        rows.sort_by_key(|r| (sheet.text(*r, "route"), falling(sheet.number(*r, "change").map(f64::abs))));
        if rows.is_empty() {
            continue;
        }
        part.blocks.push(Block::Heading(Phrase::new().name(&intervention.name)));
        let mut grid = Grid::new(
            Phrase::from("Effects of ").name(&intervention.name),
            &["Threat", "Place", "Group", "Route", "Horizon", "Change", "Persons#"],
        );
        for row in rows {
            let (place, group) = (sheet.text(row, "place"), sheet.text(row, "group"));
            grid.push(vec![
                Cell::name(basis.names.threat(&sheet.text(row, "threat").unwrap_or_default())),
                basis.names.place_cell(place.as_deref()),
                basis.names.group_cell(group.as_deref()),
                sheet.text(row, "route").map_or(Cell::Missing("not said"), |r| Cell::plain(&spoken(&r))),
                sheet.text(row, "horizon").map_or(Cell::Missing("not said"), |h| Cell::plain(&spoken(&h))),
                Cell::change(sheet.number(row, "change")),
                Cell::whole(sheet.number(row, "persons")),
            ]);
        }
        part.table(grid);
    }
    part
}
