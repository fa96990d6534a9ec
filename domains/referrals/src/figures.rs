//! What of this domain can be counted. A sheet that arrived over the border is counted where it was
//! sent.

use engawa_kernel::source::{CountedAs, EventSource, KindWords, Mark, When};

use crate::model::ReferralKind;

/// Sent, taken on, connected.
pub const SOURCES: &[EventSource] = &[
    EventSource {
        code: "referral",
        label: "つないだ（送付）",
        rule: "つなぐシートを送った1回を1件と数えます。日付は送った日、窓口は送り手の窓口です。",
        view: "(select s.room_id as event_id, s.municipality_id, s.sent_at as at, s.sent_at as entered_at, s.room_id, s.from_desk_id as desk_id,
                       cast(null as text) as channel, cast(null as text) as route, s.kind, cast(null as bigint) as minutes,
                       cast(null as bigint) as heads, cast(null as date) as until_on, s.state, s.linked, s.to_desk_id
                  from referrals_sheet s where s.sent_at is not null and not s.arrived)",
        ..BASE
    },
    EventSource {
        code: "referral_accepted",
        label: "つないだ（受け手が引き受けた）",
        rule: "受け手が引き受けた1回を1件と数えます。日付は引き受けた日、窓口は送り手の窓口です。",
        view: "(select s.room_id as event_id, s.municipality_id, s.answered_at as at, s.answered_at as entered_at, s.room_id, s.from_desk_id as desk_id,
                       cast(null as text) as channel, cast(null as text) as route, s.kind, cast(null as bigint) as minutes,
                       cast(null as bigint) as heads, cast(null as date) as until_on, s.state, s.linked, s.to_desk_id
                  from referrals_sheet s where s.answered_at is not null and not s.arrived
                   and s.state in ('accepted', 'in_progress', 'on_hold', 'reported', 'closed'))",
        ..BASE
    },
    EventSource {
        code: "referral_received",
        label: "つながれた（引き受けた）",
        rule: "他の窓口からのつなぐシートを引き受けた1回を1件と数えます。日付は引き受けた日、窓口は受け手の窓口です。",
        view: "(select s.room_id as event_id, s.municipality_id, s.answered_at as at, s.answered_at as entered_at, s.room_id, s.to_desk_id as desk_id,
                       cast(null as text) as channel, cast(null as text) as route, s.kind, cast(null as bigint) as minutes,
                       cast(null as bigint) as heads, cast(null as date) as until_on, s.state, s.linked, s.to_desk_id
                  from referrals_sheet s where s.answered_at is not null and s.to_desk_id is not null
                   and s.state in ('accepted', 'in_progress', 'on_hold', 'reported', 'closed'))",
        ..BASE
    },
];

const BASE: EventSource = EventSource {
    code: "",
    label: "",
    counted_as: CountedAs::Referral,
    rule: "",
    when: When::Moment,
    view: "",
    persons: "(select p.room_id as event_id, p.person_id from referrals_person p)",
    issues: Some("(select distinct i.room_id, i.code as issue from referrals_issue i)"),
    has_channel: false,
    has_route: false,
    has_minutes: false,
    lasts: false,
    kinds: KindWords::Fixed(ReferralKind::OPTIONS),
    kind_label: "依頼の種類",
    marks: &[
        Mark {
            code: "linked",
            label: "つながりを確かめた",
            holds: "e.linked",
        },
        Mark {
            code: "outside",
            label: "外部の機関あて",
            holds: "e.to_desk_id is null",
        },
    ],
};
