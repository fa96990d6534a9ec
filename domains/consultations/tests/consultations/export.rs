//! `/consultations/export`: a list as a file.

use engawa_kernel::{access::Role, db::sql, testing::on_both};

use crate::browser::{Browser, count};

#[test]
fn a_list_leaves_within_ones_keys_and_the_log_says_what_for() {
    on_both(|town| async move {
        let ctx = town.staff("架空 相談員", Role::Worker, town.desk).await?;
        let me = Browser::of(&town, &ctx);
        let other = town.staff("別 機関", Role::Worker, town.other_desk).await?;
        let other = Browser::of(&town, &other);
        me.take_in(&[("words", "あ"), ("subject[0].name", "見本 𠮷郎")])
            .await;
        other
            .take_in(&[("words", "い"), ("subject[0].name", "別の 人")])
            .await;
        assert!(
            me.get("/consultations?view=all")
                .await
                .has("/consultations/export?view=all")
        );
        assert!(
            me.get("/consultations/export?view=all")
                .await
                .has("何に使いますか")
        );
        let no_purpose = me
            .post("/consultations/export", &[("view", "all"), ("as", "csv")])
            .await;
        assert_eq!(no_purpose.status, 422);
        let fields = [("view", "all"), ("as", "csv"), ("purpose", "figures")];
        let file = me.post("/consultations/export", &fields).await;
        assert_eq!(file.status, 200);
        assert!(
            file.has("相R8-00001") && file.has("見本 𠮷郎") && !file.has("別の 人"),
            "{}",
            file.text
        );
        assert!(file.has("令和8年11月21日,2026-11-21"), "{}", file.text);
        let fields = [("view", "all"), ("as", "cp932"), ("purpose", "figures")];
        let lost = me.post("/consultations/export", &fields).await;
        assert!(
            lost.has("Shift_JISで書けない文字があります") && lost.has("𠮷"),
            "{}",
            lost.text
        );
        let logged = sql(
            "select count(*) as n from audit_entry where action = 'list.export' and detail like '%\"for\":\"figures\"%'",
        );
        assert_eq!(count(&town, logged).await, 1);
        let entry = town.staff("架空 協力者", Role::Entry, town.desk).await?;
        let entry = Browser::of(&town, &entry);
        assert_eq!(entry.get("/consultations/export").await.status, 403);
        Ok(())
    });
}
