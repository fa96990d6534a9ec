//! Exactly what the receiver will read, line by line, each with the reason why it may be passed on.
//! The same function draws the preview and freezes the snapshot.

mod lines;

use engawa_kernel::{
    access::{Basis, RoomKey},
    context::Ctx,
    db::Conn,
    error::Result,
    id::{DeskId, PersonId},
    text::wareki,
};
use engawa_organisations::codes::{self, CodeList};
use engawa_people::{ConsentId, ConsentItem, NewDisclosure, Permission, PersonCard, Recipient};

use crate::{
    model::{Content, KeyLevel, Line, ReferralKind, To},
    rules::{
        self,
        sharing::{self, Clearance, Standing},
    },
};

/// Somebody who is not in the sheet; only the sender reads this.
#[derive(Debug, Clone)]
pub struct LeftOut {
    /// Who.
    pub person: PersonId,
    /// As shown to the sender.
    pub name: String,
    /// A consent would let them in.
    pub by_consent: bool,
    /// Why.
    pub why: &'static str,
}

/// A sheet as it would go out now.
#[derive(Debug, Clone)]
pub struct Composed {
    /// What the receiver reads.
    pub lines: Vec<Line>,
    /// Who is left out.
    pub left_out: Vec<LeftOut>,
    /// Why it cannot be sent like this; empty when it can.
    pub problems: Vec<String>,
    /// What the sender should know.
    pub remarks: Vec<String>,
    /// What accepting will open.
    pub key_level: KeyLevel,
    /// What is to be written down as passed on.
    pub disclosures: Vec<NewDisclosure>,
    /// Of whom free text may speak.
    pub clearance: Clearance,
    /// There is free text, and it may go only once the sender has checked it.
    pub must_check: bool,
}

impl Composed {
    /// With the line that says that the sender checked the texts, when that is what lets them go.
    ///
    /// # Errors
    /// They must be checked and were not: what to do, as a sentence.
    pub fn with_check(mut self, checked: bool) -> std::result::Result<Self, String> {
        if self.must_check {
            if !checked {
                return Err(self.clearance.refusal());
            }
            self.lines.push(lines::checked());
        }
        Ok(self)
    }
}

/// Somebody who is in the sheet.
struct Included {
    card: PersonCard,
    items: Vec<ConsentItem>,
    consent: Option<ConsentId>,
    why: String,
    relation: String,
    given: Vec<ConsentItem>,
}

impl Included {
    fn may(&self, item: ConsentItem) -> bool {
        self.items.contains(&item)
    }
    fn gives(&mut self, item: ConsentItem) {
        if !self.given.contains(&item) {
            self.given.push(item);
        }
    }
}

