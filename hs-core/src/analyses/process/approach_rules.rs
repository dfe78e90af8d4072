//! Which ways of taking part there are, and what speaks against each: rules as data.
//!
//! The six factors are the handbook's (lines 458-465); it leaves the choice to the circumstances. The approaches, and what a factor means for each, are this library's
//! reading and stand in the open to be argued with.

/// A way of taking part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Approach {
    pub(super) id: &'static str,
    pub(super) what: &'static str,
    /// Whether people have to gather or be visited in person.
    pub(super) in_person: bool,
    /// Whether it reaches those who are heard least.
    pub(super) depth: &'static str,
}

/// The approaches, from the least to the most that people decide.
pub(super) const APPROACHES: [Approach; 8] = [
    Approach { id: "public-meeting", what: "the programme is presented and questions are taken", in_person: true, depth: "informed" },
    Approach { id: "remote-listening", what: "people are asked by telephone, radio or message", in_person: false, depth: "consulted" },
    Approach { id: "household-interviews", what: "people are asked one by one where they live", in_person: true, depth: "consulted" },
    Approach {
        id: "separate-focus-groups",
        what: "women, men, young people or minorities talk among themselves",
        in_person: true,
        depth: "consulted",
    },
    Approach {
        id: "feedback-channel",
        what: "complaints and suggestions are taken at any time and answered",
        in_person: false,
        depth: "consulted",
    },
    Approach {
        id: "participatory-mapping",
        what: "people map needs, capacities and priorities together",
        in_person: true,
        depth: "decided-together",
    },
    Approach {
        id: "joint-committee",
        what: "a representative committee of many actors oversees the work",
        in_person: true,
        depth: "decided-together",
    },
    Approach {
        id: "community-led",
        what: "the community plans and carries out, outsiders support",
        in_person: true,
        depth: "decided-together",
    },
];

/// What a rating of a factor means for some approaches.
#[derive(Debug, Clone, Copy)]
pub(super) struct ApproachRule {
    pub(super) id: &'static str,
    pub(super) factor: &'static str,
    /// `difficult` or `prohibitive`: prohibitive holds for both.
    pub(super) rating: &'static str,
    pub(super) approaches: &'static [&'static str],
    /// Whether it rules the approach out; else a safeguard is asked.
    pub(super) rules_out: bool,
    pub(super) reason: &'static str,
    pub(super) safeguard: &'static str,
}

/// The factors, in the handbook's order, with its lines.
pub(super) const FACTORS: [(&str, &str, &str); 6] = [
    ("access", "access to the local population", "line 460"),
    ("hazard", "external hazards or hostile conditions", "line 461"),
    ("time", "timeframe", "line 462"),
    ("funding", "funding constraints", "line 463"),
    ("barriers", "cultural or community barriers to taking part", "line 464"),
    ("inequality", "inequalities among the local population", "line 465"),
];

const ANYWHERE: &[&str] =
    &["public-meeting", "household-interviews", "separate-focus-groups", "participatory-mapping", "joint-committee", "community-led"];
const GATHERINGS: &[&str] = &["public-meeting", "separate-focus-groups", "participatory-mapping", "joint-committee"];
const MIXED: &[&str] = &["public-meeting", "participatory-mapping", "joint-committee", "community-led"];
const LONG: &[&str] = &["participatory-mapping", "joint-committee", "community-led"];

