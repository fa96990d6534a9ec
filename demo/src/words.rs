//! What people say and what workers write, in pieces that are put together by chance. Plain office
//! Japanese; nothing in it is about anybody.

use engawa_referrals::model::{Outcome, ReferralKind, ReturnReason};

use crate::rng::Rng;

/// What a consultation is about: words as said, issues with ◎ first, a household type.
pub struct Matter {
    /// As said.
    pub words: &'static str,
    /// Codes; the first is ◎.
    pub issues: &'static [&'static str],
    /// Code of the household type; empty: none.
    pub household: &'static str,
}

/// Matters, in the words of those who come.
pub const MATTERS: &[Matter] = &[
    Matter {
        words: "父の介護が始まってから仕事を休みがちで、この先どうしたらよいか分からない。",
        issues: &["care", "workplace", "income"],
        household: "",
    },
    Matter {
        words: "息子が十年以上家から出ていない。自分たちも年をとり、先のことが心配。",
        issues: &["withdrawal", "p8050", "after_parents"],
        household: "p8050",
    },
    Matter {
        words: "家賃を三か月ためてしまった。大家さんから手紙が来ている。",
        issues: &["rent_loan", "housing", "income"],
        household: "jobless_isolated",
    },
    Matter {
        words: "電気が止まりそう。次の給料日まで食べるものがない。",
        issues: &["no_food", "tax_utility", "income"],
        household: "jobless_isolated",
    },
    Matter {
        words: "隣の家のごみが道まであふれている。住んでいる人の顔を最近見ない。",
        issues: &["hoarding", "isolation", "self_neglect"],
        household: "elderly_alone",
    },
    Matter {
        words: "子どもが学校に行けなくなって半年。家の中でもほとんど話さない。",
        issues: &["school_absence", "child_rearing", "development"],
        household: "single_parent",
    },
    Matter {
        words: "下の子の世話と母の通院の付き添いで、自分の時間がまったくない。",
        issues: &["double_care", "care", "child_rearing"],
        household: "double_care",
    },
    Matter {
        words: "同じ話をくり返すようになり、お金の管理ができているか心配。",
        issues: &["dementia", "budgeting", "rights"],
        household: "elderly_couple",
    },
    Matter {
        words: "親が亡くなったあと、障害のある弟の暮らしを誰が見るのか相談したい。",
        issues: &["after_parents", "illness", "rights"],
        household: "disabled_elderly_parent",
    },
    Matter {
        words: "仕事が続かない。面接に行く前の晩になると眠れなくなる。",
        issues: &["job_search", "mental"],
        household: "jobless_isolated",
    },
    Matter {
        words: "日本語の手紙が読めず、どの手続きをすればよいか分からない。",
        issues: &["foreign_language", "tax_utility"],
        household: "foreign",
    },
    Matter {
        words: "買い物に行く足がない。バスの便が減って病院にも行きにくい。",
        issues: &["shopping", "transport", "isolation"],
        household: "elderly_alone",
    },
    Matter {
        words: "借りたお金の返済が重なって、どこから払えばよいか分からない。",
        issues: &["debt", "budgeting", "arrears"],
        household: "",
    },
    Matter {
        words: "夫が亡くなってから人と話すことがない。夜になると気持ちが沈む。",
        issues: &["isolation", "mental"],
        household: "elderly_alone",
    },
    Matter {
        words: "中学生の子が祖母の世話をしていて、宿題をする時間がないようだ。",
        issues: &["young_carer", "care", "education"],
        household: "single_parent",
    },
    Matter {
        words: "庭の草木が伸びて近所から苦情が来ているが、自分では手入れができない。",
        issues: &["overgrown", "neighbour_trouble"],
        household: "elderly_alone",
    },
    Matter {
        words: "通院をやめてしまった。薬がなくなってからずっと調子が悪い。",
        issues: &["untreated", "illness", "income"],
        household: "",
    },
    Matter {
        words: "訪問販売で高い布団を買わされた。誰にも言えずにいた。",
        issues: &["consumer_harm", "rights"],
        household: "elderly_couple",
    },
    Matter {
        words: "猫が増えすぎて世話ができない。においで近所に迷惑をかけている。",
        issues: &["many_animals", "neighbour_trouble", "budgeting"],
        household: "elderly_alone",
    },
    Matter {
        words: "どの窓口でも「うちではない」と言われた。どこに話せばよいのか。",
        issues: &["gap", "income", "illness"],
        household: "other",
    },
];

