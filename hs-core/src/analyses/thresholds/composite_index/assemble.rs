//! From numbers to a result in names, and what is to be said about it.

use super::draws::Draws;
use super::plan::{Made, Plan, Slot};
use super::prepare::{Done, Prepared};
use super::result::{CompositeIndexResult, DrawChoices, DrawWeight, Drawn, IndicatorSummary, NodeValue, Step, UnitIndex};
use super::{CompositeIndex, IndicatorRule, IndicatorTable, Keep, Normalisation};
use crate::kernels::index::{NoMean, correlation, moments, ranks_from_the_top};
use crate::shown;
use crate::tables::Note;

fn there(x: f64) -> Option<f64> {
    x.is_finite().then_some(x)
}

pub(super) fn assemble(
    settings: &CompositeIndex,
    plan: &Plan,
    data: &IndicatorTable,
    base: &Prepared,
    made: Made,
    drawn: Option<Draws>,
) -> CompositeIndexResult {
    let none = Vec::new();
    let values = made.values.last().unwrap_or(&none);
    let coverage = made.coverage.last().unwrap_or(&none);
    let ranks = ranks_from_the_top(values);
    let tail = (1.0 - settings.level) / 2.0;
    let mut unranked = 0;
    let units =
        data.units().iter().zip(values.iter().zip(coverage).zip(ranks)).enumerate().map(|(at, (unit, ((value, coverage), rank)))| {
            let drawn = drawn.as_ref().map(|draws| draws.quantiles(at, data.units().len(), [tail, 0.5, 1.0 - tail]));
            let ([rank_lower, rank_median, rank_upper], count) = drawn.unwrap_or_default();
            unranked += (settings.draws as usize).saturating_sub(count);
            UnitIndex {
                unit: unit.clone(),
                value: there(*value),
                rank: there(rank),
                rank_lower,
                rank_median,
                rank_upper,
                coverage: *coverage,
                draws: (settings.draws > 0).then_some(count as u32),
            }
        });
    let units: Vec<UnitIndex> = units.collect();
    let mut parents = vec![None; plan.nodes.len()];
    let mut homes = vec![""; plan.leaves.len()];
    for node in &plan.nodes {
        for slot in &node.parts {
            match slot {
                Slot::Leaf(leaf) => homes.get_mut(*leaf).into_iter().for_each(|home| *home = node.name.as_str()),
                Slot::Node(below) => parents.get_mut(*below).into_iter().for_each(|parent| *parent = Some(node.name.clone())),
            }
        }
    }
    let mut nodes = Vec::with_capacity(data.units().len() * plan.nodes.len());
    for (at, unit) in data.units().iter().enumerate() {
        for (((node, parent), values), coverage) in plan.nodes.iter().zip(&parents).zip(&made.values).zip(&made.coverage) {
            nodes.push(NodeValue {
                unit: unit.clone(),
                node: node.name.clone(),
                parent: parent.clone(),
                value: values.get(at).copied().and_then(there),
                coverage: coverage.get(at).copied().unwrap_or(0.0),
            });
        }
    }
    let effective = plan.effective(&made.weights);
    let indicators = plan.names.iter().zip(&plan.leaves).zip(homes).zip(effective).zip(base.columns.iter().zip(&base.done));
    let indicators = indicators.map(|((((name, column), home), weight), (normalised, done))| {
        let found = moments(data.columns().get(*column).map_or(&[][..], Vec::as_slice));
        IndicatorSummary {
            indicator: name.clone(),
            node: home.to_owned(),
            weight,
            count: found.count as u32,
            min: there(found.least),
            max: there(found.greatest),
            mean: there(found.mean),
            skewness: there(found.skewness),
            kurtosis: there(found.kurtosis),
            treated: match done {
                Done { log: Some(_), .. } => "log",
                Done { winsorised: 1.., .. } => "winsorised",
                _ => "none",
            },
            winsorised: done.winsorised as u32,
            correlation: there(correlation(normalised, values)),
        }
    });
    let indicators: Vec<IndicatorSummary> = indicators.collect();
    let steps = settings.keep.contains(&Keep::Steps).then(|| steps(plan, data, base));
    let mut notes = notes(settings, plan, data, base, &made, &indicators);
    if let Some(draws) = &drawn {
        notes.extend(draw_notes(settings, draws, unranked));
    }
    let draws = drawn.filter(|_| settings.keep.contains(&Keep::Draws)).map(|draws| kept(plan, draws));
    CompositeIndexResult { settings: settings.clone(), name: plan.root().to_owned(), units, nodes, indicators, steps, draws, notes }
}

