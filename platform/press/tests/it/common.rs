//! Invented papers for the tests and the specimen.

use engawa_cases::{
    card::paper::{CardLine, SupportCard},
    packet::{CasePacket, CasePage, Contact, Due},
};
use engawa_kernel::paper::Imprint;
use engawa_referrals::paper::{
    CoverPage, ReferralSheet, ReplySecret, ReplySlip, Shared, SharedLine, SheetHead, qr_svg,
};

const CONSENT: &str = "同意（R8.4.1から）";

pub fn imprint() -> Imprint {
    Imprint {
        municipality: "縁側市".into(),
        printed_by: "高齢者支援課　山田 花子".into(),
        printed_at: "令和8年11月22日 14時05分".into(),
        print_number: "印R8-000317".into(),
        training: false,
    }
}

pub fn shared(text: &str) -> Shared {
    Shared {
        text: text.into(),
        hidden: false,
        why: CONSENT.into(),
    }
}

pub fn line(section: &str, label: &str, text: &str) -> SharedLine {
    SharedLine {
        section: section.into(),
        label: label.into(),
        shared: shared(text),
    }
}

pub fn head() -> SheetHead {
    SheetHead {
        number: "つR8-00012".into(),
        to: "社会福祉法人 縁側会 ひきこもり相談室".into(),
        to_contact: "相談員 佐藤様　電話 042-000-1234".into(),
        from: "縁側市 高齢者支援課".into(),
        from_person: "山田 花子".into(),
        from_contact: "電話 042-000-5678（内線214）\nFAX 042-000-5679".into(),
        sent_on: "令和8年11月22日".into(),
        reply_due_on: "令和8年11月29日".into(),
        show_basis: true,
    }
}

pub fn worries() -> Vec<String> {
    "病気・医療|こころの問題|介護|障害|子育て|収入・仕事|支出・滞納・借金|住まい|DV・虐待|権利擁護（後見制度など）|健康|ひきこもり・不登校|その他"
        .split('|')
        .map(str::to_owned)
        .collect()
}

pub fn person(name: &str, relation: &str) -> Vec<SharedLine> {
    let of = format!("本人・家族　{name}");
    vec![
        line(&of, "氏名", name),
        line(&of, "ふりがな", "たかはし いちろう"),
        line(&of, "性別", "男性"),
        line(&of, "生年月日", "昭和50年3月4日（51歳）"),
        line(&of, "住所・居所", "縁側市本町2丁目14番3号 本町ハイツ102"),
        line(&of, "電話", "080-0000-0000（本人・夕方のみ）"),
        line(&of, "続柄", relation),
    ]
}

pub fn sheet() -> ReferralSheet {
    let mut lines = vec![
        line(
            "配慮",
            "配慮を希望されること",
            "はじめは手紙で。電話は夕方5時以降に、母の固定電話ではなく本人の携帯へ。「役所」と名乗らず担当の名前でかけてください。",
        ),
        line("依頼", "依頼の種類", "つなぐ（引き継ぎ）"),
        line("依頼", "緊急度", "早め"),
        line("依頼", "返事の期日", "令和8年11月29日"),
        line("依頼", "紹介元", "縁側市 高齢者支援課　山田 花子"),
        line(
            "依頼",
            "お願いしたいこと",
            "本人との関係づくりと、家計の見通しの相談をお願いします。母の介護はこちらで続けます。初回は同行できます。",
        ),
        line(
            "依頼",
            "紹介する理由",
            "母の介護の訪問のとき、長男から「10年ほど家から出ていない」と話があった。母の入院で家計と食事が立ちゆかなくなるおそれがあり、専門の相談が要ると考えた。",
        ),
    ];
    lines.extend(person("髙橋 一郎", "本人"));
    let mut mother = person("髙橋 ハナ", "母");
    mother[1].shared = shared("たかはし はな");
    mother[2].shared = shared("女性");
    mother[3].shared = shared("昭和19年1月8日（82歳）");
    mother[5].shared = shared("042-000-9876");
    mother[4].shared = Shared {
        text: String::new(),
        hidden: true,
        why: "秘匿のため、同意があっても載せません".into(),
    };
    lines.extend(mother);
    lines.extend([
        line("お困りごと", "課題", "ひきこもり・不登校（髙橋 一郎）"),
        line("お困りごと", "課題", "収入・仕事"),
        line("お困りごと", "課題", "介護（髙橋 ハナ）"),
        line(
            "相談の内容",
            "相談したいこと",
            "母がいなくなったあとの暮らしが心配で眠れない。\n人に会うのはこわいが、話は聞いてもらいたい。\n仕事のことは、まだ考えられない。",
        ),
    ]);
    ReferralSheet::from_lines(head(), &worries(), lines)
}

