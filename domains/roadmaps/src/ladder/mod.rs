//! 成果の4段階 (PRG-11): 気づいた → 受けとめた → 解決した → 資源ができた, for each area and year. Steps are
//! counted from events by rules of the municipality, and judged by people; outcome statements hang
//! beside them.

pub mod chain;
pub mod count;

use engawa_indicators::{
    model::{Count, Filter, Unit},
    store::indicator::IndicatorId,
};
use engawa_kernel::{
    code_enum,
    form::{Form, borrowed},
    id::{AreaId, StaffId},
    id_type,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::typed::{Options, Text};

id_type!(/// 成果のことば
    StatementId);

code_enum! {
    /// A step of the ladder.
    #[schema(as = LadderStep)]
    pub enum Step {
        /// Somebody noticed a trouble before the person came by themselves.
        Noticed = "noticed", "気づいた";
        /// It was taken in as a consultation.
        Received = "received", "受けとめた";
        /// It was solved.
        Solved = "solved", "解決した";
        /// The area has what helps the next one.
        Resources = "resources", "資源ができた";
    }
}

impl Step {
    /// The rule that comes with the program.
    #[must_use]
    pub fn standard(self) -> Count {
        let codes = |all: &[&str]| all.iter().map(|c| (*c).to_owned()).collect();
        let (source, filter) = match self {
            // Everybody but the person, family and 「その他」.
            Self::Noticed => (
                "consultation",
                Filter {
                    route: codes(&[
                        "resident",
                        "commissioner",
                        "neighbourhood",
                        "welfare_helper",
                        "place_operator",
                        "business",
                        "specialist",
                        "internal_section",
                        "needy_desk",
                        "health_centre",
                        "outreach",
                        "list_visit",
                        "survey",
                        "conference",
                    ]),
                    ..Filter::default()
                },
            ),
            Self::Received => ("consultation", Filter::default()),
            Self::Solved => (
                "closure",
                Filter {
                    kind: codes(&["achieved"]),
                    marks: codes(&["stands"]),
                    ..Filter::default()
                },
            ),
            Self::Resources => ("resource", Filter::default()),
        };
        Count {
            source: source.to_owned(),
            unit: Unit::Events,
            filter,
        }
    }

    /// The standard rule in words.
    #[must_use]
    pub const fn standard_words(self) -> &'static str {
        match self {
            Self::Noticed => {
                "標準: 本人・家族のほか（住民、民生委員、機関、アウトリーチなど）から入った相談の件数"
            }
            Self::Received => "標準: 相談受付の件数",
            Self::Solved => "標準: 「目標達成・課題解決」で終結し、再開していない件数",
            Self::Resources => "標準: 社会資源の登録の件数",
        }
    }
}

code_enum! {
    /// What people judged of a step in an area and year.
    #[schema(as = LadderRated)]
    pub enum Rated {
        /// できている
        Stands = "stands", "できている";
        /// 一部
        Partly = "partly", "一部できている";
        /// まだ
        NotYet = "not_yet", "まだできていない";
        /// Nobody can say.
        Unknown = "unknown", "わからない";
    }
}

code_enum! {
    /// Whose change an outcome is.
    #[schema(as = OutcomeActor)]
    pub enum Actor {
        /// 住民
        Resident = "resident", "住民";
        /// 機関
        Body = "body", "機関・団体";
        /// 自治体
        Town = "town", "自治体";
    }
}

code_enum! {
    /// By when.
    #[schema(as = OutcomeHorizon)]
    pub enum Horizon {
        /// About a year.
        Short = "short", "短期（1年ほど）";
        /// 3年
        Middle = "middle", "中期（3年ほど）";
        /// 5年以上
        Long = "long", "長期（5年以上）";
    }
}

/// What is counted for a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// [`Step::standard`]
    Standard,
    /// Nothing: people judge.
    Nothing,
    /// What an indicator of the municipality counts.
    Indicator(IndicatorId),
}

impl Rule {
    /// As stored and as the form's value.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Standard => "standard".into(),
            Self::Nothing => "none".into(),
            Self::Indicator(id) => id.to_string(),
        }
    }

    /// From storage or a form.
    #[must_use]
    pub fn read(code: &str) -> Option<Self> {
        match code {
            "standard" => Some(Self::Standard),
            "none" => Some(Self::Nothing),
            id => id.parse().ok().map(Self::Indicator),
        }
    }
}

/// What the municipality counts, and for which areas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// By step, in order.
    pub rules: [Rule; 4],
    /// Kinds of areas (codes); none: all below the municipality.
    pub kinds: Vec<String>,
    /// For saving on top of what one saw; 0: never saved.
    pub version: i64,
    /// Who saved it last.
    pub saved: Option<(StaffId, chrono::DateTime<chrono::Utc>)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rules: [Rule::Standard; 4],
            kinds: Vec::new(),
            version: 0,
            saved: None,
        }
    }
}