/// Kinds of contact, by weight: code, whether it takes place outside.
pub const CONTACT_KINDS: &[(u64, &str)] = &[
    (34, "phone"),
    (26, "home_visit"),
    (14, "interview"),
    (8, "agency_call"),
    (6, "accompany"),
    (4, "support_meeting"),
    (3, "letter"),
    (3, "internal_meeting"),
    (2, "agency_meeting"),
];

const HOW: &[&str] = &[
    "本人と玄関先で話す。表情は前回よりやわらかい。",
    "電話したところ本人が出て、落ち着いた声で話された。",
    "母が応対。本人は二階におり、声だけ聞こえた。",
    "居間に通していただく。部屋は片づいていた。",
    "留守だったため、手紙を郵便受けに入れた。",
    "約束の時間に来所。顔色はよい。",
    "本人の希望で、公民館の一室で面談した。",
    "民生委員と一緒に訪問した。",
    "関係機関から電話があり、最近の様子を聞いた。",
    "家族が同席。はじめは緊張していたが、途中から自分で話された。",
    "インターホンごしに五分ほど話した。",
    "病院の待合で合流し、診察に付き添った。",
];

const HEARD: &[&str] = &[
    "食事は一日二回とれているとのこと。",
    "夜眠れない日が週に三日ほどある。",
    "家計簿をつけ始め、使いみちが見えてきたと話す。",
    "介護の負担について、妹に初めて相談できたという。",
    "薬は自分で分けて飲めている。残りの数も合っていた。",
    "仕事を探したい気持ちはあるが、面接がこわい。",
    "近所の人が野菜を届けてくれたことを、うれしそうに話された。",
    "電気料金の督促状が届いている。封を切れずにいた。",
    "学校には週に一度、別室で通えるようになった。",
    "転んだあざが腕にあり、受診をすすめた。",
    "ごみは二袋分、一緒に出すことができた。",
    "散歩で縁側のある集いの場まで歩けた。",
    "冷蔵庫に食べ物が少なく、フードバンクの利用を提案した。",
    "家族の中で役割を話し合えたとのこと。",
    "通帳と印鑑の置き場所が分からなくなっている。",
    "猫の世話が気がかりで、家を空けられないと話す。",
    "趣味の将棋の話になると、言葉がよく出る。",
    "役所からの封筒を一緒に開け、手続きの順番を書き出した。",
];

const AGREED: &[&str] = &[
    "次回は就労準備の見学について話すことにした。",
    "地域包括支援センターの訪問に同意された。",
    "無理に外へ誘わず、しばらくは手紙でやりとりする。",
    "滞納分の分割納付を、納税課に一緒に相談に行く。",
    "主治医に生活の様子を伝えることを、本人が了解した。",
    "母の休息のため、短期入所を使ってみることになった。",
    "支援の進め方を、チームで来週話し合う。",
    "困ったときに電話する先を紙に書いて、冷蔵庫に貼った。",
    "次の訪問まで、民生委員が声をかけてくださる。",
    "本人の希望は「今の家で暮らし続けたい」。",
    "住居確保給付金の申請書類をそろえる。",
    "変わりがなければ、月に一度の見守りとする。",
];

/// The text of a contact.
pub fn contact(rng: &mut Rng) -> String {
    let mut text = String::with_capacity(400);
    text.push_str(rng.pick::<&str>(HOW));
    let first = rng.index(HEARD.len());
    text.push_str(HEARD[first]);
    if rng.chance(60) {
        text.push_str(HEARD[(first + 1 + rng.index(HEARD.len() - 1)) % HEARD.len()]);
    }
    if rng.chance(70) {
        text.push_str(rng.pick::<&str>(AGREED));
    }
    text
}

/// Titles of tasks that workers give themselves.
pub const TASKS: &[&str] = &[
    "主治医に様子を伝える",
    "納税課に分割納付の相談を予約する",
    "次回訪問の日を電話で決める",
    "支援会議の資料を作る",
    "フードバンクの申請書を届ける",
    "学校と連絡をとる",
    "通院同行の車を手配する",
    "同意書の説明をもう一度する",
    "家計の聞き取り表をまとめる",
    "民生委員に見守りをお願いする",
];

/// Channels by weight.
pub const CHANNELS: &[(u64, &str)] = &[
    (45, "phone"),
    (30, "visit_in"),
    (10, "home_visit"),
    (8, "agency"),
    (4, "mail_web"),
    (3, "event"),
];

/// Ways by which a consultation came, by weight.
pub const ROUTES: &[(u64, &str)] = &[
    (35, "self"),
    (25, "family"),
    (12, "commissioner"),
    (12, "specialist"),
    (8, "internal_section"),
    (4, "neighbourhood"),
    (4, "outreach"),
];

