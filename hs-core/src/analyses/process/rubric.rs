//! What each step of the rubric of local ownership looks like: anchors, so that two raters mean the same by a number.

/// A dimension of local ownership with an anchor for each step, 0 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct OwnershipDimension {
    /// The word judgements use.
    pub id: &'static str,
    /// What is asked.
    pub question: &'static str,
    /// What 0, 1, 2, 3 and 4 look like.
    pub anchors: [&'static str; 5],
    /// What to look at when rating.
    pub pointer: &'static str,
    /// Lines of the handbook that call for it; the anchors are this library's.
    pub locator: &'static str,
}

const fn dimension(
    id: &'static str,
    question: &'static str,
    locator: &'static str,
    pointer: &'static str,
    anchors: [&'static str; 5],
) -> OwnershipDimension {
    OwnershipDimension { id, question, anchors, pointer, locator }
}

/// The six dimensions.
pub const OWNERSHIP: [OwnershipDimension; 6] = [
    dimension(
        "design",
        "who shaped what is done?",
        "lines 452,456,489-495",
        "consultation on each strategy; meetings before the design was settled",
        [
            "designed outside, people were not told",
            "designed outside and then presented",
            "people were asked, outsiders decided what to take up",
            "designed together, each side could refuse",
            "people and local institutions designed it, outsiders supported",
        ],
    ),
    dimension(
        "decisions",
        "who decides while it runs?",
        "lines 485-487,497-502",
        "committees with their mandate and seats; decisions of meetings and what became of them",
        [
            "all decisions are taken outside",
            "local people are informed of decisions",
            "a local committee advises",
            "a local committee decides on part of the work",
            "a legitimate local body decides, outsiders answer to it",
        ],
    ),
    dimension(
        "resources",
        "whose resources are used, and who disposes of them?",
        "lines 511-516",
        "resources by origin and value; what they do to the local market",
        [
            "everything comes from outside and is handled outside",
            "little is local, money is handled outside",
            "labour or materials are local, money is handled outside",
            "much is local, and local bodies handle part of the money",
            "local bodies hold the budget and bring a large part of what is used",
        ],
    ),
    dimension(
        "staffing",
        "who carries the work out?",
        "lines 452,480-487,504-509",
        "who is responsible and accountable for each strategy",
        [
            "outsiders do all of it",
            "local people do unskilled work",
            "local people carry out much of it under outside lead",
            "local partners lead part of the work",
            "local partners lead, outsiders help where asked",
        ],
    ),
    dimension(
        "monitoring",
        "who watches, and what does it change?",
        "lines 518-520",
        "meetings that look back, feedback and what became of it",
        [
            "reports go outside alone",
            "people are told of results",
            "people give data and feedback",
            "people judge results together with the programme",
            "people set what is watched, and what they find changes the work",
        ],
    ),
    dimension(
        "continuation",
        "what is left when support ends?",
        "lines 452,456,511-513",
        "local actors that hold the capacities a strategy needs, and that answer for it",
        [
            "nobody is named to go on",
            "going on is hoped for",
            "a local body is named, without means",
            "a local body is named, with part of the means and skills",
            "a local body has mandate, skills and means, and has begun",
        ],
    ),
];
