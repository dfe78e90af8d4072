//! What feeds what: the picture, and the same in words.

use super::Basis;
use crate::assessment::{LinkEffect, Linkage, Reach};
use crate::reports::document::{Block, Cell, Grid, Part, Phrase, Tone, spelled};

pub(super) fn part(basis: &Basis<'_>) -> Part {
    let links = &basis.assessment.linkages;
    let mut part = Part::new("network", "What feeds what", finding(basis, links));
    if let Some(picture) = basis.picture {
        part.blocks.push(Block::Picture(Box::new(picture.clone())));
    }
    let mut grid = Grid::new(
        "Linkages between threats; a weight from 0 to 1 is a judgement unless its basis says measured",
        &["From", "Effect", "To", "Weight#", "Lag#", "Reach", "Basis"],
    );
    for link in links {
        let (tone, word) = match link.effect {
            LinkEffect::Feeds => (Tone::Worse, "feeds"),
            LinkEffect::Dampens => (Tone::Better, "dampens"),
        };
        grid.push(vec![
            Cell::name(basis.names.threat(&link.from)),
            Cell::Mark(tone, word.into()),
            Cell::name(basis.names.threat(&link.to)),
            weight(link).map_or(Cell::Missing("no number"), |w| Cell::number(Some(w))),
            Cell::Number(link.lag.unwrap_or(0).to_string()),
            reach(basis, link),
            link.provenance.basis.map_or(Cell::Missing("not said"), |b| Cell::plain(&spelled(b.word()))),
        ]);
    }
    part.table(grid);
    part
}

fn weight(link: &Linkage) -> Option<f64> {
    link.weight.map(|w| w.get()).or(link.strength.map(|s| s.value()))
}

fn finding(basis: &Basis<'_>, links: &[Linkage]) -> Phrase {
    if links.is_empty() {
        return "No linkage between threats is recorded, so each threat stands alone in this report.".into();
    }
    let strongest = |effect: LinkEffect| {
        links.iter().filter(|l| l.effect == effect).fold(None, |best: Option<&Linkage>, l| match best {
            Some(b) if weight(b) >= weight(l) => Some(b),
            _ => Some(l),
        })
    };
    let said = |link: &Linkage| {
        let phrase = Phrase::new()
            .quoted(basis.names.threat(&link.from))
            .plain(" ")
            .plain(link.effect.word())
            .plain(" ")
            .quoted(basis.names.threat(&link.to));
        match weight(link) {
            Some(weight) => phrase.plain(" (weight ").number(weight).plain(")"),
            None => phrase.plain(" (no number given)"),
        }
    };
    let mut phrase = Phrase::new();
    if let Some(link) = strongest(LinkEffect::Feeds) {
        phrase = phrase.plain("Among the strongest linkages, ").then(said(link));
        if let Some(link) = strongest(LinkEffect::Dampens) {
            phrase = phrase.plain("; the other way, ").then(said(link));
        }
    } else if let Some(link) = strongest(LinkEffect::Dampens) {
        phrase = phrase.plain("Only dampening linkages are recorded, among them: ").then(said(link));
    }
    phrase.plain(".")
}

fn reach(basis: &Basis<'_>, link: &Linkage) -> Cell {
    let word = match link.reach.unwrap_or(Reach::Same) {
        Reach::Same => "within the place",
        Reach::Up => "to the larger place",
        Reach::Down => "to the smaller places",
        Reach::Neighbours => "to neighbouring places",
    };
    let mut phrase = Phrase::from(word);
    if !link.places.is_empty() {
        phrase = phrase.plain(", from ").names(link.places.iter().map(|p| basis.names.place(p)), 6);
    }
    if !link.groups.is_empty() {
        phrase = phrase.plain(", for ").names(link.groups.iter().map(|g| basis.names.group(g)), 6);
    }
    if !link.to_groups.is_empty() {
        phrase = phrase.plain(", reaching ").names(link.to_groups.iter().map(|g| basis.names.group(g)), 6);
    }
    Cell::Text(phrase)
}
