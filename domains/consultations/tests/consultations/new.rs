//! `/consultations/new`

use engawa_kernel::{
    access::Role,
    db::sql,
    testing::{Town, on_both},
};

use crate::browser::{Browser, count, hidden};

async fn worker(town: &Town) -> Browser {
    let ctx = town
        .staff("架空 相談員", Role::Worker, town.desk)
        .await
        .unwrap();
    Browser::of(town, &ctx)
}

async fn records(town: &Town) -> i64 {
    count(
        town,
        sql("select count(*) as n from consultations_consultation"),
    )
    .await
}

#[test]
fn the_words_alone_are_enough() {
    on_both(|town| async move {
        let me = worker(&town).await;
        let form = me.get("/consultations/new").await;
        assert_eq!(form.status, 200);
        assert!(form.has("話されたとおりに"));
        let saved = me
            .post(
                "/consultations/new",
                &[("words", "名前は言いたくない。家賃が払えない。")],
            )
            .await;
        let page = me.get(&saved.to).await;
        assert!(page.has("相R8-00001"), "{}", page.text);
        assert!(page.has("匿名の方"));
        assert!(page.has("家賃が払えない"));
        assert!(page.has("判断待ち"));
        let queue = me.get("/consultations").await;
        assert!(queue.has("相R8-00001") && queue.has("0日"));
        assert!(queue.has("「名前は言いたくない。家賃が払えない。」"));
        let all = me.get("/consultations?view=all").await;
        assert!(all.has("相R8-00001") && !all.has("家賃が払えない"));
        let anonymous = count(
            &town,
            sql("select count(*) as n from event where kind = 'consultation.received' and data like '%\"anonymous\":true%'"),
        )
        .await;
        assert_eq!(anonymous, 1);
        Ok(())
    });
}

#[test]
fn what_is_wrong_is_said_and_nothing_is_lost() {
    on_both(|town| async move {
        let me = worker(&town).await;
        let no_words = me
            .post(
                "/consultations/new",
                &[("subject[0].name", "見本 太郎"), ("received_on", "R8.2.30")],
            )
            .await;
        assert_eq!(no_words.status, 422);
        assert!(no_words.has("「相談の内容」を入力してください") && no_words.has("見本 太郎"));
        assert!(no_words.has("R8.2.30"));
        let no_main = me
            .post(
                "/consultations/new",
                &[("words", "あ"), ("issues", "debt"), ("issues", "care")],
            )
            .await;
        assert_eq!(no_main.status, 422);
        assert!(no_main.has("一つに◎を付けてください"));
        let long = "あ".repeat(20_001);
        let too_long = me.post("/consultations/new", &[("words", &long)]).await;
        assert_eq!(too_long.status, 422);
        assert!(too_long.has("20,000文字まで") && too_long.has(&long));
        let names: Vec<String> = (0..300).map(|i| format!("subject[{i}].label")).collect();
        for n in [31, 300] {
            let mut fields: Vec<(&str, &str)> = vec![("words", "あ")];
            fields.extend(names.iter().take(n).map(|name| (name.as_str(), "見本")));
            let answer = me.post("/consultations/new", &fields).await;
            assert_eq!(answer.status, 422, "{n}");
            assert!(answer.has("30人まで"), "{n}");
        }
        let not_a_choice = me
            .post(
                "/consultations/new",
                &[("words", "あ"), ("who", "not_ours")],
            )
            .await;
        assert_eq!(not_a_choice.status, 422);
        let later = me
            .post(
                "/consultations/new",
                &[("words", "あ"), ("received_on", "R8.11.22")],
            )
            .await;
        assert_eq!(later.status, 422);
        assert_eq!(records(&town).await, 0);
        Ok(())
    });
}

#[test]
fn a_single_issue_gets_its_main_mark_and_two_fields_are_compound() {
    on_both(|town| async move {
        let me = worker(&town).await;
        let one = me.take_in(&[("words", "あ"), ("issues", "debt")]).await;
        let page = me.get(&format!("/consultations/{one}")).await;
        assert!(page.has("◎ ") && page.has("債務のこと"));
        assert!(!page.has(">複合課題<"));
        let two = me
            .take_in(&[("words", "い"), ("issues", "debt"), ("main_issue", "care")])
            .await;
        let page = me.get(&format!("/consultations/{two}")).await;
        assert!(page.has("複合課題") && page.has("介護のこと"));
        Ok(())
    });
}

#[test]
fn a_double_click_makes_one_record() {
    on_both(|town| async move {
        let me = worker(&town).await;
        let form = me.get("/consultations/new").await;
        let once = hidden(&form.text, "once");
        let fields = [("words", "一度だけ"), ("once", once.as_str())];
        let first = me.post("/consultations/new", &fields).await;
        let second = me.post("/consultations/new", &fields).await;
        assert_eq!(first.to, second.to);
        assert_eq!(records(&town).await, 1);
        Ok(())
    });
}

#[test]
fn more_people_without_scripts() {
    on_both(|town| async move {
        let me = worker(&town).await;
        let more = me
            .post(
                "/consultations/new",
                &[
                    ("words", "あ"),
                    ("subject[0].name", "見本 一"),
                    ("add_row", "subject"),
                ],
            )
            .await;
        assert_eq!(more.status, 200);
        assert!(more.has("subject[1].name") && more.has("見本 一"));
        let room = me
            .take_in(&[
                ("words", "あ"),
                ("subject[0].name", "見本 一"),
                ("subject[4].label", "孫"),
                ("subject[7].name", ""),
            ])
            .await;
        let queue = me.get("/consultations").await;
        assert!(queue.has("見本 一 ほか1人"), "{}", queue.text);
        let key = me.key(room).await?;
        let mut conn = me.ctx.read().await?;
        let people = engawa_consultations::subjects(&mut conn, &me.ctx, &key).await?;
        assert_eq!(people.len(), 2);
        Ok(())
    });
}

