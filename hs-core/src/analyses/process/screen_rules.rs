//! Which measures call for a closer look, when, and why: rules as data, each with the lines that give its reason.
//!
//! A rule judges a measure and how it is arranged. None says anything of the people it is aimed at.

use crate::assessment::Measure;

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    /// Consultation below the level wanted, in a measure for the short term.
    ShortWithoutConsultation,
    /// Consultation below the level wanted, whatever the term.
    WithoutConsultation,
    /// Externalities are declared.
    InteractionDeclared,
    /// A worsening is declared in the community or political component, or in personal security.
    TensionDeclared,
    /// A review of rights was made.
    RightsReview,
    /// The measure curbs liberties: by itself.
    CurbsLiberties,
    /// Root causes are addressed.
    RootCauses,
    /// The measure comes together with armed force.
    WithMilitary,
    /// For the short term, and nothing of a longer term in the same component.
    SuppressionAlone,
    /// Oversight is in place.
    Oversight,
    /// Armed forces do relief, development or other civilian work.
    CivilianWork,
    /// Who carries it out is also named as a source of a threat.
    DualRole,
    /// People can complain, and do.
    Complaints,
}

/// A rule.
#[derive(Debug, Clone, Copy)]
pub(super) struct ScreenRule {
    pub(super) id: &'static str,
    /// Measures it looks at; every strategy where empty.
    pub(super) measures: &'static [Measure],
    pub(super) test: Test,
    pub(super) condition: &'static str,
    pub(super) reason: &'static str,
    pub(super) mend: &'static str,
    pub(super) locator: &'static str,
}

const RETURN_AND_REFORM: &[Measure] = &[Measure::Disarmament, Measure::Demobilisation, Measure::Reintegration, Measure::SecuritySector];
const FORCE: &[Measure] = &[Measure::Military, Measure::SecuritySector, Measure::Policing];

/// The rules. `CS` is the civil society paper, `HB` the handbook.
pub(super) const RULES: [ScreenRule; 14] = [
    ScreenRule {
        id: "short-term-without-consultation",
        measures: RETURN_AND_REFORM,
        test: Test::ShortWithoutConsultation,
        condition: "horizon short, and consultation judged none or informed",
        reason: "short programmes of disarmament, return or reform that hardly consult local people can do more harm than good",
        mend: "consult diverse local people before going on, and plan for longer",
        locator: "CS line 52; HB line 415",
    },
    ScreenRule {
        id: "reform-without-participation",
        measures: &[Measure::SecuritySector],
        test: Test::WithoutConsultation,
        condition: "consultation judged none or informed, whatever the horizon",
        reason: "reform of the security sector asks for civilian participation and ownership, which few processes give to communities",
        mend: "give communities a part in the reform",
        locator: "CS line 80",
    },
    ScreenRule {
        id: "interaction-not-declared",
        measures: &[],
        test: Test::InteractionDeclared,
        condition: "no externality is declared",
        reason: "conflict sensitivity begins with knowing how an intervention and its context act on each other",
        mend: "declare what it may do outside its target, for better and worse, or that this was looked at",
        locator: "CS lines 52,129",
    },
    ScreenRule {
        id: "tension-declared",
        measures: RETURN_AND_REFORM,
        test: Test::TensionDeclared,
        condition: "an externality worsens personal, community or political security",
        reason: "disarmament and release of combatants can make tensions between communities or sharpen them",
        mend: "change the measure so that the harm declared does not come about, and watch for it",
        locator: "HB line 415; CS line 52",
    },
    ScreenRule {
        id: "rights-not-reviewed",
        measures: &[Measure::CounterExtremism, Measure::LibertiesRestricted, Measure::CrimeSuppression],
        test: Test::RightsReview,
        condition: "a review of rights judged no",
        reason: "far-reaching security measures have hurt basic freedoms; measures without due process spread instability",
        mend: "review the measure against rights, with independent voices, and publish what was found",
        locator: "CS lines 64,74,88",
    },
    ScreenRule {
        id: "curbs-liberties",
        measures: &[Measure::LibertiesRestricted],
        test: Test::CurbsLiberties,
        condition: "the measure is there",
        reason: "curbs on liberties and on the space of civil society make the repression that feeds violence",
        mend: "lift the curbs, or show that each is lawful, needed and limited in time",
        locator: "CS line 75",
    },
    ScreenRule {
        id: "roots-not-addressed",
        measures: &[Measure::CounterExtremism, Measure::CrimeSuppression],
        test: Test::RootCauses,
        condition: "root causes judged not addressed",
        reason: "policy works on violence only if it works on its roots, by prevention and by changing the conflict",
        mend: "add strategies that work on the roots; `root_coverage` shows which are open",
        locator: "CS lines 76,88",
    },
    ScreenRule {
        id: "extremism-by-force",
        measures: &[Measure::CounterExtremism],
        test: Test::WithMilitary,
        condition: "together with a military measure",
        reason: "military strategies against violent extremism often harm civilians",
        mend: "put people's freedom, safety and dignity first, and prevention before force",
        locator: "CS line 74",
    },
    ScreenRule {
        id: "suppression-alone",
        measures: &[Measure::CrimeSuppression],
        test: Test::SuppressionAlone,
        condition: "horizon short, and no strategy of the medium or long term in the same component",
        reason: "suppressing crime in the short term leaves its roots, which ask for longer plans",
        mend: "shift means to good governance, accountability and services over the longer term",
        locator: "CS lines 88,96",
    },
    ScreenRule {
        id: "suppression-by-force",
        measures: &[Measure::CrimeSuppression],
        test: Test::WithMilitary,
        condition: "together with a military measure",
        reason: "a military approach to crime that suspends due process and leaves abuses unpunished spreads instability",
        mend: "keep crime with civilian police and courts, and hold those who act to account",
        locator: "CS lines 88,96",
    },
    ScreenRule {
        id: "oversight-wanting",
        measures: FORCE,
        test: Test::Oversight,
        condition: "civilian oversight judged none or partly",
        reason: "civilian oversight of the security sector matters; abuse of power by forces is a known harm of law-and-order work",
        mend: "put civilian oversight in place, with mandate, access and public reports",
        locator: "CS line 80; HB lines 412-414",
    },
    ScreenRule {
        id: "civilian-work-by-forces",
        measures: &[Measure::Military],
        test: Test::CivilianWork,
        condition: "a military measure targets economic, food, health or environmental security",
        reason: "forces take up humanitarian, development or peace work for which they are not trained and equipped",
        mend: "leave civilian work to civilians, and keep their independence visible",
        locator: "CS line 80",
    },
    ScreenRule {
        id: "dual-role",
        measures: FORCE,
        test: Test::DualRole,
        condition: "an actor that carries it out is also named as a source of a threat",
        reason: "the same forces may protect and abuse; the two are looked at apart and not set off",
        mend: "make oversight, vetting and complaints conditions of the work",
        locator: "HB lines 412-414; CS line 88",
    },
    ScreenRule {
        id: "no-complaints-heard",
        measures: FORCE,
        test: Test::Complaints,
        condition: "no feedback on the strategy is recorded",
        reason: "those who act in the name of people's security answer to them",
        mend: "open a safe way to complain, outside the forces, and record what becomes of it",
        locator: "CS lines 32,126; HB lines 487,493",
    },
];
