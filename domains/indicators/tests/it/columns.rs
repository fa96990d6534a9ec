//! Figures from columns are those of the statement, group by group, on both engines; how old they may
//! be, and what is never counted from them.

use crate::support::{day, in_demo, source, sources};
use chrono::Duration;
use engawa_indicators::{
    columns::{self, Columns, Snapshots},
    model::{Dim, Filter, UNKNOWN, Unit},
    period::Period,
    store::{
        closing,
        count::{self, Figures, Question},
        filter,
    },
};
use engawa_kernel::{
    access::Role,
    audit::{self, Entry},
    context::{ActivePosting, Ctx},
    db::sql,
    error::Result,
    id::{BodyId, MunicipalityId, PostingId, new_uuid},
    source::EventSource,
};

/// What no domain brings yet: heads that were counted, channels and routes together.
const MADE: EventSource = EventSource {
    code: "made",
    view: "(select c.id as event_id, cast(null as uuid) as municipality_id, c.at, c.recorded_at as entered_at, c.room_id,
                   case when c.minutes < 20 then null else c.desk_id end as desk_id, c.kind as channel, c.work as route, c.kind, c.minutes,
                   case when c.minutes > 30 then c.minutes end as heads, cast(null as date) as until_on, c.work
              from cases_contact c where c.deleted_at is null)",
    has_channel: true,
    has_route: true,
    ..contacts()
};

const fn contacts() -> EventSource {
    // The second of the domain's sources.
    engawa_cases::figures::SOURCES[1]
}

fn asked(source: &'static EventSource, unit: Unit, period: Period) -> Question {
    Question {
        source,
        unit,
        filter: Filter::default(),
        period,
        rows: None,
        columns: None,
    }
}

/// Both ways of counting give the same groups with the same numbers.
async fn same(ctx: &Ctx, columns: &Columns, q: &Question) -> Result<Figures> {
    let mut conn = ctx.read().await?;
    let stated = count::exact(&mut conn, ctx, q).await?;
    let own = filter::with_own_codes(&mut conn, ctx, q).await?;
    let found = columns::count(columns, &own)?;
    assert_eq!(found.total, stated.total, "{} {q:?}", q.source.code);
    assert_eq!(found.rows, stated.rows, "{} {q:?}", q.source.code);
    assert_eq!(found.columns, stated.columns, "{} {q:?}", q.source.code);
    assert_eq!(found.cells, stated.cells, "{} {q:?}", q.source.code);
    Ok(stated)
}

/// Persons merged, household types that are in no list, a code of the municipality's own.
async fn untidy(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.write().await?;
    for text in [
        "update people_household set types = '[\"of_old\"]' where id in (select id from people_household order by id limit 9)",
        "update people_household set types = '[]' where id in (select id from people_household order by id desc limit 9)",
        "delete from people_name where person_id in (select s.person_id from cases_contact_subject s order by s.person_id limit 7)",
    ] {
        tx.exec(sql(text)).await?;
    }
    let people = tx
        .rows(sql(
            "select distinct person_id from cases_contact_subject order by person_id limit 40",
        ))
        .await?;
    let ids: Vec<uuid::Uuid> = people
        .iter()
        .map(|r| r.get("person_id"))
        .collect::<Result<_>>()?;
    for pair in ids.chunks(2).take(15) {
        tx.exec(
            sql("update people_person set merged_into = :kept where id = :id")
                .bind("kept", pair[0])
                .bind("id", pair[1]),
        )
        .await?;
    }
    tx.commit_unaudited().await
}

#[test]
fn every_table_is_that_of_the_statement() {
    in_demo(250, |ctx| async move {
        untidy(&ctx).await?;
        let periods = [
            Period::new(day(2025, 10, 13), day(2026, 2, 3)),
            Period::new(day(2021, 4, 1), day(2026, 11, 30)),
            Period::new(day(1999, 1, 1), day(2026, 11, 21)),
        ];
        let mut tables = 0_usize;
        for s in sources().into_iter().chain([&MADE]) {
            let columns = columns::load(&ctx, s).await?;
            assert!(!columns.is_empty() && columns.bytes() > 0, "{}", s.code);
            let dims: Vec<Dim> = Dim::ALL.into_iter().filter(|d| d.fits(s)).collect();
            for unit in Unit::ALL.into_iter().filter(|u| u.fits(s)) {
                same(&ctx, &columns, &asked(s, unit, periods[tables % 3])).await?;
                for (n, rows) in dims.iter().enumerate() {
                    let across = dims[(n + tables + 1) % dims.len()];
                    let q = Question {
                        rows: Some(*rows),
                        columns: Some(across).filter(|c| c != rows),
                        ..asked(s, unit, periods[tables % 3])
                    };
                    let split = [q.rows, q.columns].into_iter().flatten();
                    if split.into_iter().all(|d| unit.splits_by(d)) {
                        same(&ctx, &columns, &q).await?;
                        tables += 1;
                    }
                }
            }
        }
        assert!(tables > 150, "{tables}");
        Ok(())
    });
}

