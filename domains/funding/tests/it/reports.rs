//! Deliverables, reports and claims.

use engawa_indicators::{
    model::{Count, Filter, Rule, Unit},
    store::indicator::{self, NewIndicator},
};
use engawa_kernel::{access::Role, context::Ctx, error::Result, testing::on_both};

use crate::browser::{Browser, browser, contractor, link, people};

async fn contract(c: &Browser, name: &str, body: &str) -> String {
    let fields = [
        ("name", name),
        ("mode", "commissioned"),
        ("scheme", "community"),
        ("from", "R8.4.1"),
        ("body[0].body", body),
    ];
    c.post("/funding/contracts/new", &fields).await.saved()
}

async fn promise(c: &Browser, at: &str, name: &str, number: &str, unit: &str, indicator: &str) {
    let fields = [
        ("name", name),
        ("number", number),
        ("unit", unit),
        ("indicator", indicator),
    ];
    c.post(&format!("{at}/deliverables/new"), &fields)
        .await
        .saved();
}

async fn consultations(ctx: &Ctx) -> Result<String> {
    let new = NewIndicator {
        name: "相談の件数".into(),
        block: String::new(),
        outcome: false,
        rule: Rule::plain(Count {
            source: "consultation".into(),
            unit: Unit::Events,
            filter: Filter::default(),
        }),
        note: String::new(),
        ended_on: None,
    };
    let mut tx = ctx.write().await?;
    let id = indicator::add(&mut tx, ctx, &new).await?;
    tx.commit().await?;
    Ok(id.to_string())
}

