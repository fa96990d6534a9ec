//! Goals that are counted, and last year's targets and actuals beside them on the next sheet.

use engawa_indicators::store::indicator::{self, Dated, IndicatorId};
use engawa_kernel::{
    context::Ctx, db::sql, error::Result, testing::on_both, text::fiscal::FiscalYear,
};

use crate::{
    browser::{OWN, browser, people, taken},
    setup::card,
};

#[test]
fn a_goal_that_is_counted_becomes_an_indicator_with_its_target() {
    on_both(|town| async move {
        let (admin, ..) = people(&town).await?;
        let a = browser(&admin);
        taken(
            &a,
            OWN,
            "own",
            "2026",
            &[("setup", "1"), ("sure", "profile.welfare_rate")],
        )
        .await;
        let page = a.get("/programmes/setup?kind=goal").await;
        // What the words suggest is offered, with the figure as the sheet says it.
        page.has("何を数えるか").has("value=\"120件\"");
        let (at, version) = card(&page, "座談会の開催 12回");
        let with = |count: &'static str, target: &'static str| {
            let (a, at, version) = (&a, at.clone(), version.clone());
            async move {
                let fields = [
                    ("do", "take"),
                    ("version", version.as_str()),
                    ("name", "座談会の開催 10回"),
                    ("count", count),
                    ("target", target),
                ];
                a.post(&at, &fields).await
            }
        };
        with("room:events:", "10回")
            .await
            .is(422)
            .has("一覧から選び直してください");
        with("meeting", " ")
            .await
            .is(422)
            .has("「目標の値」を")
            .has("座談会の開催");
        with("meeting", "10回以上").await.saved();
        a.get("/programmes/goals")
            .await
            .has("10回以上")
            .has("まだ記録がありません");
        let found = admin
            .read()
            .await?
            .one(sql("select i.name, t.shape, t.raw from indicator_indicator i join indicator_target t on t.indicator_id = i.id"))
            .await?;
        assert_eq!(found.get::<String>("name")?, "座談会の開催 10回");
        assert_eq!(found.get::<String>("shape")?, "at_least");
        Ok(())
    });
}

async fn promise(ctx: &Ctx, words: &str, year: i32) -> Result<()> {
    let year = FiscalYear::try_from(year).unwrap();
    let mut tx = ctx.write().await?;
    let id: IndicatorId = tx
        .one(sql("select id from indicator_indicator"))
        .await?
        .get("id")?;
    let targets = Dated::read(words, "回");
    indicator::set_targets(&mut tx, ctx, id, year, &targets).await?;
    tx.commit().await
}

#[test]
fn an_approved_sheet_keeps_last_years_results_as_they_stood() {
    on_both(|town| async move {
        let (admin, coordinator, worker) = people(&town).await?;
        let (a, c, w) = (browser(&admin), browser(&coordinator), browser(&worker));
        taken(
            &a,
            OWN,
            "own",
            "2026",
            &[("setup", "1"), ("sure", "profile.welfare_rate")],
        )
        .await;
        let page = a.get("/programmes/setup?kind=goal").await;
        let (at, version) = card(&page, "座談会の開催 12回");
        a.post(
            &at,
            &[
                ("do", "take"),
                ("version", &version),
                ("name", "座談会の開催"),
                ("count", "meeting"),
                ("target", "10回以上"),
            ],
        )
        .await
        .saved();
        let next = a
            .post("/programmes/new", &[("year", "2027"), ("how", "copy")])
            .await
            .saved();
        promise(&admin, "14回", 2027).await?;
        let page = a.get(&next).await;
        page.has("令和8年度の目標と実績")
            .has("10回以上")
            .has("まだ記録がありません")
            .has("14回");
        // A draft counts anew each time.
        promise(&admin, "15回", 2027).await?;
        a.get(&next).await.has("15回").lacks("14回");
        let page = c.get(&next).await;
        let version = page.hidden("version");
        c.post(
            &format!("{next}/approve"),
            &[("version", &version), ("number", "1")],
        )
        .await
        .saved();
        promise(&admin, "99回", 2027).await?;
        w.get(&next).await.is(200).has("15回").lacks("99回");
        w.get(&format!("{next}/print.pdf")).await.is(200);
        w.get(&format!("{next}/sheet.xlsx")).await.is(200);
        Ok(())
    });
}