#[test]
fn every_filter_is_that_of_the_statement() {
    in_demo(250, |ctx| async move {
        untidy(&ctx).await?;
        let period = Period::new(day(2024, 4, 1), day(2026, 11, 30));
        let mut turn = 0;
        for s in sources().into_iter().chain([&MADE]) {
            let columns = columns::load(&ctx, s).await?;
            for dim in Dim::ALL
                .into_iter()
                .filter(|d| d.fits(s) && *d != Dim::Time)
            {
                let by = Question {
                    rows: Some(dim),
                    ..asked(s, Unit::Events, period)
                };
                let groups = same(&ctx, &columns, &by).await?.rows;
                let mut codes: Vec<String> = groups.keys().map(|k| k.code()).collect();
                codes.sort();
                let pair: Vec<String> = codes.iter().rev().take(2).cloned().collect();
                let single = codes.into_iter().take(4).map(|c| vec![c]);
                for (n, wanted) in single.chain([pair, vec![UNKNOWN.to_owned()]]).enumerate() {
                    let unit = [Unit::Events, Unit::Persons, Unit::PersonTimes][(n + turn) % 3];
                    turn += n / 2;
                    let mut q = asked(s, unit, period);
                    *q.filter.of_mut(dim).unwrap() = wanted;
                    q.rows = [None, Some(Dim::Age), Some(Dim::Desk)][n % 3];
                    if let Some(mark) = s.marks.get(n) {
                        q.filter.marks = vec![mark.code.to_owned()];
                    }
                    same(&ctx, &columns, &q).await?;
                    q.filter.marks = Vec::new();
                    q.filter.sex = vec!["female".into(), UNKNOWN.to_owned()];
                    same(&ctx, &columns, &q).await?;
                }
            }
            let mut wrong = asked(s, Unit::Events, period);
            wrong.filter.desk = vec!["no id".into()];
            assert!(columns::count(&columns, &wrong).is_err());
            wrong.filter = Filter {
                marks: vec!["no mark".into()],
                ..Filter::default()
            };
            assert!(columns::count(&columns, &wrong).is_err());
        }
        Ok(())
    });
}

#[test]
fn two_municipalities_do_not_mix() {
    in_demo(250, |ctx| async move {
        let period = Period::new(day(2021, 4, 1), day(2026, 11, 30));
        let q = asked(source("contact"), Unit::Events, period);
        let all = count::total(&mut ctx.read().await?, &ctx, &q).await?;
        let other = Ctx::founding(&ctx.engine, MunicipalityId::new(), "隣町");
        let mut tx = ctx.write().await?;
        tx.exec(
            sql("insert into municipality (id, name, code, training, settings, created_at) values (:id, '隣町', '999998', :f, '{}', :now)")
                .bind("id", other.municipality)
                .bind("f", false)
                .bind("now", ctx.now()),
        )
        .await?;
        for text in [
            "update organisations_desk set municipality_id = :m where id in (select desk_id from cases_contact where desk_id is not null order by id limit 1)",
            "update consultations_consultation set municipality_id = :m where desk_id in (select id from organisations_desk where municipality_id = :m)",
        ] {
            tx.exec(sql(text).bind("m", other.municipality)).await?;
        }
        tx.commit_unaudited().await?;
        let mut shares = Vec::new();
        for town in [&ctx, &other] {
            for s in sources() {
                let columns = columns::load(town, s).await?;
                for rows in [Dim::Desk, Dim::Age, Dim::HouseholdType] {
                    let q = Question {
                        rows: Some(rows),
                        ..asked(s, Unit::Persons, period)
                    };
                    same(town, &columns, &q).await?;
                }
            }
            let columns = columns::load(town, q.source).await?;
            shares.push(same(town, &columns, &q).await?.total);
        }
        assert!(shares.iter().all(|n| *n > 0), "{shares:?}");
        assert_eq!(shares.iter().sum::<i64>(), all);
        // Nor do their snapshots.
        ctx.engine.kept.of::<Snapshots>().from(0);
        for (town, share) in [&ctx, &other].into_iter().zip(shares) {
            let found = count::figures(&mut town.read().await?, town, &q).await?;
            assert!(found.counted_at.is_some() && found.total == share);
        }
        Ok(())
    });
}