#[test]
fn somebody_known_is_offered_before_saving_and_only_to_those_with_a_key() {
    on_both(|town| async move {
        let me = worker(&town).await;
        let said = [
            ("words", "はじめて"),
            ("subject[0].name", "高橋 花子"),
            ("subject[0].kana", "たかはし はなこ"),
            ("subject[0].birth", "S25.3.4"),
            ("subject[0].phone", "00-1234-5678"),
        ];
        let first = me.take_in(&said).await;
        let again = [
            ("words", "二度目の電話"),
            ("wishes", "夜に電話を"),
            ("subject[0].name", "髙橋 花子"),
            ("subject[0].kana", "ﾀｶﾊｼ ﾊﾅｺ"),
            ("subject[0].birth", "昭和25年3月4日"),
        ];
        let asked = me.post("/consultations/new", &again).await;
        assert_eq!(asked.status, 200, "{}", asked.to);
        assert!(asked.has("この人の記録に加える") && asked.has("別の人として登録"));
        assert!(asked.has("夜に電話を"), "nothing typed is lost");
        for part in ["いま入力した人", "登録されている人", "相R8-00001（"] {
            assert!(asked.has(part), "{part}");
        }
        assert_eq!(records(&town).await, 1, "nothing is saved yet");

        let key = me.key(first).await?;
        let mut conn = me.ctx.read().await?;
        let known = engawa_consultations::subjects(&mut conn, &me.ctx, &key).await?;
        drop(conn);
        let id = known[0].to_string();
        let mut same = again.to_vec();
        same.push(("subject[0].same", &id));
        let room = me.take_in(&same).await;
        let key = me.key(room).await?;
        let mut conn = me.ctx.read().await?;
        let people = engawa_consultations::subjects(&mut conn, &me.ctx, &key).await?;
        drop(conn);
        assert_eq!(people, known);

        let mut other = again.to_vec();
        other.push(("subject[0].same", "new"));
        me.take_in(&other).await;
        assert_eq!(records(&town).await, 3);

        // A colleague of another body is not asked, cannot choose, and learns after saving whom to ask.
        let outside = town.staff("別 機関", Role::Worker, town.other_desk).await?;
        let outside = Browser::of(&town, &outside);
        let stolen = outside.post("/consultations/new", &same).await;
        assert_eq!(stolen.status, 422, "{}", stolen.to);
        let room = outside.take_in(&again).await;
        let page = outside.get(&format!("/consultations/{room}")).await;
        assert!(
            page.has("支援中の機関があります") && page.has("くらし相談窓口"),
            "{}",
            page.text
        );
        assert!(!page.has("00-1234-5678"));
        Ok(())
    });
}

#[test]
fn nobody_without_a_key_sees_any_page_of_it() {
    on_both(|town| async move {
        let me = worker(&town).await;
        let room = me
            .take_in(&[("words", "秘密の相談"), ("subject[0].name", "見本 太郎")])
            .await;
        let outside = town.staff("別 機関", Role::Worker, town.other_desk).await?;
        let outside = Browser::of(&town, &outside);
        for page in [
            "",
            "/decide",
            "/assign",
            "/edit",
            "/issues",
            "/emergency",
            "/link",
            "/print",
        ] {
            let answer = outside.get(&format!("/consultations/{room}{page}")).await;
            assert!(
                [403, 404].contains(&answer.status),
                "{page}: {}",
                answer.status
            );
            assert!(!answer.has("秘密の相談") && !answer.has("見本"), "{page}");
        }
        let queue = outside.get("/consultations?view=all").await;
        assert!(!queue.has("相R8-00001") && !queue.has("見本"));
        assert!(
            engawa_consultations::waiting(&mut outside.ctx.read().await?, &outside.ctx)
                .await?
                .is_empty()
        );
        for path in [
            "/consultations/x",
            "/consultations/x/print",
            "/consultations/x/decide",
        ] {
            assert_eq!(me.get(path).await.status, 404, "{path}");
        }
        for path in [
            "/consultations?page=abc",
            "/consultations?page=-1&view=zzz",
            "/consultations?page=99999999999",
        ] {
            assert_eq!(me.get(path).await.status, 200, "{path}");
        }
        Ok(())
    });
}

#[test]
fn the_queue_puts_emergencies_first_then_who_waits_longest() {
    on_both(|town| async move {
        let me = worker(&town).await;
        me.take_in(&[
            ("words", "一"),
            ("received_on", "R8.11.1"),
            ("subject[0].label", "古い人"),
        ])
        .await;
        me.take_in(&[
            ("words", "二"),
            ("urgency", "emergency"),
            ("subject[0].label", "急ぐ人"),
        ])
        .await;
        me.take_in(&[
            ("words", "三"),
            ("emergency", "1"),
            ("emergency_kind", "abuse"),
            ("subject[0].label", "通報の人"),
        ])
        .await;
        let waiting = engawa_consultations::waiting(&mut me.ctx.read().await?, &me.ctx).await?;
        let order: Vec<&str> = waiting.iter().map(|l| l.subject_line.as_str()).collect();
        assert_eq!(order, ["通報の人", "急ぐ人", "古い人"]);
        assert_eq!(waiting[2].days, 20);
        assert!(
            waiting
                .iter()
                .all(|l| l.owner_desk == town.desk && l.owner_posting.is_some())
        );
        Ok(())
    });
}
