//! FND-01: what each activity is paid from.

use engawa_funding::{
    model::{Kind, Scheme, State},
    store::activity,
};
use engawa_kernel::{testing::on_both, text::fiscal::FiscalYear};

use crate::browser::{Browser, browser, link, people};

const YEAR: &str = "2026";

async fn activity(c: &Browser, name: &str, scheme: &str) -> String {
    c.post(
        "/funding/activities/new",
        &[("name", name), ("scheme", scheme)],
    )
    .await
    .saved()
}

async fn source(c: &Browser, at: &str, fields: &[(&str, &str)]) {
    let all = [&[("year", YEAR)], fields].concat();
    c.post(&format!("{at}/sources/new"), &all).await.saved();
}

/// 釧路市: わがまち基金・会費・販売収益・寄付
#[test]
fn initial_and_running_cost_each_show_their_source() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let at = activity(&c, "谷の仕事づくり", "community").await;
        let fund = [
            ("kind", "foundation"),
            ("name", "見本財団のわがまち基金"),
            ("cost", "start_up"),
            ("state", "applied"),
            ("amount", "３００,０００"),
        ];
        source(&c, &at, &fund).await;
        for kind in ["membership", "earnings", "donation"] {
            source(
                &c,
                &at,
                &[
                    ("kind", kind),
                    ("cost", "running"),
                    ("state", "considering"),
                ],
            )
            .await;
        }
        // An unknown amount is unknown: 0 is refused, and the total says so.
        c.post(
            &format!("{at}/sources/new"),
            &[
                ("year", YEAR),
                ("kind", "donation"),
                ("cost", "running"),
                ("state", "considering"),
                ("amount", "0"),
            ],
        )
        .await
        .is(422)
        .has("「額（円）」は1から");
        c.get(&at)
            .await
            .is(200)
            .has("初期費用")
            .has("運営費")
            .has("300,000円")
            .has("検討中: 未定");
        // Who does not plan sees which source is how far, and no amount.
        w.get(&format!("{at}?year={YEAR}"))
            .await
            .is(200)
            .has("見本財団のわがまち基金")
            .has("申請中")
            .lacks("300,000")
            .lacks("財源を書く");
        w.get("/funding")
            .await
            .is(200)
            .has("谷の仕事づくり")
            .lacks("確保した額");
        w.get("/funding/activities/new").await.is(403);
        w.post(&format!("{at}/sources/new"), &fund).await.is(403);
        w.get("/funding/sources.xlsx").await.is(403);
        let words = engawa_funding::sheet_words(
            &mut coordinator.read().await?,
            &coordinator,
            Scheme::Community,
            FiscalYear::try_from(2026).unwrap(),
        )
        .await?;
        assert_eq!(
            words,
            "・谷の仕事づくり: 初期費用は見本財団のわがまち基金（申請中）。運営費は会費（検討中）、事業収益（検討中）、寄付（検討中）"
        );
        let book = c.get("/funding/sources.xlsx?year=2026").await;
        book.is(200);
        let read = engawa_sheets::read(&book.bytes, "a.xlsx").unwrap();
        let rows: Vec<Vec<String>> = read.sheets[0]
            .rows
            .iter()
            .map(|r| r.iter().map(engawa_sheets::Cell::as_text).collect())
            .collect();
        let of = |name: &str| {
            rows.iter()
                .find(|r| r.get(2).is_some_and(|c| c == name))
                .unwrap()
                .clone()
        };
        assert_eq!(of("見本財団のわがまち基金")[6], "300000");
        assert_eq!(of("会費").get(6).map_or("", String::as_str), "");
        Ok(())
    });
}

/// 土浦市: 善意銀行・共同募金
#[test]
fn each_source_shows_considering_then_applied_or_secured() {
    on_both(|town| async move {
        let (_, coordinator, _) = people(&town).await?;
        let c = browser(&coordinator);
        let at = activity(&c, "地区サロン", "multi_agency").await;
        let new = [
            ("year", YEAR),
            ("kind", "community_chest"),
            ("cost", "undivided"),
        ];
        source(&c, &at, &[&new[1..], &[("state", "considering")]].concat()).await;
        let page = c.get(&at).await;
        page.has("検討中");
        let one = link(&page, "：共同募金");
        for (version, state, status) in [
            ("1", "applied", 303),
            ("1", "secured", 409),
            ("2", "secured", 303),
            ("3", "considering", 422),
            ("3", "dropped", 303),
            ("4", "secured", 422),
        ] {
            let answer = c
                .post(
                    &one,
                    &[&new[..], &[("state", state), ("version", version)]].concat(),
                )
                .await;
            answer.is(status);
            if status == 409 {
                answer.has("見本 推進").has("申請中").has("確保");
            }
        }
        let shown = c.get(&one).await;
        let text = shown.text();
        let (_, steps) = text.split_once("これまでの状態").unwrap();
        let at_of = |word: &str| steps.find(word).unwrap_or_else(|| panic!("no {word}"));
        assert!(at_of("検討中") < at_of("申請中") && at_of("申請中") < at_of("確保"));
        assert!(at_of("確保") < at_of("見送り"));
        Ok(())
    });
}

