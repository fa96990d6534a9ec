//! The whole form, and the same form laid out and damaged in other ways.

#![cfg(test)]

mod form;

use form::{SHEET, bare, read, warned, with};

#[test]
fn an_undamaged_sheet_is_read_whole_and_without_warnings() {
    let sheet = read(SHEET);
    assert_eq!(sheet.warnings, Vec::<String>::new());
    let json = serde_json::to_value(&sheet).unwrap();
    let expected = include_str!("form/expected.json");
    let expected: serde_json::Value = serde_json::from_str(expected).unwrap();
    assert_eq!(json, expected, "{json:#}");
}

/// Every other layout of the same answers must give the same sheet.
fn same(text: &str) {
    let (mine, wanted) = (bare(text), bare(SHEET));
    assert_eq!(
        serde_json::to_string_pretty(&mine).unwrap(),
        serde_json::to_string_pretty(&wanted).unwrap()
    );
}

#[test]
fn answers_below_or_beside_their_labels() {
    same(&with(
        "(支援する対象) 自治会\t(支援の内容) 集いの場の立ち上げ\t",
        "(支援する対象)\t(支援の内容)\t\n自治会\t集いの場の立ち上げ\t",
    ));
    same(&with(
        "(対象地域)\t(対象地域の範囲)\t(人口)\n浜地区\t小学校区\t2,100人",
        "\t(対象地域) 浜地区\t(対象地域の範囲) 小学校区 (人口) 2,100人",
    ));
    same(&with(
        "⑧事業の成果目標\t\n終結 10件\t",
        "⑧事業の成果目標\t終結 10件",
    ));
    same(&with(
        "⑨地域力強化推進事業実施計画\t\n3の計画と合わせて進める。\t",
        "\n⑨地域力強化推進事業実施計画\n\n3の計画と合わせて進める。\n",
    ));
}

#[test]
fn other_widths_line_ends_tags_and_bars() {
    same(
        &SHEET
            .replace('(', "（")
            .replace(')', "）")
            .replace("（見本社協）", "(見本社協)")
            .replace("（見本社会福祉協議会）", "(見本社会福祉協議会)")
            .replace("みなも町（直営）", "みなも町(直営)"),
    );
    same(&SHEET.replace('\n', "\r\n"));
    same(&SHEET.replace("\t(", "\t<p>(").replace(")\t\n", ")</p>\t\n"));
    let barred: String = SHEET
        .lines()
        .map(|line| match line.contains('\t') {
            true => format!("| {} |\n", line.replace('\t', " | ")),
            false => format!("{line}\n"),
        })
        .collect();
    same(&barred);
    same(&SHEET.replace('\t', "    "));
}

#[test]
fn damaged_and_broken_labels() {
    for (from, to) in [
        ("①実施主体(委託先)", "①施主体(委託先)"),
        ("①実施主体(委託先)", "①実施主体(託先)"),
        ("②事業名", "②業名"),
        ("③事業実施の必要性\t", "④ 業実施の必要性\t"),
        ("④事業内容", "① 業内容"),
        ("⑤多機関の協働", "⑦ 機関の協働"),
        ("本事業に取り組む目的・狙い", "本事業に取り組みたい狙い"),
        ("本事業に取り組む目的・狙い", "本事業に取り 組む目的・ 狙い"),
        ("エ 新たな社会資源の", "工 新たな社会資の"),
        ("(エ) その他", "( エ ) その他"),
        ("⑧事業の成果目標", "事業の成果目標"),
        ("⑨地域力強化推進事業実施計画", "⑩地域力強化推進事業実施計画"),
        ("(相談を受け止める人)", "(相談を受止める人)"),
        ("地域の課題を地域で解決して", "地域生活課題を地域で解決して"),
        (
            "④相談支援包括化推進員の配置予定人数\t2人",
            "④相談支援包括化推\t2人\n\n進員の配置予定人数\t",
        ),
    ] {
        let text = with(from, to);
        println!("{to}");
        same(&text);
    }
}

#[test]
fn a_missing_heading_is_made_up_for_and_warned_of() {
    let text = with("4. 多機関の協働による包括的支援体制構築事業について\n", "");
    same(&text);
    assert!(warned(&read(&text), "multi_agency", "見出しがない"));
}

#[test]
fn answers_cut_by_a_page_break_go_on() {
    let text = with(
        "③事業実施の必要性\t一人暮らしが増えているため。\t",
        "③事業実施の必要性\t一人暮らしが増え\t\n\n\tているため。\t",
    );
    same(&text);
    let text = with(
        "なぎさ相談所\t相談員2名\t",
        "なぎさ相\t相談員\t\n\n談所\t2名\t",
    );
    same(&text);
    let broken = with("なぎさ相談所\t相談員2名\t", "なぎさ相談所\t相談員\n2名\t");
    let desk = read(&broken).community_strengthening.unwrap().b.desk;
    assert_eq!(desk.place.as_deref(), Some("なぎさ相談所"));
    assert_eq!(desk.receiver.as_deref(), Some("相談員\n2名"));
}