async fn add_contact(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.write().await?;
    tx.exec(
        sql("insert into cases_contact (id, room_id, at, kind, minutes, place, work, body, person_visible, third_party, staff_id, desk_id, recorded_at, version)
             select :id, room_id, at, kind, 10, '', work, '', person_visible, third_party, staff_id, desk_id, :now, 1
               from cases_contact where at < :before order by at desc limit 1")
            .bind("id", new_uuid())
            .bind("before", engawa_kernel::clock::start_of_day(day(2026, 10, 20)))
            .bind("now", ctx.now()),
    )
    .await?;
    tx.commit_unaudited().await
}

/// How many contacts there ever were.
fn all_contacts() -> Question {
    let ever = Period::new(day(2021, 4, 1), day(2026, 11, 30));
    asked(source("contact"), Unit::Events, ever)
}

#[test]
fn columns_are_a_minute_old_at_most_or_read_anew_behind_the_answer() {
    in_demo(250, |ctx| async move {
        let snapshots = ctx.engine.kept.of::<Snapshots>();
        let start = ctx.now();
        let later = |seconds: i64| ctx.engine.clock.set(start + Duration::seconds(seconds));
        let q = all_contacts();
        let ask = || async { count::figures(&mut ctx.read().await?, &ctx, &q).await };
        // As many as this: counted where they stand.
        let live = ask().await?;
        assert_eq!(live.counted_at, None);
        snapshots.from(live.total);
        assert_eq!(ask().await?.counted_at, None);
        snapshots.from(live.total - 1);
        let kept = ask().await?;
        assert_eq!((kept.counted_at, kept.total), (Some(start), live.total));
        assert!(snapshots.bytes() > 0);

        add_contact(&ctx).await?;
        later(59);
        assert_eq!(ask().await?.total, live.total);
        // What is written down counts all.
        let exact = count::total(&mut ctx.read().await?, &ctx, &q).await?;
        assert_eq!(exact, live.total + 1);

        // Too old: the old answer at once, the new one for the next.
        later(61);
        assert_eq!(ask().await?.counted_at, Some(start));
        snapshots.settled().await;
        let anew = ask().await?;
        assert_eq!(anew.total, exact);
        assert_eq!(anew.counted_at, Some(start + Duration::seconds(61)));

        // Much too old: waits.
        add_contact(&ctx).await?;
        later(61 + 601);
        assert_eq!(ask().await?.total, exact + 1);
        Ok(())
    });
}

#[test]
fn columns_are_read_after_the_start_where_there_is_much() {
    in_demo(250, |ctx| async move {
        for (many, reads) in [(i64::MAX - 1, false), (0, true)] {
            let snapshots = Snapshots::default();
            snapshots.from(many);
            snapshots.keep_up(&ctx.engine).await?;
            snapshots.settled().await;
            assert_eq!(snapshots.bytes() > 0, reads);
        }
        Ok(())
    });
}

#[test]
fn columns_are_kept_up_to_date_for_a_day_and_a_half_after_somebody_asked() {
    in_demo(250, |ctx| async move {
        let snapshots = ctx.engine.kept.of::<Snapshots>();
        snapshots.from(0);
        let start = ctx.now();
        let later = |seconds: i64| ctx.engine.clock.set(start + Duration::seconds(seconds));
        let q = all_contacts();
        let ask = || async { count::figures(&mut ctx.read().await?, &ctx, &q).await };
        let minute = || async {
            snapshots.keep_up(&ctx.engine).await?;
            snapshots.settled().await;
            Ok::<_, engawa_kernel::error::Error>(())
        };
        let first = ask().await?;

        // Somebody writes: what is old is read anew, and the next one does not wait.
        add_contact(&ctx).await?;
        let mut tx = ctx.write().await?;
        audit::append(&mut tx, &ctx, Entry::new("test")).await?;
        tx.commit().await?;
        later(481);
        minute().await?;
        let next = ask().await?;
        assert_eq!(next.counted_at, Some(start + Duration::seconds(481)));
        assert_eq!(next.total, first.total + 1);

        // Nobody writes: what was read then still holds, and is not read again.
        add_contact(&ctx).await?;
        later(2 * 481);
        minute().await?;
        let same = ask().await?;
        assert_eq!(same.counted_at, Some(start + Duration::seconds(2 * 481)));
        assert_eq!(same.total, next.total, "the log knows of no change");

        later(2 * 481 + 36 * 3600 - 1);
        minute().await?;
        assert!(snapshots.bytes() > 0);
        later(2 * 481 + 36 * 3600);
        minute().await?;
        assert_eq!(snapshots.bytes(), 0);
        Ok(())
    });
}

#[test]
fn a_month_is_closed_with_all_that_there_is() {
    in_demo(250, |ctx| async move {
        ctx.engine.kept.of::<Snapshots>().from(0);
        let october = Period::month(day(2026, 10, 1));
        let q = asked(source("contact"), Unit::Events, october);
        let mut keeper = ctx.clone();
        keeper.actor.postings = vec![ActivePosting {
            id: PostingId::new(),
            body: BodyId::new(),
            desk: None,
            role: Role::Coordinator,
            role_label: String::new(),
            place: String::new(),
        }];
        let before = count::figures(&mut ctx.read().await?, &ctx, &q).await?;
        add_contact(&ctx).await?;
        let read = count::figures(&mut ctx.read().await?, &ctx, &q).await?;
        assert_eq!(read.total, before.total, "still from the columns");
        let mut tx = keeper.write().await?;
        closing::close(&mut tx, &keeper, october.from, "").await?;
        tx.commit().await?;
        let mut conn = ctx.read().await?;
        let closed = closing::of_month(&mut conn, &ctx, october.from)
            .await?
            .unwrap();
        let frozen = closing::frozen(&mut conn, &closed).await?;
        let contacts = frozen
            .iter()
            .find(|f| f.rule.count.source == "contact" && f.rule.count.unit == Unit::Events);
        assert_eq!(contacts.unwrap().n.unwrap().0, (before.total + 1) * 1_000);
        Ok(())
    });
}
