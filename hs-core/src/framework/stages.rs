//! What the five stages of participatory implementation ask.

use serde::Serialize;

/// A stage with what it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StageFacts {
    /// 1 to 5, as responsibilities carry it.
    pub number: u8,
    /// Name.
    pub name: &'static str,
    /// Why it is there.
    pub why: &'static str,
    /// What it asks.
    pub asks: &'static [&'static str],
    /// Lines of the handbook.
    pub locator: &'static str,
}

/// The five stages.
pub const STAGES: [StageFacts; 5] = [
    StageFacts {
        number: 1,
        name: "present the programme to the people affected",
        why: "beyond those who helped to plan, everyone concerned is to know what is coming",
        asks: &[
            "take feedback on the design and on how it will be carried out",
            "know how far people can take part, in their context and at what risk",
            "where people had no part in the design, explain how it came about and ask for their part now",
        ],
        locator: "lines 489-495",
    },
    StageFacts {
        number: 2,
        name: "set up a committee to oversee implementation",
        why: "participation is hard to manage; a representative committee of many actors helps",
        asks: &["support legitimate leadership from the community", "make mandate and lines of reporting clear"],
        locator: "lines 497-502",
    },
    StageFacts {
        number: 3,
        name: "allocate tasks and responsibilities",
        why: "responsibilities bring advantages and burdens, and so tension",
        asks: &[
            "set up clear structures that heed local practice",
            "divide tasks by how far each can take part, and choose those that build local capacity",
        ],
        locator: "lines 504-509",
    },
    StageFacts {
        number: 4,
        name: "mobilise local resources",
        why: "shared resources make a programme last, and local labour and material spare the local economy harm",
        asks: &["know what is already there and build on it", "use all local capacities: time and labour, knowledge and materials, money"],
        locator: "lines 511-516",
    },
    StageFacts {
        number: 5,
        name: "set up monitoring and reporting",
        why: "a programme stays flexible when feedback changes it",
        asks: &[
            "agree on monitoring and reporting along with tasks",
            "monitor and evaluate regularly, with the people affected",
            "let what is learnt change the programme and how it is carried out",
        ],
        locator: "lines 518-520",
    },
];
