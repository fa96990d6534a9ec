//! A sheet through its years: made, written by two people, approved, changed, copied, compared.

use engawa_kernel::testing::on_both;

use crate::browser::{browser, people};

const HEAD: &str = "/programmes/new";

#[test]
fn a_sheet_is_made_written_approved_by_another_and_changed_in_a_new_version() {
    on_both(|town| async move {
        let (admin, coordinator, worker) = people(&town).await?;
        let (a, c, w) = (browser(&admin), browser(&coordinator), browser(&worker));
        w.get(HEAD)
            .await
            .is(403)
            .has("システム管理者と相談支援包括化推進員");
        c.get("/programmes").await.is(200).has("年度の計画書を作る");
        // There is nothing to copy yet.
        c.post(HEAD, &[("year", "2026"), ("how", "copy")])
            .await
            .is(422)
            .has("写せません");
        let sheet = c
            .post(HEAD, &[("year", "2026"), ("how", "empty")])
            .await
            .saved();
        c.post(HEAD, &[("year", "2026"), ("how", "empty")])
            .await
            .is(422)
            .has("すでにあります");
        // A draft is the planners' alone.
        w.get(&sheet).await.is(404);
        w.get("/programmes").await.is(200).lacks("令和8年度");
        let block = format!("{sheet}/edit/3");
        let form = c.get(&block).await;
        form.is(200).has("④ア 対象地域").has("実施の状況");
        let saved = c
            .post(
                &block,
                &[
                    ("version", &form.hidden("version")),
                    ("state", "no_subsidy"),
                    ("start", "令和8年10月"),
                    ("note", "補助の内示がなかったため"),
                    ("community_strengthening.name.text", "えんがわ事業"),
                    (
                        "community_strengthening.a.population.text",
                        "約５４，３２１人",
                    ),
                    ("community_strengthening.other.text", "なし"),
                    ("community_strengthening.a.goal.text", "未集計"),
                ],
            )
            .await;
        assert_eq!(saved.saved(), format!("{sheet}#b3"));
        let page = c.get(&sheet).await;
        page.is(200)
            .has("補助なしで実施")
            .has("令和8年10月")
            .has("約５４，３２１人")
            .lacks("第1版を承認する");
        page.has("最後に書いたのはあなたです");
        // The writer does not approve, whatever they send.
        let version = a.get(&sheet).await.hidden("version");
        c.post(
            &format!("{sheet}/approve"),
            &[("number", "1"), ("version", &version)],
        )
        .await
        .is(403)
        .has("自分では承認できません");
        a.get(&sheet).await.has("第1版を承認する");
        a.post(
            &format!("{sheet}/approve"),
            &[("number", "1"), ("version", "99")],
        )
        .await
        .is(409);
        a.post(
            &format!("{sheet}/approve"),
            &[("number", "1"), ("version", &version)],
        )
        .await
        .saved();
        a.post(
            &format!("{sheet}/approve"),
            &[("number", "1"), ("version", &version)],
        )
        .await
        .is(422);
        w.get(&sheet)
            .await
            .is(200)
            .has("えんがわ事業")
            .lacks("を書く</a>");
        w.get(&format!("{sheet}/edit/3")).await.is(403);
        // A change makes the next version; the approved one stays what it was, and what others read.
        let form = c.get(&block).await;
        form.has("えんがわ事業");
        c.post(
            &block,
            &[
                ("version", &form.hidden("version")),
                ("state", "marked"),
                ("community_strengthening.name.text", "新しい名前"),
            ],
        )
        .await
        .saved();
        c.get(&sheet).await.has("新しい名前").has("第2版");
        w.get(&sheet).await.has("えんがわ事業").lacks("新しい名前");
        w.get(&format!("{sheet}?version=2")).await.is(404);
        c.get(&format!("{sheet}?version=1"))
            .await
            .has("えんがわ事業")
            .has("いちばん新しい第2版");
        c.get(&format!("{sheet}/versions"))
            .await
            .is(200)
            .has("第2版")
            .has("えんがわ事業");
        w.get(&format!("{sheet}/versions"))
            .await
            .is(200)
            .lacks("第2版");
        for bad in ["x", "00000000-0000-0000-0000-000000000000"] {
            for rest in [
                "",
                "/versions",
                "/compare",
                "/print.pdf",
                "/sheet.xlsx",
                "/edit/3",
            ] {
                c.get(&format!("/programmes/{bad}{rest}")).await.is(404);
            }
        }
        c.get(&format!("{sheet}/edit/7")).await.is(404);
        c.get(&format!("{sheet}?version=x")).await.is(404);
        Ok(())
    });
}

