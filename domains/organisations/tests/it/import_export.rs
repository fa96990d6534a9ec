//! `/organisations/import` and `/organisations/export`.

use engawa_kernel::{access::Role, db::sql, testing::on_both};
use engawa_sheets::{Table, read};

use crate::browser::{admin, browser, posted, small_town};

const AREAS: &str = "圏域一覧,,,\nコード,圏域名,種別,上位の圏域,始まりの日,担当者\nK2,東小学校区,小学校区,K1｜R8.4.1｜,R8.4.1,見本\nK1,東中学校区,junior_high、日常生活圏域・福祉圏域,,2019-04-01,\nK3,西小学校区,しらない種別,,2月31日,\n";

#[test]
fn a_file_is_tried_first_taken_in_once_and_its_bad_rows_come_back() {
    on_both(|town| async move {
        let (ctx, b) = admin(&town).await?;
        let (sjis, _, _) = encode(AREAS);
        let sent = b
            .upload(
                "/organisations/import",
                &[("list", "areas")],
                ("R8圏域.csv", &sjis),
            )
            .await;
        let at = sent.saved();
        let count = async || {
            ctx.read()
                .await?
                .count(sql("select count(*) as n from organisations_area"))
                .await
        };
        b.get(&at)
            .await
            .is(200)
            .has("新しく登録: 2件")
            .has("取り込めない行: 1件")
            .has("5行目")
            .has("種別")
            .has("使わない列: 担当者");
        assert_eq!(count().await?, 0, "a trial keeps nothing");
        b.post(&at, &[])
            .await
            .is(200)
            .has("取り込みました")
            .has("新しく登録: 2件");
        assert_eq!(count().await?, 2);
        // Again: nothing doubles, nothing changes.
        b.get(&at)
            .await
            .has("登録済みと同じ: 2件")
            .has("新しく登録: 0件");
        b.post(&at, &[]).await.is(200);
        assert_eq!(count().await?, 2);
        let file = b.get(&format!("{at}/errors.xlsx")).await;
        let book = read(&file.bytes, "x.xlsx").unwrap();
        let table = Table::from_sheet(&book.sheets[0], None).unwrap();
        assert_eq!(table.rows.len(), 1);
        assert!(
            table.rows[0]
                .cells
                .iter()
                .any(|c| c.as_text().contains("元の5行目"))
        );
        // The file that came back, mended, is taken in as it is.
        let mended =
            "コード,名前,種別,始まりの日,直すところ\nK3,西小学校区,小学校区,R8.4.1,元の5行目：…\n";
        let at = b
            .upload(
                "/organisations/import",
                &[("list", "areas")],
                ("m.csv", mended.as_bytes()),
            )
            .await
            .saved();
        b.post(&at, &[]).await.has("新しく登録: 1件");
        // Somebody else's upload does not exist.
        let other = browser(&town.staff("別 管理", Role::Admin, town.desk).await?);
        other.get(&at).await.is(404);
        Ok(())
    });
}

fn encode(text: &str) -> (Vec<u8>, (), ()) {
    // UTF-8 with BOM, as Excel writes it.
    ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), (), ())
}

#[test]
fn a_file_with_few_columns_changes_few_fields() {
    on_both(|town| async move {
        let (_, b) = admin(&town).await?;
        small_town(&b).await;
        let file = "窓口コード,電話番号\nD1,00-0000-7777\n";
        let at = b
            .upload(
                "/organisations/import",
                &[("list", "desks")],
                ("d.csv", file.as_bytes()),
            )
            .await
            .saved();
        b.get(&at).await.has("内容が変わる: 1件");
        b.post(&at, &[]).await.is(200);
        b.get("/organisations/desks")
            .await
            .has("00-0000-7777")
            .has("まるっと");
        // A namesake without a number is asked about, not overwritten.
        let file = "職員番号,氏名\n,見本 太郎\nS9,見本 太郎\n";
        let at = b
            .upload(
                "/organisations/import",
                &[("list", "staff")],
                ("s.csv", file.as_bytes()),
            )
            .await
            .saved();
        b.get(&at)
            .await
            .has("新しく登録: 1件")
            .has("取り込めない行: 1件")
            .has("同じ氏名");
        // Postings are the same by what they say.
        let file = "職員,機関,窓口,役割,始まりの日\nS1,縁側市社会福祉協議会,D1,相談員,R8.4.1\nS2,B1,くらし相談窓口,csw,R8.4.1\n";
        let at = b
            .upload(
                "/organisations/import",
                &[("list", "postings")],
                ("p.csv", file.as_bytes()),
            )
            .await
            .saved();
        b.post(&at, &[]).await.has("新しく登録: 2件");
        b.post(&at, &[]).await.has("登録済みと同じ: 2件");
        Ok(())
    });
}

#[test]
fn files_that_cannot_be_taken_say_why() {
    on_both(|town| async move {
        let (_, b) = admin(&town).await?;
        let send = async |bytes: &[u8], name: &str| {
            b.upload("/organisations/import", &[("list", "areas")], (name, bytes))
                .await
        };
        send(b"", "empty.csv").await.is(422).has("選んでください");
        send(&[0xff, 0x00, 0x9f, 0x81], "x.xlsx").await.is(422);
        let mut many = String::from("コード,名前,種別,始まりの日\n");
        for n in 0..3001 {
            many.push_str(&format!("X{n},見本{n},小学校区,R8.4.1\n"));
        }
        send(many.as_bytes(), "many.csv")
            .await
            .is(422)
            .has("3000行まで");
        b.upload(
            "/organisations/import",
            &[("list", "nothing")],
            ("a.csv", AREAS.as_bytes()),
        )
        .await
        .is(422);
        Ok(())
    });
}

#[test]
fn what_is_written_out_can_be_taken_in_again() {
    on_both(|town| async move {
        let (_, b) = admin(&town).await?;
        small_town(&b).await;
        b.post(
            "/organisations/bodies/new",
            &[
                ("code", "B2"),
                ("name", "𠮷野会"),
                ("kind", "npo"),
                ("note", "一行目\n=二行目"),
            ],
        )
        .await
        .saved();
        posted(&b).await;
        for slug in [
            "areas",
            "bodies",
            "contracts",
            "desks",
            "staff",
            "postings",
            "roles",
            "codes",
            "rules",
        ] {
            let file = b
                .get(&format!("/organisations/export/{slug}?as=xlsx"))
                .await;
            file.is(200);
            let book = read(&file.bytes, "x.xlsx").unwrap();
            let rows = Table::from_sheet(&book.sheets[0], None)
                .map(|t| t.rows.len())
                .unwrap_or_default();
            // The test town's own administrator is posted at a body that nobody registered.
            let same = if slug == "postings" { rows - 1 } else { rows };
            if rows == 0 {
                continue;
            }
            let at = b
                .upload(
                    "/organisations/import",
                    &[("list", slug)],
                    ("back.xlsx", &file.bytes),
                )
                .await
                .saved();
            b.get(&at)
                .await
                .is(200)
                .has(&format!("登録済みと同じ: {same}件"));
        }
        b.get("/organisations/export/bodies?as=csv")
            .await
            .is(200)
            .has("𠮷野会");
        b.get("/organisations/export/bodies?as=cp932")
            .await
            .is(200)
            .has("置き換える文字")
            .has("𠮷")
            .has("〓");
        let file = b.get("/organisations/export/bodies?as=cp932&ok=1").await;
        assert!(
            file.bytes.windows(2).any(|w| w == [0x81, 0xac]),
            "〓 in cp932"
        );
        Ok(())
    });
}
