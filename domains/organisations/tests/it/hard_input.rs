//! Forms under `/organisations` against what real days bring.

use engawa_kernel::{db::sql, testing::on_both};

use crate::browser::admin;

#[test]
fn hard_input_is_a_clear_refusal_and_nothing_is_lost() {
    on_both(|town| async move {
        let (ctx, b) = admin(&town).await?;
        let long = "あ".repeat(101);
        b.post(
            "/organisations/bodies/new",
            &[("name", &long), ("kind", "npo")],
        )
        .await
        .is(422)
        .has("100文字まで")
        .has(&long);
        b.post(
            "/organisations/bodies/new",
            &[("name", "x"), ("kind", "no_such")],
        )
        .await
        .is(422)
        .has("登録されていない");
        let many: Vec<(String, String)> = (0..250)
            .map(|n| (format!("alias[{n}].name"), "別名".to_owned()))
            .collect();
        let mut many: Vec<(&str, &str)> =
            many.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        many.extend([("name", "多い"), ("kind", "npo")]);
        b.post("/organisations/bodies/new", &many)
            .await
            .is(422)
            .has("200行まで");
        // A row more for a browser without scripts: nothing is saved.
        b.post(
            "/organisations/bodies/new",
            &[
                ("name", "見本会"),
                ("add_row", "alias"),
                ("alias[0].name", "甲"),
            ],
        )
        .await
        .is(200)
        .has("alias[1].name")
        .has("見本会");
        // A double click makes one record.
        let form = b.get("/organisations/bodies/new").await;
        let once = form.hidden("once");
        let fields = [("once", once.as_str()), ("name", "見本会"), ("kind", "npo")];
        let first = b.post("/organisations/bodies/new", &fields).await.saved();
        assert_eq!(
            b.post("/organisations/bodies/new", &fields).await.saved(),
            first
        );
        let n = ctx
            .read()
            .await?
            .count(sql("select count(*) as n from organisations_body"))
            .await?;
        assert_eq!(n, 1);
        // A draft comes back on any machine.
        let mut tx = ctx.write().await?;
        tx.exec(
            sql("insert into draft (staff_id, key, body, saved_at) values (:s, 'organisations/bodies/new', :b, :now)")
                .bind("s", ctx.actor.staff)
                .bind("b", r#"[["name","書きかけ"]]"#)
                .bind("now", ctx.now()),
        )
        .await?;
        tx.commit_unaudited().await?;
        b.get("/organisations/bodies/new").await.has("書きかけ");
        Ok(())
    });
}
