//! Files of a sheet: attached, said anew, taken off, kept with what was approved, handed out to who
//! may see them.

use engawa_kernel::{
    context::Ctx,
    db::sql,
    error::Result,
    files::FILE_LIMIT,
    id::MunicipalityId,
    testing::{Town, noon, on_both},
};
use serde_json::json;

use crate::browser::{Answer, Browser, FIGURE, OWN, browser, people, taken};

/// Attaches a file to block 3.
async fn attach(
    b: &Browser,
    sheet: &str,
    file: (&str, &[u8]),
    caption: &str,
    publish: &str,
) -> Answer {
    let fields = [
        ("caption", caption),
        ("class", "figure"),
        ("publish", publish),
    ];
    b.upload(&format!("{sheet}/files/3"), &fields, file).await
}

async fn count(ctx: &Ctx, action: &str) -> Result<i64> {
    let q =
        sql("select count(*) as n from audit_entry where action = :action").bind("action", action);
    ctx.read().await?.count(q).await
}

async fn approve(b: &Browser, sheet: &str, number: &str) {
    let version = b.get(sheet).await.hidden("version");
    b.post(
        &format!("{sheet}/approve"),
        &[("number", number), ("version", &version)],
    )
    .await
    .saved();
}

/// A draft that another than the coordinator may approve: nothing in it is doubtful.
async fn plain_sheet(b: &Browser) -> String {
    b.post("/programmes/new", &[("year", "2026"), ("how", "empty")])
        .await
        .saved()
}

#[test]
fn a_figure_is_attached_said_anew_and_taken_off() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let sheet = plain_sheet(&c).await;
        let at = format!("{sheet}/files/3");
        c.get(&sheet).await.has("別紙・図を付ける・直す");
        c.get(&at)
            .await
            .is(200)
            .has("撮影場所")
            .has("まだ付いていません");
        w.get(&at).await.is(403);
        attach(&w, &sheet, ("図.png", FIGURE), "図", "yes")
            .await
            .is(403);
        attach(&c, &sheet, ("図.png", FIGURE), "", "")
            .await
            .is(422)
            .has("「説明」を入力してください")
            .has("「公表」を選んでください")
            .has("もう一度選んでください");
        attach(&c, &sheet, ("相談の流れ.png", FIGURE), "相談の流れ", "yes")
            .await
            .saved();
        attach(&c, &sheet, ("別名.png", FIGURE), "同じ図", "yes")
            .await
            .is(422)
            .has("すでに付いています")
            .has("同じ図");
        let page = c.get(&sheet).await;
        page.has("別紙1").has("相談の流れ").has("画像（PNG）");
        let file = page.links("/files/").remove(0);
        let shown = c.get(&file).await;
        shown.is(200);
        let head = |name: &str| shown.headers[name].to_str().unwrap().to_owned();
        assert_eq!(head("content-type"), "image/png");
        assert!(head("content-disposition").starts_with("inline; filename*=UTF-8''%E7%9B%B8"));
        assert!(head("content-security-policy").contains("sandbox"));
        assert_eq!(head("x-content-type-options"), "nosniff");
        assert!(
            !shown.text().contains("Invented Author"),
            "who drew it is taken out"
        );
        assert_eq!(count(&coordinator, "file.handed_out").await?, 1);
        // Said anew; who saw the words of before sees both.
        let one = c.get(&at).await.links(&format!("{at}/")).remove(0);
        let form = c.get(&one).await;
        let words = |caption| {
            [
                ("caption", caption),
                ("class", "annex"),
                ("publish", "no"),
                ("version", "1"),
            ]
        };
        assert_eq!(form.hidden("version"), "1");
        c.post(&one, &words("新しい説明")).await.saved();
        c.post(&one, &words("ほかの説明"))
            .await
            .is(409)
            .has("新しい説明")
            .has("ほかの説明");
        c.get(&sheet).await.has("新しい説明").has("公表しない");
        let off = format!("{one}/remove");
        c.get(&off).await.is(200).has("そのまま残ります");
        c.post(&off, &[("version", "1")]).await.is(409);
        c.post(&off, &[("version", "2")]).await.saved();
        c.get(&sheet).await.lacks("新しい説明");
        c.get(&file).await.is(404);
        // It was not deleted.
        let q = sql(
            "select count(*) as n from attachment a join stored_file_bytes b on b.file_id = a.file_id where a.removed_at is not null",
        );
        assert_eq!(coordinator.read().await?.count(q).await?, 1);
        Ok(())
    });
}

