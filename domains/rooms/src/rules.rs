//! Words for what the log says, and what in it is unusual.

/// Kinds of emergency for the emergency door.
pub const EMERGENCIES: &[(&str, &str)] = &[
    ("life", "生命・身体に差し迫った危険がある"),
    ("abuse", "虐待・DVの通報への対応"),
    ("suicide", "自殺のおそれがある"),
    ("missing", "行方がわからない"),
    ("disaster", "災害時の安否確認"),
    ("night", "夜間・休日で担当に連絡がつかず、待てない"),
];

/// What an action of the log is called on screen.
#[must_use]
pub fn action_label(action: &str) -> &'static str {
    match action {
        "room.read" => "見た",
        "room.write" => "記入のため開いた",
        "room.print" => "印刷した",
        "room.export" => "書き出した",
        "room.refused" => "開けなかった",
        "room.break_glass" => "緊急閲覧をした",
        "room.founded" => "作った",
        "room.owner" => "担当を変えた",
        "room.person" => "関係する人を加えた",
        "room.closed" => "閉じた",
        "room.reopened" => "再開した",
        "room.sealed" => "限定記録にした",
        "access.cut" => "閲覧権を渡した",
        "access.revoke" => "閲覧権を取り戻した",
        "access.conflict" => "利益相反を届け出た",
        "access.conflict_end" => "利益相反の届け出を終えた",
        "search" | "search.hit" => "検索で表示した",
        "person.reveal" => "秘匿された情報を開いた",
        "person.protected" => "秘匿を設定した",
        "person.unprotected" => "秘匿を解除した",
        "task.added" => "やることを加えた",
        "task.done" => "やることを済ませた",
        "task.reopened" => "やることを戻した",
        a => by_family(a),
    }
}

/// Actions that other domains bring are shown by their family.
fn by_family(action: &str) -> &'static str {
    match action.split('.').next().unwrap_or_default() {
        "consultation" => "相談受付を記録した",
        "case" => "ケースを記録した",
        "contact" => "支援経過を記録した",
        "person" | "people" | "household" | "member" | "membership" => "世帯・人の記録を変えた",
        "consent" => "同意を記録した",
        "protection" => "秘匿の手続きを記録した",
        "team" => "支援チームを変えた",
        "issue" => "課題を記録した",
        "task" => "やることを変えた",
        "login" | "session" | "account" | "signin" | "identity" | "token" | "password" | "totp" => {
            "ログインと利用者の操作"
        }
        "municipality" | "organisations" | "organisation" | "code" | "staff" | "posting"
        | "desk" | "body" | "area" => "設定を変えた",
        "disclosure" => "外部へ提供した",
        _ => "その他の操作",
    }
}

/// How many rooms one person opens in an hour before it is shown as unusual.
pub const MANY_ROOMS_AN_HOUR: i64 = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_japanese_words() {
        for a in [
            "room.read",
            "case.opened",
            "contact.corrected",
            "something.new",
        ] {
            assert!(!action_label(a).is_ascii(), "{a}");
        }
    }
}
