//! `/organisations/{register}` …: lists, forms, two people at once.

use engawa_kernel::{access::Role, db::sql, testing::on_both};

use crate::browser::{admin, browser, small_town};

#[test]
fn every_page_opens_for_an_administrator_and_lists_for_everybody() {
    on_both(|town| async move {
        let (_, b) = admin(&town).await?;
        let worker = browser(&town.staff("例示 相談", Role::Worker, town.desk).await?);
        b.get("/organisations")
            .await
            .is(200)
            .has("圏域")
            .has("異動・引き継ぎ")
            .has("はじめに")
            .has("職員のアカウントを作成する");
        // What a desk seldom needs is folded away, and an empty row asks for nothing.
        let new = b.get("/organisations/desks/new").await;
        new.has("ほかの項目（コード、");
        let function = new.text();
        let row = function
            .split("name=\"function[0].function\"")
            .nth(1)
            .unwrap();
        assert!(!row.split('>').next().unwrap().contains("required"));
        worker.get("/organisations").await.is(200).lacks("取り込む");
        for slug in [
            "areas",
            "bodies",
            "contracts",
            "desks",
            "staff",
            "postings",
            "roles",
            "rules",
        ] {
            b.get(&format!("/organisations/{slug}"))
                .await
                .is(200)
                .has("新しく登録する");
            b.get(&format!("/organisations/{slug}/new"))
                .await
                .is(200)
                .has("保存する");
            worker
                .get(&format!("/organisations/{slug}"))
                .await
                .is(200)
                .lacks("新しく登録する");
            worker
                .get(&format!("/organisations/{slug}/new"))
                .await
                .is(403)
                .has("システム管理者だけ");
            worker
                .post(&format!("/organisations/{slug}/new"), &[("name", "x")])
                .await
                .is(403);
            for bad in ["x", "00000000-0000-0000-0000-000000000000", "..%2f..%2fetc"] {
                b.get(&format!("/organisations/{slug}/{bad}")).await.is(404);
                b.get(&format!("/organisations/{slug}/{bad}/edit"))
                    .await
                    .is(404);
            }
        }
        for path in ["settings", "import", "export", "codes", "april"] {
            b.get(&format!("/organisations/{path}")).await.is(200);
        }
        for path in ["settings", "import", "export", "april"] {
            worker.get(&format!("/organisations/{path}")).await.is(403);
        }
        b.get("/organisations/nothing").await.is(404);
        Ok(())
    });
}

#[test]
fn an_area_has_several_parents_kinds_and_a_population_with_a_date() {
    on_both(|town| async move {
        let (_, b) = admin(&town).await?;
        let a1 = b
            .post(
                "/organisations/areas/new",
                &[
                    ("code", "A1"),
                    ("name", "東中学校区"),
                    ("kind", "junior_high"),
                    ("valid_from", "H31.4.1"),
                ],
            )
            .await
            .saved();
        b.post(
            "/organisations/areas/new",
            &[
                ("code", "A2"),
                ("name", "第1生活圏域"),
                ("kind", "daily_life"),
                ("valid_from", "H31.4.1"),
            ],
        )
        .await
        .saved();
        let at = b
            .post(
                "/organisations/areas/new",
                &[
                    ("code", "A3"),
                    ("name", "東小学校区"),
                    ("kind", "elementary"),
                    ("kind", "welfare_district"),
                    ("valid_from", "R8.4.1"),
                    ("population_kind", "range"),
                    ("population", "5400"),
                    ("population_high", "３５，０００"),
                    ("population_on", "R8.1.1"),
                    ("parent[0].area", "A1"),
                    ("parent[3].area", "A2"),
                    ("parent[3].from", "R8.4.1"),
                    ("old[0].area", "A1"),
                    ("old[0].on", "令和8年4月1日"),
                ],
            )
            .await
            .saved();
        b.get(&at)
            .await
            .has("東中学校区")
            .has("第1生活圏域")
            .has("35000")
            .has("小学校区、地区社協区・支部社協区")
            .has("もとの圏域");
        b.get("/organisations/areas?q=A1")
            .await
            .has("東中学校区")
            .lacks("東小学校区");
        b.get(&a1).await.has("この下にある圏域").has("東小学校区");
        // A ring is refused, with everything typed still there.
        b.post(
            &format!("{a1}/edit"),
            &[
                ("version", "1"),
                ("code", "A1"),
                ("name", "東中学校区(改)"),
                ("kind", "junior_high"),
                ("valid_from", "H31.4.1"),
                ("parent[0].area", "A3"),
            ],
        )
        .await
        .is(422)
        .has("輪にならない")
        .has("東中学校区(改)");
        b.post(
            "/organisations/areas/new",
            &[
                ("name", "逆"),
                ("kind", "elementary"),
                ("valid_from", "R8.4.1"),
                ("valid_to", "R8.3.1"),
                ("population_kind", "range"),
            ],
        )
        .await
        .is(422)
        .has("前です")
        .has("上限");
        b.post(
            "/organisations/areas/new",
            &[
                ("code", "A3"),
                ("name", "別"),
                ("kind", "elementary"),
                ("valid_from", "2月30日"),
            ],
        )
        .await
        .is(422)
        .has("使われています")
        .has("開始日");
        Ok(())
    });
}

