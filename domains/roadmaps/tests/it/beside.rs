//! What stands beside the measures of a plan: findings, the options that were weighed; and how it all
//! leaves, on paper and as a workbook.

use engawa_kernel::testing::on_both;

use crate::{
    browser::{browser, people},
    plans::{MEASURE, made, stone},
};

#[test]
fn a_finding_of_a_survey_is_cited_by_measures_of_both_plans() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let (_, measure) = made(&c).await;
        let activity = [
            ("kind", "activity"),
            ("name", "見本市地域福祉活動計画"),
            ("first_year", "2020"),
            ("last_year", "2024"),
            ("state", "in_force"),
        ];
        let other = c.post("/roadmaps/new", &activity).await.saved();
        w.get("/roadmaps/evidence/new").await.is(403);
        let finding = [
            ("source", "住民アンケート"),
            ("part", "問5"),
            ("finding", "相談先がわからないが46%"),
        ];
        let at = c.post("/roadmaps/evidence/new", &finding).await.saved();
        let id = at.split('#').nth(1).unwrap().to_owned();
        let cite = [&MEASURE[..], &[("evidence", &*id), ("version", "1")]].concat();
        c.post(&format!("{measure}/edit"), &cite).await.saved();
        let theirs = [
            ("place", "10"),
            ("number", "2"),
            ("text", "なんでも相談の日を開く"),
            ("evidence", &*id),
        ];
        c.post(&format!("{other}/measures"), &theirs).await.saved();
        w.get("/roadmaps/evidence")
            .await
            .is(200)
            .has("住民アンケート 問5")
            .has("見本市地域福祉計画")
            .has("見本市地域福祉活動計画")
            .has("なんでも相談の日を開く");
        w.get(&measure)
            .await
            .has("ほかに引いている施策")
            .has("見本市地域福祉活動計画");
        let unknown = [
            &MEASURE[..],
            &[
                ("evidence", "00000000-0000-0000-0000-000000000000"),
                ("version", "2"),
            ],
        ]
        .concat();
        c.post(&format!("{measure}/edit"), &unknown).await.is(422);
        Ok(())
    });
}

#[test]
fn options_are_kept_with_the_one_chosen_and_why() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let (plan, measure) = made(&c).await;
        let id = measure.rsplit('/').next().unwrap().to_owned();
        let at = format!("{plan}/choices");
        w.get(&at).await.is(403);
        let options = [
            ("question", "ちょっとした困りごとをだれが引き受けるか"),
            ("measure", &*id),
            ("option1", "案ひとつめ 有償の生活サポーター"),
            ("option2", "案ふたつめ 地区社協"),
            ("option3", "案みっつめ シルバー人材センター"),
        ];
        c.post(&at, &options[..3]).await.is(422).has("案を二つ以上");
        c.post(&at, &[&options[..], &[("chosen", "1")]].concat())
            .await
            .is(422)
            .has("案を選んだときは、理由");
        c.post(
            &at,
            &[&options[..], &[("chosen", "5"), ("why", "x")]].concat(),
        )
        .await
        .is(422)
        .has("書いてある案の中から");
        c.post(&at, &options).await.saved();
        let page = c.get(&plan).await;
        page.has("まだ決めていない");
        let choice = page.link("/roadmaps/choices/");
        c.get(&choice).await.is(200).has("案ふたつめ");
        let chosen = [
            &options[..],
            &[
                ("chosen", "1"),
                ("why", "担い手が育っているから"),
                ("version", "1"),
            ],
        ]
        .concat();
        c.post(&choice, &chosen).await.saved();
        w.get(&plan)
            .await
            .has("選んだ案")
            .has("担い手が育っているから")
            .lacks("まだ決めていない");
        w.get(&measure)
            .await
            .has("この施策で選んだこと")
            .has("案みっつめ");
        Ok(())
    });
}

#[test]
fn the_roadmap_goes_out_on_paper_and_as_a_workbook() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let (plan, measure) = made(&c).await;
        stone(
            &c,
            &measure,
            &[
                ("year", "2019"),
                ("text", "準備室を置く"),
                ("state", "done"),
            ],
        )
        .await
        .saved();
        c.post(
            &format!("{measure}/years/2019"),
            &[("version", "0"), ("degree", "a"), ("evidence", "開所式")],
        )
        .await
        .saved();
        let pdf = w.get(&format!("{plan}/print.pdf")).await;
        pdf.is(200)
            .has("roadmap")
            .has("令和元年度（2019年4月〜2020年3月）")
            .has("【完了】準備室を置く")
            .has("開所式");
        let book = w.get(&format!("{plan}/roadmap.xlsx")).await;
        book.is(200);
        let read = engawa_sheets::read(&book.bytes, "roadmap.xlsx").unwrap();
        let words: Vec<String> = read
            .sheets
            .iter()
            .flat_map(|s| s.rows.iter().flatten().map(engawa_sheets::Cell::as_text))
            .collect();
        for word in [
            "どこでも相談できる窓口をつくる",
            "準備室を置く",
            "A 計画どおり実行した",
        ] {
            assert!(words.iter().any(|w| w.contains(word)), "{word}");
        }
        Ok(())
    });
}
