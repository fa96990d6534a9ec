//! The register of figures: entered, pasted, two sources side by side, and beside a sheet.

use engawa_kernel::{
    context::Ctx,
    db::sql,
    error::Result,
    id::AreaId,
    testing::{noon, on_both},
};
use serde_json::json;

use crate::browser::{Answer, Browser, browser, people};

const NEW: &str = "/programmes/figures/new";

async fn area(ctx: &Ctx, name: &str) -> Result<String> {
    let id = AreaId::new();
    let mut tx = ctx.write().await?;
    tx.exec(
        sql("insert into organisations_area (id, municipality_id, code, name, tier, marks, population_kind, valid_from, note, version)
             values (:id, :m, :name, :name, '', '', 'unknown', :from, '', 1)")
            .bind("id", id)
            .bind("m", ctx.municipality)
            .bind("name", name)
            .bind("from", noon().date_naive()),
    )
    .await?;
    tx.commit_unaudited().await?;
    Ok(id.to_string())
}

async fn put(b: &Browser, kind: &str, area: &str, day: &str, number: &str, source: &str) -> Answer {
    let fields = [
        ("kind", kind),
        ("area", area),
        ("as_of", day),
        ("number", number),
        ("source", source),
    ];
    b.post(NEW, &fields).await
}

#[test]
fn figures_of_areas_and_days_stand_beside_each_other_with_their_sources() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let east = area(&coordinator, "東地区").await?;
        let west = area(&coordinator, "西地区").await?;
        w.get(NEW).await.is(403);
        put(&w, "人口", "whole", "R8.4.1", "54,321人", "")
            .await
            .is(403);
        c.post(NEW, &[("kind", "other"), ("area", "x")])
            .await
            .is(422)
            .has("「ほかの種類の名前」を入力してください")
            .has("「時点」を入力してください");
        put(&c, "人口", "whole", "R8.4.1", "たくさん", "")
            .await
            .is(422)
            .has("読み取れません");
        put(&c, "人口", "whole", "R17.10.1", "48,000人", "")
            .await
            .is(422)
            .has("先の日付の数は「推計」です");
        for (area, day, number, source) in [
            ("whole", "R8.4.1", "25%", "住民基本台帳"),
            ("whole", "R17.10.1", "推計 33%", "社人研"),
            (&*east, "R7.4.1", "48%", "住民基本台帳"),
            (&*east, "R8.4.1", "50%", "住民基本台帳"),
            (&*west, "R8.4.1", "約20%", "住民基本台帳"),
            (&*west, "R8.4.1", "22%", "地区の調べ"),
        ] {
            put(&c, "高齢化率", area, day, number, source).await.saved();
        }
        let list = "/programmes/figures?kind=高齢化率";
        let page = c
            .get(&list.replace("高齢化率", "%E9%AB%98%E9%BD%A2%E5%8C%96%E7%8E%87"))
            .await;
        page.is(200)
            .has("東地区")
            .has("50%")
            .has("約20%")
            .has("22%")
            .has("将来の推計")
            .has("出典で違う")
            .has("1か所で")
            // 50 % in a district where the whole has 25 % is no mistake.
            .lacks("ではありませんか");
        let share = "/programmes/figures?kind=%E9%AB%98%E9%BD%A2%E5%8C%96%E7%8E%87&above=40";
        w.get(share)
            .await
            .is(200)
            .has("2区域のうち1区域（50%）")
            .lacks("数を登録する");
        put(&c, "生活保護受給率", "whole", "R8.4.1", "11.3%", "")
            .await
            .saved();
        let rate = "/programmes/figures?kind=%E7%94%9F%E6%B4%BB%E4%BF%9D%E8%AD%B7%E5%8F%97%E7%B5%A6%E7%8E%87";
        c.get(rate).await.has("‰（千人あたり）ではありませんか");
        // Mended on top of what was seen; the second sees both.
        let one = c
            .get(rate)
            .await
            .links("/programmes/figures/")
            .into_iter()
            .find(|l| !l.ends_with("/new") && !l.ends_with("/upload"))
            .unwrap();
        let mended = |number| {
            [
                ("kind", "生活保護受給率"),
                ("area", "whole"),
                ("as_of", "R8.4.1"),
                ("number", number),
                ("version", "1"),
            ]
        };
        c.get(&one).await.is(200).has("確かめてください");
        w.get(&one).await.is(403);
        c.post(&one, &mended("11.3‰")).await.saved();
        c.post(&one, &mended("11.4‰"))
            .await
            .is(409)
            .has("11.3")
            .has("11.4");
        c.get(rate).await.has("11.3‰").lacks("ではありませんか");
        let off = format!("{one}/remove");
        c.post(&off, &[("version", "1")]).await.is(409);
        c.post(&off, &[("version", "2")]).await.saved();
        c.get(rate).await.lacks("11.3");
        c.get(&one).await.is(404);
        Ok(())
    });
}

