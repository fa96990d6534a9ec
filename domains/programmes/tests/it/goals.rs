//! Goals in words: why not counted, whose change, and each year's evidence and rating.

use engawa_kernel::testing::on_both;

use crate::browser::{browser, people};

#[test]
fn a_goal_without_a_number_gets_evidence_and_a_rating_each_year() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        w.get("/programmes/goals").await.is(200).lacks("目標を書く");
        w.get("/programmes/goals/new").await.is(403);
        c.post("/programmes/goals/new", &[("year", "2025")])
            .await
            .is(422)
            .has("「目標」を入力してください");
        let goal = [
            ("year", "2025"),
            ("field", "community_strengthening.a.goal"),
            ("text", "住民が自分たちで困りごとを話し合えるようになる"),
            ("subject", "area"),
            ("subject_name", "団地地区"),
            ("due", "令和9年3月"),
            ("why", "話し合いの深さは数では表せないため"),
        ];
        c.post("/programmes/goals/new", &goal).await.saved();
        let page = c.get("/programmes/goals?year=2026").await;
        page.is(200)
            .has("団地地区")
            .has("数では表せないため")
            .has("令和7年度から");
        let text = page.text();
        let link = text
            .split("href=\"")
            .find(|l| l.contains("/years/2026"))
            .unwrap();
        let at = link.split('"').next().unwrap().to_owned();
        w.get(&at).await.is(403);
        c.post(&at, &[("version", "0"), ("rating", "partly")])
            .await
            .is(422)
            .has("根拠");
        c.post(
            &at,
            &[
                ("version", "0"),
                ("rating", "partly"),
                ("evidence", "座談会で住民が議題を出した"),
            ],
        )
        .await
        .saved();
        // Two who rate at once: the second sees both.
        c.post(
            &at,
            &[
                ("version", "0"),
                ("rating", "mostly"),
                ("evidence", "別の根拠"),
            ],
        )
        .await
        .is(409)
        .has("座談会で住民が議題を出した")
        .has("別の根拠");
        w.get("/programmes/goals?year=2026")
            .await
            .has("一部にとどまった")
            .has("座談会で住民が議題を出した");
        let one = at.split("/years").next().unwrap().to_owned();
        let form = c.get(&one).await;
        form.is(200).has("団地地区");
        c.post(
            &one,
            &[&goal[..], &[("version", &form.hidden("version"))]].concat(),
        )
        .await
        .saved();
        c.post(
            &one,
            &[&goal[..2], &[("text", "ちがう文"), ("version", "1")]].concat(),
        )
        .await
        .is(409)
        .has("ちがう文");
        c.get(&format!("{one}/years/2020")).await.is(404);
        Ok(())
    });
}

#[test]
fn links_to_statutory_programmes_are_kept_with_basis_and_share() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let link = [
            ("block", "3"),
            ("programme", "life_support_system"),
            ("name", "ささえあい事業"),
            ("body", "縁側市社会福祉協議会"),
            ("basis", "介護保険法115条の45第2項5号"),
            ("share", "コーディネーター1人のうち、半分"),
            ("note", ""),
        ];
        c.post("/programmes/links/new", &link).await.saved();
        w.get("/programmes/links")
            .await
            .is(200)
            .has("ささえあい事業")
            .has("生活支援体制整備事業")
            .has("半分")
            .lacks("連携する事業を書く");
        let page = c.get("/programmes/links").await.text();
        let one = page
            .split("href=\"")
            .find(|l| {
                l.starts_with("/programmes/links/") && !l.starts_with("/programmes/links/new")
            })
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let form = c.get(&one).await;
        w.get(&one).await.is(403);
        c.post(
            &one,
            &[&link[..], &[("version", &form.hidden("version"))]].concat(),
        )
        .await
        .saved();
        c.post(
            &one,
            &[&link[..2], &[("name", "別の名前"), ("version", "1")]].concat(),
        )
        .await
        .is(409)
        .has("別の名前")
        .has("ささえあい事業");
        Ok(())
    });
}
