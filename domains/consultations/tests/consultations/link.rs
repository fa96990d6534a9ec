//! `/consultations/{room}/link`: the anonymous caller has a name months later.

use chrono::TimeDelta;
use engawa_kernel::{
    access::Role,
    db::sql,
    testing::{noon, on_both},
};

use crate::browser::{Browser, count};

#[test]
fn linking_keeps_number_and_date() {
    on_both(|town| async move {
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let first = me
            .take_in(&[
                ("words", "匿名で"),
                ("subject[0].sex", "female"),
                ("subject[0].birth", "50代"),
            ])
            .await;
        assert!(me.get("/consultations").await.has("匿名(女性・50代推定)"));
        town.engine.clock.set(noon() + TimeDelta::days(150));
        let second = me
            .take_in(&[
                ("words", "名乗った"),
                ("subject[0].name", "見本 花子"),
                ("subject[0].kana", "みほん はなこ"),
            ])
            .await;
        let key = me.key(second).await?;
        let mut conn = me.ctx.read().await?;
        let person = engawa_consultations::subjects(&mut conn, &me.ctx, &key).await?[0];
        drop(conn);
        let path = format!("/consultations/{first}");
        let search = me.get(&format!("{path}/link?seq=1&name=%E3%81%BF%E3%81%BB%E3%82%93%E3%80%80%E3%81%AF%E3%81%AA%E3%81%93")).await;
        assert_eq!(search.status, 200);
        assert!(
            search.has("見本 花子") && search.has("この人と結び付ける"),
            "{}",
            search.text
        );
        let id = person.to_string();
        let linked = me
            .post(&format!("{path}/link"), &[("seq", "1"), ("person", &id)])
            .await;
        assert_eq!(linked.status, 303, "{}", linked.text);
        let page = me.get(&path).await;
        assert!(
            page.has("相R8-00001")
                && page.has("令和8年11月21日")
                && page.has("見本 花子")
                && page.has("50代")
        );
        assert_eq!(
            me.post(&format!("{path}/link"), &[("seq", "1"), ("person", &id)])
                .await
                .status,
            422
        );
        assert_eq!(
            me.post(&format!("{path}/link"), &[("seq", "9"), ("person", &id)])
                .await
                .status,
            404
        );
        assert_eq!(
            count(
                &town,
                sql("select count(*) as n from event where kind = 'consultation.linked'")
            )
            .await,
            1
        );

        // Somebody whom the actor may not know cannot be linked.
        let other = Browser::of(
            &town,
            &town
                .staff("包括 職員", Role::Worker, town.other_desk)
                .await?,
        );
        let theirs = other.take_in(&[("words", "あ")]).await;
        let stolen = other
            .post(
                &format!("/consultations/{theirs}/link"),
                &[("seq", "1"), ("person", &id)],
            )
            .await;
        assert_eq!(stolen.status, 404);
        Ok(())
    });
}
