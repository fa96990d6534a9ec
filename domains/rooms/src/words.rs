//! The log's actions in Japanese, and the groups that a reader filters by.

/// What a reader of the log looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// 閲覧
    Read,
    /// 記入・変更
    Write,
    /// 印刷・出力
    Paper,
    /// 閲覧権
    Keys,
    /// 断られた操作
    Refused,
    /// 検索
    Search,
}

const READ: &[&str] = &["room.read", "person.reveal"];
const PAPER: &[&str] = &["room.print", "room.export", "person.disclosed"];
const KEYS: &[&str] = &[
    "access.cut",
    "access.revoke",
    "access.taken_back",
    "access.break_glass",
    "room.owner",
    "room.sealed",
];
const REFUSED: &[&str] = &["room.refused"];
/// Everything that is not a change of the record.
const NOT_WRITING: &[&str] = &[
    "room.read",
    "person.reveal",
    "room.print",
    "room.export",
    "person.disclosed",
    "access.cut",
    "access.revoke",
    "access.taken_back",
    "access.break_glass",
    "room.owner",
    "room.sealed",
    "room.refused",
];

impl Group {
    /// In the order of the filter.
    pub const ALL: [Self; 6] = [
        Self::Read,
        Self::Write,
        Self::Paper,
        Self::Keys,
        Self::Refused,
        Self::Search,
    ];
    /// In addresses.
    pub const fn as_code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Paper => "paper",
            Self::Keys => "keys",
            Self::Refused => "refused",
            Self::Search => "search",
        }
    }
    /// From an address.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.as_code() == code)
    }
    /// On screens.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Read => "閲覧",
            Self::Write => "記入・変更",
            Self::Paper => "印刷・出力・提供",
            Self::Keys => "閲覧権",
            Self::Refused => "開けなかった操作",
            Self::Search => "検索結果に表示",
        }
    }
    /// Actions that belong to the group, or (second) that do not.
    pub const fn actions(self) -> (&'static [&'static str], bool) {
        match self {
            Self::Read => (READ, true),
            Self::Write => (NOT_WRITING, false),
            Self::Paper => (PAPER, true),
            Self::Keys => (KEYS, true),
            Self::Refused => (REFUSED, true),
            Self::Search => (&[], true),
        }
    }
}

/// An action as people say it. One that is newer than this list keeps its family's word.
pub fn action(code: &str) -> &'static str {
    match code {
        "room.read" => "閲覧した",
        "room.write" => "記入のため開いた",
        "room.print" => "印刷した",
        "room.export" => "ファイルに出力した",
        "room.refused" => "閲覧権がなく開けなかった",
        "room.founded" => "記録を作成した",
        "room.owner" => "主担当を変更した",
        "room.person" => "対象者を登録した",
        "room.closed" => "終了にした",
        "room.reopened" => "再開した",
        "room.sealed" => "限定記録にした",
        "search" | "search.hit" => "検索結果に表示された",
        "access.cut" => "閲覧権を付けた",
        "access.revoke" => "閲覧権を取り消した",
        "access.taken_back" => "閲覧権を取り消した（理由あり）",
        "access.break_glass" => "緊急閲覧で開いた",
        "access.conflict" => "利益相反を届け出た",
        "access.conflict_end" => "利益相反の届け出を終えた",
        "audit.read" => "監査記録を見た",
        "person.reveal" => "秘匿された情報を開いた",
        "person.protected" => "秘匿を設定した",
        "person.unprotected" => "秘匿を解除した",
        "person.disclosed" => "外部に提供した",
        "person.created" => "対象者を作成した",
        "person.merge" => "対象者を統合した",
        "person.unmerge" => "対象者の統合を戻した",
        "contact.made" => "支援経過を記入した",
        "contact.corrected" => "支援経過を訂正した",
        "contact.deleted" => "支援経過を取り消した",
        "case.opened" => "ケースを開始した",
        "case.closed" => "ケースを終結した",
        "case.reopened" => "ケースを再開した",
        "case.owner" => "主担当を変更した",
        "team.joined" => "支援チームに加えた",
        "team.left" => "支援チームから外した",
        "team.handed_over" => "支援チームの席を引き継いだ",
        "card.issued" => "連携カードを発行した",
        "card.changed" => "連携カードの状態を変えた",
        "takeover.confirmed" => "引き継ぎを確認した",
        "task.added" => "やることを追加した",
        "task.assigned" => "やることの担当を替えた",
        "task.done" => "やることを済みにした",
        "consultation.received" => "相談を受け付けた",
        "consultation.corrected" | "consultation.edited" => "相談受付を訂正した",
        "consultation.triaged" => "受理の判断を記録した",
        "consultation.linked" => "ケースにつないだ",
        "referral.draft" => "つなぐシートを書いた",
        "referral.text_checked" => "文章に載らない人のことがないと確かめた",
        "referral.sent" => "つなぐシートを送った",
        "referral.moved" => "つなぐシートの状態を進めた",
        "referral.opened" => "つなぐシートを初めて開いた",
        "referral.escalated" => "期限の過ぎたつなぐシートを上の層に知らせた",
        "referral.file_made" => "相手の自治体あてのファイルを作った",
        "referral.imported" => "ほかの自治体からのつなぐシートを取り込んだ",
        "referral.answer_taken" => "相手の自治体からの知らせを取り込んだ",
        "referral.peer" => "相手の自治体を登録した",
        "referral.peer_ended" => "相手の自治体とのやりとりを終了した",
        "referral.border_keys" => "自治体の間のファイルの鍵を作った",
        "referral.slip" => "つなぐシートの返信票を出した",
        "consent.recorded" => "同意を記録した",
        "consent.withdrawn" => "同意の撤回を記録した",
        "indicators.export" => "集計をファイルに出力した",
        "indicators.closed" => "月を締めた",
        _ => family(code),
    }
}

