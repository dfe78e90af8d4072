//! The closed word lists of the format.

use crate::framework::words::words;

words!(
    /// How freely an assessment may leave.
    Sensitivity {
        /// Anyone may see it.
        Public = "public",
        /// For the organisation.
        Internal = "internal",
        /// For named people; an export asks for an acknowledgement.
        Restricted = "restricted",
        /// As restricted, for data that could endanger people.
        Strict = "strict",
    }
);
words!(
    /// What a statement or number rests on.
    Basis {
        /// Its source says so.
        Stated = "stated",
        /// The coder's reading.
        Inferred = "inferred",
        /// A measurement.
        Measured = "measured",
    }
);
words!(
    /// What a threat endangers.
    VitalCore {
        /// Survival.
        Survival = "survival",
        /// Livelihood.
        Livelihood = "livelihood",
        /// Dignity.
        Dignity = "dignity",
    }
);
words!(
    /// Where a condition comes from.
    ConditionKind {
        /// A measured indicator.
        Indicator = "indicator",
        /// What people themselves say.
        Perception = "perception",
        /// An expert's judgement (also where no kind is given).
        Expert = "expert",
    }
);
words!(
    /// What kind of capacity.
    CapacityKind {
        /// A service.
        Service = "service",
        /// An asset.
        Asset = "asset",
        /// A way of coping.
        Coping = "coping",
        /// Coping that harms: a signal of stress, never counted as strength.
        HarmfulCoping = "harmful-coping",
    }
);
words!(
    /// What a linkage does to the severity of its target.
    LinkEffect {
        /// Makes it worse.
        Feeds = "feeds",
        /// Makes it milder.
        Dampens = "dampens",
    }
);
words!(
    /// A strength in words, on one stated scale.
    Strength {
        /// 0.1
        VeryWeak = "very-weak",
        /// 0.3
        Weak = "weak",
        /// 0.5
        Moderate = "moderate",
        /// 0.7
        Strong = "strong",
        /// 0.9
        VeryStrong = "very-strong",
    }
);
words!(
    /// How far a linkage reaches over places.
    Reach {
        /// Within the place.
        Same = "same",
        /// To the parent.
        Up = "up",
        /// To the children.
        Down = "down",
        /// To each adjacent place.
        Neighbours = "neighbours",
    }
);
words!(
    /// What happens to people's security.
    Outcome {
        /// People are better off.
        Better = "better",
        /// People are worse off.
        Worse = "worse",
    }
);
words!(
    /// Which direction of an indicator is good.
    Direction {
        /// More is better.
        Higher = "higher",
        /// Less is better.
        Lower = "lower",
    }
);
words!(
    /// Who acts.
    ActorKind {
        /// A state body.
        State = "state",
        /// A United Nations agency.
        Un = "un",
        /// Another international organisation.
        International = "international",
        /// A non-governmental organisation.
        Ngo = "ngo",
        /// A community-based organisation.
        Community = "community",
        /// The private sector.
        Private = "private",
        /// An armed group.
        Armed = "armed",
        /// Anyone else.
        Other = "other",
    }
);
words!(
    /// Who does what, in a responsibility matrix.
    Role {
        /// Does it.
        Responsible = "responsible",
        /// Answers for it.
        Accountable = "accountable",
        /// Is asked.
        Consulted = "consulted",
        /// Is told.
        Informed = "informed",
    }
);

