//! What five principles ask of a human security programme and of its analysis of needs.

use serde::Serialize;

/// A principle with what it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PrincipleFacts {
    /// Id.
    pub id: &'static str,
    /// One sentence.
    pub meaning: &'static str,
    /// What it asks of the whole approach (table of principles).
    pub approach: &'static [&'static str],
    /// What it asks of the analysis of needs, vulnerabilities and capacities. The handbook lists multi-sectoral and
    /// comprehensive together there; both carry that list.
    pub analysis: &'static [&'static str],
    /// Lines of the handbook.
    pub locator: &'static str,
}

const ACROSS_SECTORS: &[&str] = &[
    "look at all threats and vulnerabilities within and across communities, local to international",
    "join security, development and human rights in one analysis",
    "find where policies of different sectors fail to fit together and so harm people's needs",
];

/// The five principles.
pub const PRINCIPLES: [PrincipleFacts; 5] = [
    PrincipleFacts {
        id: "people-centred",
        meaning: "the individual stands at the centre, with a threshold below which life is intolerably threatened",
        approach: &[
            "include people and let them take part",
            "let individuals and communities define their needs and act as agents of change",
            "decide together which insecurities to address, and find local assets and coping mechanisms",
        ],
        analysis: &[
            "gather data on needs and capacities with the people affected",
            "find root causes by the degree of cause",
            "build empowerment strategies on the capacities needed",
            "strengthen the resilience of individuals and communities",
        ],
        locator: "lines 122,290,321-325",
    },
    PrincipleFacts {
        id: "multi-sectoral",
        meaning: "insecurity has causes in every sector, so answers have to fit together",
        approach: &[
            "bring the actors of different sectors to one table",
            "keep what separate sectors do coherent and coordinated",
            "assess what each response does, for better and worse, to the whole situation of the people affected",
        ],
        analysis: ACROSS_SECTORS,
        locator: "lines 124,291,326-329",
    },
    PrincipleFacts {
        id: "comprehensive",
        meaning: "all seven components and everyone concerned are looked at together",
        approach: &[
            "analyse all seven components as one",
            "address the whole range of threats, vulnerabilities and capacities",
            "look at actors and sectors not thought relevant before",
            "plan responses across sectors and actors",
        ],
        analysis: ACROSS_SECTORS,
        locator: "lines 143,292,326-329",
    },
    PrincipleFacts {
        id: "context-specific",
        meaning: "insecurities differ from place to place, and so do solutions",
        approach: &[
            "analyse the situation in depth",
            "name the core freedoms and rights under threat in it",
            "find the concrete needs, and solutions rooted in local realities, capacities and coping",
            "take local, national, regional and global influences into account",
        ],
        analysis: &[
            "use local information of this context",
            "count what people perceive beside quantitative indicators",
            "show where policies miss people's own security priorities",
            "find gaps in the existing security infrastructure",
        ],
        locator: "lines 145,293,330-334",
    },
    PrincipleFacts {
        id: "prevention-oriented",
        meaning: "risks and root causes are dealt with before harm is done, by protection and empowerment",
        approach: &[
            "find risks, threats and hazards, and address their root causes",
            "prevent, through protection and empowerment together",
        ],
        analysis: &[
            "find the root causes and the main gaps in protection and empowerment, so that solutions last",
            "put prevention beside response when setting priorities",
            "choose empowerment that builds on local capacities and resilience",
        ],
        locator: "lines 145,294,335-338",
    },
];
