//! An invented sheet of the form. 青波県みなも町 does not exist.

// every test file takes what it needs
#![allow(dead_code)]

/// The form, filled in; each test damages it in its own way.
pub const SHEET: &str = "\
青波県 みなも町

都道府県名\t青波県\t市区町村名\tみなも町
実施事業※\t地域力強化推進事業\t○ 多機関の協働による 包括的支援体制構築事業\t○ 都道府県事業

1. 自治体の基本情報等

1-1. 自治体の基本情報

人口\t12,345 (人)\t\t世帯数\t5,432 (世帯)\t
高齢化率\t34.5 (%)\t生活保護受給率\t1.23 (%)\t面積\t98.76 (k m ²)
地縁組織(自治会、町内会等)加入率\t78.9(%)\t公立小学校数\t3(校)\t公立中学校数\t1(校)
地域包括支援センター\t直営：1か所\t\t\t\t
生活困窮者自立相談支援事業\t委託：1か所 (見本社協)\t\t\t\t

1-2. 地域の特徴(地域性、地場産業、観光等)

<p>海と段々畑の町である。</p> <p>塩づくりが盛んである。</p>

2. 事業を実施する上でのビジョンについて

本事業に取り組む目的・狙い\t断らない相談の入口をつくる。
本事業を通じて人と地域に起こしたい変化\t困ったと言える町になる。

3. 地域力強化推進事業について

①実施主体(委託先)\tみなも町(見本社会福祉協議会)\t
②事業名\tなぎさ見守り事業\t
③事業実施の必要性\t一人暮らしが増えているため。\t
④事業内容\t\t
ア 「住民に身近な圏域」において、地域住民等が主体的に地域生活課題を把握し解決することができる環境の整備\t\t
(対象地域)\t(対象地域の範囲)\t(人口)
浜地区\t小学校区\t2,100人
(ア) 地域住民の参加を促す活動を行う者に対する支援\t\t
(支援する対象) 自治会\t(支援の内容) 集いの場の立ち上げ\t
(イ) 地域住民等が相互に交流を図ることができる拠点の整備\t\t
(拠点の場所) 旧駅舎\t(運営主体) なぎさの会\t
(ウ) 地域住民等に対する研修の実施\t\t
(研修の対象) 住民\t(研修の内容) 傾聴講座\t
(エ) その他\t\t
出張なぎさカフェ\t\t
地域の課題を地域で解決していくための財源等の確保\t\t
共同募金\t\t
事業実施にあたり連携する他の法定事業等(自主事業含む)\t\t
生活支援体制整備事業\t\t
事業の成果目標\t\t
講座修了者 20人\t\t
イ 「住民に身近な圏域」において、地域生活課題に関する相談を包括的に受け止める体制の整備\t\t
(対象地域)\t(対象地域の範囲)\t(人口)
町内全域\t中学校区\t12,345人
(ア) 地域住民の相談を包括的に受け止める場の整備\t\t
(場所・機関等の名称)\t(相談を受け止める人)\t
なぎさ相談所\t相談員2名\t
(イ) 地域住民の相談を包括的に受け止める場の周知\t\t
(周知方法)\t\t
広報と回覧板\t\t
(ウ) 地域の関係者等との連携による地域生活課題の早期把握\t\t
(把握の方法)\t\t
民生委員の定例会に出る\t\t
(エ) 地域住民の相談を包括的に受け止める場のバックアップ体制の構築\t\t
(バックアップの内容)\t(バックアップする人)\t
月1回の事例検討\t保健師\t
事業実施にあたり連携する他の法定事業等(自主事業含む)\t\t
包括的支援事業\t\t
事業の成果目標\t\t
相談 60件\t\t
ウ その他\t\t
移動支援を考える。\t\t
⑤多機関の協働による包括的支援体制構築事業実施計画\t\t
今年度から始める。\t\t

4. 多機関の協働による包括的支援体制構築事業について

①実施主体（委託先）\tみなも町(直営)
②事業名\t灯台ネット事業
③事業実施の必要性、体制等\t世帯の課題が重なっているため。
④相談支援包括化推進員の配置予定人数\t2人
⑤相談支援包括化推進員の経歴等\t社会福祉士
⑥相談支援包括化推進員を配置する相談支援機関の種類・名称\tみなも町福祉課
⑦事業内容\t
ア 包括的な相談支援体制の構築に向けた取組の概要\t
窓口どうしを結ぶ。\t
イ 相談支援包括化推進会議の開催方法\t
(個別事例の検討)※会議の開催回数や参加者等を記載 毎月1回。\t(既存の会議の名称) 支援調整会議
(ネットワーク構築)※会議の開催回数や参加者等を記載 年2回。\t(既存の会議の名称) 灯台会議
ウ 自主財源の確保のための取組の概要\t
寄附を募る。\t
エ 新たな社会資源の創出のための取組の概要\t
仕事の場を増やす。\t
オ その他\t
特になし。\t
⑧事業の成果目標\t
終結 10件\t
⑨地域力強化推進事業実施計画\t
3の計画と合わせて進める。\t
";

/// The sheet with every `from` replaced; fails when there is none, so that no test tests nothing.
pub fn with(from: &str, to: &str) -> String {
    assert!(SHEET.contains(from), "{from} is not in the sheet");
    SHEET.replace(from, to)
}

/// Reads a text that must be a sheet.
pub fn read(text: &str) -> engawa_plansheet::PlanSheet {
    engawa_plansheet::parse(text).unwrap()
}

/// What is read without warnings and quotes, to compare two readings.
pub fn bare(text: &str) -> engawa_plansheet::PlanSheet {
    let mut sheet = read(text);
    sheet.warnings.clear();
    sheet.quotes.clear();
    sheet
}

/// Whether a warning of this field says `words`.
pub fn warned(sheet: &engawa_plansheet::PlanSheet, path: &str, words: &str) -> bool {
    let start = format!("{path}: ");
    sheet
        .warnings
        .iter()
        .any(|warning| warning.starts_with(&start) && warning.contains(words))
}
