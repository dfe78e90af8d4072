//! Which seven questions test a set of strategies for protection and empowerment.

use serde::Serialize;

use super::Pillar;

/// One of the seven questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct QuestionFacts {
    /// 1 to 7.
    pub number: u8,
    /// The question, in our words.
    pub question: &'static str,
    /// Which pillar it asks about; inferred where the handbook does not say.
    pub pillar: Pillar,
    /// Whether the handbook names the pillar in the question.
    pub pillar_basis: &'static str,
    /// Lines of the handbook.
    pub locator: &'static str,
}

const fn question(number: u8, pillar: Pillar, pillar_basis: &'static str, locator: &'static str, question: &'static str) -> QuestionFacts {
    QuestionFacts { number, question, pillar, pillar_basis, locator }
}

/// The seven questions, in the handbook's order.
pub const QUESTIONS: [QuestionFacts; 7] = [
    question(1, Pillar::Both, "stated", "lines 441", "how do the protection strategies and the empowerment strategies bear on each other?"),
    question(
        2,
        Pillar::Empowerment,
        "stated",
        "lines 442",
        "which empowerment strategies build on what people have, so that they resist the threats and gain choices?",
    ),
    question(3, Pillar::Empowerment, "stated", "lines 444", "which capacities and assets of the community can empowerment rest on?"),
    question(
        4,
        Pillar::Empowerment,
        "inferred",
        "lines 445",
        "which strengths of the community have been passed over, and how can they be used?",
    ),
    question(
        5,
        Pillar::Protection,
        "stated",
        "lines 446",
        "which protection strategies close gaps in the security infrastructure and strengthen institutions against the most severe and widespread threats?",
    ),
    question(
        6,
        Pillar::Protection,
        "inferred",
        "lines 447",
        "given resources and gaps, which strategies are most likely to do good in other sectors?",
    ),
    question(
        7,
        Pillar::Both,
        "stated",
        "lines 448",
        "which protection strategies do most for empowerment, and which empowerment strategies do most for protection?",
    ),
];
