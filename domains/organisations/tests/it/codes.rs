//! `/organisations/codes/{list}`: hide, rename, extend; never delete.

use engawa_kernel::{db::sql, testing::on_both};
use engawa_organisations::codes::{self, CodeList};

use crate::browser::admin;

#[test]
fn words_change_codes_stay() {
    on_both(|town| async move {
        let (ctx, b) = admin(&town).await?;
        b.get("/organisations/codes")
            .await
            .is(200)
            .has("課題")
            .has("終結の理由");
        b.get("/organisations/codes/route")
            .await
            .is(200)
            .has("民生委員");
        b.get("/organisations/codes/no_such").await.is(404);
        let mut conn = ctx.read().await?;
        let id: uuid::Uuid = conn
            .one(sql(
                "select id from organisations_code where list = 'route' and code = 'commissioner'",
            ))
            .await?
            .get("id")?;
        let at = format!("/organisations/codes/route/{id}/edit");
        b.post(
            &at,
            &[
                ("version", "1"),
                ("list", "route"),
                ("code", "commissioner"),
                ("label", "民生さん"),
                ("sort", "40"),
                ("hidden", "1"),
            ],
        )
        .await
        .saved();
        b.post(
            &at,
            &[
                ("version", "2"),
                ("list", "route"),
                ("code", "other_code"),
                ("label", "民生さん"),
            ],
        )
        .await
        .is(422)
        .has("変えられません");
        b.post(
            "/organisations/codes/route/new",
            &[("list", "route"), ("code", "ローカル"), ("label", "x")],
        )
        .await
        .is(422)
        .has("半角の英小文字");
        b.post(
            "/organisations/codes/route/new",
            &[("list", "route"), ("code", "self"), ("label", "x")],
        )
        .await
        .is(422)
        .has("もうあります");
        b.post(
            "/organisations/codes/route/new",
            &[
                ("list", "route"),
                ("code", "cafe"),
                ("label", "x"),
                ("canonical", "nowhere"),
            ],
        )
        .await
        .is(422)
        .has("統計での数え方");
        b.post(
            "/organisations/codes/route/new",
            &[
                ("list", "route"),
                ("code", "cafe"),
                ("label", "カフェの店主"),
                ("canonical", "business"),
            ],
        )
        .await
        .saved();
        let labels = codes::load(&mut conn, &ctx, &[CodeList::Route, CodeList::Issue]).await?;
        assert_eq!(labels.label(CodeList::Route, "commissioner"), "民生さん");
        let offered = labels.options(CodeList::Route);
        assert!(!offered.iter().any(|(c, _)| *c == "commissioner"));
        assert!(offered.contains(&("cafe", "カフェの店主")));
        assert_eq!(labels.label(CodeList::Issue, "gone_code"), "gone_code");
        b.get("/api/v1/codes/route?limit=2")
            .await
            .is(200)
            .has("\"next\":\"cafe\"")
            .has("\"canonical\":\"business\"");
        b.get("/api/v1/codes/route?limit=1000&cursor=cafe")
            .await
            .is(200)
            .has("民生さん")
            .has("\"next\":null");
        b.get("/api/v1/codes/none").await.is(404);
        Ok(())
    });
}

#[test]
fn an_unseeded_municipality_has_the_shipped_words() {
    on_both(|town| async move {
        let ctx = town
            .staff("見本 太郎", engawa_kernel::access::Role::Worker, town.desk)
            .await?;
        let labels = codes::load(&mut ctx.read().await?, &ctx, &CodeList::ALL).await?;
        for list in CodeList::ALL {
            assert_eq!(labels.options(list).len(), list.shipped().len(), "{list:?}");
        }
        assert_eq!(labels.label(CodeList::Channel, "phone"), "電話");
        Ok(())
    });
}