/// 遠野市: とおの福祉トッパーモデル事業; 墨田区: 歳末募金による団体助成
#[test]
fn the_councils_own_money_goes_from_proposal_to_payment_and_report() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let at = activity(&c, "地区の提案モデル事業", "community").await;
        let own = [
            ("year", YEAR),
            ("kind", "council"),
            ("name", "社協独自財源"),
            ("cost", "running"),
        ];
        source(
            &c,
            &at,
            &[
                &own[1..],
                &[("state", "applied"), ("note", "北地区から提案")],
            ]
            .concat(),
        )
        .await;
        let one = link(&c.get(&at).await, "：社協独自財源");
        let paid = [
            ("received_on", "R8.7.1"),
            ("amount", "50000"),
            ("report", "座談会を3回開いた"),
        ];
        c.post(
            &one,
            &[&own[..], &paid, &[("state", "applied"), ("version", "1")]].concat(),
        )
        .await
        .is(422)
        .has("入金日を書けるのは");
        c.post(
            &one,
            &[&own[..], &paid, &[("state", "secured"), ("version", "1")]].concat(),
        )
        .await
        .saved();
        c.get(&at).await.has("確保: 50,000円").has("令和8年7月1日");
        w.get(&at)
            .await
            .has("社協自主財源")
            .has("使い道: 座談会を3回開いた")
            .lacks("50,000");
        Ok(())
    });
}

#[test]
fn none_and_considering_are_said_outright() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let at = activity(&c, "座談会", "community").await;
        c.get(&at).await.has("まだ書いていない");
        let say = |answer, seen| [("year", YEAR), ("answer", answer), ("seen", seen)];
        let path = format!("{at}/answer");
        w.post(&path, &say("none", "unsaid")).await.is(403);
        c.post(&path, &say("none", "unsaid")).await.saved();
        // Who still saw the old page is told.
        c.post(&path, &say("considering", "unsaid")).await.is(409);
        c.post(&path, &say("", "none")).await.is(422);
        c.get("/funding").await.has("財源: なし");
        let words = async || {
            engawa_funding::sheet_words(
                &mut coordinator.read().await?,
                &coordinator,
                Scheme::Community,
                FiscalYear::of(coordinator.today()),
            )
            .await
        };
        assert_eq!(words().await?, "・座談会: なし");
        c.post(&path, &say("considering", "none")).await.saved();
        assert_eq!(words().await?, "・座談会: 検討中");
        // A source speaks for itself.
        source(
            &c,
            &at,
            &[
                ("kind", "membership"),
                ("cost", "running"),
                ("state", "considering"),
            ],
        )
        .await;
        assert_eq!(words().await?, "・座談会: 運営費は会費（検討中）");
        c.post(&path, &say("none", "unsaid"))
            .await
            .is(422)
            .has("財源が1件ある");
        // Last year nothing was said, and that stays.
        c.get(&format!("{at}?year=2025"))
            .await
            .has("まだ書いていない");
        Ok(())
    });
}

#[test]
fn a_fund_of_a_sheet_becomes_a_source_once() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        for _ in 0..2 {
            let mut tx = coordinator.write().await?;
            for name in ["赤い羽根共同募金", "社協会費"] {
                engawa_funding::from_sheet(
                    &mut tx,
                    &coordinator,
                    Scheme::Community,
                    name,
                    "計画書から",
                )
                .await?;
            }
            engawa_kernel::audit::append(
                &mut tx,
                &coordinator,
                engawa_kernel::audit::Entry::new("programmes.proposal"),
            )
            .await?;
            tx.commit().await?;
        }
        let of = FiscalYear::of(coordinator.today());
        let years = activity::of_year(&mut coordinator.read().await?, &coordinator, of).await?;
        assert_eq!(years.len(), 1);
        let found: Vec<_> = years[0]
            .sources
            .iter()
            .map(|s| (s.it.kind, s.it.state, s.it.amount))
            .collect();
        let considering = |kind| (kind, State::Considering, None);
        assert_eq!(
            found,
            [
                considering(Kind::CommunityChest),
                considering(Kind::Membership)
            ]
        );
        let mut tx = worker.write().await?;
        assert!(
            engawa_funding::from_sheet(&mut tx, &worker, Scheme::Community, "寄付", "")
                .await
                .is_err()
        );
        Ok(())
    });
}

#[test]
fn an_activity_is_renamed_and_ends() {
    on_both(|town| async move {
        let (_, coordinator, _) = people(&town).await?;
        let c = browser(&coordinator);
        let at = activity(&c, "古い名前", "other").await;
        let edit = format!("{at}/edit");
        let change = |name, last, version| {
            [
                ("name", name),
                ("scheme", "other"),
                ("last_year", last),
                ("version", version),
            ]
        };
        c.post(&edit, &change("新しい名前", "2025", "1"))
            .await
            .saved();
        c.post(&edit, &change("別の名前", "", "1"))
            .await
            .is(409)
            .has("新しい名前")
            .has("別の名前")
            .has("令和7年度");
        c.get("/funding?year=2025").await.has("新しい名前");
        c.get("/funding?year=2026").await.lacks("新しい名前");
        c.post(&edit, &change("", "", "2")).await.is(422);
        // A double click makes one.
        let twice = [
            ("name", "二度"),
            ("scheme", "other"),
            ("once", "0123456789abcdef0123456789abcdef"),
        ];
        let first = c.post("/funding/activities/new", &twice).await;
        let second = c.post("/funding/activities/new", &twice).await;
        assert_eq!(first.location, second.location);
        c.get("/funding?year=1").await.is(404);
        c.get("/funding/activities/0").await.is(404);
        Ok(())
    });
}