words!(
    /// What a scale is about.
    ItemTopic {
        /// Trust in people or institutions.
        Trust = "trust",
        /// Whether power is held and used rightly.
        Legitimacy = "legitimacy",
        /// How people and the state stand to each other.
        Relation = "relation",
        /// What holds a community together.
        Cohesion = "cohesion",
        /// How safe people feel.
        Safety = "safety",
        /// Anything else.
        Other = "other",
    }
);
words!(
    /// What legitimacy rests on.
    ItemAspect {
        /// Access to justice.
        Justice = "justice",
        /// Basic human needs.
        Needs = "needs",
        /// Room to take part.
        Participation = "participation",
    }
);
words!(
    /// A freedom of human security.
    Freedom {
        /// Freedom from fear.
        Fear = "fear",
        /// Freedom from want.
        Want = "want",
        /// Freedom to live in dignity.
        Indignity = "indignity",
    }
);
words!(
    /// A part of the infrastructure of protection.
    Infrastructure {
        /// A norm, law or right.
        Norm = "norm",
        /// An institution.
        Institution = "institution",
        /// A process, such as complaint or early warning.
        Process = "process",
        /// A service.
        Service = "service",
    }
);
words!(
    /// A capital of a livelihood.
    Capital {
        /// Skills, knowledge, health.
        Human = "human",
        /// Networks and trust.
        Social = "social",
        /// Land, water, forests.
        Natural = "natural",
        /// Roads, tools, buildings.
        Physical = "physical",
        /// Savings, credit, income.
        Financial = "financial",
        /// Voice and rights.
        Political = "political",
    }
);
words!(
    /// A kind of measure that the seeds warn of.
    Measure {
        /// Taking in weapons.
        Disarmament = "disarmament",
        /// Releasing combatants.
        Demobilisation = "demobilisation",
        /// Bringing former combatants back.
        Reintegration = "reintegration",
        /// Reform of the security sector.
        SecuritySector = "security-sector",
        /// Police and law enforcement.
        Policing = "policing",
        /// Use of armed forces.
        Military = "military",
        /// Against violent extremism.
        CounterExtremism = "counter-extremism",
        /// Short-term suppression of crime.
        CrimeSuppression = "crime-suppression",
        /// Curbs liberties or civic space.
        LibertiesRestricted = "liberties-restricted",
    }
);
words!(
    /// Whose policy.
    PolicyOrigin {
        /// Of the country.
        Domestic = "domestic",
        /// From outside.
        International = "international",
    }
);
words!(
    /// How two actors are tied.
    TieKind {
        /// They coordinate their work.
        Coordinates = "coordinates",
        /// They carry something out together.
        Partners = "partners",
        /// The first pays the second.
        Funds = "funds",
        /// The first reports to the second.
        ReportsTo = "reports-to",
        /// The first tells the second what to do.
        Directs = "directs",
        /// The first gives data to the second.
        SharesData = "shares-data",
    }
);
words!(
    /// What a meeting is for.
    MeetingKind {
        /// To present a programme.
        Presentation = "presentation",
        /// To ask.
        Consultation = "consultation",
        /// To talk with each other.
        Dialogue = "dialogue",
        /// Of a committee.
        Committee = "committee",
        /// To build capacity.
        Training = "training",
        /// To look back and change.
        Review = "review",
    }
);
words!(
    /// What people bring forward.
    FeedbackKind {
        /// A complaint.
        Complaint = "complaint",
        /// A suggestion.
        Suggestion = "suggestion",
        /// A question.
        Question = "question",
        /// Praise.
        Praise = "praise",
    }
);
words!(
    /// What becomes of feedback.
    FeedbackOutcome {
        /// Something was changed.
        Acted = "acted",
        /// It was explained.
        Explained = "explained",
        /// It was passed on.
        Referred = "referred",
        /// It was declined, with a reason.
        Declined = "declined",
    }
);
words!(
    /// What is used.
    ResourceKind {
        /// Time and commitment.
        Time = "time",
        /// Labour.
        Labour = "labour",
        /// Knowledge and expertise.
        Knowledge = "knowledge",
        /// Materials.
        Materials = "materials",
        /// Money.
        Money = "money",
    }
);
words!(
    /// What a resource does to the local market.
    MarketEffect {
        /// It takes the place of what local people sell.
        Displaces = "displaces",
        /// Nothing to speak of.
        Neutral = "neutral",
        /// It is bought from local people.
        Supports = "supports",
    }
);
words!(
    /// Where a resource comes from.
    Origin {
        /// From the community.
        Local = "local",
        /// From the country.
        National = "national",
        /// From abroad.
        International = "international",
    }
);

impl Strength {
    /// The number a word stands for, on the one stated scale.
    pub fn value(self) -> f64 {
        match self {
            Strength::VeryWeak => 0.1,
            Strength::Weak => 0.3,
            Strength::Moderate => 0.5,
            Strength::Strong => 0.7,
            Strength::VeryStrong => 0.9,
        }
    }
}
