//! Which seven components make up human security, and what threatens each (Table I of the handbook).
//!
//! The handbook numbers two tables `I`: this one (lines 126-135) and the matrix of needs (lines 348-359).

use serde::Serialize;

use super::Component;

/// A component with the example threats of Table I.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ComponentFacts {
    /// Which component.
    pub component: Component,
    /// Its name in prose.
    pub label: &'static str,
    /// Examples of main threats; possible types, never a closed list.
    pub threats: &'static [&'static str],
    /// Where its border to other components runs, where that is often mistaken.
    pub boundaries: &'static [&'static str],
    /// Lines of the handbook.
    pub locator: &'static str,
}

/// The seven components, in the handbook's order.
pub const COMPONENTS: [ComponentFacts; 7] = [
    ComponentFacts {
        component: Component::Economic,
        label: "Economic security",
        threats: &["persistent poverty", "unemployment"],
        boundaries: &["child labour counts as personal, though it is work"],
        locator: "lines 129",
    },
    ComponentFacts {
        component: Component::Food,
        label: "Food security",
        threats: &["hunger", "famine"],
        boundaries: &["unsafe food counts as health", "malnutrition counts as health here, as food or nutrition in IPC and JIAF"],
        locator: "lines 130",
    },
    ComponentFacts {
        component: Component::Health,
        label: "Health security",
        threats: &["deadly infectious disease", "unsafe food", "malnutrition", "no access to basic health care"],
        boundaries: &["malnutrition counts as health here, as food or nutrition in IPC and JIAF"],
        locator: "lines 131",
    },
    ComponentFacts {
        component: Component::Environmental,
        label: "Environmental security",
        threats: &["environmental degradation", "resource depletion", "natural disaster", "pollution"],
        boundaries: &[],
        locator: "lines 132",
    },
    ComponentFacts {
        component: Component::Personal,
        label: "Personal security",
        threats: &["physical violence", "crime", "terrorism", "domestic violence", "child labour"],
        boundaries: &["domestic violence counts as personal, not as community"],
        locator: "lines 133",
    },
    ComponentFacts {
        component: Component::Community,
        label: "Community security",
        threats: &["inter-ethnic tension", "religious tension", "other identity-based tension"],
        boundaries: &["domestic violence counts as personal, not as community"],
        locator: "lines 134",
    },
    ComponentFacts {
        component: Component::Political,
        label: "Political security",
        threats: &["political repression", "human rights abuse"],
        boundaries: &[],
        locator: "lines 135",
    },
];

/// A word with what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Meaning {
    /// The word or short name.
    pub name: &'static str,
    /// One sentence.
    pub meaning: &'static str,
    /// Lines of the handbook.
    pub locator: &'static str,
}

/// The three freedoms that human security brings together.
pub const FREEDOMS: [Meaning; 3] = [
    Meaning {
        name: "freedom from fear",
        meaning: "violence, crime, repression and abuse do not rule people's lives",
        locator: "lines 166-167,175-176",
    },
    Meaning {
        name: "freedom from want",
        meaning: "poverty, hunger, disease and disaster do not rule people's lives",
        locator: "lines 166-167,175-176",
    },
    Meaning {
        name: "freedom to live in dignity",
        meaning: "people's rights hold, and they shape their own lives",
        locator: "lines 175,196",
    },
];

/// The vital core of human lives: what threats endanger and what is protected.
pub const VITAL_CORE: [Meaning; 3] = [
    Meaning { name: "survival", meaning: "staying alive and unharmed", locator: "lines 99,122" },
    Meaning { name: "livelihood", meaning: "having the means to live", locator: "lines 99,122" },
    Meaning { name: "dignity", meaning: "living with rights, choice and respect", locator: "lines 99,122" },
];

/// What makes a threat one of human security: how severe it is and how many it reaches.
pub const SEVERITY_TERMS: [Meaning; 2] = [
    Meaning { name: "critical", meaning: "severe", locator: "lines 99" },
    Meaning { name: "pervasive", meaning: "widespread", locator: "lines 99" },
];

/// Levels of the handbook's matrix of needs and capacities, from the largest down.
pub const MATRIX_LEVELS: [super::Level; 3] = [super::Level::National, super::Level::District, super::Level::Local];

/// By what the matrix of needs splits the people of each level.
pub const MATRIX_DIMENSIONS: [&str; 3] = ["gender", "age", "socio-economic status"];

/// The facts of a component.
pub fn facts(component: Component) -> &'static ComponentFacts {
    static FACTS: [ComponentFacts; 7] = COMPONENTS;
    let [economic, food, health, environmental, personal, community, political] = &FACTS;
    match component {
        Component::Economic => economic,
        Component::Food => food,
        Component::Health => health,
        Component::Environmental => environmental,
        Component::Personal => personal,
        Component::Community => community,
        Component::Political => political,
    }
}