#[test]
fn what_is_not_taken_is_refused_with_a_reason_and_nothing_is_kept() {
    on_both(|town| async move {
        let (_, coordinator, _) = people(&town).await?;
        let c = browser(&coordinator);
        let sheet = plain_sheet(&c).await;
        let large = vec![b'a'; FILE_LIMIT + 1];
        for (name, bytes, why) in [
            ("図.png", &b"%PDF-1.7"[..], "中身はPDFです"),
            ("図.png", b"MZ\x90\x00\x03", "付けられません"),
            ("図.png", &FIGURE[..FIGURE.len() - 20], "壊れて"),
            ("長い.txt", &large, "10MBまで"),
            ("空.pdf", b"", "空です"),
        ] {
            attach(&c, &sheet, (name, bytes), "説明は残る", "yes")
                .await
                .is(422)
                .has(why)
                .has("説明は残る");
        }
        let q = sql("select count(*) as n from stored_file");
        assert_eq!(coordinator.read().await?.count(q).await?, 0);
        for n in 0..20 {
            let text = format!("資料{n}");
            let name = format!("{n}.txt");
            attach(&c, &sheet, (&name, text.as_bytes()), &text, "yes")
                .await
                .saved();
        }
        attach(&c, &sheet, ("21.txt", b"more"), "もう一つ", "yes")
            .await
            .is(422)
            .has("20個まで");
        Ok(())
    });
}

#[test]
fn an_approved_version_keeps_its_files_and_the_next_starts_with_them() {
    on_both(|town| async move {
        let (admin, coordinator, worker) = people(&town).await?;
        let (a, c, w) = (browser(&admin), browser(&coordinator), browser(&worker));
        let sheet = plain_sheet(&c).await;
        attach(&c, &sheet, ("図.png", FIGURE), "相談の流れ", "yes")
            .await
            .saved();
        attach(&c, &sheet, ("内部.txt", b"inside"), "内部の資料", "no")
            .await
            .saved();
        let files = c.get(&sheet).await.links("/files/");
        // A draft's files are the planners'.
        w.get(&files[0]).await.is(404);
        // Who attached wrote last, and an approval of what stood before is refused.
        let seen = a.get(&sheet).await.hidden("version");
        attach(&a, &sheet, ("後.txt", b"late"), "あとから", "yes")
            .await
            .saved();
        a.get(&sheet).await.has("最後に書いたのはあなたです");
        c.post(
            &format!("{sheet}/approve"),
            &[("number", "1"), ("version", &seen)],
        )
        .await
        .is(409);
        approve(&c, &sheet, "1").await;
        // Approved: everybody reads what is for publication, and nothing changes.
        w.get(&files[0]).await.is(200);
        w.get(&files[1]).await.is(404);
        w.get(&sheet).await.has("相談の流れ").lacks("内部の資料");
        let at = format!("{sheet}/files/3");
        c.get(&at)
            .await
            .is(200)
            .has("承認済み")
            .lacks("ファイルを付ける");
        attach(&c, &sheet, ("新.txt", b"new"), "新しい", "yes")
            .await
            .is(422)
            .has("承認済み")
            .has("次の版の下書き");
        let id = files[0].rsplit('/').next().unwrap();
        c.post(&format!("{at}/{id}/remove"), &[("version", "1")])
            .await
            .is(422);
        // The next version has them too; what it loses the approved one keeps.
        let block = format!("{sheet}/edit/2");
        let version = c.get(&block).await.hidden("version");
        c.post(
            &block,
            &[("version", &version), ("vision.aim.text", "狙い")],
        )
        .await
        .saved();
        let next = c.get(&sheet).await;
        next.has("第2版")
            .has("別紙1")
            .has("相談の流れ")
            .has("内部の資料");
        let copies = next.links("/files/");
        assert_eq!(copies.len(), 3);
        assert!(copies.iter().all(|f| !files.contains(f)));
        let copy = copies[0].rsplit('/').next().unwrap();
        c.post(&format!("{at}/{copy}/remove"), &[("version", "1")])
            .await
            .saved();
        c.get(&sheet).await.lacks("相談の流れ");
        w.get(&sheet).await.has("相談の流れ");
        w.get(&files[0]).await.is(200);
        let q = sql("select count(*) as n from stored_file_bytes");
        assert_eq!(
            coordinator.read().await?.count(q).await?,
            3,
            "no bytes were copied"
        );
        // Next year's sheet starts with what was approved.
        let next_year = c
            .post("/programmes/new", &[("year", "2027"), ("how", "copy")])
            .await
            .saved();
        c.get(&next_year).await.has("相談の流れ").has("内部の資料");
        Ok(())
    });
}

/// The same coordinator's browser in another municipality of the same house.
async fn elsewhere(town: &Town, ctx: &Ctx) -> Result<Browser> {
    let id = MunicipalityId::new();
    let mut tx = town.engine.db.write().await?;
    tx.exec(
        sql("insert into municipality (id, name, code, training, settings, created_at) values (:id, 'となり町', '999996', :f, '{}', :now)")
            .bind("id", id)
            .bind("f", false)
            .bind("now", noon()),
    )
    .await?;
    tx.commit_unaudited().await?;
    let mut ctx = ctx.clone();
    ctx.municipality = id;
    Ok(browser(&ctx))
}