/// Composes the sheet from what the source room holds now.
///
/// # Errors
/// The database refuses.
pub async fn compose(
    conn: &mut Conn,
    ctx: &Ctx,
    source: &RoomKey,
    content: &Content,
    from: DeskId,
    paper: bool,
) -> Result<Composed> {
    let labels = codes::load(conn, ctx, &[CodeList::Issue, CodeList::Kinship]).await?;
    let cards = engawa_people::of_room(conn, ctx, source).await?;
    let relations = relations(conn, ctx, source).await?;
    let to = recipient(&content.to);
    let (mut included, mut left_out) = (Vec::new(), Vec::new());
    for card in &cards {
        let out = |why, by_consent| LeftOut {
            person: card.id,
            name: card.shown_name.clone(),
            by_consent,
            why,
        };
        if !content.people.contains(&card.id) {
            left_out.push(out("「載せる人」に選んでいません。", false));
            continue;
        }
        let relation = relations
            .iter()
            .find(|(p, _)| *p == card.id)
            .map(|(_, code)| labels.label(CodeList::Kinship, code).to_owned())
            .unwrap_or_default();
        match grounds(conn, ctx, source, card.id, &to, content.basis).await? {
            Some((items, consent, why)) if items.contains(&ConsentItem::Basic) => {
                included.push(Included {
                    card: card.clone(),
                    items,
                    consent,
                    why,
                    relation,
                    given: Vec::new(),
                });
            }
            Some(_) => left_out.push(out(
                "この相手に「基本情報」を渡すことに同意がありません。名前も載せません。",
                true,
            )),
            None => left_out.push(out(
                "この相手に情報を渡すことに、いま有効な同意がありません。名前も載せません。",
                true,
            )),
        }
    }
    // The record holds everything about everybody, so a key to it needs no less.
    let everybody = !cards.is_empty()
        && left_out.is_empty()
        && included
            .iter()
            .all(|p| ConsentItem::ALL.iter().all(|i| p.may(*i)));
    let key_level = if paper || matches!(content.to, To::Outside { .. }) {
        KeyLevel::Sheet
    } else {
        rules::allowed_level(content.key_level, content.kind, everybody)
    };
    let mut problems = problems(content, &included, &left_out, everybody);
    let clearance = Clearance(
        cards
            .iter()
            .map(|card| Standing {
                person: card.id,
                name: card.shown_name.clone(),
                spoken_of: included
                    .iter()
                    .any(|p| p.card.id == card.id && p.may(ConsentItem::Consultation)),
                protected: card.protected,
            })
            .collect(),
    );
    let lines = lines::lines(conn, ctx, content, &mut included, &labels, &clearance, from).await?;
    if matches!(content.to, To::Outside { peer: Some(_), .. }) {
        problems.extend(over_the_border(source, content));
    }
    if source.is_sealed() && matches!(content.to, To::Desk(_, None)) && !paper {
        problems
            .push("限定記録は窓口の全員には渡せません。受け手の職員を一人選んでください。".into());
    }
    let disclosures = disclosures(conn, ctx, content, &included).await?;
    Ok(Composed {
        remarks: remarks(content, key_level, everybody),
        lines,
        left_out,
        problems,
        key_level,
        disclosures,
        must_check: clearance.must_check()
            && content.texts().iter().any(|(_, t)| !t.trim().is_empty()),
        clearance,
    })
}

/// Of whom free text to this receiver may speak because of their own consent: before anything is
/// written, so that nothing is filled in that nobody agreed to.
///
/// # Errors
/// The database refuses.
pub async fn clearance(
    conn: &mut Conn,
    ctx: &Ctx,
    source: &RoomKey,
    cards: &[PersonCard],
    to: &To,
) -> Result<Clearance> {
    let to = recipient(to);
    let mut found = Vec::new();
    for card in cards {
        let permission = engawa_people::permission(conn, ctx, source, card.id, &to).await?;
        let may = |item| permission.as_ref().is_some_and(|p| p.items.contains(&item));
        found.push(Standing {
            person: card.id,
            name: card.shown_name.clone(),
            spoken_of: may(ConsentItem::Basic) && may(ConsentItem::Consultation),
            protected: card.protected,
        });
    }
    Ok(Clearance(found))
}

/// As consents name the receiver.
#[must_use]
pub fn recipient(to: &To) -> Recipient {
    match to {
        To::Desk(desk, _) => Recipient::Desk(*desk),
        To::Outside { name, .. } => Recipient::Named(name.clone()),
    }
}

/// What may go, because of which consent, and why.
async fn grounds(
    conn: &mut Conn,
    ctx: &Ctx,
    source: &RoomKey,
    person: PersonId,
    to: &Recipient,
    basis: Basis,
) -> Result<Option<(Vec<ConsentItem>, Option<ConsentId>, String)>> {
    if basis != Basis::Consent {
        let all = ConsentItem::ALL.to_vec();
        return Ok(Some((all, None, basis.label().to_owned())));
    }
    let permission = engawa_people::permission(conn, ctx, source, person, to).await?;
    Ok(permission.map(
        |Permission {
             consent,
             since,
             items,
             ..
         }| {
            let why = format!("同意（{}から）", wareki::format_short(since, ctx.calendar));
            (items, Some(consent), why)
        },
    ))
}

async fn relations(
    conn: &mut Conn,
    ctx: &Ctx,
    source: &RoomKey,
) -> Result<Vec<(PersonId, String)>> {
    let mut found = Vec::new();
    for household in engawa_people::households_of_room(conn, source).await? {
        let view = engawa_people::household(conn, ctx, source, household).await?;
        found.extend(view.members.into_iter().map(|m| (m.card.id, m.relation)));
    }
    Ok(found)
}