pub fn cover() -> CoverPage {
    CoverPage {
        to: "社会福祉法人 縁側会 ひきこもり相談室".into(),
        to_person: "相談員 佐藤".into(),
        to_fax: "042-000-1235".into(),
        to_phone: "042-000-1234".into(),
        from: "縁側市 高齢者支援課".into(),
        from_person: "山田 花子".into(),
        from_phone: "042-000-5678（内線214）".into(),
        from_fax: "042-000-5679".into(),
        sent_on: "令和8年11月22日".into(),
        number: "つR8-00012".into(),
        subject: "つなぐシートの送付について".into(),
        reply_due_on: "令和8年11月29日".into(),
        enclosures: vec!["つなぐシート".into(), "返信票".into()],
    }
}

pub fn reply() -> ReplySlip {
    ReplySlip {
        number: "つR8-00012".into(),
        kind: "つなぐ（引き継ぎ）".into(),
        to: "社会福祉法人 縁側会 ひきこもり相談室".into(),
        from: "縁側市 高齢者支援課".into(),
        from_person: "山田 花子".into(),
        from_phone: "042-000-5678（内線214）".into(),
        from_fax: "042-000-5679".into(),
        reply_due_on: "令和8年11月29日".into(),
        code: "K7MP 2QX4H".into(),
        expires_on: "令和8年12月29日".into(),
        url: "https://engawa.example.lg.jp/reply".into(),
        svg: qr_svg("https://engawa.example.lg.jp/reply?code=K7MP2QX4H").unwrap_or_default(),
        return_reasons: [
            "この窓口の仕事ではない",
            "担当する地区ではない",
            "いまは手が足りない",
            "すでに別の窓口が対応している",
            "本人が望んでいない",
            "判断できる情報が足りない",
            "宛先が違う",
            "その他",
        ]
        .map(str::to_owned)
        .into(),
    }
}

pub fn secret() -> ReplySecret {
    ReplySecret {
        number: "つR8-00012".into(),
        to: "社会福祉法人 縁側会 ひきこもり相談室".into(),
        from: "縁側市 高齢者支援課".into(),
        from_phone: "042-000-5678（内線214）".into(),
        secret: "7H4K 9TXM".into(),
        expires_on: "令和8年12月29日".into(),
    }
}

pub fn case(n: usize) -> CasePage {
    CasePage {
        number: format!("縁R8-{n:05}"),
        name: "髙橋 一郎".into(),
        kana: "たかはし いちろう".into(),
        about: "昭和50年3月4日（51歳） 男性".into(),
        household: "母（ハナ・82歳）と2人".into(),
        contact: "本町2丁目14番3号 本町ハイツ102\n080-0000-0000（夕方のみ）".into(),
        care: "電話は夕方5時以降、本人の携帯へ。母の固定電話にはかけない。".into(),
        situation: "10年ほど外出がない。9月から隔週の訪問で玄関先の会話ができるようになった。母の要介護2、11月に入院の予定。家賃の滞納が2か月ある。".into(),
        wishes: "本人: 人に会うのはこわいが、話は聞いてほしい。\n母: 自分がいなくなったあとのことを誰かに頼みたい。".into(),
        aim: "母の入院までに、食事と家賃の見通しを立てる。本人のペースで居場所につなぐ。".into(),
        manner: "約束の時間ちょうどに行く。質問は一度に一つ。ゲームの話から入ると長く話せる。".into(),
        contacts: vec![
            Contact { body: "縁側会 ひきこもり相談室".into(), person: "佐藤".into(), part: "訪問、居場所".into(), phone: "042-000-1234".into() },
            Contact { body: "第3地域包括支援センター".into(), person: "鈴木（社会福祉士）".into(), part: "母の介護".into(), phone: "042-000-2345".into() },
        ],
        dues: vec![
            Due { on: "令和9年4月5日（月）".into(), what: "同行訪問（佐藤さんと）".into() },
            Due { on: "令和9年4月20日（火）".into(), what: "家賃の分納の相談（住宅課）".into() },
        ],
        open: vec!["住居確保給付金の返事待ち（3月28日に申請）".into()],
        reasons: String::new(),
        last_contact: "令和9年3月25日 訪問".into(),
        consent: "あり（令和8年9月10日、相談室・包括・住宅課へ、相談内容まで）".into(),
    }
}

pub fn packet(cases: usize) -> CasePacket {
    CasePacket {
        from: "地域福祉課　田中 恵".into(),
        to: "地域福祉課　小林 誠".into(),
        on: "令和9年4月1日".into(),
        hidden: 0,
        more: 0,
        cases: (1..=cases).map(case).collect(),
    }
}

pub fn card(lines: usize, copies: u8) -> SupportCard {
    SupportCard {
        holder: "仮名 トミ".into(),
        number: "第2版".into(),
        issued_on: "令和8年11月22日".into(),
        from: "縁側市社会福祉協議会 くらし相談窓口".into(),
        from_phone: "00-0001-0001".into(),
        lines: (1..=lines)
            .map(|n| CardLine {
                name: format!("髙橋 花子{n}"),
                body: "社会福祉法人えんがわ会 さくら地域包括支援センター".into(),
                phone: format!("00-0001-000{n}"),
            })
            .collect(),
        copies,
    }
}