/// Answers that close a consultation without a case.
pub const ANSWERS: &[&str] = &[
    "利用できる制度と窓口を説明し、本人が自分で手続きすることになった。困ったときはまた電話するよう伝えた。",
    "介護保険の申請について案内した。一週間後に電話で、申請が済んだことを確かめた。",
    "話を聴くうちに、家族で話し合ってみると言われた。連絡先を渡した。",
];

/// What one desk asks of another in a つなぐシート.
pub struct Asked {
    /// Of which kind.
    pub kind: ReferralKind,
    /// お願いしたいこと
    pub asked: &'static str,
    /// 紹介する理由
    pub reason: &'static str,
    /// 配慮を希望されること
    pub wishes: &'static str,
}

/// What is asked.
pub const HANDINGS: &[Asked] = &[
    Asked {
        kind: ReferralKind::HandOver,
        asked: "一度訪ねて、暮らしの様子を見てほしい。窓口はこちらで続ける。",
        reason: "こちらの担当の外のことで、続けて訪ねる人が要る。",
        wishes: "電話は午後に。",
    },
    Asked {
        kind: ReferralKind::HandOver,
        asked: "家計の相談に乗り、滞納の分納を一緒に考えてほしい。",
        reason: "お金の話は、慣れた人に聞いてほしいとのこと。",
        wishes: "",
    },
    Asked {
        kind: ReferralKind::HandOver,
        asked: "介護の申請の手伝いと、日中に過ごせる場所の案内をお願いしたい。",
        reason: "ご家族の疲れが強く、早めの手が要る。",
        wishes: "留守番電話に用件を残さない。",
    },
    Asked {
        kind: ReferralKind::Join,
        asked: "支援チームに入り、月に一度の訪問を分けてほしい。",
        reason: "一つの窓口では見守りきれない。",
        wishes: "",
    },
    Asked {
        kind: ReferralKind::Advice,
        asked: "使える制度と、ことばのかけ方について助言がほしい。",
        reason: "初めての形の困りごとで、見立てに迷っている。",
        wishes: "",
    },
    Asked {
        kind: ReferralKind::Intervention,
        asked: "近所との話し合いに、第三者として入ってほしい。",
        reason: "当事者だけでは話が進まない。",
        wishes: "訪ねる前に、かならず電話を。",
    },
];

/// Why one came back, in words, and what is proposed instead.
pub const RETURNS: &[(ReturnReason, &str, &str)] = &[
    (
        ReturnReason::OutOfScope,
        "うちの事業の対象に当たりません。",
        "福祉総合相談窓口なら、続けて受けられます。",
    ),
    (
        ReturnReason::OutOfArea,
        "お住まいの地区の担当が別にあります。",
        "お住まいの地区の地域包括支援センターへ。",
    ),
    (
        ReturnReason::NoCapacity,
        "今月は新しい訪問を入れられません。",
        "来月の初めなら受けられます。",
    ),
    (
        ReturnReason::NoCapacity,
        "担当が休んでおり、すぐに動けません。",
        "急ぐときは、くらし相談窓口が早いです。",
    ),
    (
        ReturnReason::AlreadyServed,
        "同じことを、ほかの窓口がすでに始めています。",
        "まず、その窓口と話してみてください。",
    ),
    (
        ReturnReason::NotWished,
        "訪ねましたが、いまは会いたくないとのことでした。",
        "時間をおいて、もう一度声をかけるのがよいと思います。",
    ),
    (
        ReturnReason::TooLittleKnown,
        "何に困っているのかが、これだけでは分かりません。",
        "ご本人の言葉を、もう少し聞いてからお願いします。",
    ),
];

/// 助言
pub const ADVICE: &[&str] = &[
    "先に医療につながると、使える制度が広がります。受診の付き添いから始めるのがよいと思います。",
    "本人の得意なことから話に入ると続きやすいです。次の訪問に同席もできます。",
    "申請の期限が近いので、書類だけ先に出しておくと安心です。",
];

/// 報告
pub const REPORTS: &[(Outcome, &str)] = &[
    (
        Outcome::Solved,
        "三度訪ね、手続きが済んだ。困ったときの連絡先も決まった。",
    ),
    (Outcome::Solved, "申請が通り、来月から利用が始まる。"),
    (
        Outcome::Continuing,
        "月に一度の訪問を続ける。表情が少しやわらいだ。",
    ),
    (
        Outcome::Continuing,
        "通いの場に二度参加。次も来ると言われた。",
    ),
    (
        Outcome::Failed,
        "何度か訪ねたが会えなかった。手紙を置き、いつでも連絡できると伝えた。",
    ),
];
