//! States, acts and reasons: stored by code, shown by label.

use engawa_kernel::{access::Level, code_enum};

code_enum! {
    /// What one desk asks of another. All go the same way ([`crate::rules::next`]).
    pub enum ReferralKind {
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

code_enum! {
    /// Where a sheet stands.
    #[schema(as = ReferralState)]
    pub enum State {
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

code_enum! {
    /// What is done with a sheet.
    #[schema(as = ReferralAct)]
    pub enum Act {
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

code_enum! {
    /// Why a receiver gives a sheet back. Declining is legitimate, and seen.
    pub enum ReturnReason {
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

code_enum! {
    /// Why a sender takes a sheet back.
    pub enum WithdrawReason {
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

code_enum! {
    /// What came of it.
    #[schema(as = ReferralOutcome)]
    pub enum Outcome {
        /// 解決
        Solved = "solved", "解決";
        /// 継続
        Continuing = "continuing", "継続して対応";
        /// 対応できなかった
        Failed = "failed", "対応できなかった";
    }
}

code_enum! {
    /// What accepting opens besides the sheet.
    #[schema(as = ReferralKeyLevel)]
    pub enum KeyLevel {
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

code_enum! {
    /// How soon an answer is needed; decides the reply date.
    #[schema(as = ReferralUrgency)]
    pub enum Urgency {
        /// 緊急
        Emergency = "emergency", "緊急";
        /// 早め
        Soon = "soon", "早め";
        /// 通常
        Normal = "normal", "通常";
    }
}

code_enum! {
    /// How an answer from outside came; staff write it down.
    #[schema(as = ReferralChannel)]
    pub enum Channel {
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
        /// 相手の自治体のEngawaのファイル
        File = "file", "相手の自治体のファイル";
    }
}

code_enum! {
    /// What a receiver outside can answer on the reply form.
    pub enum Answer {
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

code_enum! {
    /// On which side of a sheet somebody stands.
    pub enum Side {
        /// 送り手
        Sender = "sender", "送り手";
        /// 受け手
        Receiver = "receiver", "受け手";
        /// The calendar.
        System = "system", "システム";
    }
}