fn family(code: &str) -> &'static str {
    match code.split('.').next().unwrap_or_default() {
        "person" => "対象者の情報を変更した",
        "household" => "世帯の情報を変更した",
        "protection" => "秘匿の手続きをした",
        "consent" => "同意の記録を変更した",
        "referral" => "つなぐシートを変更した",
        "consultation" => "相談受付を変更した",
        "case" => "ケースの情報を変更した",
        "issue" => "課題を変更した",
        "contact" => "支援経過を変更した",
        "team" => "支援チームを変更した",
        "task" => "やることを変更した",
        "indicator" | "indicators" => "指標・統計の設定を変更した",
        "login" | "session" | "token" => "ログインの操作をした",
        "access" | "room" => "閲覧権・記録の扱いを変更した",
        _ => "設定や情報を変更した",
    }
}

/// The purpose code of a log entry, in words; empty when the action says it all.
pub fn purpose(code: &str) -> &'static str {
    match code {
        "log" => "だれが見たかを確かめるため",
        "keys" => "閲覧権を確かめるため",
        "break_glass" => "緊急閲覧の前の確認",
        "case" | "case summary" => "ケースの画面",
        "case tasks" => "やること",
        "case team" => "支援チーム",
        "case issues" | "issues" => "課題",
        "case owner" => "主担当の変更",
        "case closing" => "終結",
        "case reopening" => "再開",
        "case edit" => "ケースの段階・名前",
        "live view" => "つなぐシートを書きながらの確認",
        "card" => "連携カード",
        "takeover" => "引き継ぎの確認",
        "handover packet" => "引継書",
        "triage" | "assign" | "first_contact" | "reply" | "emergency" | "link"
        | "attach to case" | "new case" | "consultation" => "相談受付の画面",
        _ => page_of(code.split([' ', '.']).next().unwrap_or_default()),
    }
}

/// The page that a family of purposes belongs to.
fn page_of(family: &str) -> &'static str {
    match family {
        "contact" => "支援経過",
        "referral" | "slip" => "つなぐシート",
        "person" | "people" => "本人の画面",
        "household" => "世帯の画面",
        "api" => "APIから",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_is_what_no_other_group_names() {
        let (not_writing, listed) = Group::Write.actions();
        assert!(!listed);
        let others: Vec<&str> = Group::ALL
            .into_iter()
            .filter(|g| *g != Group::Write)
            .flat_map(|g| g.actions().0.iter().copied())
            .collect();
        assert_eq!(others, not_writing);
    }
}
