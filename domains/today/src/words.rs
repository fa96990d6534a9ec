//! What an event or a notice is called. Never a name, never a matter.

/// 月, 火 …
pub const fn weekday(day: chrono::Weekday) -> &'static str {
    match day {
        chrono::Weekday::Mon => "月",
        chrono::Weekday::Tue => "火",
        chrono::Weekday::Wed => "水",
        chrono::Weekday::Thu => "木",
        chrono::Weekday::Fri => "金",
        chrono::Weekday::Sat => "土",
        chrono::Weekday::Sun => "日",
    }
}

/// What a step of a つなぐシート is called, by its act.
fn of_step(act: &str) -> &'static str {
    match act {
        "receive" => "つなぐシートが受領されました",
        "accept" => "つなぐシートが引き受けられました",
        "return" => "つなぐシートが差し戻されました",
        "advise_only" => "つなぐシートに助言が届きました",
        "start" => "つなぐシートの対応が始まりました",
        "hold" => "つなぐシートが保留になりました",
        "resume" => "つなぐシートの対応が再開しました",
        "report" => "つなぐシートの結果の報告が届きました",
        "ask_again" => "つなぐシートが再依頼されました",
        "close" => "つなぐシートが完了になりました",
        "withdraw" => "つなぐシートが取り下げられました",
        _ => "つなぐシートに返事がありました",
    }
}

/// What happened, for 変わったこと; none: not worth a line. `act`: of a つなぐシート.
pub fn of_event(kind: &str, act: &str) -> Option<&'static str> {
    Some(match kind {
        "contact.made" => "支援経過が書かれました",
        "contact.corrected" => "支援経過が訂正されました",
        "contact.deleted" => "支援経過が削除されました",
        "case.opened" => "ケースになりました",
        "case.stage" => "段階が変わりました",
        "case.owner" => "主担当が替わりました",
        "case.closed" => "終結しました",
        "case.reopened" => "再開しました",
        "team.joined" => "チームに加わった人がいます",
        "team.left" => "チームを離れた人がいます",
        "issue.opened" => "課題が加わりました",
        "issue.ended" => "課題が終わりました",
        "consultation.received" => "相談を受け付けました",
        "consultation.triaged" => "受理の判断が記録されました",
        "consultation.passed_on" => "ほかの窓口に引き継がれました",
        "consultation.corrected" => "受理の判断が訂正されました",
        "consultation.replied" => "回答が記録されました",
        "consultation.first_contact" => "最初の連絡がありました",
        "consultation.emergency_call" => "緊急の通報が記録されました",
        "referral.arrived" => "ほかの自治体からつなぐシートが届きました",
        "referral.sent" => "つなぐシートが送られました",
        "referral.moved" => of_step(act),
        "consent.recorded" => "同意が記録されました",
        "consent.withdrawn" => "同意が撤回されました",
        "protection.applied" => "秘匿の設定が変わりました",
        _ => return None,
    })
}

/// Whether a notice is about somebody having looked: then the log says who and why.
pub fn asks_who_looked(kind: &str) -> bool {
    matches!(kind, "break_glass" | "revealed" | "conflict_attempt")
}

/// What a notice says, and whether it is about safety of records. `act`: of a つなぐシート.
pub fn of_notice(kind: &str, act: &str) -> (&'static str, bool) {
    match kind {
        "break_glass" => ("緊急閲覧がありました", true),
        "revealed" => ("秘匿された情報が開かれました", true),
        "conflict_attempt" => ("利益相反の届け出がある職員が開こうとしました", true),
        "correction_approved" => (
            "終結したケースの訂正に、あなたが承認者として記録されました",
            true,
        ),
        "cases_handed_over" => ("引き継いだケース", false),
        "consultation_arrived" => ("相談が引き継がれてきました", false),
        "consultation_assigned" => ("相談の担当になりました", false),
        "consultation_emergency" => ("緊急の相談が入りました", true),
        "referral_arrived" => ("つなぐシートが届きました", false),
        "referral_answered" => (of_step(act), false),
        "referral_due" => ("つなぐシートの期限が来ています", false),
        "referral_overdue" => ("期限を過ぎたつなぐシートがあります", true),
        "referral_reply" => ("つなぐシートに外の機関から返信がありました", false),
        "consent_ended" => ("同意が終わり、閲覧権が取り消されました", true),
        "protection_applied" => ("秘匿の設定がありました", true),
        "protection_lift_requested" => ("秘匿の解除の申請があります", true),
        "protection_lifted" => ("秘匿が解除されました", true),
        "account_reset" => (
            "あなたのパスワードが再発行され、二段階認証が外されました。頼んでいないときは、すぐに監査担当へ知らせてください",
            true,
        ),
        "account_reset_seen" => (
            "職員のパスワードが再発行されました。監査記録で確かめてください",
            true,
        ),
        "key_taken_back" => ("あなたの閲覧権が一つ取り消されました", false),
        _ => ("お知らせがあります", false),
    }
}
