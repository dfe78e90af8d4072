//! Which strategies answer insecurity in each component, and what capacities they need (Table II of the handbook).
//!
//! The table heads its column "to enhance protection and empowerment" and does not say which strategy is which:
//! the pillar is inferred throughout.

use serde::Serialize;

use super::{Component, Pillar};

/// A strategy of Table II.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct StrategyFacts {
    /// Id: `strategy-COMPONENT-N`.
    pub id: &'static str,
    /// The component it serves.
    pub component: Component,
    /// What it is.
    pub strategy: &'static str,
    /// Its pillar, by inference.
    pub pillar: Pillar,
    /// Lines of the handbook.
    pub locator: &'static str,
}

/// A capacity of Table II.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CapacityFacts {
    /// Id: `capacity-COMPONENT-N`.
    pub id: &'static str,
    /// The component whose strategies need it.
    pub component: Component,
    /// What it is; the same words where several components list it.
    pub capacity: &'static str,
    /// Lines of the handbook.
    pub locator: &'static str,
}

const fn strategy(id: &'static str, component: Component, pillar: Pillar, strategy: &'static str) -> StrategyFacts {
    StrategyFacts { id, component, strategy, pillar, locator: line(component) }
}

const fn capacity(id: &'static str, component: Component, capacity: &'static str) -> CapacityFacts {
    CapacityFacts { id, component, capacity, locator: line(component) }
}

const fn line(component: Component) -> &'static str {
    match component {
        Component::Economic => "lines 374",
        Component::Food => "lines 375",
        Component::Health => "lines 376",
        Component::Environmental => "lines 377",
        Component::Personal => "lines 378",
        Component::Community => "lines 379",
        Component::Political => "lines 380",
    }
}

use Component::{Community, Economic, Environmental, Food, Health, Personal, Political};
use Pillar::{Both, Empowerment, Protection};

/// The 17 strategies.
pub const STRATEGIES: [StrategyFacts; 17] = [
    strategy("strategy-economic-1", Economic, Both, "secure access to a basic income"),
    strategy("strategy-economic-2", Economic, Empowerment, "public and private jobs, wage work and self-employment"),
    strategy("strategy-economic-3", Economic, Protection, "safety nets paid by the state when needed"),
    strategy("strategy-economic-4", Economic, Empowerment, "a more varied agriculture and economy"),
    strategy("strategy-food-1", Food, Both, "a claim to food: grown, bought or publicly distributed"),
    strategy("strategy-health-1", Health, Both, "access to basic health care and services"),
    strategy("strategy-health-2", Health, Empowerment, "shared risk: membership funds and community insurance"),
    strategy("strategy-health-3", Health, Protection, "linked surveillance that finds outbreaks at every level"),
    strategy(
        "strategy-environmental-1",
        Environmental,
        Empowerment,
        "sustainable practice that heeds resources and their loss, as of forest and soil",
    ),
    strategy(
        "strategy-environmental-2",
        Environmental,
        Protection,
        "early warning and response to natural and man-made hazards at every level",
    ),
    strategy("strategy-personal-1", Personal, Protection, "rule of law"),
    strategy("strategy-personal-2", Personal, Protection, "human rights and civil liberties protected in law and in fact"),
    strategy("strategy-community-1", Community, Protection, "ethnic groups and community identity protected in law and in fact"),
    strategy(
        "strategy-community-2",
        Community,
        Protection,
        "protection from oppressive custom, harsh treatment of women, and discrimination against ethnic, indigenous or refugee groups",
    ),
    strategy("strategy-political-1", Political, Protection, "protection of human rights"),
    strategy("strategy-political-2", Political, Protection, "protection from military dictatorship and abuse"),
    strategy(
        "strategy-political-3",
        Political,
        Protection,
        "protection from state repression, torture, ill-treatment and unlawful detention",
    ),
];

/// The 27 capacities; four of them stand under two components each.
pub const CAPACITIES: [CapacityFacts; 27] = [
    capacity("capacity-economic-1", Economic, "economic capital"),
    capacity("capacity-economic-2", Economic, "human capital"),
    capacity("capacity-economic-3", Economic, "public finance"),
    capacity("capacity-economic-4", Economic, "financial reserves"),
    capacity("capacity-economic-5", Economic, "varied agriculture and economy"),
    capacity("capacity-food-1", Food, "varied agriculture and economy"),
    capacity("capacity-food-2", Food, "local and national distribution of food"),
    capacity("capacity-health-1", Health, "basic education and knowledge of health for all"),
    capacity("capacity-health-2", Health, "indigenous or traditional health practice"),
    capacity("capacity-health-3", Health, "access to information, and knowledge made in the community"),
    capacity("capacity-environmental-1", Environmental, "natural resources"),
    capacity("capacity-environmental-2", Environmental, "natural barriers to storms, such as reefs"),
    capacity("capacity-environmental-3", Environmental, "natural recovery, such as forest after fire"),
    capacity("capacity-environmental-4", Environmental, "biodiversity"),
    capacity("capacity-environmental-5", Environmental, "indigenous practice that respects the environment"),
    capacity("capacity-personal-1", Personal, "coping mechanisms"),
    capacity("capacity-personal-2", Personal, "adaptive strategies"),
    capacity("capacity-personal-3", Personal, "memory of past disasters"),
    capacity("capacity-community-1", Community, "social capital"),
    capacity("capacity-community-2", Community, "coping mechanisms"),
    capacity("capacity-community-3", Community, "adaptive strategies"),
    capacity("capacity-community-4", Community, "memory of past disasters"),
    capacity("capacity-community-5", Community, "local NGOs or traditional bodies"),
    capacity("capacity-political-1", Political, "good governance"),
    capacity("capacity-political-2", Political, "ethical standards"),
    capacity("capacity-political-3", Political, "local leadership"),
    capacity("capacity-political-4", Political, "mechanisms of accountability"),
];

impl CapacityFacts {
    /// Other components that list the same capacity.
    pub fn shared_with(&self) -> impl Iterator<Item = Component> + '_ {
        CAPACITIES.iter().filter(|other| other.capacity == self.capacity && other.component != self.component).map(|other| other.component)
    }
}
