//! `/consultations/{room}/edit` and `/issues`

use engawa_kernel::{access::Role, testing::on_both};

use crate::browser::{Browser, version};

const CODED: [(&str, &str); 3] = [
    ("channel", "phone"),
    ("route", "self"),
    ("urgency", "normal"),
];

#[test]
fn a_correction_keeps_the_old_text_and_the_second_of_two_chooses() {
    on_both(|town| async move {
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let colleague = Browser::of(
            &town,
            &town.staff("同僚 次郎", Role::Worker, town.desk).await?,
        );
        let room = me.take_in(&[("words", "元の言葉")]).await;
        let path = format!("/consultations/{room}/edit");
        let seen = version(&me.get(&path).await.text);
        let with = |words: &'static str, version: &str| {
            let mut fields = CODED.to_vec();
            fields.push(("words", words));
            let version = version.to_owned();
            (fields, version)
        };
        let (mut first, v) = with("同僚の言葉", &seen);
        first.push(("version", &v));
        assert_eq!(colleague.post(&path, &first).await.status, 303);
        let (mut mine, v) = with("わたしの言葉", &seen);
        mine.push(("version", &v));
        let both = me.post(&path, &mine).await;
        assert_eq!(both.status, 409);
        assert!(both.has("同僚の言葉") && both.has("わたしの言葉") && both.has("同僚 次郎"));
        let (mut third, v) = with("わたしの言葉", &version(&both.text));
        third.push(("version", &v));
        assert_eq!(me.post(&path, &third).await.status, 303);
        let page = me.get(&format!("/consultations/{room}")).await;
        assert!(
            page.has("わたしの言葉")
                && page.has("同僚の言葉")
                && page.has("元の言葉")
                && page.has("訂正前の文")
        );
        let empty = me.post(&path, &[("words", "")]).await;
        assert_eq!(empty.status, 422);
        Ok(())
    });
}

#[test]
fn issues_lie_on_people_and_the_flag_follows_unless_set_by_hand() {
    on_both(|town| async move {
        let me = Browser::of(
            &town,
            &town.staff("架空 相談員", Role::Worker, town.desk).await?,
        );
        let room = me
            .take_in(&[
                ("words", "あ"),
                ("issues", "debt"),
                ("subject[0].name", "見本 父"),
                ("subject[1].name", "見本 子"),
            ])
            .await;
        let home = format!("/consultations/{room}");
        let path = format!("{home}/issues");
        assert!(!me.get(&home).await.has(">複合課題<"));
        let seen = version(&me.get(&path).await.text);
        let wrong = me
            .post(
                &path,
                &[("version", &seen), ("marks", "1:debt"), ("marks", "2:care")],
            )
            .await;
        assert_eq!(wrong.status, 422);
        let saved = me
            .post(
                &path,
                &[
                    ("version", &seen),
                    ("marks", "1:debt"),
                    ("marks", "2:debt"),
                    ("marks", "9:debt"),
                    ("main_issue", "debt"),
                ],
            )
            .await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        let page = me.get(&home).await;
        assert!(page.has(">複合課題<") && page.has("見本 父、見本 子"));
        let late = me
            .post(&path, &[("version", &seen), ("marks", "0:care")])
            .await;
        assert_eq!(late.status, 409);
        assert!(late.has("債務のこと") && late.has("介護のこと") && late.has("架空 相談員"));
        assert!(late.has("resolve.marks") && late.has("theirs.main_issue"));
        let chosen = me
            .post(
                &path,
                &[
                    ("version", &version(&late.text)),
                    ("marks", "0:care"),
                    ("resolve.marks", "theirs"),
                    ("mine.marks", "0:care"),
                    ("theirs.marks", "1:debt"),
                    ("theirs.marks", "2:debt"),
                    ("resolve.main_issue", "theirs"),
                    ("mine.main_issue", "care"),
                    ("theirs.main_issue", "debt"),
                ],
            )
            .await;
        assert_eq!(chosen.status, 303, "{}", chosen.text);
        assert_eq!(
            me.post(&format!("{home}/compound"), &[("compound", "no")])
                .await
                .status,
            303
        );
        assert!(!me.get(&home).await.has(">複合課題<"));
        assert_eq!(
            me.post(&format!("{home}/compound"), &[("compound", "auto")])
                .await
                .status,
            303
        );
        assert!(me.get(&home).await.has(">複合課題<"));
        assert_eq!(
            me.post(&format!("{home}/compound"), &[("compound", "x")])
                .await
                .status,
            422
        );
        Ok(())
    });
}
