//! Plans above the programme: measures with milestones in both calendars, yearly ratings that seed
//! the next plan.

use engawa_kernel::testing::on_both;

use crate::browser::{Answer, Browser, browser, people};

/// 須賀川市's three years.
pub const PLAN: [(&str, &str); 5] = [
    ("kind", "welfare"),
    ("name", "見本市地域福祉計画"),
    ("first_year", "2019"),
    ("last_year", "2021"),
    ("state", "in_force"),
];
pub const MEASURE: [(&str, &str); 5] = [
    ("place", "10"),
    ("number", "1-(1)"),
    ("heading", "基本目標1"),
    ("text", "どこでも相談できる窓口をつくる"),
    ("responsible", "福祉課"),
];

/// Makes the plan with a measure: (plan, measure).
pub async fn made(c: &Browser) -> (String, String) {
    let plan = c.post("/roadmaps/new", &PLAN).await.saved();
    let measure = c.post(&format!("{plan}/measures"), &MEASURE).await.saved();
    (plan, measure)
}

pub async fn stone(c: &Browser, measure: &str, fields: &[(&str, &str)]) -> Answer {
    c.post(&format!("{measure}/milestones"), fields).await
}

#[test]
fn three_years_of_milestones_show_in_both_calendars_with_their_state() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        w.get("/roadmaps").await.is(200).lacks("計画を登録する");
        w.get("/roadmaps/new")
            .await
            .is(403)
            .has("何も変えていません");
        w.post("/roadmaps/new", &PLAN).await.is(403);
        c.post("/roadmaps/new", &[("name", "名前だけ")])
            .await
            .is(422)
            .has("「計画の種類」を選んでください");
        let backwards = [
            &PLAN[..2],
            &[
                ("first_year", "2021"),
                ("last_year", "2019"),
                ("state", "draft"),
            ],
        ]
        .concat();
        c.post("/roadmaps/new", &backwards)
            .await
            .is(422)
            .has("始まりの年度より前");
        let (plan, measure) = made(&c).await;
        stone(
            &c,
            &measure,
            &[
                ("year", "2019"),
                ("text", "準備室を置く"),
                ("state", "done"),
            ],
        )
        .await
        .saved();
        let opening = [
            ("year", "2020"),
            ("due_on", "令和2年10月1日"),
            ("text", "窓口を開く"),
            ("state", "postponed"),
        ];
        stone(&c, &measure, &opening)
            .await
            .is(422)
            .has("「延期」のときは、理由を書いてください");
        stone(
            &c,
            &measure,
            &[
                &opening[..],
                &[("reason", "工事の遅れ"), ("to_year", "2021")],
            ]
            .concat(),
        )
        .await
        .saved();
        stone(
            &c,
            &measure,
            &[
                ("year", "2019"),
                ("due_on", "2020-04-01"),
                ("text", "期間の外"),
                ("state", "planned"),
            ],
        )
        .await
        .is(422)
        .has("令和元年度（2019年4月〜2020年3月）の中の日");
        let page = w.get(&plan).await;
        page.is(200)
            .has("令和元年度（2019年4月〜2020年3月）")
            .has("令和3年度（2021年4月〜2022年3月）")
            .has("準備室を置く")
            .has("完了")
            .has("工事の遅れ")
            .has("令和3年度へ延期")
            .has("延期分")
            .has("1 / 2件")
            .lacks("施策を書く");
        // By calendar year a milestone stands in the year of its day; without one, at the end of March.
        w.get(&format!("{plan}?by=calendar"))
            .await
            .has("令和元年（2019年）")
            .has("令和4年（2022年）")
            .has("令和2年10月1日（2020年10月1日）まで")
            .has("令和2年3月31日（2020年3月31日）まで");
        w.get(&measure)
            .await
            .is(200)
            .has("令和2年10月1日（2020年10月1日）")
            .lacks("状態を書く");
        w.get("/roadmaps")
            .await
            .has("ほかの期間の計画")
            .has("令和元年度〜令和3年度");
        // The period cannot shrink below what stands in it.
        let form = c.get(&format!("{plan}/edit")).await;
        let shorter = [
            &PLAN[..2],
            &[
                ("first_year", "2020"),
                ("last_year", "2021"),
                ("state", "in_force"),
                ("version", "1"),
            ],
        ]
        .concat();
        form.is(200).has("見本市地域福祉計画");
        c.post(&format!("{plan}/edit"), &shorter)
            .await
            .is(422)
            .has("期間の外になる工程や評価が1件");
        for bad in ["x", "00000000-0000-0000-0000-000000000000"] {
            for at in [
                "",
                "/edit",
                "/next",
                "/history",
                "/print.pdf",
                "/roadmap.xlsx",
                "/measures",
                "/choices",
            ] {
                c.get(&format!("/roadmaps/{bad}{at}")).await.is(404);
            }
            for at in [
                "measures/{}",
                "measures/{}/edit",
                "measures/{}/milestones",
                "measures/{}/years/2019",
                "milestones/{}",
                "choices/{}",
                "evidence/{}",
            ] {
                c.get(&format!("/roadmaps/{}", at.replace("{}", bad)))
                    .await
                    .is(404);
            }
        }
        Ok(())
    });
}

