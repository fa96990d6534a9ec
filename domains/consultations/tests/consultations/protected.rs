//! What a protected person said of herself when she came is withheld here too.

use engawa_kernel::{
    access::{Role, set_protected},
    db::sql,
    testing::{Town, on_both},
};

use crate::browser::{Browser, count, version};

const NUMBER: &str = "00-1234-9876";
const TOWN: &str = "遠町";

async fn she_came(town: &Town) -> engawa_kernel::error::Result<(Browser, String)> {
    let me = town.staff("架空 相談員", Role::Worker, town.desk).await?;
    let me = Browser::of(town, &me);
    let room = me
        .take_in(&[
            ("words", "家を出てきました"),
            ("who", "subject"),
            ("consulter_name", "例示 花子"),
            ("consulter_contact", NUMBER),
            ("subject[0].name", "例示 花子"),
            ("subject[0].residence_place", TOWN),
        ])
        .await;
    Ok((me, format!("/consultations/{room}")))
}

async fn protect(me: &Browser) -> engawa_kernel::error::Result<()> {
    let mut tx = me.ctx.write().await?;
    let row = tx
        .one(sql("select person_id from consultations_subject"))
        .await?;
    set_protected(&mut tx, &me.ctx, row.get("person_id")?, true).await?;
    tx.commit().await
}

#[test]
fn the_number_she_left_is_withheld_on_screen_on_paper_and_in_the_form() {
    on_both(|town| async move {
        let (me, path) = she_came(&town).await?;
        let open = me.get(&path).await;
        assert!(open.has(NUMBER) && open.has(TOWN));
        protect(&me).await?;
        for page in ["", "/print", "/edit", "/link?seq=1"] {
            let shown = me.get(&format!("{path}{page}")).await;
            assert_eq!(shown.status, 200, "{page}");
            assert!(!shown.has(NUMBER) && !shown.has(TOWN), "{page}");
        }
        Ok(())
    });
}

#[test]
fn a_correction_keeps_the_number_that_it_does_not_show() {
    on_both(|town| async move {
        let (me, path) = she_came(&town).await?;
        let edit = format!("{path}/edit");
        let draft = format!("consultations/{}/edit", path.rsplit('/').next().unwrap());
        let seen = version(&me.get(&edit).await.text);
        // A draft from before, with the number as the form held it.
        let typed = [
            ("words", "家を出てきた"),
            ("channel", "phone"),
            ("route", "self"),
            ("urgency", "nonsense"),
            ("consulter_contact", NUMBER),
            ("draft_key", draft.as_str()),
            ("version", seen.as_str()),
        ];
        assert_eq!(me.post(&edit, &typed).await.status, 422);
        protect(&me).await?;
        let form = me.get(&edit).await;
        assert!(form.has("家を出てきた") && !form.has(NUMBER));
        let sent = [
            ("words", "家を出てきた"),
            ("channel", "phone"),
            ("route", "self"),
            ("urgency", "normal"),
            ("consulter_contact", ""),
            ("version", seen.as_str()),
        ];
        assert_eq!(me.post(&edit, &sent).await.status, 303);
        let kept = sql(
            "select count(*) as n from consultations_consultation where consulter_contact = :n",
        )
        .bind("n", NUMBER);
        assert_eq!(count(&town, kept).await, 1);
        assert!(!me.get(&path).await.has(NUMBER));
        Ok(())
    });
}

#[test]
fn records_offered_as_the_same_person_know_that_they_were_shown() {
    on_both(|town| async move {
        let (me, path) = she_came(&town).await?;
        let again = [("words", "また来ました"), ("subject[0].name", "例示 花子")];
        let asked = me.post("/consultations/new", &again).await;
        assert!(asked.status == 200 && asked.has("同じ人"));
        let hits = sql("select count(*) as n from rooms_search_hit");
        assert_eq!(count(&town, hits).await, 1);
        assert_eq!(me.get(&path).await.status, 200);
        Ok(())
    });
}
