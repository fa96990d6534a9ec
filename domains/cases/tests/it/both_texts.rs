//! Two people save one task, one issue, one closing: the second sees both and chooses.

use crate::common::{Answer, case, get, post, with};
use axum::http::StatusCode;
use engawa_cases::store;
use engawa_kernel::{
    access::{Role, RoomKey},
    context::Ctx,
    error::Result,
    tasks::{self, Task},
    testing::{Town, on_both},
};

const CLOSING: [(&str, &str); 7] = [
    ("version", "1"),
    ("closed_on", "今日"),
    ("reason", "achieved"),
    ("changes", "食事がとれるようになった"),
    ("later_lead", "民生委員 例示さん"),
    ("next_check_on", "R9.2.1"),
    ("dissolve", "1"),
];

/// A case of mine, and a colleague at the same desk.
async fn scene(town: &Town) -> Result<(Ctx, Ctx, RoomKey)> {
    let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
    let colleague = town.staff("同僚 花子", Role::Worker, town.desk).await?;
    let key = case(&me).await?;
    Ok((me, colleague, key))
}

#[track_caller]
fn both(answer: &Answer, parts: &[&str]) {
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    for part in parts {
        assert!(answer.body.contains(part), "{part} in {}", answer.body);
    }
    // A table header without words says nothing to who cannot see the table (axe).
    assert!(!answer.body.contains("<th></th>") && !answer.body.contains("scope=\"col\"></th>"));
}

