//! Taking in: keys, people, no doubles, going on after a kill.

use chrono::Duration;
use engawa_kernel::{db::sql, testing::on_both};

use crate::browser::{Browser, YEAR, consultations, count, long, people};

#[test]
fn rows_become_consultations_of_the_chosen_desk() {
    on_both(|town| async move {
        let me = Browser::supervisor(&town).await;
        let (id, _) = me.checked(YEAR, &[("year", "2024")]).await;
        me.run(id).await;
        let page = me.get(&format!("/ledgers/{id}")).await;
        assert!(page.has("取り込みました"), "{}", page.text());
        assert_eq!((consultations(&town).await, people(&town).await), (3, 3));
        let past = me.get("/consultations?view=past").await;
        assert!(
            past.has("相R6-00001") && past.has("見本 太郎"),
            "{}",
            past.text()
        );
        let open = me.get("/consultations?view=all").await;
        assert!(
            open.has("試験 一郎") && !open.has("見本 太郎"),
            "{}",
            open.text()
        );
        let day = sql("select count(*) as n from event where kind = 'consultation.received' and happened_on = :day")
            .bind("day", chrono::NaiveDate::from_ymd_opt(2024, 4, 1));
        assert_eq!(count(&town, day).await, 2, "counted on the day it was said");
        let notices = sql("select count(*) as n from notice");
        assert_eq!(
            count(&town, notices).await,
            0,
            "nobody gets thousands of notices"
        );
        let left = sql(
            "select count(*) as n from ledger_line where state = 'made' and entry || repairs <> ''",
        );
        assert_eq!(
            count(&town, left).await,
            0,
            "nothing about people stays in the corridor"
        );
        Ok(())
    });
}

#[test]
fn the_same_file_again_makes_no_doubles() {
    on_both(|town| async move {
        let me = Browser::supervisor(&town).await;
        let ledger = long(30);
        let (id, _) = me.checked(&ledger, &[]).await;
        me.run(id).await;
        let (_, page) = me.checked(&ledger, &[]).await;
        assert!(page.has("取り込む行がありません"), "{}", page.text());
        // The same rows, their days written another way, and one more.
        let text = String::from_utf8(ledger).unwrap();
        let other = text.replace("R7.", "令和7/").replace("済", "○");
        let other = format!("{other}R7.5.5,見本 新人,S30.1.1,新しい相談,済\n");
        let (id, page) = me.checked(other.as_bytes(), &[]).await;
        assert!(page.has("1行を取り込む"), "{}", page.text());
        me.run(id).await;
        assert_eq!(consultations(&town).await, 31);
        assert!(
            engawa_ledgers::run::start(&me.ctx, id).await.is_err(),
            "what is done is not begun again"
        );
        Ok(())
    });
}

#[test]
fn the_same_name_and_birthday_is_one_person() {
    on_both(|town| async move {
        let me = Browser::supervisor(&town).await;
        let ledger = "受付日,氏名,生年月日,内容\nR6.4.1,見本 太郎,S25.3.4,一度目\nR6.5.1,見本太郎,1950/3/4,二度目\nR6.6.1,見本 太郎,,だれか分からない\n";
        let (id, _) = me.checked(ledger.as_bytes(), &[]).await;
        me.run(id).await;
        assert_eq!((consultations(&town).await, people(&town).await), (3, 2));
        // Told not to, each row has a person of its own.
        let other = ledger.replace("度目", "回目");
        let (id, _) = me.checked(other.as_bytes(), &[("one_person", "")]).await;
        me.run(id).await;
        assert_eq!((consultations(&town).await, people(&town).await), (5, 4));
        Ok(())
    });
}

#[test]
fn a_killed_run_is_gone_on_with() {
    on_both(|town| async move {
        let me = Browser::supervisor(&town).await;
        let (id, _) = me.checked(&long(230), &[]).await;
        let import = engawa_ledgers::run::start(&me.ctx, id).await?;
        assert!(engawa_ledgers::run::step(&me.ctx, &import).await?);
        assert_eq!(consultations(&town).await, 200);
        let page = me.get(&format!("/ledgers/{id}")).await;
        assert!(page.has("200 / 230件"), "{}", page.text());
        assert!(
            engawa_ledgers::run::start(&me.ctx, id).await.is_err(),
            "it runs"
        );
        town.engine.clock.set(me.ctx.now() + Duration::minutes(3));
        let page = me.get(&format!("/ledgers/{id}")).await;
        assert!(page.has("続きから取り込む"), "{}", page.text());
        me.run(id).await;
        assert_eq!(consultations(&town).await, 230);
        let numbers = sql("select count(distinct number) as n from room");
        assert_eq!(count(&town, numbers).await, 230);
        Ok(())
    });
}