#[test]
fn a_table_and_its_copies_are_read_once() {
    let from = SHEET.find("(対象地域)").unwrap();
    let to = SHEET.find("ウ その他").unwrap();
    let table = &SHEET[from..to];
    let nested: String = table
        .lines()
        .map(|line| format!("<tr><td>{}</td></tr>", line.replace('\t', "</td><td>")))
        .collect();
    let flat = table.replace("\t\n", "\n").replace('\n', "\t");
    let text = format!(
        "{}<table border=\"1\">{nested}</table>\t\t{flat}\n{}",
        &SHEET[..from],
        &SHEET[from..]
    );
    same(&text);
    let other = text.replacen("<td>旧駅舎", "<td>新駅舎", 1).replacen(
        "(拠点の場所) 旧駅舎</td>",
        "(拠点の場所) 新しい駅舎</td>",
        1,
    );
    assert!(warned(
        &read(&other),
        "community_strengthening.a.base.place",
        "二か所"
    ));
}

#[test]
fn a_copy_without_its_headings_still_knows_its_half() {
    let text = with(
        "イ 「住民に身近な圏域」において、地域生活課題に関する相談を包括的に受け止める体制の整備\t\t\n",
        "",
    );
    same(&text);
}

#[test]
fn meetings_without_labels_are_taken_in_order() {
    let text = SHEET
        .replace("(個別事例の検討)※会議の開催回数や参加者等を記載 ", "")
        .replace("(ネットワーク構築)※会議の開催回数や参加者等を記載 ", "")
        .replace("(既存の会議の名称) ", "");
    same(&text);
    assert!(warned(
        &read(&text),
        "multi_agency.case_meeting.how",
        "見出しがない"
    ));
}

#[test]
fn prose_that_speaks_of_labels_stays_prose() {
    let prose = "右記の部署(バックアップする人)が支える。事業の成果目標は別に定める。";
    let sheet = read(&with("月1回の事例検討", prose));
    let backup = sheet.community_strengthening.unwrap().b.backup;
    assert_eq!(backup.content.as_deref(), Some(prose));
    assert_eq!(backup.by.as_deref(), Some("保健師"));
    let sheet = read(&with(
        "3の計画と合わせて進める。",
        "3. 地域力強化推進事業について の通り",
    ));
    let plan = sheet.multi_agency.unwrap().community_plan;
    assert_eq!(
        plan.as_deref(),
        Some("3. 地域力強化推進事業について の通り")
    );
}

#[test]
fn only_real_tags_go() {
    let sheet = read(&with(
        "窓口どうしを結ぶ。",
        "<常勤者>と‹地域住民>を&lt;結ぶ&gt;。<CSW>も<br/>a < b",
    ));
    let overview = sheet.multi_agency.unwrap().overview;
    assert_eq!(
        overview.as_deref(),
        Some("<常勤者>と‹地域住民>を<結ぶ>。<CSW>も\na < b")
    );
}

#[test]
fn what_follows_the_form_is_attached() {
    let text = format!("{SHEET}\n灯台ネットの図\n\n相談\n会議\n\n(対象)\tその他\n");
    let sheet = read(&text);
    assert_eq!(
        sheet.attachments.as_deref(),
        Some("灯台ネットの図\n相談\n会議\n(対象) その他")
    );
    let plan = sheet.multi_agency.unwrap().community_plan;
    assert_eq!(plan.as_deref(), Some("3の計画と合わせて進める。"));
}

#[test]
fn a_blank_last_field_does_not_swallow_the_attachment() {
    let text = with(
        "3の計画と合わせて進める。\t\n",
        "<p></p>\t\n\n都道府県名\t青波県\n事業の図\n",
    );
    let sheet = read(&text);
    assert_eq!(sheet.multi_agency.unwrap().community_plan, None);
    assert_eq!(
        sheet.attachments.as_deref(),
        Some("都道府県名 青波県\n事業の図")
    );
}

#[test]
fn a_prefectures_own_sheet() {
    let head = &SHEET[..SHEET.find("3. 地域力").unwrap()];
    let text = head.replace("みなも町", "").replace(
        "\t○ 多機関の協働による 包括的支援体制構築事業\t○ 都道府県事業",
        "\t多機関の協働による 包括的支援体制構築事業\t都道府県事業 ○",
    ) + "5. 都道府県事業について

①実施主体（委託先）\t青波県
②事業名\t人材育成事業
③事業実施の必要性、体制等\t担い手が足りないため。
④事業内容\t
(ア) 単独の市区町村では解決が難しく、専門的な支援を必要とする者等に対する支援体制を市町村と構築\t
(対象とする専門的な支援を必要とする者)\t
(構築する支援体制)\t
(支援体制構築に向けたプロセス)\t
(イ) 市区町村において包括的な支援体制を整備するにあたり、都道府県域で推進していく必要がある取組や、市区町村間の情報共有の場づくり、市区町村への技術的助言\t
(対象) 市町の職員\t
(取組内容)\t
①研修の開催\t
②アドバイザーの派遣\t
⑤事業の成果目標\t
修了者 30名\t
";
    let sheet = read(&text);
    assert_eq!(sheet.municipality, None);
    assert!(sheet.programmes.prefectural && !sheet.programmes.multi_agency);
    let block = sheet.prefectural.unwrap();
    assert_eq!(block.specialist, Default::default());
    let support = block.municipal_support;
    assert_eq!(support.target.as_deref(), Some("市町の職員"));
    assert_eq!(
        support.content.as_deref(),
        Some("①研修の開催\n②アドバイザーの派遣")
    );
    assert_eq!(block.goal.as_deref(), Some("修了者 30名"));
    assert_eq!(sheet.community_strengthening, None);
}
