//! Two people save at once: the second sees both texts and chooses; a double click makes one record.

use engawa_kernel::testing::on_both;

use crate::browser::{browser, people};

const PLAN: [(&str, &str); 5] = [
    ("kind", "activity"),
    ("name", "二人で書く計画"),
    ("first_year", "2025"),
    ("last_year", "2027"),
    ("state", "draft"),
];

#[test]
fn the_second_of_two_sees_both_texts() {
    on_both(|town| async move {
        let (admin, coordinator, _) = people(&town).await?;
        let (a, c) = (browser(&admin), browser(&coordinator));
        let plan = c.post("/roadmaps/new", &PLAN).await.saved();
        let edit = format!("{plan}/edit");
        let mine = |name: &'static str, note: &'static str| {
            [
                &PLAN[..1],
                &[("name", name), ("note", note), ("version", "1")],
                &PLAN[2..],
            ]
            .concat()
        };
        c.post(&edit, &mine("推進の名前", "")).await.saved();
        let clash = a.post(&edit, &mine("管理の名前", "")).await;
        clash
            .is(409)
            .has("推進の名前")
            .has("管理の名前")
            .has("見本 推進");
        let now = clash.hidden("version");
        let chosen = [
            &mine("管理の名前", "")[..1],
            &PLAN[2..],
            &[
                ("version", &*now),
                ("resolve.name", "edit"),
                ("mine.name", "管理の名前"),
                ("theirs.name", "推進の名前"),
                ("name", "二人の名前"),
            ],
        ]
        .concat();
        a.post(&edit, &chosen).await.saved();
        c.get(&plan).await.has("二人の名前");
        c.get(&format!("{plan}/history")).await.has("推進の名前");

        let measure = [("place", "10"), ("number", "1"), ("text", "はじめの文")];
        let at = c.post(&format!("{plan}/measures"), &measure).await.saved();
        let form = |text: &'static str| {
            [
                ("place", "10"),
                ("number", "1"),
                ("text", text),
                ("version", "1"),
            ]
        };
        c.post(&format!("{at}/edit"), &form("推進の文"))
            .await
            .saved();
        a.post(&format!("{at}/edit"), &form("管理の文"))
            .await
            .is(409)
            .has("推進の文")
            .has("管理の文");

        let stone = [("year", "2025"), ("text", "工程"), ("state", "planned")];
        c.post(&format!("{at}/milestones"), &stone).await.saved();
        let one = c.get(&at).await.link("/roadmaps/milestones/");
        let state = |state: &'static str| {
            [
                ("year", "2025"),
                ("text", "工程"),
                ("state", state),
                ("version", "1"),
            ]
        };
        c.post(&one, &state("done")).await.saved();
        a.post(&one, &state("under_way"))
            .await
            .is(409)
            .has("取組中")
            .has("完了");

        let rating = |words: &'static str| {
            [
                ("version", "0"),
                ("degree", "a"),
                ("evidence", "日誌"),
                ("words", words),
            ]
        };
        let year = format!("{at}/years/2025");
        c.post(&year, &rating("推進の評価")).await.saved();
        a.post(&year, &rating("管理の評価"))
            .await
            .is(409)
            .has("推進の評価")
            .has("管理の評価");

        let options = |why: &'static str, version: &'static str| {
            [
                ("question", "どちらにするか"),
                ("option1", "案い"),
                ("option2", "案ろ"),
                ("chosen", "1"),
                ("why", why),
                ("version", version),
            ]
        };
        c.post(&format!("{plan}/choices"), &options("はじめ", ""))
            .await
            .saved();
        let choice = c.get(&plan).await.link("/roadmaps/choices/");
        c.post(&choice, &options("推進の理由", "1")).await.saved();
        a.post(&choice, &options("管理の理由", "1"))
            .await
            .is(409)
            .has("推進の理由")
            .has("管理の理由");

        let finding = |part: &'static str, version: &'static str| {
            [("source", "調査"), ("part", part), ("version", version)]
        };
        let to = c
            .post("/roadmaps/evidence/new", &finding("問1", ""))
            .await
            .saved();
        let finding_at = format!("/roadmaps/evidence/{}", to.split('#').nth(1).unwrap());
        c.post(&finding_at, &finding("問2", "1")).await.saved();
        a.post(&finding_at, &finding("問3", "1"))
            .await
            .is(409)
            .has("問2")
            .has("問3");
        c.get(&finding_at).await.has("問1");
        Ok(())
    });
}

#[test]
fn a_double_click_makes_one_plan() {
    on_both(|town| async move {
        let (_, coordinator, _) = people(&town).await?;
        let c = browser(&coordinator);
        let once = c.get("/roadmaps/new").await.hidden("once");
        let twice = [&PLAN[..], &[("once", &*once)]].concat();
        let first = c.post("/roadmaps/new", &twice).await.saved();
        let again = c.post("/roadmaps/new", &twice).await;
        assert!(again.location == first || again.text().contains(&first));
        let page = c.get("/roadmaps").await.text();
        assert_eq!(page.matches("二人で書く計画").count(), 1, "{page}");
        Ok(())
    });
}
