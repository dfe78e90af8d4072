//! What a human security programme does in its three phases: goals and tasks.

use serde::Serialize;

/// A phase with its goals and tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PhaseFacts {
    /// 1 to 3.
    pub number: u8,
    /// Name.
    pub name: &'static str,
    /// What the phase is to reach.
    pub goals: &'static [&'static str],
    /// Lines of the goals.
    pub goals_locator: &'static str,
    /// What is to be done; for the third phase the handbook puts the first two as questions.
    pub tasks: &'static [&'static str],
    /// Lines of the tasks.
    pub tasks_locator: &'static str,
}

/// The three phases, with 8, 3 and 3 tasks.
pub const PHASES: [PhaseFacts; 3] = [
    PhaseFacts {
        number: 1,
        name: "analysis, mapping and planning",
        goals: &[
            "find needs, vulnerabilities and capacities together with the people affected, and set priorities with them",
            "find root causes and how they link across sectors, and plan responses with good effects elsewhere",
            "keep goals coherent and responsibilities allocated among the actors",
            "plan for the short, medium and long term",
        ],
        goals_locator: "lines 309-315",
        tasks: &[
            "set up participation, and find needs, vulnerabilities and capacities together",
            "map insecurities by actual vulnerability and capacity: what is needed before what is feasible",
            "set priorities by needs and capacities, in consultation with the people affected",
            "find the root causes of insecurities and how they link",
            "cluster insecurities across sectors, and watch for externalities",
            "set strategies that join empowerment and protection",
            "sketch short, medium and long-term strategies, also those this programme will not carry out",
            "plan with all actors, so that goals fit together and tasks are allocated",
        ],
        tasks_locator: "lines 303",
    },
    PhaseFacts {
        number: 2,
        name: "implementation",
        goals: &["ownership by those who benefit and their local partners, through capacity building and partnership"],
        goals_locator: "lines 452",
        tasks: &[
            "carry the programme out together with local partners",
            "build the capacity of the communities and local institutions concerned",
            "monitor as part of the programme, to learn and adapt",
        ],
        tasks_locator: "lines 304",
    },
    PhaseFacts {
        number: 3,
        name: "impact assessment",
        goals: &[
            "improve the programme, so that it eases the insecurities found and does no harm elsewhere",
            "have everyone weigh what their work is likely to do to people, and act on it",
            "follow the changing risks around the programme, beyond its inputs and outputs",
        ],
        goals_locator: "lines 534-536",
        tasks: &[
            "ask whether the right thing is being done, beyond whether it is done right",
            "ask whether the programme eases the insecurities found without harm elsewhere",
            "draw lessons from failure and success, and improve the programme",
        ],
        tasks_locator: "lines 305",
    },
];
