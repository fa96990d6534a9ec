//! States, acts and reasons: stored by code, shown by label.

use engawa_kernel::{access::Level, code_column};
use serde::{Deserialize, Serialize};

/// An enum stored by code and shown by label; one list each.
macro_rules! coded {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal, $label:literal;)+ }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        $(#[$meta])*
        pub enum $name { $($(#[$doc])* #[serde(rename = $code)] $variant,)+ }
        impl $name {
            /// All of them, in the order of screens.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// As stored.
            #[must_use]
            pub const fn as_code(self) -> &'static str { match self { $(Self::$variant => $code),+ } }
            /// From storage or a form.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> { match code { $($code => Some(Self::$variant),)+ _ => None } }
            /// As screens say it.
            #[must_use]
            pub const fn label(self) -> &'static str { match self { $(Self::$variant => $label),+ } }
            /// (code, label) for choices.
            #[must_use]
            pub fn options() -> Vec<(&'static str, &'static str)> { Self::ALL.iter().map(|v| (v.as_code(), v.label())).collect() }
        }
        code_column!($name);
    };
}

coded! {
    /// What one desk asks of another. All go the same way ([`crate::rules::next`]).
    ReferralKind {
        /// つなぐ (REF-01): please take this part over.
        HandOver = "hand_over", "つなぐ（引き継ぎ）";
        /// 助言・バックアップ依頼 (REF-03)
        Advice = "advice", "助言・バックアップの依頼";
        /// 介入依頼 (REF-05)
        Intervention = "intervention", "介入の依頼";
        /// 支援チームへの参加依頼
        Join = "join", "支援チームへの参加の依頼";
        /// 主担当の移管
        Transfer = "transfer", "主担当の移管";
    }
}

coded! {
    /// Where a sheet stands.
    #[schema(as = ReferralState)]
    State {
        /// Being written.
        Draft = "draft", "下書き";
        /// On its way; nobody at the receiver has taken it yet.
        Sent = "sent", "送付済み";
        /// Seen and taken into the receiver's hands; not answered.
        Received = "received", "受領";
        /// The receiver will act.
        Accepted = "accepted", "引受";
        /// The receiver acts.
        InProgress = "in_progress", "対応中";
        /// Waiting until a day.
        OnHold = "on_hold", "保留";
        /// Back with the sender, with a reason.
        Returned = "returned", "差戻し";
        /// The receiver advised and does not act.
        AdviceOnly = "advice_only", "助言のみ";
        /// The receiver told the result.
        Reported = "reported", "報告済み";
        /// The sender confirmed the result.
        Closed = "closed", "完了";
        /// The sender took it back.
        Withdrawn = "withdrawn", "取下げ";
    }
}

coded! {
    /// What is done with a sheet.
    #[schema(as = ReferralAct)]
    Act {
        /// The sender sends it.
        Send = "send", "送付";
        /// The receiver has it in hand.
        Receive = "receive", "受領";
        /// The receiver takes it on, wholly or in part.
        Accept = "accept", "引受";
        /// The receiver gives it back with a reason.
        Return = "return", "差戻し";
        /// The receiver only advises.
        AdviseOnly = "advise_only", "助言";
        /// The receiver begins.
        Start = "start", "対応開始";
        /// The receiver waits until a day.
        Hold = "hold", "保留";
        /// The receiver goes on.
        Resume = "resume", "再開";
        /// The receiver tells the result.
        Report = "report", "報告";
        /// The sender is not satisfied.
        AskAgain = "ask_again", "再依頼";
        /// The sender confirms.
        Close = "close", "完了の確認";
        /// The sender takes it back.
        Withdraw = "withdraw", "取下げ";
        /// A returned one goes out anew, as a sheet that follows this one.
        RaiseAgain = "raise_again", "出し直し";
    }
}

coded! {
    /// Why a receiver gives a sheet back. Declining is legitimate, and seen.
    ReturnReason {
        /// 所管外
        OutOfScope = "out_of_scope", "この窓口の仕事ではない";
        /// 圏域外
        OutOfArea = "out_of_area", "担当する地区ではない";
        /// 定員・体制
        NoCapacity = "no_capacity", "いまは手が足りない";
        /// すでに別の窓口が対応
        AlreadyServed = "already_served", "すでに別の窓口が対応している";
        /// 本人が望んでいない
        NotWished = "not_wished", "本人が望んでいない";
        /// 情報不足
        TooLittleKnown = "too_little_known", "判断できる情報が足りない";
        /// 宛先違い
        WrongAddress = "wrong_address", "宛先が違う";
        /// その他
        Other = "other", "その他";
    }
}

coded! {
    /// Why a sender takes a sheet back.
    WithdrawReason {
        /// 誤送付
        SentByMistake = "sent_by_mistake", "誤送付（宛先や内容の間違い）";
        /// 同意の撤回
        ConsentWithdrawn = "consent_withdrawn", "本人の同意の撤回";
        /// 解決した
        Solved = "solved", "必要がなくなった・解決した";
        /// ほかで対応
        OtherWay = "other_way", "ほかの方法で対応する";
        /// その他
        Other = "other", "その他";
    }
}

coded! {
    /// What came of it.
    #[schema(as = ReferralOutcome)]
    Outcome {
        /// 解決
        Solved = "solved", "解決";
        /// 継続
        Continuing = "continuing", "継続して対応";
        /// 対応できなかった
        Failed = "failed", "対応できなかった";
    }
}

coded! {
    /// What accepting opens besides the sheet.
    #[schema(as = ReferralKeyLevel)]
    KeyLevel {
        /// シートのみ
        Sheet = "sheet", "シートだけ";
        /// 閲覧
        Read = "read", "もとの記録を読める";
        /// 記入
        Write = "write", "もとの記録を読めて書ける";
    }
}

impl KeyLevel {
    /// The key that it cuts, if any.
    #[must_use]
    pub const fn key(self) -> Option<Level> {
        match self {
            Self::Sheet => None,
            Self::Read => Some(Level::Read),
            Self::Write => Some(Level::Write),
        }
    }
}

coded! {
    /// How soon an answer is needed; decides the reply date.
    #[schema(as = ReferralUrgency)]
    Urgency {
        /// 緊急
        Emergency = "emergency", "緊急";
        /// 早め
        Soon = "soon", "早め";
        /// 通常
        Normal = "normal", "通常";
    }
}

coded! {
    /// How an answer from outside came; staff write it down.
    #[schema(as = ReferralChannel)]
    Channel {
        /// 電話
        Phone = "phone", "電話";
        /// FAX
        Fax = "fax", "FAX";
        /// 郵便
        Post = "post", "郵便";
        /// 来所・訪問
        InPerson = "in_person", "来所・訪問";
        /// 返信フォーム
        Form = "form", "返信フォーム";
    }
}

coded! {
    /// What a receiver outside can answer on the reply form.
    Answer {
        /// 引き受ける
        Accept = "accept", "引き受けます";
        /// 引き受けられない
        Return = "return", "引き受けられません";
        /// 助言のみ
        AdviseOnly = "advise_only", "助言だけします";
        /// 結果の報告
        Report = "report", "対応の結果を報告します";
    }
}

coded! {
    /// On which side of a sheet somebody stands.
    Side {
        /// 送り手
        Sender = "sender", "送り手";
        /// 受け手
        Receiver = "receiver", "受け手";
        /// The calendar.
        System = "system", "システム";
    }
}
