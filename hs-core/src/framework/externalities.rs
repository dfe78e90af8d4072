//! What a well-meant intervention may do to the other components (Table III of the handbook), coded as 43 claims.
//!
//! A claim says what is possible, never how likely: a cell of the 7 by 7 view without a claim is "no claim", which is not zero.
//! The table speaks of security: `better` is good for people, whatever the sign of a severity elsewhere.

use serde::Serialize;

use super::Component;
use super::words::words;

words!(
    /// What a claim says of people's security.
    ClaimOutcome {
        /// People are more secure.
        Better = "better",
        /// People are less secure.
        Worse = "worse",
    }
);

/// One claim of Table III.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ExternalityClaim {
    /// Id, X01 to X43.
    pub id: &'static str,
    /// The component the intervention is meant for.
    pub component: Component,
    /// The example intervention.
    pub intervention: &'static str,
    /// The component the effect falls on.
    pub target: Component,
    /// Better or worse.
    pub outcome: ClaimOutcome,
    /// What happens.
    pub description: &'static str,
    /// Whether the claim is one sentence about all seven components, here written out seven times.
    pub broad: bool,
    /// Whether the table names the target (`stated`) or the coder read it (`inferred`).
    pub basis: &'static str,
    /// Lines of the handbook.
    pub locator: &'static str,
}

use Component::{Community, Economic, Environmental, Food, Health, Personal, Political};

const fn better(id: &'static str, component: Component, target: Component, description: &'static str) -> ExternalityClaim {
    claim(id, component, target, ClaimOutcome::Better, description)
}

const fn worse(id: &'static str, component: Component, target: Component, description: &'static str) -> ExternalityClaim {
    claim(id, component, target, ClaimOutcome::Worse, description)
}

const fn claim(
    id: &'static str,
    component: Component,
    target: Component,
    outcome: ClaimOutcome,
    description: &'static str,
) -> ExternalityClaim {
    let (intervention, locator) = example_intervention(component);
    ExternalityClaim { id, component, intervention, target, outcome, description, broad: false, basis: "stated", locator }
}

impl ExternalityClaim {
    const fn broad(mut self) -> Self {
        self.broad = true;
        self
    }

    const fn inferred(mut self) -> Self {
        self.basis = "inferred";
        self
    }

    const fn at(mut self, locator: &'static str) -> Self {
        self.locator = locator;
        self
    }
}

/// The example intervention of a component, and its lines.
pub const fn example_intervention(component: Component) -> (&'static str, &'static str) {
    match component {
        Economic => ("micro-credit programmes", "lines 408"),
        Food => ("food relief", "lines 409"),
        Health => ("building or rebuilding health care", "lines 410"),
        Environmental => ("environmentally sound management", "lines 411"),
        Personal => ("law and order: police programmes and training", "lines 412"),
        Community => ("disarmament and demobilisation", "lines 415"),
        Political => ("support to democratic transition", "lines 416"),
    }
}

/// The 43 claims.
pub const EXTERNALITIES: [ExternalityClaim; 43] = [
    better("X01", Economic, Food, "food production rises"),
    better("X02", Economic, Political, "communities spared hardship have less reason to fight"),
    worse("X03", Economic, Community, "communities that receive and communities that do not compete and clash"),
    worse("X04", Economic, Personal, "women are targeted because of their new income or power"),
    better("X05", Food, Economic, "households that sell their ration earn income"),
    better("X06", Food, Political, "there is less reason to fight"),
    worse("X07", Food, Political, "the state answers to foreign authorities instead of its people and loses legitimacy"),
    worse("X08", Food, Personal, "aid is looted"),
    worse("X09", Food, Economic, "aid lowers farm production and farmers lose income"),
    better("X10", Health, Community, "births and deaths come back into balance"),
    better("X11", Health, Personal, "births and deaths come back into balance"),
    better("X12", Health, Economic, "jobs are created"),
    worse("X13", Health, Political, "the state's responsibility is displaced and trust in institutions falls"),
    worse("X14", Health, Environmental, "sanitation is left out of account"),
    better("X15", Environmental, Economic, "wasted or polluted renewable resources are recovered"),
    better("X16", Environmental, Food, "farm production rises"),
    worse("X17", Environmental, Community, "farming traditions are passed over"),
    better("X18", Personal, Economic, "freedom from fear, want and indignity serves every component").broad(),
    better("X19", Personal, Food, "freedom from fear, want and indignity serves every component").broad(),
    better("X20", Personal, Health, "freedom from fear, want and indignity serves every component").broad(),
    better("X21", Personal, Environmental, "freedom from fear, want and indignity serves every component").broad(),
    better("X22", Personal, Personal, "freedom from fear, want and indignity serves every component").broad(),
    better("X23", Personal, Community, "freedom from fear, want and indignity serves every component").broad(),
    better("X24", Personal, Political, "freedom from fear, want and indignity serves every component").broad(),
    better("X25", Personal, Economic, "jobs are created").at("lines 414"),
    worse("X26", Personal, Political, "the state is replaced"),
    worse("X27", Personal, Personal, "security forces abuse their power").at("lines 412-414"),
    worse("X28", Personal, Community, "security forces abuse their power").at("lines 412-414"),
    better("X29", Community, Economic, "social harmony secures every component").broad(),
    better("X30", Community, Food, "social harmony secures every component").broad(),
    better("X31", Community, Health, "social harmony secures every component").broad(),
    better("X32", Community, Environmental, "social harmony secures every component").broad(),
    better("X33", Community, Personal, "social harmony secures every component").broad(),
    better("X34", Community, Community, "social harmony secures every component").broad(),
    better("X35", Community, Political, "social harmony secures every component").broad(),
    better("X36", Community, Economic, "jobs are created"),
    worse("X37", Community, Community, "tensions between communities are worsened or created").inferred(),
    better("X38", Political, Community, "fewer are shut out of politics"),
    better("X39", Political, Community, "communities take part"),
    better("X40", Political, Personal, "communities take part"),
    worse("X41", Political, Community, "one type of governance is imposed"),
    worse("X42", Political, Economic, "one type of governance is imposed"),
    worse("X43", Political, Political, "one type of governance is imposed"),
];

/// How many claims a cell of the 7 by 7 view holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ClaimCount {
    /// Claims that people are better off.
    pub better: u32,
    /// Claims that people are worse off.
    pub worse: u32,
    /// How many of them are broad.
    pub broad: u32,
}

/// The claims from one component on another; `None` is "no claim", which is not zero.
pub fn cell(component: Component, target: Component) -> Option<ClaimCount> {
    let mut found: Option<ClaimCount> = None;
    for claim in EXTERNALITIES.iter().filter(|c| c.component == component && c.target == target) {
        let count = found.get_or_insert_default();
        match claim.outcome {
            ClaimOutcome::Better => count.better += 1,
            ClaimOutcome::Worse => count.worse += 1,
        }
        count.broad += u32::from(claim.broad);
    }
    found
}

/// All 49 cells, row by row: the component an intervention is meant for, the component it falls on, the claims.
pub fn matrix() -> impl Iterator<Item = (Component, Component, Option<ClaimCount>)> {
    Component::ALL.iter().flat_map(|from| Component::ALL.iter().map(move |to| (*from, *to, cell(*from, *to))))
}