#[test]
fn a_desk_keeps_its_old_names_and_its_contact_line() {
    on_both(|town| async move {
        let (ctx, b) = admin(&town).await?;
        small_town(&b).await;
        let list = b
            .get("/organisations/desks?q=%E3%81%BE%E3%82%8B%E3%81%A3%E3%81%A8")
            .await;
        list.has("くらし相談窓口");
        let mut conn = ctx.read().await?;
        let row = conn.one(sql("select d.id, c.contact from organisations_desk d join desk_contact c on c.desk_id = d.id")).await?;
        assert_eq!(row.get::<String>("contact")?, "くらし相談窓口 00-0000-0001");
        let at = format!("/organisations/desks/{}", row.get::<uuid::Uuid>("id")?);
        b.get(&at)
            .await
            .has("福祉総合相談")
            .has("実施中")
            .has("縁側市社会福祉協議会");
        let form = b.get(&format!("{at}/edit")).await;
        assert_eq!(form.hidden("version"), "1");
        let fields = [
            ("version", "1"),
            ("code", "D1"),
            ("name", "ささえあい窓口"),
            ("nickname", "まるっと"),
            ("body", "B1"),
            ("mode", "commissioned"),
            ("phone", "00-0000-0009"),
            ("valid_from", "R8.4.1"),
        ];
        b.post(&format!("{at}/edit"), &fields).await.saved();
        b.get(&at).await.has("以前の名前").has("くらし相談窓口");
        let row = conn
            .one(sql(
                "select contact from desk_contact where contact like 'ささ%'",
            ))
            .await?;
        assert_eq!(row.get::<String>("contact")?, "ささえあい窓口 00-0000-0009");
        // Found by the name it had.
        b.get("/organisations/desks?q=%E3%81%8F%E3%82%89%E3%81%97")
            .await
            .has("ささえあい窓口");
        // The second to save sees both texts and chooses.
        let mut mine = fields;
        mine[2].1 = "わたしの窓口";
        let clash = b.post(&format!("{at}/edit"), &mine).await;
        clash
            .is(409)
            .has("わたしの窓口")
            .has("ささえあい窓口")
            .has("見本 管理");
        assert_eq!(clash.hidden("version"), "2");
        let chosen = [
            ("version", "2"),
            ("code", "D1"),
            ("nickname", "まるっと"),
            ("body", "B1"),
            ("mode", "commissioned"),
            ("phone", "00-0000-0009"),
            ("valid_from", "R8.4.1"),
            ("resolve.name", "mine"),
            ("mine.name", "わたしの窓口"),
            ("theirs.name", "ささえあい窓口"),
            ("name", "わたしの窓口"),
        ];
        b.post(&format!("{at}/edit"), &chosen).await.saved();
        b.get(&at).await.has("わたしの窓口");
        Ok(())
    });
}

#[test]
fn a_contract_says_who_or_that_nobody_does_it() {
    on_both(|town| async move {
        let (_, b) = admin(&town).await?;
        small_town(&b).await;
        b.post(
            "/organisations/contracts/new",
            &[
                ("programme", "multi_agency"),
                ("year", "R8"),
                ("mode", "commissioned"),
            ],
        )
        .await
        .is(422)
        .has("実施する機関");
        let at = b
            .post(
                "/organisations/contracts/new",
                &[
                    ("programme", "participation"),
                    ("year", "令和8年度"),
                    ("mode", "not_carried_out"),
                ],
            )
            .await
            .saved();
        b.get(&at)
            .await
            .has("令和8年度")
            .has("未実施")
            .has("参加支援事業");
        let at = b
            .post(
                "/organisations/contracts/new",
                &[
                    ("programme", "multi_agency"),
                    ("year", "2026"),
                    ("mode", "commissioned"),
                    ("bodies[0].body", "B1"),
                    ("bodies[0].share", "相談部分"),
                ],
            )
            .await
            .saved();
        b.get(&at).await.has("相談部分");
        Ok(())
    });
}

#[test]
fn one_person_holds_several_postings_with_local_words() {
    on_both(|town| async move {
        let (_, b) = admin(&town).await?;
        small_town(&b).await;
        let base = [("staff", "S1"), ("body", "B1"), ("valid_from", "R8.4.1")];
        let with = |more: &[(&'static str, &'static str)]| {
            base.iter().chain(more).copied().collect::<Vec<_>>()
        };
        b.post(
            "/organisations/postings/new",
            &with(&[("desk", "D1"), ("role", "csw"), ("share", "0.5")]),
        )
        .await
        .saved();
        b.post(
            "/organisations/postings/new",
            &with(&[
                ("role", "life_support_coordinator"),
                ("tier", "2"),
                ("share", "0.5"),
            ]),
        )
        .await
        .saved();
        b.get("/organisations/postings?q=%E8%A6%8B%E6%9C%AC")
            .await
            .has("コミュニティソーシャルワーカー(CSW)")
            .has("生活支援コーディネーター");
        b.post("/organisations/postings/new", &with(&[("role", "csw")]))
            .await
            .is(422)
            .has("「窓口」が必要");
        b.post(
            "/organisations/bodies/new",
            &[("code", "B9"), ("name", "架空総研"), ("kind", "research")],
        )
        .await
        .saved();
        b.post(
            "/organisations/postings/new",
            &[
                ("staff", "S1"),
                ("body", "B9"),
                ("valid_from", "R8.4.1"),
                ("role", "csw"),
                ("desk", "D1"),
            ],
        )
        .await
        .is(422)
        .has("調査研究機関")
        .has("この機関の窓口ではありません");
        Ok(())
    });
}
