//! The emergency route: sealed from the first save, supervisors told.

use engawa_kernel::{access::Role, db::sql, testing::on_both};

use crate::browser::{Browser, count};

#[test]
fn a_restricted_record_opens_to_the_receiver_and_the_supervisor_only() {
    on_both(|town| async move {
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let colleague = Browser::of(
            &town,
            &town.staff("同僚 次郎", Role::Worker, town.desk).await?,
        );
        let chief = Browser::of(
            &town,
            &town.staff("係長 一郎", Role::Supervisor, town.desk).await?,
        );
        let form = me.get("/consultations/new").await;
        assert!(form.has("189") && form.has("110") && form.has("119"));
        // The call alone restricts it; the tick may be forgotten.
        let room = me
            .take_in(&[
                ("words", "子どもの泣き声"),
                ("emergency_kind", "abuse"),
                ("call_body", "児童相談所"),
                ("call_person", "例示さん"),
                ("call_basis", "児童虐待防止法6条"),
                ("call_time", "9:50"),
            ])
            .await;
        let path = format!("/consultations/{room}");
        let page = me.get(&path).await;
        assert!(
            page.has("限定記録")
                && page.has("児童相談所")
                && page.has("9:50")
                && page.has("児童虐待防止法6条")
        );
        assert_eq!(
            colleague.get(&path).await.status,
            404,
            "not even that it exists"
        );
        assert!(
            !colleague
                .get("/consultations?view=all")
                .await
                .has("相R8-00001")
        );
        assert_eq!(chief.get(&path).await.status, 200);
        let told = sql("select count(*) as n from notice where staff_id = :s and kind = 'consultation_emergency'").bind("s", chief.ctx.actor.staff);
        assert_eq!(count(&town, told).await, 1);
        Ok(())
    });
}

#[test]
fn an_open_record_is_restricted_when_a_call_is_recorded() {
    on_both(|town| async move {
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let colleague = Browser::of(
            &town,
            &town.staff("同僚 次郎", Role::Worker, town.desk).await?,
        );
        let room = me.take_in(&[("words", "あ")]).await;
        let path = format!("/consultations/{room}");
        assert_eq!(colleague.get(&path).await.status, 200);
        let form = me.get(&format!("{path}/emergency")).await;
        assert!(form.has("189"));
        let empty = me
            .post(&format!("{path}/emergency"), &[("call_person", "例示")])
            .await;
        assert_eq!(empty.status, 422);
        let saved = me
            .post(
                &format!("{path}/emergency"),
                &[("emergency_kind", "dv"), ("call_body", "警察")],
            )
            .await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        assert_eq!(colleague.get(&path).await.status, 404);
        assert!(me.get(&path).await.has("警察"));
        Ok(())
    });
}

#[test]
fn a_restricted_record_is_passed_to_a_person_never_to_a_desk() {
    on_both(|town| async move {
        crate::assign::with_desks(&town).await;
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let other = Browser::of(
            &town,
            &town
                .staff("包括 職員", Role::Worker, town.other_desk)
                .await?,
        );
        let beside = Browser::of(
            &town,
            &town
                .staff("包括 同僚", Role::Worker, town.other_desk)
                .await?,
        );
        let room = me.take_in(&[("words", "あ"), ("emergency", "1")]).await;
        let path = format!("/consultations/{room}");
        let desk = me
            .post(
                &format!("{path}/assign"),
                &[("desk", &town.other_desk.to_string())],
            )
            .await;
        assert_eq!(desk.status, 422);
        assert!(desk.has("限定記録"));
        let posting = other.ctx.actor.postings[0].id.to_string();
        let person = me
            .post(&format!("{path}/assign"), &[("posting", &posting)])
            .await;
        assert_eq!(person.status, 303, "{}", person.text);
        assert_eq!(other.get(&path).await.status, 200);
        assert_eq!(
            me.get(&format!("{path}/decide")).await.status,
            403,
            "reads, writes no more"
        );
        assert_eq!(beside.get(&path).await.status, 404);
        Ok(())
    });
}

#[test]
fn what_a_clerk_takes_in_is_never_out_of_reach() {
    on_both(|town| async move {
        let clerk = Browser::of(
            &town,
            &town.staff("受付 事務", Role::Clerk, town.desk).await?,
        );
        let worker = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let outside = Browser::of(
            &town,
            &town
                .staff("包括 職員", Role::Worker, town.other_desk)
                .await?,
        );
        let room = clerk.take_in(&[("words", "あ"), ("emergency", "1")]).await;
        let path = format!("/consultations/{room}");
        assert_eq!(clerk.get(&path).await.status, 200);
        assert_eq!(
            worker.get(&path).await.status,
            200,
            "the desk has no supervisor"
        );
        assert_eq!(outside.get(&path).await.status, 404);
        Ok(())
    });
}
