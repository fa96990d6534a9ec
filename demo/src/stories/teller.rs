//! What the stories are told with: a clock that goes back, and actors who do things in their own
//! name. Everything goes through the domains' public functions, as a day at the office would.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use engawa_cases::{self as cases, NewCase, NewContact, Work, store};
use engawa_consultations::{
    self as consultations,
    model::{Consulter, Dropped, NewConsultation, SubjectHeard, WhoCame},
};
use engawa_kernel::{
    access::{self, Basis, Level, RoomKey, RoomKind},
    clock,
    context::Ctx,
    db::Tx,
    error::{Error, Result},
    id::{IdSource, PersonId, RoomId},
    tasks::{self, NewTask},
    text::birth::BirthDate,
};
use engawa_people::{self as people, NameKind, NewHousehold, NewMember, NewName, NewPerson, Sex};

use crate::{
    rng::{Ids, Rng},
    sheets,
    town::Town,
};

/// Ids of what the stories and the setting-up make: from the seed, in the order made.
pub fn ids(ctx: &Ctx, town: &Town) -> IdSource {
    let ids = Mutex::new(Ids::new(Rng::for_part(town.seed, "stories", 0)));
    let clock = ctx.engine.clock.clone();
    Arc::new(move || {
        // A poisoned lock only means that another id was never used.
        let mut ids = ids
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        ids.at(clock.now())
    })
}

/// Tells stories.
pub struct Teller<'a> {
    base: &'a Ctx,
    /// The town.
    pub town: &'a Town,
    tokens: AtomicU64,
}

/// Somebody in a story.
pub struct Who {
    /// As written.
    pub name: &'static str,
    /// The sound.
    pub kana: &'static str,
    /// Years on the demo's day; none: unknown.
    pub age: Option<u8>,
    /// 性別
    pub sex: Sex,
    /// Code of kinship to the first.
    pub relation: &'static str,
    /// Under one roof.
    pub here: bool,
}

/// A woman of this age.
pub const fn woman(name: &'static str, kana: &'static str, age: u8, relation: &'static str) -> Who {
    Who {
        name,
        kana,
        age: Some(age),
        sex: Sex::Female,
        relation,
        here: true,
    }
}

/// A man of this age.
pub const fn man(name: &'static str, kana: &'static str, age: u8, relation: &'static str) -> Who {
    Who {
        name,
        kana,
        age: Some(age),
        sex: Sex::Male,
        relation,
        here: true,
    }
}

/// A case and whom it is about, in the order of the story.
pub struct Told {
    /// The case.
    pub case: RoomId,
    /// Its people.
    pub people: Vec<PersonId>,
}

impl<'a> Teller<'a> {
    /// Over the base context, whose clock it moves.
    pub const fn new(base: &'a Ctx, town: &'a Town) -> Self {
        Self {
            base,
            town,
            tokens: AtomicU64::new(0),
        }
    }

    /// So many days ago at that time.
    pub fn moment(&self, days_ago: i64, hour: u32, minute: u32) -> DateTime<Utc> {
        let day = self.town.today - Duration::days(days_ago.max(1));
        clock::from_local(day.and_hms_opt(hour, minute, 0).unwrap_or_default())
    }

    /// The day so many days from the demo's day; negative for days ago.
    pub fn day(&self, days: i64) -> NaiveDate {
        self.town.today + Duration::days(days)
    }

    /// The login of a kind, so many days ago at that time; the clock stands there from now on.
    pub fn as_kind(&self, kind: &str, days_ago: i64, hour: u32, minute: u32) -> Result<Ctx> {
        let member = self.town.login(kind).ok_or(Error::NotFound)?;
        let at = self.moment(days_ago, hour, minute);
        Ok(sheets::acting(self.base, self.town, member, at))
    }

    /// A consultation at the actor's desk with nothing but the words; stories fill in the rest.
    pub fn heard(&self, ctx: &Ctx, words: &str) -> Result<NewConsultation> {
        let desk = ctx
            .actor
            .postings
            .iter()
            .find_map(|p| p.desk)
            .ok_or(Error::NotFound)?;
        Ok(NewConsultation {
            slip: false,
            who: WhoCame::Subject,
            received_at: ctx.now(),
            desk,
            channel: "phone".into(),
            route: "self".into(),
            urgency: "normal".into(),
            words: words.into(),
            place: String::new(),
            consulter: Consulter::default(),
            subjects: Vec::new(),
            issues: Vec::new(),
            main_issue: None,
            heard_of: String::new(),
            why_not_earlier: String::new(),
            wishes: String::new(),
            notes: String::new(),
            dropped: Dropped::default(),
            gap_kind: String::new(),
            gap_schemes: String::new(),
            request: None,
            emergency: None,
            call: None,
        })
    }

    /// Somebody as a subject that was heard of.
    pub fn subject(&self, who: &Who) -> SubjectHeard {
        SubjectHeard {
            name: who.name.into(),
            kana: who.kana.into(),
            sex: who.sex,
            birth: self.birth(who),
            residence: Some("resident".into()),
            ..SubjectHeard::default()
        }
    }

    fn birth(&self, who: &Who) -> BirthDate {
        who.age.map_or(BirthDate::Unknown, |age| {
            BirthDate::Exact(self.town.today - Duration::days(i64::from(age) * 365 + 150))
        })
    }

