//! Taking a sheet's file in: read values beside the words, doubts confirmed by a person.

use engawa_kernel::testing::on_both;

use crate::browser::{NEIGHBOUR, OWN, browser, people, taken};

#[test]
fn a_read_sheet_is_confirmed_by_a_person_and_doubts_stop_the_approval() {
    on_both(|town| async move {
        let (admin, coordinator, worker) = people(&town).await?;
        let (a, c, w) = (browser(&admin), browser(&coordinator), browser(&worker));
        w.get("/programmes/upload").await.is(403);
        c.upload("/programmes/upload", &[], ("x.txt", b""))
            .await
            .is(422)
            .has("選んでください");
        c.upload(
            "/programmes/upload",
            &[],
            ("x.txt", "ただの手紙です。".as_bytes()),
        )
        .await
        .is(422);
        let kept = c
            .upload("/programmes/upload", &[], ("計画書.txt", OWN))
            .await
            .saved();
        let check = c.get(&kept).await;
        check
            .is(200)
            .has("まだ計画書にはなっていません")
            .has("31.2%")
            .has("31.2 (%)")
            .has("高すぎます")
            .has("この読み取りで正しい");
        w.get(&kept).await.is(403);
        c.get("/programmes").await.has("計画書.txt").lacks("作成中");
        c.post(&kept, &[("origin", "own")])
            .await
            .is(422)
            .has("年度");
        let sheet = c
            .post(&kept, &[("origin", "own"), ("year", "2026")])
            .await
            .saved();
        // Sent twice, it leads to the same sheet.
        assert_eq!(
            c.post(&kept, &[("origin", "own"), ("year", "2026")])
                .await
                .saved(),
            sheet
        );
        c.get(&sheet)
            .await
            .has("要確認")
            .has("54,321")
            .has("えんがわ地域力強化事業")
            .has("実施（○あり）")
            .has("ほかの欄を参照");
        let version = a.get(&format!("{sheet}/versions")).await;
        version.is(200);
        a.post(
            &format!("{sheet}/approve"),
            &[("number", "1"), ("version", "1")],
        )
        .await
        .is(422)
        .has("確かめていない欄");
        // Whoever looks at the field confirms it, without changing a word.
        let block = format!("{sheet}/edit/1-1");
        let form = c.get(&block).await;
        form.has("読み取りの注意").has("もとの文書のことば");
        let texts = [
            ("population", "54,321"),
            ("households", "23,456"),
            ("aging_rate", "31.2%"),
            ("welfare_rate", "11.3%"),
        ];
        let mut fields: Vec<(String, String)> = texts
            .iter()
            .map(|(f, t)| (format!("profile.{f}.text"), (*t).to_owned()))
            .collect();
        fields.push(("profile.welfare_rate.sure".into(), "1".into()));
        fields.push(("profile.population.as_of".into(), "R8.4.1".into()));
        fields.push(("profile.population.note".into(), "住民基本台帳".into()));
        fields.push(("version".into(), form.hidden("version")));
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        c.post(&block, &fields).await.saved();
        c.get(&sheet)
            .await
            .has("令和8年4月1日時点")
            .has("住民基本台帳");
        Ok(())
    });
}

#[test]
fn a_neighbours_sheet_stands_beside_ours_and_nobody_writes_it() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let ours = taken(&c, OWN, "own", "2026", &[]).await;
        let kept = c
            .upload("/programmes/upload", &[], ("となり.txt", NEIGHBOUR))
            .await
            .saved();
        c.get(&kept).await.has("となり町");
        let theirs = c
            .post(&kept, &[("origin", "other"), ("year", "2026")])
            .await
            .saved();
        w.get(&theirs)
            .await
            .is(200)
            .has("となり町")
            .has("谷の支え合い事業")
            .has("未集計");
        c.get(&format!("{theirs}/edit/3"))
            .await
            .is(422)
            .has("書き換えられません");
        let id = theirs.rsplit('/').next().unwrap().to_owned();
        let page = c.get(&format!("{ours}/compare?with={id}")).await;
        page.is(200)
            .has("となり町")
            .has("谷ごとの見守り")
            .has("違う欄");
        // Who sees no draft of ours compares nothing with it.
        w.get(&format!(
            "{theirs}/compare?with={}",
            ours.rsplit('/').next().unwrap()
        ))
        .await
        .is(404);
        w.get(&format!("{theirs}/compare"))
            .await
            .is(200)
            .has("見比べる計画書がありません");
        c.get(&format!("{ours}/compare?with=x")).await.is(404);
        Ok(())
    });
}

#[test]
fn what_is_read_again_becomes_the_next_draft_and_the_old_text_stays() {
    on_both(|town| async move {
        let (_, coordinator, _) = people(&town).await?;
        let c = browser(&coordinator);
        let first = taken(&c, OWN, "own", "2026", &[]).await;
        let text = String::from_utf8(OWN.to_vec())
            .unwrap()
            .replace("えんがわ地域力強化事業", "読み直した事業");
        let again = taken(&c, text.as_bytes(), "own", "2026", &[]).await;
        assert_eq!(first, again);
        c.get(&first)
            .await
            .has("読み直した事業")
            .lacks("えんがわ地域力強化事業");
        c.get(&format!("{first}/versions"))
            .await
            .has("えんがわ地域力強化事業");
        Ok(())
    });
}