#[test]
fn each_measures_execution_is_rated_and_seeds_the_next_plan() {
    on_both(|town| async move {
        let (_, coordinator, worker) = people(&town).await?;
        let (c, w) = (browser(&coordinator), browser(&worker));
        let (plan, measure) = made(&c).await;
        let second = [
            &MEASURE[1..3],
            &[
                ("place", "20"),
                ("text", "広報を出す"),
                ("dropped", "紙をやめたため"),
            ],
        ]
        .concat();
        c.post(&format!("{plan}/measures"), &second).await.saved();
        stone(
            &c,
            &measure,
            &[
                ("year", "2021"),
                ("text", "三か所目を開く"),
                ("state", "under_way"),
            ],
        )
        .await
        .saved();
        let year = format!("{measure}/years/2020");
        w.get(&year).await.is(403);
        c.get(&format!("{measure}/years/2018")).await.is(404);
        c.post(&year, &[("version", "0"), ("degree", "b")])
            .await
            .is(422)
            .has("何を見てそう評価したか");
        let rating = [
            ("version", "0"),
            ("degree", "b"),
            ("evidence", "窓口日誌で200件"),
            ("words", "夜間が課題"),
        ];
        c.post(&year, &rating).await.saved();
        w.get(&measure)
            .await
            .has("B おおむね実行した")
            .has("窓口日誌で200件");
        w.get(&plan).await.has("B おおむね実行した");
        // The end of a plan stops its text, not its ratings.
        let ended: Vec<_> = PLAN[..4]
            .iter()
            .copied()
            .chain([("state", "ended"), ("version", "1")])
            .collect();
        c.post(&format!("{plan}/edit"), &ended).await.saved();
        c.get(&format!("{measure}/edit"))
            .await
            .is(422)
            .has("終了した計画");
        c.post(&format!("{plan}/measures"), &MEASURE)
            .await
            .is(422)
            .has("保存していません");
        c.post(
            &format!("{measure}/years/2021"),
            &[("version", "0"), ("degree", "open")],
        )
        .await
        .saved();
        let back: Vec<_> = PLAN[..4]
            .iter()
            .copied()
            .chain([("state", "draft"), ("version", "2")])
            .collect();
        c.post(&format!("{plan}/edit"), &back)
            .await
            .is(422)
            .has("策定中には戻せません");
        let next = c.get(&format!("{plan}/next")).await;
        next.is(200).has("1件の文").has("value=\"2022\" selected");
        let new = [
            ("kind", "welfare"),
            ("name", "第2次の計画"),
            ("first_year", "2022"),
            ("last_year", "2024"),
            ("state", "draft"),
        ];
        w.post(&format!("{plan}/next"), &new).await.is(403);
        let made = c.post(&format!("{plan}/next"), &new).await.saved();
        let page = c.get(&made).await;
        page.is(200)
            .has("前の計画のまま")
            .has("もとの計画")
            .lacks("広報を出す")
            .lacks("B おおむね");
        let seeded = page.link("/roadmaps/measures/");
        c.get(&seeded)
            .await
            .has("令和2年度の実行度: B おおむね実行した。夜間が課題（根拠: 窓口日誌で200件）")
            .has("終わっていない工程（令和3年度、取組中）: 三か所目を開く");
        // Changed text loses the mark, and both texts stay readable.
        let form = c.get(&format!("{seeded}/edit")).await;
        form.has("前の計画の文");
        let changed = [
            &MEASURE[..3],
            &[("text", "夜も相談できる窓口をつくる"), ("version", "1")],
        ]
        .concat();
        c.post(&format!("{seeded}/edit"), &changed).await.saved();
        c.get(&made).await.lacks("前の計画のまま").has("夜も相談");
        c.get(&seeded).await.has("前の計画の文: どこでも相談できる");
        w.get(&format!("{made}/history"))
            .await
            .is(200)
            .has("施策 1-(1)の「施策・取組」")
            .has("どこでも相談できる窓口をつくる");
        c.get(&plan).await.has("次の計画").has("第2次の計画");
        Ok(())
    });
}