fn steps(plan: &Plan, data: &IndicatorTable, base: &Prepared) -> Vec<Step> {
    let mut steps = Vec::with_capacity(data.units().len() * plan.leaves.len());
    for (at, unit) in data.units().iter().enumerate() {
        let columns = plan.names.iter().zip(&plan.leaves).zip(base.treated.iter().zip(&base.columns));
        steps.extend(columns.map(|((name, column), (treated, normalised))| Step {
            unit: unit.clone(),
            indicator: name.clone(),
            value: data.columns().get(*column).and_then(|c| c.get(at)).copied().and_then(there),
            treated: treated.get(at).copied().and_then(there),
            normalised: normalised.get(at).copied().and_then(there),
        }));
    }
    steps
}

fn kept(plan: &Plan, draws: Draws) -> Drawn {
    let mut kept = Drawn { choices: vec![], weights: vec![], ranks: draws.ranks.iter().map(|r| f64::from(*r)).collect() };
    for (draw, chosen) in (0..).zip(draws.choices) {
        for (node, weights) in plan.nodes.iter().zip(chosen.weights) {
            kept.weights.extend(node.parts.iter().zip(weights).map(|(slot, weight)| DrawWeight {
                draw,
                node: node.name.clone(),
                part: plan.part_name(*slot).to_owned(),
                weight,
            }));
        }
        kept.choices.push(DrawChoices {
            draw,
            treatment: chosen.treatment,
            normalise: chosen.normalise,
            aggregate: chosen.aggregate,
            left_out: chosen.left_out.and_then(|leaf| plan.names.get(leaf)).cloned(),
        });
    }
    kept
}