fn problems(
    content: &Content,
    included: &[Included],
    left_out: &[LeftOut],
    everybody: bool,
) -> Vec<String> {
    let mut found = Vec::new();
    if included.is_empty() && content.kind != ReferralKind::Advice {
        found.push("載せられる人がいません。本人の同意を記録するか、根拠を選び直してください。個人を特定しない相談なら、種類を「助言・バックアップの依頼」にすると送れます。".into());
    }
    if content.basis != Basis::Consent && content.basis_reason.trim().chars().count() < 4 {
        found.push("同意のほかの根拠で渡すときは、その理由を4文字以上で書いてください。".into());
    }
    if content.kind == ReferralKind::Transfer && !everybody {
        found.push("主担当の移管は、記録の全員について渡せる根拠があるときだけできます。同意を記録するか、「つなぐ」にしてください。".into());
    }
    let texts = content.texts();
    let may_speak =
        included.is_empty() || included.iter().any(|p| p.may(ConsentItem::Consultation));
    if !may_speak && texts.iter().any(|(_, t)| !t.trim().is_empty()) {
        found.push("載せる人のだれも「相談内容」を渡すことに同意していないため、文章は渡せません。同意の項目を確かめてください。".into());
    }
    let out: Vec<&str> = left_out.iter().map(|l| l.name.as_str()).collect();
    let names: Vec<&str> = included
        .iter()
        .map(|p| p.card.shown_name.as_str())
        .collect();
    for (label, text) in texts {
        if let Some(name) = sharing::named_in(text, &out, &names) {
            found.push(format!("「{label}」に、載せない人の名前（{name}）が書かれています。名前を消すか、その人の同意を記録してください。"));
        }
    }
    found
}

/// What does not go to another municipality's Engawa.
fn over_the_border(source: &RoomKey, content: &Content) -> Vec<String> {
    let mut found = Vec::new();
    if source.is_sealed() {
        found.push("限定記録からは、ほかの自治体にファイルで渡せません（相手の窓口の全員が読めるため）。電話で相手の担当者を確かめ、「外の機関」として紙で渡してください。".into());
    }
    if content.kind == ReferralKind::Transfer {
        found.push("主担当の移管は、この自治体の中だけでできます。ほかの自治体には「つなぐ（引き継ぎ）」で送ってください。".into());
    }
    found
}

fn remarks(content: &Content, level: KeyLevel, everybody: bool) -> Vec<String> {
    let mut found = Vec::new();
    if level != content.key_level && level == KeyLevel::Sheet {
        found.push(if everybody {
            "この相手には、もとの記録の閲覧権を渡せません。渡すのはこのシートだけです。".to_owned()
        } else {
            "記録の全員が、この相手に全部の項目を渡すことに同意しているときだけ、もとの記録の閲覧権を渡せます。いまはそろっていないため、渡すのはこのシートだけです。".to_owned()
        });
    }
    found
}

async fn disclosures(
    conn: &mut Conn,
    ctx: &Ctx,
    content: &Content,
    included: &[Included],
) -> Result<Vec<NewDisclosure>> {
    let (to_desk, to_name) = match &content.to {
        To::Desk(desk, _) => {
            let names = engawa_organisations::desk_names(conn, &[*desk]).await?;
            (Some(*desk), names.get(desk).cloned().unwrap_or_default())
        }
        To::Outside { name, .. } => (None, name.clone()),
    };
    Ok(included
        .iter()
        .map(|p| NewDisclosure {
            person: p.card.id,
            consent: p.consent,
            to_desk,
            to_name: to_name.clone(),
            items: p.given.clone(),
            basis: content.basis,
            purpose: match content.basis {
                Basis::Consent => format!("つなぐシート（{}）", content.kind.label()),
                _ => format!(
                    "つなぐシート（{}）{}",
                    content.kind.label(),
                    content.basis_reason
                ),
            },
            on: ctx.today(),
        })
        .collect())
}
