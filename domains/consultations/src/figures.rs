//! What of this domain can be counted. The reporter of a third-party notice is in none of it.

use engawa_kernel::source::{CountedAs, EventSource, KindWords, Mark, When};

/// 相談受付
pub const SOURCES: &[EventSource] = &[EventSource {
    code: "consultation",
    label: "相談受付",
    counted_as: CountedAs::Consultation,
    rule: "相談受付1回を1件と数えます。日付は相談を受けた日です。名前の分からない相談も1件ですが、実人数には入りません。",
    when: When::Moment,
    view: "(select c.room_id as event_id, c.municipality_id, c.received_at as at, c.recorded_at as entered_at, c.room_id, c.desk_id,
                   c.channel, c.route, c.state as kind, cast(null as bigint) as minutes, cast(null as bigint) as heads,
                   cast(null as date) as until_on, c.who, c.slip, c.emergency, c.gap_kind, c.dropped_where, c.triaged_at,
                   coalesce(c.compound_manual, c.compound_auto) as compound
              from consultations_consultation c)",
    persons: "(select distinct s.room_id as event_id, s.person_id from consultations_subject s)",
    issues: Some("(select distinct i.room_id, i.code as issue from consultations_issue i)"),
    has_channel: true,
    has_route: true,
    has_minutes: false,
    lasts: false,
    kinds: KindWords::Fixed(crate::rules::State::OPTIONS),
    kind_label: "いまの状態",
    marks: &[
        Mark { code: "new", label: "新規（その人の初めての相談）", holds: FIRST },
        Mark { code: "compound", label: "複合課題", holds: "e.compound" },
        Mark { code: "gap", label: "制度の狭間", holds: "e.gap_kind <> ''" },
        Mark { code: "decided", label: "方針を決めた", holds: "e.triaged_at is not null" },
        Mark { code: "became_case", label: "受理してケースになった", holds: "e.kind = 'became_case'" },
        Mark { code: "handed_over", label: "他機関につないだ", holds: "e.kind = 'handed_over'" },
        Mark { code: "answered", label: "回答して終了", holds: "e.kind = 'answered'" },
        Mark { code: "slip", label: "協力者の受付票", holds: "e.slip" },
        Mark { code: "notice", label: "第三者からの情報", holds: "e.who = 'notice'" },
        Mark { code: "agency", label: "機関・庁内からの依頼", holds: "e.who = 'agency'" },
        Mark { code: "emergency", label: "緊急", holds: "e.emergency" },
        Mark { code: "dropped", label: "他の窓口で受け止められなかった", holds: "e.dropped_where <> ''" },
    ],
}];

/// Nobody that it is about was the subject of an earlier one.
const FIRST: &str = "not exists (
    select 1 from consultations_subject ns
      join consultations_subject ne on ne.person_id = ns.person_id and ne.room_id <> ns.room_id
      join consultations_consultation nc on nc.room_id = ne.room_id
     where ns.room_id = e.event_id and nc.received_at < e.at)";