impl Settings {
    /// The rule of a step.
    #[must_use]
    pub fn rule(&self, step: Step) -> Rule {
        let [noticed, received, solved, resources] = self.rules;
        match step {
            Step::Noticed => noticed,
            Step::Received => received,
            Step::Solved => solved,
            Step::Resources => resources,
        }
    }

    /// As a form.
    #[must_use]
    pub fn form(&self) -> Form {
        let mut form = Form::blank();
        form.version = Some(self.version);
        for step in Step::ALL {
            form.prefill(step.as_code(), self.rule(step).code());
        }
        for kind in &self.kinds {
            form.prefill("kinds", kind.as_str());
        }
        form
    }

    /// From a form.
    pub fn read(form: &mut Form, rules: &[Options; 4], kinds: &Options) -> Option<Self> {
        let mut read = Vec::new();
        for (step, options) in Step::ALL.into_iter().zip(rules) {
            let code = form.choice(step.as_code(), step.label(), &borrowed(options), true);
            read.extend(code.and_then(|c| Rule::read(&c)));
        }
        let kinds = form.choices("kinds", "圏域の種類", &borrowed(kinds), false);
        let rules = <[Rule; 4]>::try_from(read).ok()?;
        (!form.has_errors()).then_some(Self {
            rules,
            kinds,
            version: form.version.unwrap_or_default(),
            saved: None,
        })
    }
}

/// What people judged of the four steps of an area in a year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = LadderStanding)]
pub struct Standing {
    /// 気づいた; none: nobody judged.
    pub noticed: Option<Rated>,
    /// In words.
    pub noticed_words: String,
    /// 受けとめた
    pub received: Option<Rated>,
    /// In words.
    pub received_words: String,
    /// 解決した
    pub solved: Option<Rated>,
    /// In words.
    pub solved_words: String,
    /// 資源ができた
    pub resources: Option<Rated>,
    /// In words.
    pub resources_words: String,
}

/// The words of each step.
pub const STANDING: [Text; 4] = [
    ("noticed_words", "気づいた：理由", 1000),
    ("received_words", "受けとめた：理由", 1000),
    ("solved_words", "解決した：理由", 1000),
    ("resources_words", "資源ができた：理由", 1000),
];

impl Standing {
    /// What was judged of a step.
    #[must_use]
    pub fn of(&self, step: Step) -> (Option<Rated>, &str) {
        match step {
            Step::Noticed => (self.noticed, &self.noticed_words),
            Step::Received => (self.received, &self.received_words),
            Step::Solved => (self.solved, &self.solved_words),
            Step::Resources => (self.resources, &self.resources_words),
        }
    }

    /// From a form.
    pub fn read(form: &mut Form) -> Option<Self> {
        let mut rated = |step: Step| {
            form.choice(step.as_code(), step.label(), Rated::OPTIONS, false)
                .and_then(|code| Rated::from_code(&code))
        };
        let [noticed, received, solved, resources] = Step::ALL.map(&mut rated);
        let [noticed_words, received_words, solved_words, resources_words] =
            STANDING.map(|(name, label, max)| form.text(name, label, max, false));
        (!form.has_errors()).then_some(Self {
            noticed,
            noticed_words,
            received,
            received_words,
            solved,
            solved_words,
            resources,
            resources_words,
        })
    }
}

/// 成果のことば
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = OutcomeStatement)]
pub struct Statement {
    /// Whose change.
    pub actor: Actor,
    /// By when.
    pub horizon: Horizon,
    /// On which step it hangs.
    pub step: Step,
    /// Where; none: the whole municipality.
    pub area: Option<AreaId>,
    /// What will be different.
    pub text: String,
    /// No longer aimed at.
    #[serde(default)]
    pub withdrawn: bool,
}

/// The words of a statement.
pub const STATEMENT: [Text; 1] = [("text", "成果のことば", 1000)];

impl Statement {
    /// From a form.
    pub fn read(form: &mut Form, areas: &Options) -> Option<Self> {
        let actor = form.choice("actor", "だれの変化か", Actor::OPTIONS, true);
        let horizon = form.choice("horizon", "いつまでに", Horizon::OPTIONS, true);
        let step = form.choice("step", "どの段階か", Step::OPTIONS, true);
        let area = form.choice("area", "どの圏域か", &borrowed(areas), false);
        let [text] = STATEMENT.map(|(name, label, max)| form.text(name, label, max, true));
        let made = Self {
            actor: Actor::from_code(&actor?)?,
            horizon: Horizon::from_code(&horizon?)?,
            step: Step::from_code(&step?)?,
            area: area.and_then(|id| id.parse::<AreaId>().ok()),
            text,
            withdrawn: form.flag("withdrawn"),
        };
        (!form.has_errors()).then_some(made)
    }
}