#[test]
fn nobody_guesses_a_file_of_another_municipality() {
    on_both(|town| async move {
        let (admin, coordinator, _) = people(&town).await?;
        let (a, c) = (browser(&admin), browser(&coordinator));
        let sheet = plain_sheet(&c).await;
        attach(&c, &sheet, ("図.png", FIGURE), "相談の流れ", "yes")
            .await
            .saved();
        let file = c.get(&sheet).await.links("/files/").remove(0);
        approve(&a, &sheet, "1").await;
        c.get(&file).await.is(200);
        let other = elsewhere(&town, &coordinator).await?;
        other.get(&file).await.is(404);
        other
            .get(&format!("/api/v1/programmes{file}"))
            .await
            .is(404);
        other.get(&format!("{sheet}/files/3")).await.is(404);
        let id = file.rsplit('/').next().unwrap();
        other
            .json(
                "DELETE",
                &format!("/api/v1/programmes/files/{id}"),
                &json!({"version": 1}),
            )
            .await
            .is(404);
        c.get("/files/01980000-0000-7000-8000-000000000000")
            .await
            .is(404);
        c.get("/files/x").await.is(404);
        Ok(())
    });
}

#[test]
fn pictures_are_printed_with_their_captions_and_the_public_gets_its_own() {
    on_both(|town| async move {
        let (_, coordinator, _) = people(&town).await?;
        let c = browser(&coordinator);
        let sheet = taken(&c, OWN, "own", "2026", &[]).await;
        c.get(&format!("{sheet}/print.pdf"))
            .await
            .lacks("plan-figures");
        attach(&c, &sheet, ("内部.png", FIGURE), "内部の図", "no")
            .await
            .saved();
        attach(&c, &sheet, ("要綱.pdf", b"%PDF-1.7"), "事業の要綱", "yes")
            .await
            .saved();
        c.get(&format!("{sheet}/print.pdf"))
            .await
            .is(200)
            .has("plan-figures")
            .has("内部の図")
            .has("\"picture\": \"/pictures/0\"")
            .has("/pictures/0 (")
            .has("別紙2")
            .has("要綱.pdf（PDF）");
        c.get(&format!("{sheet}/print.pdf?public=1"))
            .await
            .lacks("内部の図")
            .lacks("/pictures/0")
            .has("事業の要綱")
            .has("別紙2");
        let book = c.get(&format!("{sheet}/sheet.xlsx")).await;
        let read = engawa_sheets::read(&book.bytes, "sheet.xlsx").unwrap();
        let listed = read.sheets.iter().find(|s| s.name == "別紙・図").unwrap();
        let says = |word: &str| {
            listed
                .rows
                .iter()
                .flatten()
                .any(|cell| cell.as_text() == word)
        };
        assert!(says("内部の図") && says("要綱.pdf") && says("公表しない"));
        Ok(())
    });
}

#[test]
fn the_api_attaches_lists_changes_and_hands_out() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let sheet = plain_sheet(&c).await;
        let at = format!(
            "/api/v1{}/files",
            sheet.replace("/programmes/", "/programmes/sheets/")
        );
        let fields = [
            ("block", "3"),
            ("caption", "相談の流れ"),
            ("class", "figure"),
            ("publish", "true"),
        ];
        w.upload(&at, &fields, ("図.png", FIGURE)).await.is(403);
        c.upload(&at, &fields[1..], ("図.png", FIGURE))
            .await
            .is(422);
        c.upload(&at, &fields, ("図.exe", b"MZ\x90")).await.is(422);
        let added = c.upload(&at, &fields, ("図.png", FIGURE)).await;
        added.is(200);
        let list: serde_json::Value = serde_json::from_slice(&c.get(&at).await.bytes).unwrap();
        assert_eq!(list["items"][0]["caption"], "相談の流れ");
        assert_eq!(list["items"][0]["block"], "3");
        assert_eq!(list["items"][0]["number"], 1);
        w.get(&at).await.is(404);
        let id = list["items"][0]["id"].as_str().unwrap();
        let one = format!("/api/v1/programmes/files/{id}");
        assert!(c.get(&one).await.bytes.starts_with(b"\x89PNG"));
        let words =
            json!({"caption": "図の説明", "class": "annex", "publish": false, "version": 1});
        w.json("PUT", &one, &words).await.is(403);
        c.json("PUT", &one, &words).await.is(204);
        c.json("PUT", &one, &words).await.is(409);
        c.json("DELETE", &one, &json!({"version": 2})).await.is(204);
        c.get(&one).await.is(404);
        Ok(())
    });
}
