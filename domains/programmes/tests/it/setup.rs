//! Setting up from a sheet: each proposal beside its words, taken, corrected or refused.

use engawa_kernel::{db::sql, testing::on_both};

use crate::browser::{Answer, OWN, browser, people, taken};

/// The address of the form of the proposal whose card has this title.
pub fn card(page: &Answer, title: &str) -> (String, String) {
    let text = page.text();
    let (_, rest) = text
        .split_once(&format!(">{title}<"))
        .unwrap_or_else(|| panic!("no {title} in {text}"));
    let at = rest
        .split_once("action=\"")
        .unwrap()
        .1
        .split_once('"')
        .unwrap()
        .0
        .to_owned();
    let version = rest
        .split_once("name=\"version\" value=\"")
        .unwrap()
        .1
        .split_once('"')
        .unwrap()
        .0
        .to_owned();
    (at, version)
}

#[test]
fn an_administrator_takes_areas_bodies_and_desks_one_by_one() {
    on_both(|town| async move {
        let (admin, coordinator, worker) = people(&town).await?;
        let (a, c, w) = (browser(&admin), browser(&coordinator), browser(&worker));
        taken(&c, OWN, "own", "2026", &[("setup", "1")]).await;
        w.get("/programmes/setup").await.is(403);
        // Nothing enters by itself.
        let count = sql("select count(*) as n from organisations_area where municipality_id = :m")
            .bind("m", town.municipality);
        assert_eq!(admin.read().await?.count(count.clone()).await?, 0);
        c.get("/programmes/setup?kind=area")
            .await
            .is(200)
            .has("東中学校区")
            .has("3中学校区(東・西・団地)")
            .has("登録できるのはシステム管理者だけ")
            .lacks("採用する</button>");
        let page = a.get("/programmes/setup?kind=area").await;
        let (at, version) = card(&page, "東中学校区");
        c.post(
            &at,
            &[
                ("do", "take"),
                ("version", &version),
                ("name", "東中学校区"),
                ("code", "junior_high"),
            ],
        )
        .await
        .is(403);
        a.post(
            &at,
            &[
                ("do", "take"),
                ("version", &version),
                ("name", ""),
                ("code", "junior_high"),
            ],
        )
        .await
        .is(422)
        .has("「名前」を入力してください");
        a.post(
            &at,
            &[
                ("do", "take"),
                ("version", &version),
                ("name", "東"),
                ("code", "nothing"),
            ],
        )
        .await
        .is(422);
        assert_eq!(admin.read().await?.count(count.clone()).await?, 0);
        a.post(
            &at,
            &[
                ("do", "take"),
                ("version", &version),
                ("name", "えんがわ東中学校区"),
                ("code", "junior_high"),
            ],
        )
        .await
        .saved();
        a.post(
            &at,
            &[
                ("do", "take"),
                ("version", &version),
                ("name", "東"),
                ("code", "junior_high"),
            ],
        )
        .await
        .is(422)
        .has("もう決まっています");
        assert_eq!(admin.read().await?.count(count.clone()).await?, 1);
        a.get("/programmes/setup?kind=area")
            .await
            .has("えんがわ東中学校区")
            .has("採用");
        // A refusal can be thought over.
        let (at, version) = card(&a.get("/programmes/setup?kind=area").await, "西中学校区");
        a.post(&at, &[("do", "refuse"), ("version", &version)])
            .await
            .saved();
        let page = a.get("/programmes/setup?kind=area").await;
        page.has("もう一度考える");
        a.post(&at, &[("do", "reopen"), ("version", "2")])
            .await
            .saved();
        card(&a.get("/programmes/setup?kind=area").await, "西中学校区");
        // A desk needs its body first, and a telephone that no sheet has.
        let (at, version) = card(
            &a.get("/programmes/setup?kind=body").await,
            "社会福祉法人えんがわ見本会",
        );
        a.post(
            &at,
            &[
                ("do", "take"),
                ("version", &version),
                ("name", "社会福祉法人えんがわ見本会"),
                ("code", "welfare_corporation"),
            ],
        )
        .await
        .saved();
        let page = a.get("/programmes/setup?kind=desk").await;
        let (at, version) = card(&page, "地域包括支援センター 2（名前なし）");
        let desk = |phone: &'static str| {
            let (b, v, at) = (&a, version.clone(), at.clone());
            async move {
                b.post(
                    &at,
                    &[
                        ("do", "take"),
                        ("version", &v),
                        ("name", "東包括\n西包括"),
                        ("code", "elderly_centre"),
                        ("body", "社会福祉法人えんがわ見本会"),
                        ("mode", "commissioned"),
                        ("phone", phone),
                    ],
                )
                .await
            }
        };
        desk("").await.is(422).has("電話").has("東包括");
        desk("00-0000-0009").await.saved();
        let desks = sql("select count(*) as n from organisations_desk where municipality_id = :m and phone = '00-0000-0009'").bind("m", town.municipality);
        assert_eq!(admin.read().await?.count(desks).await?, 2);
        Ok(())
    });
}

#[test]
fn goals_and_links_are_the_planners_and_meetings_are_kept() {
    on_both(|town| async move {
        let (_, coordinator, _) = people(&town).await?;
        let c = browser(&coordinator);
        taken(&c, OWN, "own", "2026", &[("setup", "1")]).await;
        let page = c.get("/programmes/setup?kind=goal").await;
        page.has("座談会の開催")
            .has("どの窓口でも断られなかったと感じる人が増える")
            .has("新規相談件数 120件");
        let (at, version) = card(&page, "新規相談件数 120件");
        c.post(
            &at,
            &[
                ("do", "take"),
                ("version", &version),
                ("name", "新規相談件数 120件"),
            ],
        )
        .await
        .saved();
        c.get("/programmes/goals")
            .await
            .is(200)
            .has("新規相談件数 120件")
            .has("120件");
        let page = c.get("/programmes/setup?kind=link").await;
        let (at, version) = card(&page, "成年後見制度利用促進事業");
        c.post(
            &at,
            &[
                ("do", "take"),
                ("version", &version),
                ("name", "成年後見制度利用促進事業"),
                ("code", "guardianship"),
            ],
        )
        .await
        .saved();
        c.get("/programmes/links").await.has("成年後見制度利用促進");
        let page = c.get("/programmes/setup?kind=meeting").await;
        page.has("支援調整会議")
            .has("毎月1回")
            .has("縁側市相談機関連絡会");
        let (at, version) = card(&page, "支援調整会議");
        c.post(
            &at,
            &[
                ("do", "take"),
                ("version", &version),
                ("name", "支援調整会議"),
                ("body", "毎月1回"),
            ],
        )
        .await
        .saved();
        c.get("/programmes/setup?kind=coordinator")
            .await
            .has("常勤1人、非常勤1人")
            .has("縁側市福祉課");
        c.get("/programmes/setup?kind=place")
            .await
            .has("団地集会所");
        c.get("/programmes/setup?kind=fund")
            .await
            .has("えんがわ基金")
            .has("検討中");
        // A second sheet asks nothing again that was proposed before.
        let before = c
            .get("/programmes/setup?kind=meeting")
            .await
            .text()
            .matches("支援調整会議")
            .count();
        taken(&c, OWN, "own", "2026", &[("setup", "1")]).await;
        let after = c
            .get("/programmes/setup?kind=meeting")
            .await
            .text()
            .matches("支援調整会議")
            .count();
        assert_eq!(before, after);
        Ok(())
    });
}
