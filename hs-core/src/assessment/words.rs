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
