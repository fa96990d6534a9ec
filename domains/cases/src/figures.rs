//! What of this domain can be counted: cases, 支援経過 and closings, each apart.

use engawa_kernel::source::{CountedAs, EventSource, KindWords, Mark, When};

use crate::model::Stage;

/// Cases, actions, closings.
pub const SOURCES: &[EventSource] = &[CASE, CONTACT, CLOSURE];

const CASE: EventSource = EventSource {
    code: "case",
    label: "ケース",
    counted_as: CountedAs::Case,
    rule: "ケース（世帯への支援）1つを1件と数えます。日付は開始した日、窓口はいまの主担当の窓口です。再開は新しい1件にしません。",
    when: When::Day,
    view: "(select c.room_id as event_id, r.municipality_id, c.opened_on as at, r.opened_at as entered_at, c.room_id, r.owner_desk_id as desk_id,
                   cast(null as text) as channel, cast(null as text) as route, c.stage as kind, cast(null as bigint) as minutes,
                   cast(null as bigint) as heads, c.closed_on as until_on, c.compound, c.gap
              from cases_case c join room r on r.id = c.room_id)",
    persons: "(select p.room_id as event_id, p.person_id from room_person p where p.merge_id is null)",
    issues: Some("(select distinct i.room_id, i.code as issue from cases_issue i)"),
    has_channel: false,
    has_route: false,
    has_minutes: false,
    lasts: true,
    kinds: KindWords::Fixed(Stage::OPTIONS),
    kind_label: "いまの段階",
    marks: &[
        Mark { code: "compound", label: "複合課題", holds: "e.compound" },
        Mark { code: "gap", label: "制度の狭間", holds: "e.gap" },
    ],
};

const CONTACT: EventSource = EventSource {
    code: "contact",
    label: "支援経過（行動）",
    counted_as: CountedAs::Action,
    rule: "支援経過1つを1件（延べ）と数えます。日付は行動した日、窓口は行動した職員の窓口です。取り消した記録は数えません。",
    when: When::Moment,
    view: "(select c.id as event_id, cast(null as uuid) as municipality_id, c.at, c.recorded_at as entered_at, c.room_id, c.desk_id,
                   cast(null as text) as channel, cast(null as text) as route, c.kind, c.minutes, cast(null as bigint) as heads,
                   cast(null as date) as until_on, c.work
              from cases_contact c where c.deleted_at is null)",
    persons: "(select s.contact_id as event_id, s.person_id from cases_contact_subject s)",
    issues: Some("(select distinct i.room_id, i.code as issue from cases_issue i)"),
    has_channel: false,
    has_route: false,
    has_minutes: true,
    lasts: false,
    kinds: KindWords::List("contact_kind"),
    kind_label: "対応方法",
    marks: &[
        Mark { code: "individual", label: "個別支援", holds: "e.work = 'individual'" },
        Mark { code: "community", label: "地域支援", holds: "e.work = 'community'" },
    ],
};

const CLOSURE: EventSource = EventSource {
    code: "closure",
    label: "終結",
    counted_as: CountedAs::Closure,
    rule: "ケースの終結1回を1件と数えます。日付は終結した日、窓口はいまの主担当の窓口です。後で再開したものも、終結した回数には入ります。",
    when: When::Day,
    view: "(select x.id as event_id, r.municipality_id, x.closed_on as at, x.recorded_at as entered_at, x.room_id, r.owner_desk_id as desk_id,
                   cast(null as text) as channel, cast(null as text) as route, x.reason as kind, cast(null as bigint) as minutes,
                   cast(null as bigint) as heads, cast(null as date) as until_on, x.reopened_on, c.compound
              from cases_closure x join cases_case c on c.room_id = x.room_id join room r on r.id = x.room_id)",
    persons: "(select x.id as event_id, p.person_id from cases_closure x join room_person p on p.room_id = x.room_id where p.merge_id is null)",
    issues: Some("(select distinct i.room_id, i.code as issue from cases_issue i)"),
    has_channel: false,
    has_route: false,
    has_minutes: false,
    lasts: false,
    kinds: KindWords::List("closure_reason"),
    kind_label: "終結の理由",
    marks: &[
        Mark { code: "stands", label: "再開していない", holds: "e.reopened_on is null" },
        Mark { code: "compound", label: "複合課題", holds: "e.compound" },
    ],
};