/// The rules; each names its factor, the rating from which it holds, and the approaches it bears on.
pub(super) const APPROACH_RULES: [ApproachRule; 14] = [
    ApproachRule {
        id: "access-difficult",
        factor: "access",
        rating: "difficult",
        approaches: ANYWHERE,
        rules_out: false,
        reason: "people are hard to reach in person",
        safeguard: "go through local partners, and ask the missing by another way",
    },
    ApproachRule {
        id: "access-prohibitive",
        factor: "access",
        rating: "prohibitive",
        approaches: &["public-meeting", "household-interviews", "separate-focus-groups", "participatory-mapping"],
        rules_out: true,
        reason: "people cannot be reached in person",
        safeguard: "",
    },
    ApproachRule {
        id: "remote-leaves-out",
        factor: "access",
        rating: "difficult",
        approaches: &["remote-listening"],
        rules_out: false,
        reason: "who has no telephone or signal is not heard",
        safeguard: "tell whom it leaves out, and reach them through somebody they trust",
    },
    ApproachRule {
        id: "hazard-difficult",
        factor: "hazard",
        rating: "difficult",
        approaches: ANYWHERE,
        rules_out: false,
        reason: "coming together or being visited can draw attention",
        safeguard: "small groups, places and hours that people choose, no lists of names",
    },
    ApproachRule {
        id: "hazard-prohibitive",
        factor: "hazard",
        rating: "prohibitive",
        approaches: ANYWHERE,
        rules_out: true,
        reason: "taking part in person endangers people",
        safeguard: "",
    },
    ApproachRule {
        id: "hazard-and-traces",
        factor: "hazard",
        rating: "prohibitive",
        approaches: &["remote-listening", "feedback-channel"],
        rules_out: false,
        reason: "calls and messages leave traces",
        safeguard: "agree with those concerned on a channel, keep no numbers, delete at once",
    },
    ApproachRule {
        id: "time-difficult",
        factor: "time",
        rating: "difficult",
        approaches: LONG,
        rules_out: false,
        reason: "it takes longer than there is",
        safeguard: "begin small, and plan the rest with people for later",
    },
    ApproachRule {
        id: "time-prohibitive",
        factor: "time",
        rating: "prohibitive",
        approaches: LONG,
        rules_out: true,
        reason: "there is no time to do it honestly",
        safeguard: "",
    },
    ApproachRule {
        id: "funding-difficult",
        factor: "funding",
        rating: "difficult",
        approaches: &["household-interviews", "participatory-mapping", "joint-committee", "community-led"],
        rules_out: false,
        reason: "it costs more than is easily paid, for people too",
        safeguard: "cover what taking part costs people, and do less of it well",
    },
    ApproachRule {
        id: "funding-prohibitive",
        factor: "funding",
        rating: "prohibitive",
        approaches: &["household-interviews", "community-led"],
        rules_out: true,
        reason: "it cannot be paid",
        safeguard: "",
    },
    ApproachRule {
        id: "barriers-difficult",
        factor: "barriers",
        rating: "difficult",
        approaches: MIXED,
        rules_out: false,
        reason: "custom or language keeps some from speaking before others",
        safeguard: "hold separate groups too, in people's own language, with facilitators they accept",
    },
    ApproachRule {
        id: "barriers-prohibitive",
        factor: "barriers",
        rating: "prohibitive",
        approaches: &["public-meeting", "participatory-mapping"],
        rules_out: true,
        reason: "those kept from speaking would not be heard at all",
        safeguard: "",
    },
    ApproachRule {
        id: "inequality-difficult",
        factor: "inequality",
        rating: "difficult",
        approaches: MIXED,
        rules_out: false,
        reason: "those with power speak for the others, and take what there is to take",
        safeguard: "reserve seats, check them against the population, and ask the least heard by themselves",
    },
    ApproachRule {
        id: "inequality-prohibitive",
        factor: "inequality",
        rating: "prohibitive",
        approaches: &["public-meeting", "community-led"],
        rules_out: true,
        reason: "what comes out would be the word of the powerful",
        safeguard: "",
    },
];

/// What a judged risk asks for, beside the rules.
pub(super) const SAFEGUARDS: [(&str, &str); 4] = [
    ("gatherings", "ask people where, when and whether to meet, and let anyone stay away"),
    ("records", "no names, no pictures, codes kept apart from answers"),
    ("stop", "agree on a sign to stop, and on who decides"),
    ("harm", "know beforehand where somebody who comes to harm can go"),
];

/// Whether an approach brings people together.
pub(super) fn gathers(id: &str) -> bool {
    GATHERINGS.contains(&id)
}