#[track_caller]
fn saved(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

async fn task(me: &Ctx, key: &RoomKey) -> Result<Task> {
    let at = format!("/cases/{}/tasks", key.room());
    let mine = format!("posting:{}", me.actor.posting()?.id);
    let new = [
        ("title", "診断書を頼む"),
        ("who", mine.as_str()),
        ("due_on", "R8.12.1"),
    ];
    saved(&post(me, &at, &new).await);
    Ok(tasks::open_in_room(&mut me.read().await?, key)
        .await?
        .remove(0))
}

#[test]
fn a_task_handed_on_by_two() {
    on_both(|town| async move {
        let (me, colleague, key) = scene(&town).await?;
        let t = task(&me, &key).await?;
        let path = format!("/cases/{}/tasks/{}", key.room(), t.id);
        let assign = format!("{path}/assign");
        let desk = format!("desk:{}", town.desk);
        let mine = format!("posting:{}", me.actor.posting()?.id);
        let first = [
            ("version", "1"),
            ("who", desk.as_str()),
            ("due_on", "R8.12.5"),
        ];
        saved(&post(&colleague, &assign, &first).await);
        let late = [
            ("version", "1"),
            ("who", mine.as_str()),
            ("due_on", "R8.12.9"),
        ];
        let answer = post(&me, &assign, &late).await;
        both(
            &answer,
            &[
                "同僚 花子",
                "診断書を頼む",
                "R8.12.5",
                "R8.12.9",
                "mine.who",
                "value=\"2\"",
            ],
        );
        let chosen = [
            ("version", "2"),
            ("who", mine.as_str()),
            ("due_on", "R8.12.9"),
            ("resolve.who", "theirs"),
            ("mine.who", mine.as_str()),
            ("theirs.who", desk.as_str()),
            ("resolve.due_on", "mine"),
            ("mine.due_on", "R8.12.9"),
            ("theirs.due_on", "R8.12.5"),
        ];
        saved(&post(&me, &assign, &chosen).await);
        let now = store::tasks::one(&mut me.read().await?, &key, t.id).await?;
        assert_eq!(now.posting, None);
        assert_eq!(now.due_on.unwrap().to_string(), "2026-12-09");
        // The same wish as the other's leaves nothing to ask.
        saved(&post(&colleague, &assign, &with(&first, &[("due_on", "R8.12.9")])).await);
        Ok(())
    });
}

#[test]
fn a_task_finished_by_one_and_changed_by_the_other() {
    on_both(|town| async move {
        let (me, colleague, key) = scene(&town).await?;
        let t = task(&me, &key).await?;
        let path = format!("/cases/{}/tasks/{}", key.room(), t.id);
        let done = [("version", "1"), ("done", "1")];
        saved(&post(&colleague, &format!("{path}/done"), &done).await);
        // Both finished it: no question, and it is done once.
        saved(&post(&me, &format!("{path}/done"), &done).await);
        let mine = format!("posting:{}", me.actor.posting()?.id);
        let late = [
            ("version", "1"),
            ("who", mine.as_str()),
            ("due_on", "R9.1.8"),
        ];
        let answer = post(&me, &format!("{path}/assign"), &late).await;
        both(
            &answer,
            &["済み", "まだ済んでいない", "同僚 花子", "R9.1.8"],
        );
        let keep = with(&late, &[("version", "2"), ("open", "0")]);
        saved(&post(&me, &format!("{path}/assign"), &keep).await);
        let now = store::tasks::one(&mut me.read().await?, &key, t.id).await?;
        assert!(now.done_at.is_some() && now.version == 2);
        let again = with(&late, &[("version", "2"), ("open", "1")]);
        saved(&post(&me, &format!("{path}/assign"), &again).await);
        let now = store::tasks::one(&mut me.read().await?, &key, t.id).await?;
        assert!(now.done_at.is_none());
        assert_eq!(now.due_on.unwrap().to_string(), "2027-01-08");
        // Finishing what somebody handed on meanwhile is asked, too.
        let answer = post(&colleague, &format!("{path}/done"), &done).await;
        both(&answer, &["例示 一郎", "済み", "担当: 例示 一郎"]);
        Ok(())
    });
}

#[test]
fn an_issue_ended_by_two() {
    on_both(|town| async move {
        let (me, colleague, key) = scene(&town).await?;
        let at = format!("/cases/{}/issues", key.room());
        let lists = engawa_organisations::codes::CodeList::Issue.shipped();
        let ends = engawa_organisations::codes::CodeList::IssueEnd.shipped();
        let new = [("code", lists[0].0), ("opened_on", "R8.11.1")];
        saved(&post(&me, &at, &new).await);
        let issue = store::issue::all(&mut me.read().await?, &key)
            .await?
            .remove(0);
        let one = format!("{at}/{}", issue.id);
        let first = [
            ("version", "1"),
            ("end", ends[0].0),
            ("ended_on", "R8.11.10"),
        ];
        saved(&post(&colleague, &one, &first).await);
        let late = with(&first, &[("end", ends[1].0), ("ended_on", "R8.11.20")]);
        let answer = post(&me, &one, &late).await;
        both(
            &answer,
            &[ends[0].1, ends[1].1, "R8.11.10", "R8.11.20", "同僚 花子"],
        );
        let theirs = with(&first, &[("version", "2")]);
        saved(&post(&me, &one, &theirs).await);
        let mine = with(&late, &[("version", "2")]);
        saved(&post(&me, &one, &mine).await);
        let now = store::issue::all(&mut me.read().await?, &key)
            .await?
            .remove(0);
        assert_eq!(now.end_state.as_deref(), Some(ends[1].0));
        // Choosing what stands writes nothing: two ends are counted, not three.
        let counted = me
            .read()
            .await?
            .count(
                engawa_kernel::db::sql(
                    "select count(*) as n from event where room_id = :r and kind = 'issue.ended'",
                )
                .bind("r", key.room()),
            )
            .await?;
        assert_eq!((now.version, counted), (3, 2));
        Ok(())
    });
}

#[test]
fn a_case_changed_by_one_and_closed_by_the_other() {
    on_both(|town| async move {
        let (me, colleague, key) = scene(&town).await?;
        let at = format!("/cases/{}", key.room());
        let close = format!("{at}/close");
        let head = [
            ("version", "1"),
            ("label", "見本・架空家"),
            ("stage", "watch"),
            ("gap_note", ""),
        ];
        saved(&post(&colleague, &format!("{at}/edit"), &head).await);
        let answer = post(&me, &close, &CLOSING).await;
        both(
            &answer,
            &[
                "見守り",
                "見本・架空家",
                "終結する(終結日 今日",
                "同僚 花子",
                "食事がとれるようになった",
            ],
        );
        let keep = with(&CLOSING, &[("version", "2"), ("stage", "watch")]);
        saved(&post(&me, &close, &keep).await);
        let card = store::case::card(&mut me.read().await?, &key).await?;
        assert!(card.closed_on.is_none());
        let all_the_same = with(&CLOSING, &[("version", "2"), ("stage", "closed")]);
        saved(&post(&me, &close, &all_the_same).await);
        let card = store::case::card(&mut me.read().await?, &key).await?;
        assert!(card.closed_on.is_some());
        Ok(())
    });
}

#[test]
fn a_case_closed_by_two_is_closed_once() {
    on_both(|town| async move {
        let (me, colleague, key) = scene(&town).await?;
        let at = format!("/cases/{}", key.room());
        saved(&post(&colleague, &format!("{at}/close"), &CLOSING).await);
        let draft = format!("cases/{}/close", key.room());
        let late = with(
            &CLOSING,
            &[
                ("changes", "就労が続いている"),
                ("later_lead", "架空 支援員"),
                ("draft_key", &draft),
            ],
        );
        let answer = post(&me, &format!("{at}/close"), &late).await;
        both(
            &answer,
            &[
                "同僚 花子",
                "食事がとれるようになった",
                "民生委員 例示さん",
                "就労が続いている",
                "架空 支援員",
                "/reopen",
            ],
        );
        let closures = store::closure::all(&mut me.read().await?, &key).await?;
        assert_eq!(closures.len(), 1);
        assert_eq!(closures[0].later_lead, "民生委員 例示さん");
        // The text that was not saved waits in the draft for a closing after reopening.
        let again = [
            ("version", "2"),
            ("on", "今日"),
            ("reason", "終結の記録を改めるため"),
        ];
        saved(&post(&me, &format!("{at}/reopen"), &again).await);
        let form = get(&me, &format!("{at}/close")).await;
        assert!(form.body.contains("就労が続いている"), "{}", form.body);
        Ok(())
    });
}
