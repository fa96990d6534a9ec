//! What a sheet is written from: the people, worries and words of a case or a consultation.

use engawa_consultations::WhoCame;
use engawa_kernel::{
    access::{Duty, RoomKey, RoomKind},
    context::Ctx,
    db::Conn,
    error::{Error, Result},
    id::{DeskId, PersonId, RoomId},
};
use engawa_organisations::{
    DeskCard,
    codes::{self, CodeList, Labels},
};
use engawa_people::PersonCard;

use crate::{
    compose,
    model::To,
    rules::sharing::Clearance,
    store::{
        others::{self, Others},
        peers::{self, Peer},
        settings::{self, Settings},
    },
};

/// All that the pages of writing are drawn from.
pub struct Ground {
    /// The number of the record it comes from.
    pub number: String,
    /// Its page.
    pub back: String,
    /// Its people.
    pub cards: Vec<PersonCard>,
    /// Worries to tick: value in the form, code, whose.
    pub issues: Vec<(String, String, Option<PersonId>)>,
    /// 配慮, as heard.
    pub wishes: String,
    /// 相談したいこと, as said.
    pub words: String,
    /// 課題, 窓口の機能.
    pub labels: Labels,
    /// Municipalities that take a file.
    pub peers: Vec<Peer>,
    /// Every open desk but one's own.
    pub desks: Vec<DeskCard>,
    /// Days.
    pub settings: Settings,
    /// Other hand-overs about the same people.
    pub others: Others,
    /// A sealed record: somebody in particular must receive it.
    pub sealed: bool,
    /// A case, whose 主担当 can be handed over.
    pub is_case: bool,
    /// The record it comes from.
    pub source: RoomId,
    /// Of whom free text to the receiver may speak; of nobody before there is one.
    pub clearance: Clearance,
}

impl Ground {
    /// Loads it with the key of the case or consultation, for a receiver once there is one.
    pub async fn load(
        conn: &mut Conn,
        ctx: &Ctx,
        source: &RoomKey,
        to: Option<&To>,
    ) -> Result<Self> {
        let cards = engawa_people::of_room(conn, ctx, source).await?;
        let people: Vec<PersonId> = cards.iter().map(|c| c.id).collect();
        let own = ctx.actor.desk_for(Duty::WorkCase)?;
        let desks = engawa_organisations::desk_cards(conn, ctx)
            .await?
            .into_iter()
            .filter(|d| d.id != own)
            .collect();
        let clearance = match to {
            Some(to) => compose::clearance(conn, ctx, source, &cards, to).await?,
            None => Clearance::default(),
        };
        let mut ground = Self {
            number: String::new(),
            back: source.kind().path(source.room()),
            cards,
            issues: Vec::new(),
            wishes: String::new(),
            words: String::new(),
            labels: codes::load(conn, ctx, &[CodeList::Issue, CodeList::DeskFunction]).await?,
            peers: peers::in_force(conn, ctx).await?,
            desks,
            settings: settings::load(conn, ctx).await?,
            others: others::about(conn, ctx, source, &people).await?,
            sealed: source.is_sealed(),
            is_case: source.kind() == RoomKind::Case,
            source: source.room(),
            clearance,
        };
        match source.kind() {
            RoomKind::Case => ground.take_case(conn, ctx, source).await?,
            RoomKind::Consultation => ground.take_consultation(conn, ctx, source).await?,
            RoomKind::Referral => return Err(Error::NotFound),
        }
        Ok(ground)
    }

    async fn take_case(&mut self, conn: &mut Conn, ctx: &Ctx, source: &RoomKey) -> Result<()> {
        let card = engawa_cases::card(conn, ctx, source).await?;
        self.number = format!("{} {}", card.number, card.label);
        for issue in engawa_cases::store::issue::all(conn, source).await? {
            if issue.end_state.is_none() {
                self.worry(&issue.code, issue.person);
            }
        }
        let heard = engawa_consultations::of_case(conn, ctx, source).await?;
        if let Some(last) = heard.last() {
            self.heard(last);
        }
        Ok(())
    }

    async fn take_consultation(
        &mut self,
        conn: &mut Conn,
        ctx: &Ctx,
        source: &RoomKey,
    ) -> Result<()> {
        let card = engawa_consultations::card(conn, ctx, source).await?;
        self.number = card.number.clone();
        let subjects = engawa_consultations::subjects(conn, ctx, source).await?;
        for issue in &card.issues {
            let whose: Vec<PersonId> = issue
                .subjects
                .iter()
                .filter_map(|n| subjects.get(usize::try_from(n - 1).ok()?).copied())
                .collect();
            if whose.is_empty() {
                self.worry(&issue.code, None);
            }
            for person in whose {
                self.worry(&issue.code, Some(person));
            }
        }
        self.heard(&card);
        Ok(())
    }

    /// Of a notice whose author is hidden nothing is taken over: words may show who spoke.
    fn heard(&mut self, card: &engawa_consultations::ConsultationCard) {
        self.wishes.clone_from(&card.wishes);
        if card.who != WhoCame::Notice && !card.slip {
            self.words.clone_from(&card.words);
        }
    }

    fn worry(&mut self, code: &str, whose: Option<PersonId>) {
        let value = whose.map_or_else(|| code.to_owned(), |p| format!("{code}:{p}"));
        if !self.issues.iter().any(|(v, ..)| *v == value) {
            self.issues.push((value, code.to_owned(), whose));
        }
    }

    /// (value, words) of the worries.
    pub fn issue_options(&self) -> Vec<(String, String)> {
        self.issues
            .iter()
            .map(|(value, code, whose)| {
                let word = self.labels.label(CodeList::Issue, code);
                let whose = whose
                    .and_then(|p| self.cards.iter().find(|c| c.id == p))
                    .map_or("世帯", |c| c.shown_name.as_str());
                (value.clone(), format!("{word}（{whose}）"))
            })
            .collect()
    }

    /// (id, name) of the people.
    pub fn people_options(&self) -> Vec<(String, String)> {
        self.cards
            .iter()
            .map(|c| {
                let mark = if c.protected { "・秘匿" } else { "" };
                (
                    c.id.to_string(),
                    format!("{}（{}{mark}）", c.shown_name, c.age_text),
                )
            })
            .collect()
    }

    /// The card of a desk.
    pub fn desk(&self, id: DeskId) -> Option<&DeskCard> {
        self.desks.iter().find(|d| d.id == id)
    }

    /// The receiver in words.
    pub fn to_name(&self, to: &To) -> String {
        match to {
            To::Desk(id, _) => self
                .desk(*id)
                .map_or_else(|| "(窓口の記録がありません)".into(), |d| d.name.clone()),
            To::Outside { name, .. } => name.clone(),
        }
    }

    /// Whether a card was confirmed too long ago, or never.
    pub fn is_stale(&self, ctx: &Ctx, desk: &DeskCard) -> bool {
        desk.confirmed_on
            .is_none_or(|on| (ctx.today() - on).num_days() > self.settings.stale_days)
    }
}