#[test]
fn a_pasted_table_is_looked_at_first_and_taken_in_whole_or_not_at_all() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        area(&coordinator, "東地区").await?;
        let at = "/programmes/figures/upload";
        w.get(at).await.is(403);
        c.get(at).await.is(200);
        let good = "種類,区域,時点,数,単位,出典\n人口,全体,R8.4.1,\"54,321\",人,住民基本台帳\n人口,東地区,R8.4.1,12000,人,住民基本台帳";
        let bad = format!("{good}\n人口,北の里,R8.4.1,1,人,");
        let count = sql("select count(*) as n from programme_figure");
        c.upload(at, &[("act", "save")], ("数.csv", bad.as_bytes()))
            .await
            .is(422)
            .has("北の里")
            .has("何も登録していません");
        c.upload(at, &[], ("数.pdf", b"%PDF-1.7")).await.is(422);
        c.upload(at, &[("rows", "")], ("", b"")).await.is(422);
        let look = c
            .upload(at, &[("act", "look")], ("数.csv", good.as_bytes()))
            .await;
        look.is(200)
            .has("2行を読み取りました")
            .has("この内容で登録する");
        assert_eq!(coordinator.read().await?.count(count.clone()).await?, 0);
        let pasted = "種類\t区域\t時点\t数\t単位\t出典\n人口\t全体\tR8.4.1\t54,321\t人\t住民基本台帳\n人口\t東地区\tR8.4.1\t12000\t人\t住民基本台帳";
        for _ in 0..2 {
            c.post(at, &[("act", "save"), ("rows", pasted)])
                .await
                .saved();
            // The second time, both are there already.
            assert_eq!(coordinator.read().await?.count(count.clone()).await?, 2);
        }
        Ok(())
    });
}

#[test]
fn a_sheet_takes_the_newest_figure_and_tells_where_it_differs() {
    on_both(|town| async move {
        let (_, coordinator, _) = people(&town).await?;
        let c = browser(&coordinator);
        let sheet = c
            .post("/programmes/new", &[("year", "2026"), ("how", "empty")])
            .await
            .saved();
        for (day, number, source) in [
            ("R7.4.1", "55,000人", "住民基本台帳"),
            ("R8.4.1", "54,321人", "住民基本台帳"),
            ("R17.10.1", "推計48,000人", "社人研"),
        ] {
            put(&c, "人口", "whole", day, number, source).await.saved();
        }
        let edit = format!("{sheet}/edit/1-1");
        let page = c.get(&edit).await;
        page.has("登録されている新しい数: 54,321人（令和8年4月1日時点・住民基本台帳）")
            .lacks("48,000")
            .lacks("55,000");
        let take = page.links(&format!("{edit}?use=")).remove(0);
        c.get(&take)
            .await
            .has("value=\"54,321人\"")
            .has("value=\"令和8年4月1日\"")
            .has("value=\"住民基本台帳\"");
        c.get(&format!("{edit}?use=x")).await.is(200);
        let write = |number| {
            [
                ("profile.population.text", number),
                ("profile.population.as_of", "R8.4.1"),
            ]
        };
        let version = page.hidden("version");
        c.post(
            &edit,
            &[&write("54,321人")[..], &[("version", &version)]].concat(),
        )
        .await
        .saved();
        c.get(&sheet).await.lacks("登録の数と違います");
        let version = c.get(&edit).await.hidden("version");
        c.post(
            &edit,
            &[&write("53,980人")[..], &[("version", &version)]].concat(),
        )
        .await
        .saved();
        c.get(&sheet)
            .await
            .has("登録の数と違います")
            .has("54,321人（住民基本台帳）");
        Ok(())
    });
}

#[test]
fn the_api_registers_and_takes_back() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let at = "/api/v1/programmes/figures";
        let body = |number: &str| json!({"kind": "人口", "as_of": "2026-04-01", "sure": "exact", "number": number, "unit": "人"});
        w.json("POST", at, &body("1")).await.is(403);
        c.json("POST", at, &body("x")).await.is(422);
        let mut elsewhere = body("1");
        elsewhere["area"] = json!(AreaId::new());
        c.json("POST", at, &elsewhere).await.is(422);
        let made = c.json("POST", at, &body("54321")).await;
        made.is(201);
        let all: serde_json::Value = serde_json::from_slice(&w.get(at).await.bytes).unwrap();
        assert_eq!(all["items"][0]["number"], "54321");
        let one = format!("{at}/{}", all["items"][0]["id"].as_str().unwrap());
        let mut next = body("54322");
        next["version"] = json!(1);
        c.json("PUT", &one, &next).await.is(204);
        c.json("PUT", &one, &next).await.is(409);
        w.json("DELETE", &one, &json!({"version": 2})).await.is(403);
        c.json("DELETE", &one, &json!({"version": 2})).await.is(204);
        c.json("DELETE", &one, &json!({"version": 3})).await.is(404);
        Ok(())
    });
}
