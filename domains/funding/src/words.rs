//! What the ledger and the contracts say on the plan sheet.

use engawa_kernel::text::fiscal::FiscalYear;

use crate::{
    contract::Contract,
    model::{Answer, Cost, Scheme, Source, State, Year},
};

/// 1,234,567円
#[must_use]
pub fn yen(amount: i64) -> String {
    format!("{}円", grouped(amount))
}

/// An amount, or that nobody knows it yet.
#[must_use]
pub fn yen_or_unknown(amount: Option<i64>) -> String {
    amount.map_or_else(|| "未定".to_owned(), yen)
}

/// 1,234,567
#[must_use]
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    if number < 0 {
        out.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The sum of what is known, and how many are not: 「300,000円、ほかに未定1件」.
#[must_use]
pub fn total(amounts: impl IntoIterator<Item = Option<i64>>) -> String {
    let (mut sum, mut known, mut unknown) = (0_i64, 0, 0);
    for amount in amounts {
        match amount {
            Some(amount) => {
                sum = sum.saturating_add(amount);
                known += 1;
            }
            None => unknown += 1,
        }
    }
    match (known, unknown) {
        (0, 0) => "―".to_owned(),
        (0, _) => "未定".to_owned(),
        (_, 0) => yen(sum),
        _ => format!("{}、ほかに未定{unknown}件", yen(sum)),
    }
}

/// What an activity is paid from, 初期費用 apart from 運営費; empty where nobody has said anything.
fn of_activity(sources: &[&Source], answer: Answer) -> String {
    let parts: Vec<String> = Cost::ALL
        .into_iter()
        .filter_map(|cost| {
            let these: Vec<String> = sources
                .iter()
                .filter(|s| s.cost == cost)
                .map(|s| format!("{}（{}）", s.called(), s.state.label()))
                .collect();
            let these = (!these.is_empty()).then(|| these.join("、"))?;
            Some(match cost {
                Cost::StartUp | Cost::Running => format!("{}は{these}", cost.label()),
                Cost::Undivided => these,
            })
        })
        .collect();
    match (parts.is_empty(), answer) {
        (false, _) => parts.join("。"),
        (true, Answer::Unsaid) => String::new(),
        (true, said) => said.label().to_owned(),
    }
}

/// The words of the 財源 field, a line for each activity. In 多機関の協働 the form asks for 自主財源:
/// public budgets are left out there.
#[must_use]
pub fn of_sheet(scheme: Scheme, years: &[Year]) -> String {
    let lines: Vec<(&str, String)> = years
        .iter()
        .filter(|y| y.activity.it.scheme == scheme)
        .filter_map(|y| {
            let living: Vec<&Source> = y
                .sources
                .iter()
                .map(|s| &s.it)
                .filter(|s| s.state != State::Dropped)
                .filter(|s| scheme != Scheme::MultiAgency || s.kind.is_own())
                .collect();
            let words = of_activity(&living, y.answer);
            (!words.is_empty()).then_some((y.activity.it.name.as_str(), words))
        })
        .collect();
    match lines.as_slice() {
        [(name, words)] if *name == scheme.label() => words.clone(),
        _ => lines
            .iter()
            .map(|(name, words)| format!("・{name}: {words}"))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

/// A contract as [`implementer`] words it.
#[derive(Debug, Clone)]
pub struct Worded<'a> {
    /// The contract.
    pub contract: &'a Contract,
    /// The word of its mode: 委託.
    pub mode: &'a str,
    /// The names of its bodies, in order.
    pub bodies: Vec<&'a str>,
}

/// The words of ① 実施主体（委託先）: 縁側市（委託: 縁側市社会福祉協議会〔相談受付〕／直営）.
/// Empty when no contract serves the programme in that year.
#[must_use]
pub fn implementer(town: &str, scheme: Scheme, year: FiscalYear, all: &[Worded]) -> String {
    let parts: Vec<String> = all
        .iter()
        .filter(|w| w.contract.schemes.contains(&scheme) && w.contract.in_year(year))
        .map(|w| {
            let bodies: Vec<String> = w
                .bodies
                .iter()
                .zip(&w.contract.parties)
                .filter(|(name, _)| !name.is_empty() && **name != town)
                .map(|(name, party)| bracketed(name, &party.share))
                .collect();
            let words = if bodies.is_empty() {
                w.mode.to_owned()
            } else {
                format!("{}: {}", w.mode, bodies.join("、"))
            };
            bracketed(&words, &w.contract.part)
        })
        .collect();
    if parts.is_empty() {
        String::new()
    } else {
        format!("{town}（{}）", parts.join("／"))
    }
}

fn bracketed(words: &str, part: &str) -> String {
    if part.is_empty() {
        words.to_owned()
    } else {
        format!("{words}〔{part}〕")
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate};
    use engawa_kernel::id::{BodyId, StaffId};

    use super::*;
    use crate::{
        contract::Party,
        model::{Activity, ActivityId, Kept, Kind, SourceId},
    };

    fn kept<I, T>(id: I, it: T) -> Kept<I, T> {
        Kept {
            id,
            it,
            version: 1,
            saved_by: StaffId::new(),
            saved_at: DateTime::default(),
        }
    }

    fn year(
        scheme: Scheme,
        name: &str,
        answer: Answer,
        sources: &[(Kind, &str, Cost, State)],
    ) -> Year {
        Year {
            activity: kept(
                ActivityId::new(),
                Activity {
                    scheme,
                    name: name.into(),
                    last_year: None,
                    note: String::new(),
                },
            ),
            sources: sources
                .iter()
                .map(|(kind, name, cost, state)| {
                    kept(
                        SourceId::new(),
                        Source {
                            year: FiscalYear::try_from(2026).unwrap(),
                            kind: *kind,
                            name: (*name).into(),
                            cost: *cost,
                            state: *state,
                            amount: None,
                            received_on: None,
                            report: String::new(),
                            note: String::new(),
                        },
                    )
                })
                .collect(),
            answer,
        }
    }

    #[test]
    fn start_up_and_running_cost_each_show_their_source() {
        let years = [
            year(
                Scheme::Community,
                "谷の仕事づくり",
                Answer::Unsaid,
                &[
                    (
                        Kind::Foundation,
                        "見本財団の基金",
                        Cost::StartUp,
                        State::Applied,
                    ),
                    (Kind::Membership, "", Cost::Running, State::Secured),
                    (
                        Kind::Earnings,
                        "販売収益",
                        Cost::Running,
                        State::Considering,
                    ),
                    (Kind::Donation, "企業の寄付", Cost::Running, State::Dropped),
                ],
            ),
            year(Scheme::Community, "座談会", Answer::Nothing, &[]),
            year(Scheme::Community, "子ども食堂", Answer::Considering, &[]),
            year(Scheme::Community, "まだのもの", Answer::Unsaid, &[]),
        ];
        assert_eq!(
            of_sheet(Scheme::Community, &years),
            "・谷の仕事づくり: 初期費用は見本財団の基金（申請中）。運営費は会費（確保）、販売収益（検討中）\n・座談会: なし\n・子ども食堂: 検討中"
        );
        assert_eq!(of_sheet(Scheme::Prefectural, &years), "");
    }

    #[test]
    fn own_money_is_told_without_public_budgets() {
        let name = Scheme::MultiAgency.label();
        let sources = [
            (Kind::National, "", Cost::Undivided, State::Secured),
            (Kind::HometownTax, "", Cost::Undivided, State::Secured),
        ];
        let years = [year(Scheme::MultiAgency, name, Answer::Unsaid, &sources)];
        assert_eq!(
            of_sheet(Scheme::MultiAgency, &years),
            "ふるさと納税（確保）"
        );
    }

    #[test]
    fn amounts_that_nobody_knows_are_not_nothing() {
        assert_eq!(total([Some(300_000), None]), "300,000円、ほかに未定1件");
        assert_eq!(total([None]), "未定");
        assert_eq!(total([]), "―");
        assert_eq!(yen(1_234_567), "1,234,567円");
    }

    #[test]
    fn the_implementer_names_all_contractors_of_the_year() {
        let day = |y| NaiveDate::from_ymd_opt(y, 4, 1).unwrap();
        let contract = |shares: &[&str], part: &str, to| Contract {
            name: "契約".into(),
            mode: "commissioned".into(),
            schemes: vec![Scheme::Community, Scheme::MultiAgency],
            part: part.into(),
            commissioner: String::new(),
            from: day(2025),
            to,
            follows: None,
            parties: shares
                .iter()
                .map(|share| Party {
                    body: BodyId::new(),
                    share: (*share).into(),
                })
                .collect(),
            costs: Vec::new(),
            note: String::new(),
        };
        let (two, direct, past) = (
            contract(&["", "西地区"], "相談受付", None),
            contract(&[], "", None),
            contract(&[""], "", Some(day(2025))),
        );
        let all = [
            Worded {
                contract: &two,
                mode: "委託",
                bodies: vec!["見本社協", "NPO見本"],
            },
            Worded {
                contract: &direct,
                mode: "直営",
                bodies: vec![],
            },
            Worded {
                contract: &past,
                mode: "補助",
                bodies: vec!["前の法人"],
            },
        ];
        let year = FiscalYear::try_from(2026).unwrap();
        assert_eq!(
            implementer("縁側市", Scheme::Community, year, &all),
            "縁側市（委託: 見本社協、NPO見本〔西地区〕〔相談受付〕／直営）"
        );
        assert_eq!(implementer("縁側市", Scheme::Prefectural, year, &all), "");
    }

    #[test]
    fn a_source_is_known_by_its_words() {
        for (words, kind) in [
            ("社協の共同募金", Kind::CommunityChest),
            ("社協独自財源", Kind::Council),
            ("ふるさと納税の対象項目", Kind::HometownTax),
            ("一般財源", Kind::Municipality),
            ("日本財団「わがまち基金」", Kind::Foundation),
            ("地域まつり等でのバザー売上金", Kind::Earnings),
            ("町内企業等からの協賛", Kind::Donation),
            ("基金", Kind::Other),
        ] {
            assert_eq!(Kind::of_words(words), kind, "{words}");
        }
    }
}