/// 釧路市: 釧路社会的企業創造協議会（三事業の受託）
#[test]
fn one_bodys_three_contracts_are_reported_from_one_set_of_activity() {
    on_both(|town| async move {
        let (admin, coordinator, _) = people(&town).await?;
        let (body, staff) = contractor(&town, &admin, "見本社会的企業協議会", Role::Worker).await?;
        let (other, _) = contractor(&town, &admin, "よその法人", Role::Worker).await?;
        let (c, s) = (browser(&coordinator), browser(&staff));
        let counted = consultations(&coordinator).await?;
        let (body, other) = (body.to_string(), other.to_string());
        for name in ["地域力の委託", "多機関の委託", "自立相談の委託"] {
            let at = contract(&c, name, &body).await;
            promise(&c, &at, "相談の受け止め", "100", "件", &counted).await;
            promise(&c, &at, "報告書", "1", "冊", "").await;
        }
        let foreign = contract(&c, "よその委託", &other).await;
        promise(&c, &foreign, "よその受け止め", "5", "件", &counted).await;
        let page = s.get(&format!("/funding/bodies/{body}")).await;
        page.is(200)
            .has("地域力の委託の成果物")
            .has("相談の件数")
            .lacks("よその");
        let report = link(&page, "：相談の受け止め");
        let form = s.get(&report).await;
        form.is(200)
            .has("同じ実績を報告する成果物")
            .lacks("よその")
            .lacks("「報告書」");
        // The others that the same indicator counts, as the form offers them.
        let text = form.text();
        let also: Vec<&str> = text
            .split("name=\"also\" value=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        assert_eq!(also.len(), 2);
        let mut fields = vec![
            ("value", "37"),
            ("on", "R8.9.30"),
            ("text", "窓口と訪問"),
            ("version", "1"),
        ];
        fields.extend(also.iter().map(|id| ("also", *id)));
        s.post(&report, &fields).await.saved();
        let page = s.get(&format!("/funding/bodies/{body}")).await;
        assert_eq!(page.text().matches("37件（令和8年9月30日時点）").count(), 3);
        // Somebody else was first: both are shown.
        c.post(
            &report,
            &[("value", "40"), ("on", "R8.9.30"), ("version", "1")],
        )
        .await
        .is(409)
        .has("例示 見本社会的企業協議会")
        .has("窓口と訪問");
        // All three in one workbook and on paper.
        let book = s.get(&format!("/funding/bodies/{body}/report.xlsx")).await;
        let read = engawa_sheets::read(&book.is(200).bytes, "a.xlsx").unwrap();
        let found = read.sheets[1]
            .rows
            .iter()
            .filter(|r| r.get(3).is_some_and(|c| c.as_text() == "37"))
            .count();
        assert_eq!(found, 3);
        s.get(&format!("/funding/bodies/{body}/report.pdf"))
            .await
            .is(200)
            .has("地域力の委託")
            .has("自立相談の委託")
            .lacks("よその");
        Ok(())
    });
}

/// 札幌市: 福まちパワーアップ業務（13回の研修会ほか）
#[test]
fn one_contract_reports_all_its_deliverables() {
    on_both(|town| async move {
        let (admin, coordinator, _) = people(&town).await?;
        let (body, staff) = contractor(&town, &admin, "見本の法人", Role::NoCase).await?;
        let (c, s) = (browser(&coordinator), browser(&staff));
        let at = contract(&c, "パワーアップ業務", &body.to_string()).await;
        promise(&c, &at, "地区ワークショップ", "13", "回", "").await;
        promise(&c, &at, "活動の手引き", "500", "冊", "").await;
        promise(&c, &at, "助言", "", "", "").await;
        let page = s.get(&at).await;
        page.has("13回").has("500冊").has("数の定めなし");
        assert_eq!(page.text().matches("報告なし").count(), 3);
        let say = async |what: &str, fields: &[(&str, &str)]| {
            let to = link(&s.get(&at).await, &format!("：{what}"));
            let all = [&[("on", "R9.2.1"), ("version", "1")], fields].concat();
            s.post(&to, &all).await
        };
        say("地区ワークショップ", &[("value", "12")]).await.saved();
        // Nothing is 0 when 0 was said, and nothing at all is no report.
        say("活動の手引き", &[("value", "0")]).await.saved();
        say("助言", &[]).await.is(422).has("どちらかを入力");
        say("助言", &[("text", "二つの地区で続けている")])
            .await
            .saved();
        let page = s.get(&at).await;
        page.has("12回（令和9年2月1日時点）")
            .has("0冊（")
            .has("文による報告（")
            .lacks("報告なし");
        let pdf = s.get(&format!("{at}/report.pdf")).await;
        pdf.is(200).has("contract-report");
        for word in [
            "地区ワークショップ",
            "12回",
            "活動の手引き",
            "二つの地区で続けている",
        ] {
            pdf.has(word);
        }
        let book = s.get(&format!("{at}/report.xlsx")).await;
        let read = engawa_sheets::read(&book.is(200).bytes, "a.xlsx").unwrap();
        for name in ["委託・補助", "成果物", "経費の内訳", "請求"] {
            assert!(
                read.sheets.iter().any(|s| s.name == name),
                "no sheet {name}"
            );
        }
        // A changed promise keeps what was reported.
        let edit = link(&c.get(&at).await, "約束を直す");
        let form = c.get(&edit).await;
        let fields = [
            ("name", "地区ワークショップ"),
            ("number", "14"),
            ("unit", "回"),
        ];
        c.post(
            &edit,
            &[&fields[..], &[("version", &form.hidden("version"))]].concat(),
        )
        .await
        .saved();
        c.get(&at)
            .await
            .has("14回")
            .has("12回（令和9年2月1日時点）");
        c.post(&edit, &[&fields[..], &[("version", "1")]].concat())
            .await
            .is(409);
        Ok(())
    });
}

/// 世田谷区: ミニデイの食材費補助
#[test]
fn a_claim_is_checked_by_a_second_person() {
    on_both(|town| async move {
        let (admin, coordinator, _) = people(&town).await?;
        let (body, staff) = contractor(&town, &admin, "見本の会", Role::Worker).await?;
        let (c, a, s) = (browser(&coordinator), browser(&admin), browser(&staff));
        let at = contract(&c, "ミニデイ補助", &body.to_string()).await;
        let claim = [
            ("what", "第1四半期の食材費"),
            ("basis", "12回×15人×100円"),
            ("amount", "18,000"),
            ("on", "R8.7.5"),
        ];
        s.post(&format!("{at}/claims/new"), &claim).await.is(403);
        c.post(&format!("{at}/claims/new"), &claim[..2])
            .await
            .is(422)
            .has("「額（円）」を入力");
        c.post(&format!("{at}/claims/new"), &claim).await.saved();
        c.post(&format!("{at}/claims/new"), &claim).await.saved();
        s.get(&at)
            .await
            .has("12回×15人×100円")
            .has("確認待ち")
            .lacks("請求の確認");
        // Who entered it has no form, and the address refuses too.
        c.get(&at).await.lacks("請求の確認");
        let page = a.get(&at).await.text();
        let forms: Vec<&str> = page
            .split("action=\"/funding/claims/")
            .skip(1)
            .map(|rest| rest.split('/').next().unwrap())
            .collect();
        assert_eq!(forms.len(), 2);
        let to = |n: usize| format!("/funding/claims/{}/decide", forms[n]);
        let yes = [("decision", "checked"), ("version", "1")];
        let no = [("decision", "returned"), ("version", "1")];
        c.post(&to(0), &yes)
            .await
            .is(403)
            .has("自分では確認できません");
        s.post(&to(0), &yes).await.is(403);
        a.post(&to(0), &[("decision", "waiting"), ("version", "1")])
            .await
            .is(404);
        a.post(&to(0), &yes).await.saved();
        a.post(&to(0), &yes)
            .await
            .is(422)
            .has("もう確認されています");
        a.post(&to(1), &no)
            .await
            .is(422)
            .has("「差し戻すときの理由」を入力");
        a.post(&to(1), &[&no[..], &[("note", "人数の名簿がない")]].concat())
            .await
            .saved();
        c.get(&at)
            .await
            .has("確認済み")
            .has("差戻し")
            .has("人数の名簿がない")
            .has("見本 管理");
        Ok(())
    });
}