#[test]
fn two_people_write_a_block_and_the_second_sees_both_texts() {
    on_both(|town| async move {
        let (admin, coordinator, _) = people(&town).await?;
        let (a, c) = (browser(&admin), browser(&coordinator));
        let sheet = c
            .post(HEAD, &[("year", "2026"), ("how", "empty")])
            .await
            .saved();
        let vision = format!("{sheet}/edit/2");
        let seen = a.get(&vision).await.hidden("version");
        c.post(
            &vision,
            &[
                ("version", &seen),
                ("vision.aim.text", "推進の文"),
                ("vision.change.text", ""),
            ],
        )
        .await
        .saved();
        // Another block is nobody's conflict.
        let features = format!("{sheet}/edit/1-2");
        let other = a.get(&features).await.hidden("version");
        a.post(
            &features,
            &[("version", &other), ("features.text", "川の町")],
        )
        .await
        .saved();
        let clash = a
            .post(
                &vision,
                &[
                    ("version", &seen),
                    ("vision.aim.text", "管理の文"),
                    ("vision.change.text", ""),
                ],
            )
            .await;
        clash
            .is(409)
            .has("推進の文")
            .has("管理の文")
            .has("見本 推進")
            .lacks("起こしたい変化");
        let now = clash.hidden("version");
        let chosen = a
            .post(
                &vision,
                &[
                    ("version", &now),
                    ("resolve.vision.aim.text", "edit"),
                    ("mine.vision.aim.text", "管理の文"),
                    ("theirs.vision.aim.text", "推進の文"),
                    ("vision.aim.text", "二人の文"),
                ],
            )
            .await;
        chosen.saved();
        c.get(&sheet).await.has("二人の文").has("川の町");
        // The text that was replaced stays readable.
        c.get(&format!("{sheet}/versions")).await.has("推進の文");
        Ok(())
    });
}

#[test]
fn next_year_begins_with_last_years_text_and_shows_what_is_unchanged() {
    on_both(|town| async move {
        let (admin, coordinator, _) = people(&town).await?;
        let (a, c) = (browser(&admin), browser(&coordinator));
        let old = c
            .post(HEAD, &[("year", "2025"), ("how", "empty")])
            .await
            .saved();
        let block = format!("{old}/edit/2");
        let seen = c.get(&block).await.hidden("version");
        c.post(
            &block,
            &[
                ("version", &seen),
                ("vision.aim.text", "断らない窓口。集いの場。"),
                ("vision.change.text", "声が出せる"),
            ],
        )
        .await
        .saved();
        let version = a.get(&old).await.hidden("version");
        a.post(
            &format!("{old}/approve"),
            &[("number", "1"), ("version", &version)],
        )
        .await
        .saved();
        let new = c
            .post(HEAD, &[("year", "2026"), ("how", "copy")])
            .await
            .saved();
        c.get(&new).await.has("前年度のまま").has("断らない窓口");
        let block = format!("{new}/edit/2");
        let form = c.get(&block).await;
        form.has("前年度と同じ文です");
        c.post(
            &block,
            &[
                ("version", &form.hidden("version")),
                ("vision.aim.text", "断らない窓口。集いの場を三つに。"),
                ("vision.change.text", "声が出せる"),
            ],
        )
        .await
        .saved();
        c.get(&format!("{new}/compare"))
            .await
            .is(200)
            .has("令和7年度")
            .has("<mark>集いの場を三つに。</mark>")
            .has("同じ");
        c.get(&format!("{new}/compare?only=1"))
            .await
            .lacks("起こしたい変化");
        Ok(())
    });
}