    /// Takes the consultation in.
    pub async fn take_in(&self, ctx: &Ctx, new: NewConsultation) -> Result<RoomId> {
        let n = self.tokens.fetch_add(1, Ordering::Relaxed);
        let saved = consultations::take_in(ctx, new, &format!("demo-{n}"), None).await?;
        Ok(saved.room)
    }

    /// Makes the consultation a case of the actor's: its subjects and `more` become a household.
    pub async fn accept(
        &self,
        ctx: &Ctx,
        consultation: RoomId,
        label: &str,
        home: &[Who],
        marks: (bool, &str),
    ) -> Result<Told> {
        let posting = ctx.actor.posting()?;
        let desk = posting.desk.ok_or(Error::NotFound)?;
        let (mut tx, from) =
            access::open_for_write(ctx, consultation, RoomKind::Consultation, "open_case").await?;
        let sealed = store::case::sealed_class(&mut tx, &from).await?;
        let new = NewCase {
            label: label.into(),
            owner_desk: desk,
            owner_posting: Some(posting.id),
            opened_on: ctx.today(),
            compound: marks.0,
            gap: !marks.1.is_empty(),
            gap_note: marks.1.into(),
            sealed,
        };
        let key = cases::open(&mut tx, ctx, new).await?;
        let mut known = consultations::subjects(&mut tx, ctx, &from).await?;
        for person in &known {
            people::add_to_room(&mut tx, ctx, &key, *person).await?;
        }
        for who in home.iter().skip(known.len()) {
            known.push(people::create(&mut tx, ctx, &key, self.person(who)).await?);
        }
        let household = NewHousehold {
            name: None,
            types: Vec::new(),
            members: known
                .iter()
                .zip(home)
                .map(|(person, who)| member(*person, who))
                .collect(),
        };
        let household = people::create_household(&mut tx, ctx, &key, household).await?;
        store::case::set_household(&mut tx, &key, household).await?;
        consultations::became_case(&mut tx, ctx, &from, key.room()).await?;
        tx.commit().await?;
        Ok(Told {
            case: key.room(),
            people: known,
        })
    }

    fn person(&self, who: &Who) -> NewPerson {
        NewPerson {
            names: vec![NewName {
                kind: NameKind::Heard,
                text: who.name.into(),
                kana: who.kana.into(),
            }],
            birth: self.birth(who),
            sex: who.sex,
            residence: Some("resident".into()),
            ..NewPerson::default()
        }
    }

    /// Opens the case for a change by the actor.
    pub async fn open(&self, ctx: &Ctx, case: RoomId) -> Result<(Tx, RoomKey)> {
        access::open_for_write(ctx, case, RoomKind::Case, "demo").await
    }

    /// Writes a 支援経過 that ended just now.
    pub async fn contact(
        &self,
        ctx: &Ctx,
        case: RoomId,
        (kind, minutes): (&str, i64),
        with: &[PersonId],
        body: &str,
        next_on: Option<NaiveDate>,
    ) -> Result<()> {
        let (mut tx, key) = self.open(ctx, case).await?;
        let new = NewContact {
            at: ctx.now() - Duration::minutes(minutes),
            kind: kind.into(),
            minutes: Some(minutes),
            place: String::new(),
            work: Work::Individual,
            body: body.into(),
            person_visible: false,
            third_party: false,
            next_on,
            subjects: with.to_vec(),
        };
        cases::add_contact(&mut tx, ctx, &key, new).await?;
        tx.commit().await
    }

    /// Notes something to do for the actor.
    pub async fn task(&self, ctx: &Ctx, case: RoomId, title: &str, due: NaiveDate) -> Result<()> {
        let (mut tx, key) = self.open(ctx, case).await?;
        let posting = ctx.actor.posting()?;
        let new = NewTask {
            room: Some(case),
            kind: "manual",
            title: title.into(),
            posting: Some(posting.id),
            desk: posting.desk.unwrap_or(key.owner_desk()),
            due_on: Some(due),
            source: None,
        };
        tasks::add(&mut tx, ctx, new).await?;
        tx.commit().await
    }

    /// Notes issues of the household.
    pub async fn issues(&self, ctx: &Ctx, case: RoomId, codes: &[&str]) -> Result<()> {
        let (mut tx, key) = self.open(ctx, case).await?;
        for code in codes {
            let new = store::issue::NewIssue {
                person: None,
                code: (*code).into(),
                note: String::new(),
                opened_on: ctx.today(),
            };
            store::issue::add(&mut tx, ctx, &key, new).await?;
        }
        tx.commit().await
    }

    /// Takes the login of a kind into the team.
    pub async fn team(
        &self,
        ctx: &Ctx,
        case: RoomId,
        kind: &str,
        role: &str,
        does: &str,
        key: (Level, Basis),
    ) -> Result<()> {
        let member = self.town.login(kind).ok_or(Error::NotFound)?;
        let (mut tx, room) = self.open(ctx, case).await?;
        let with = store::team::Key {
            level: key.0,
            basis: key.1,
            reason: String::new(),
        };
        let new = store::team::NewMember {
            who: store::team::Who::Posting(member.seat.posting, with),
            role: role.into(),
            does: does.into(),
            from_on: ctx.today(),
        };
        store::team::add(&mut tx, ctx, &room, new).await?;
        tx.commit().await
    }
}

fn member(person: PersonId, who: &Who) -> NewMember {
    NewMember {
        person,
        relation: who.relation.into(),
        co_resident: who.here,
        from: None,
    }
}