fn notes(
    settings: &CompositeIndex,
    plan: &Plan,
    data: &IndicatorTable,
    base: &Prepared,
    made: &Made,
    indicators: &[IndicatorSummary],
) -> Vec<Note> {
    let mut notes = data.notes().to_vec();
    let mut counted = |code, what, message: &str, subjects: Vec<String>| {
        if !subjects.is_empty() {
            notes.push(Note::counted(code, what, message, subjects));
        }
    };
    counted("unused-indicator", "indicator", "are not in the tree and count for nothing", plan.unused.clone());
    let those = |test: fn(&Done) -> bool| -> Vec<String> {
        plan.names.iter().zip(&base.done).filter(|(_, done)| test(done)).map(|(name, _)| name.clone()).collect()
    };
    counted("winsorised", "indicator", "have outlying points that took the value of the next", those(|done| done.winsorised > 0));
    counted("logarithm", "indicator", "are taken as a logarithm", those(|done| done.log.is_some()));
    let shifted = those(|done| done.log.is_some_and(|added| added != 0.0));
    counted("shifted-logarithm", "indicator", "have values of 0 or below: their logarithm is of x - min + 0.01 (max - min)", shifted);
    let message = format!("are still skewed after {} winsorised points, so stay as they were; a logarithm may suit them", settings.limit);
    counted("treatment-undone", "indicator", &message, those(|done| done.gave_up));
    let empty: Vec<String> = indicators.iter().filter(|i| i.count == 0).map(|i| i.indicator.clone()).collect();
    let flat = those(|done| done.flat).into_iter().filter(|name| !empty.contains(name)).collect();
    counted("constant-indicator", "indicator", "are the same for every unit: their normalised value is undefined", flat);
    counted("empty-indicator", "indicator", "have no value for any unit", empty);
    counted(
        "past-goalpost",
        "indicator",
        "have values past a goalpost or target, which count as standing on it",
        those(|done| done.clipped > 0),
    );
    counted("no-ratio", "indicator", "have values of 0 or below, which have no ratio to the target", those(|done| done.no_ratio > 0));
    let idle = |way: Normalisation, has: fn(&IndicatorRule) -> bool| -> Vec<String> {
        let used = settings.normalise == Some(way) || settings.draws > 0 && settings.vary.normalise.contains(&way);
        plan.names.iter().filter(|name| !used && has(&settings.rule(name))).cloned().collect()
    };
    counted(
        "goalposts-unused",
        "indicator",
        "have goalposts, which count for `min-max` alone",
        idle(Normalisation::MinMax, |r| r.goalposts.is_some()),
    );
    let targets = idle(Normalisation::DistanceToTarget, |rule| rule.target.is_some());
    counted("target-unused", "indicator", "have a target, which counts for `distance-to-target` alone", targets);
    let negative = |name: &String| indicators.iter().any(|i| i.indicator == *name && i.correlation.is_some_and(|r| r < 0.0));
    let against = plan.names.iter().filter(|name| negative(name)).cloned().collect();
    counted("against-the-index", "indicator", "correlate negatively with the index: see whether lower is better for them", against);
    let mut reasons: Vec<NoMean> = made.undefined.iter().map(|(_, _, reason)| *reason).collect();
    reasons.sort_unstable();
    reasons.dedup();
    for reason in reasons {
        let (code, message) = match reason {
            NoMean::Missing => ("missing-part", "are undefined, for a part is missing"),
            NoMean::TooLittle => ("too-little-there", "are undefined, for what is there weighs less than `least_share`"),
            NoMean::NotPositive => {
                ("not-positive", "are undefined, for this mean takes values above 0 alone; a min-max `range` such as [1, 100] avoids zeros")
            }
            NoMean::OffScale => ("off-scale", "are undefined, for a part lies outside `scale`"),
            NoMean::Overflow => ("overflow", "are undefined, for they are past what floating-point numbers hold"),
            NoMean::MeanNotPositive => (
                "mean-not-positive",
                "are undefined, for the penalty is in proportion to a mean above 0; z-scores of `centre` 100 and `spread` 10 have one",
            ),
        };
        let subjects: Vec<String> = made
            .undefined
            .iter()
            .filter(|(_, _, why)| *why == reason)
            .map(|(unit, node, _)| {
                let unit = data.units().get(*unit).map_or("", String::as_str);
                format!("{unit}/{}", plan.nodes.get(*node).map_or("", |node| &node.name))
            })
            .collect();
        counted(code, "value", message, subjects);
    }
    for (node, explained, mixed, rows) in &made.components {
        let name = plan.nodes.get(*node).map_or("", |node| &node.name);
        let sign = if *mixed { "; some parts load against the others, and squares hide it" } else { "" };
        let said = format!(
            "the first principal component of `{}` explains {:.1} % of its variance, over {rows} units{sign}",
            shown(name),
            100.0 * explained
        );
        notes.push(Note::new("principal-component", said, [name]));
    }
    notes
}

fn draw_notes(settings: &CompositeIndex, draws: &Draws, unranked: usize) -> Vec<Note> {
    let mut notes = Vec::new();
    if draws.without_weights > 0 {
        let said =
            format!("{} of {} draws rank nobody, for the data gave no weights under their choices", draws.without_weights, settings.draws);
        notes.push(Note::new("draws-without-weights", said, Vec::<String>::new()));
    }
    if unranked > 0 {
        let said =
            format!("{unranked} ranks of units in draws are undefined; intervals are over the others, and the column `draws` counts them");
        notes.push(Note::new("undefined-in-draws", said, Vec::<String>::new()));
    }
    notes
}
