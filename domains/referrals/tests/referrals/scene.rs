//! Two desks, a household of two, and a browser without a server.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    middleware,
};
use engawa_cases::{NewCase, store as cases};
use engawa_kernel::{
    access::{self, Act as Turn, Basis, Role, RoomKey, RoomKind},
    context::{Ctx, Engine},
    db::sql,
    error::Result,
    http::forms,
    id::{BodyId, DeskId, PersonId, RoomId, new_uuid},
    testing::Town,
};
use engawa_people::{
    ConsentId, ConsentItem, ConsentMethod, ConsentState, NameKind, NewConsent, NewName, NewPerson,
};
use engawa_referrals::{
    model::{Content, Doing, KeyLevel, ReferralKind, Sheet, State, To, Urgency},
    store::{act, send, sheet},
};
use tower::ServiceExt as _;

pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub text: String,
}

impl Answer {
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }
    #[track_caller]
    pub fn shows(&self, what: &str) -> &Self {
        assert!(
            self.text.contains(what),
            "{what} is missing in: {}",
            self.text
        );
        self
    }
    #[track_caller]
    pub fn hides(&self, what: &str) -> &Self {
        assert!(!self.text.contains(what), "{what} is shown");
        self
    }
}

pub async fn go(ctx: &Ctx, mut request: Request<Body>) -> Answer {
    request.extensions_mut().insert(ctx.clone());
    unsigned(&ctx.engine, request).await
}

/// As it arrives from who is not signed in.
async fn unsigned(engine: &Engine, request: Request<Body>) -> Answer {
    let response = respond(engine, request).await;
    let status = response.status();
    let location = response
        .headers()
        .get(header::LOCATION)
        .map_or("", |v| v.to_str().unwrap())
        .to_owned();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Answer {
        status,
        location,
        text: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

pub async fn respond(engine: &Engine, request: Request<Body>) -> axum::response::Response {
    let (api, _) = engawa_referrals::api().split_for_parts();
    let app = engawa_referrals::routes()
        .merge(engawa_referrals::reply_routes())
        .merge(api)
        .layer(middleware::from_fn_with_state(engine.clone(), forms))
        .with_state(engine.clone());
    app.oneshot(request).await.unwrap()
}

pub async fn get(ctx: &Ctx, path: &str) -> Answer {
    go(ctx, Request::get(path).body(Body::empty()).unwrap()).await
}

pub async fn post(ctx: &Ctx, path: &str, fields: &[(&str, &str)]) -> Answer {
    let fields: Vec<_> = [("csrf", ctx.csrf())]
        .into_iter()
        .chain(fields.iter().copied())
        .collect();
    go(ctx, form(path, &fields)).await
}

/// A form from somebody without an account.
pub async fn post_unsigned(engine: &Engine, path: &str, fields: &[(&str, &str)]) -> Answer {
    unsigned(engine, form(path, fields)).await
}

pub async fn get_unsigned(engine: &Engine, path: &str) -> Answer {
    unsigned(engine, Request::get(path).body(Body::empty()).unwrap()).await
}

fn form(path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let encode = |t: &str| t.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let body: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.join("&")))
        .unwrap()
}

pub async fn post_json(ctx: &Ctx, path: &str, token: &str, json: &str) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-csrf-token", ctx.csrf())
        .header("idempotency-key", token)
        .body(Body::from(json.to_owned()))
        .unwrap();
    go(ctx, request).await
}

/// くらし相談窓口 hands over to 東地域包括: a mother and her son.
pub struct Scene {
    pub me: Ctx,
    pub they: Ctx,
    pub case: RoomKey,
    pub mother: PersonId,
    pub son: PersonId,
    pub to: DeskId,
}

impl Scene {
    pub async fn new(town: &Town) -> Result<Self> {
        register(town).await?;
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let they = town
            .staff("例示 花子", Role::Worker, town.other_desk)
            .await?;
        Self::with(town, me, they).await
    }

    async fn with(town: &Town, me: Ctx, they: Ctx) -> Result<Self> {
        let case = case(&me).await?;
        let mother = person(&me, &case, "見本 梅").await?;
        let son = person(&me, &case, "見本 健太").await?;
        Ok(Self {
            me,
            they,
            case,
            mother,
            son,
            to: town.other_desk,
        })
    }

    /// A further household in the same town, both agreed.
    pub async fn agreed_again(town: &Town) -> Result<Self> {
        let known = town
            .engine
            .db
            .read()
            .await?
            .count(sql("select count(*) as n from organisations_desk"))
            .await?;
        if known == 0 {
            register(town).await?;
        }
        let me = town.staff("例示 一郎", Role::Worker, town.desk).await?;
        let they = town
            .staff("例示 花子", Role::Worker, town.other_desk)
            .await?;
        let scene = Self::with(town, me, they).await?;
        for person in [scene.mother, scene.son] {
            scene.consent(person, ConsentState::Given).await?;
        }
        Ok(scene)
    }

    /// Both agreed to everything.
    pub async fn agreed(town: &Town) -> Result<Self> {
        let scene = Self::new(town).await?;
        for person in [scene.mother, scene.son] {
            scene.consent(person, ConsentState::Given).await?;
        }
        Ok(scene)
    }

    pub async fn consent(&self, person: PersonId, state: ConsentState) -> Result<ConsentId> {
        consent(&self.me, &self.case, person, state, vec![self.to], "").await
    }

    pub fn content(&self) -> Content {
        Content {
            kind: ReferralKind::HandOver,
            to: To::Desk(self.to, None),
            people: vec![self.mother, self.son],
            issues: vec![("withdrawal".into(), Some(self.son)), ("care".into(), None)],
            wishes: "電話は午前だけにしてほしい。".into(),
            words: "この先が心配です。".into(),
            reason: "介護の相談の中で息子さんの話が出たため。".into(),
            asked: "一度訪問してください。".into(),
            urgency: Urgency::Normal,
            reply_due_on: self.me.today() + chrono::Duration::days(7),
            key_level: KeyLevel::Read,
            basis: Basis::Consent,
            basis_reason: String::new(),
        }
    }

    /// Writes and sends.
    pub async fn sent(&self) -> Result<RoomId> {
        self.sent_as(&self.content()).await
    }

    pub async fn sent_as(&self, content: &Content) -> Result<RoomId> {
        sent(&self.me, self.case.room(), content, None).await
    }

    pub async fn opens_case(&self) -> bool {
        opens(&self.they, self.case.room(), RoomKind::Case).await
    }
}

/// By a sender who has read the texts once more.
pub async fn sent(
    ctx: &Ctx,
    source: RoomId,
    content: &Content,
    follows: Option<RoomId>,
) -> Result<RoomId> {
    sent_checked(ctx, source, content, follows, true).await
}

pub async fn sent_checked(
    ctx: &Ctx,
    source: RoomId,
    content: &Content,
    follows: Option<RoomId>,
    text_checked: bool,
) -> Result<RoomId> {
    let (mut tx, source) = access::open_for_write(ctx, source, RoomKind::Case, "test").await?;
    let key = sheet::begin(&mut tx, ctx, &source, content, follows).await?;
    send::send(&mut tx, ctx, &key, 1, text_checked).await?;
    tx.commit().await?;
    Ok(key.room())
}

pub async fn opens(ctx: &Ctx, room: RoomId, kind: RoomKind) -> bool {
    access::open(ctx, room, kind, Turn::Read, "test")
        .await
        .is_ok()
}

/// The sheet as it stands, whoever looks.
pub async fn look(ctx: &Ctx, room: RoomId) -> Result<Sheet> {
    let key = access::open(ctx, room, RoomKind::Referral, Turn::Read, "test").await?;
    sheet::read(&mut ctx.read().await?, &key).await
}

/// Does something on top of what stands there.
pub async fn act(ctx: &Ctx, room: RoomId, doing: Doing) -> Result<State> {
    let (mut tx, key) = access::open_for_write(ctx, room, RoomKind::Referral, "test").await?;
    let version = sheet::read(&mut tx, &key).await?.version;
    let state = act::act(&mut tx, ctx, &key, &doing, version).await?;
    tx.commit().await?;
    Ok(state)
}

pub async fn case(ctx: &Ctx) -> Result<RoomKey> {
    let posting = ctx.actor.posting()?;
    let mut tx = ctx.write().await?;
    let new = NewCase {
        label: "見本さんの世帯".into(),
        owner_desk: posting.desk.unwrap(),
        owner_posting: Some(posting.id),
        opened_on: ctx.today(),
        compound: false,
        gap: false,
        gap_note: String::new(),
        sealed: None,
    };
    let key = cases::case::open(&mut tx, ctx, new).await?;
    tx.commit().await?;
    Ok(key)
}

pub async fn person(ctx: &Ctx, key: &RoomKey, name: &str) -> Result<PersonId> {
    let mut tx = ctx.write().await?;
    let new = NewPerson {
        names: vec![NewName {
            kind: NameKind::Common,
            text: name.into(),
            kana: String::new(),
        }],
        ..NewPerson::default()
    };
    let id = engawa_people::create(&mut tx, ctx, key, new).await?;
    tx.commit().await?;
    Ok(id)
}

pub async fn consent(
    ctx: &Ctx,
    key: &RoomKey,
    person: PersonId,
    state: ConsentState,
    desks: Vec<DeskId>,
    named: &str,
) -> Result<ConsentId> {
    let mut tx = ctx.write().await?;
    let new = NewConsent {
        state,
        items: ConsentItem::ALL.to_vec(),
        desks,
        recipients: named.into(),
        purpose: "支援をつなぐため".into(),
        method: ConsentMethod::Oral,
        proxy: String::new(),
        valid_from: ctx.today(),
        valid_until: None,
        witness: String::new(),
        capacity_note: String::new(),
        explained_by: ctx.actor.name.clone(),
    };
    let id = engawa_people::record_consent(&mut tx, ctx, key, person, &new).await?;
    tx.commit().await?;
    Ok(id)
}

/// Puts the town's two desks (and a third without accounts) into the register.
pub async fn register(town: &Town) -> Result<DeskId> {
    let third = DeskId::new();
    let mut tx = town.engine.db.write().await?;
    for (n, (body, desk, name)) in [
        (town.body, town.desk, "くらし相談窓口"),
        (town.other_body, town.other_desk, "東地域包括支援センター"),
        (BodyId::new(), third, "つばさ作業所"),
    ]
    .into_iter()
    .enumerate()
    {
        let code = ["X1", "X2", "X3"][n];
        tx.exec(
            sql("insert into organisations_body (id, municipality_id, code, name, kana, kind, phone, email, address, note, version)
                 values (:id, :m, :code, '', '', 'npo', '', '', '', '', 1)")
                .bind("id", body)
                .bind("m", town.municipality)
                .bind("code", code),
        )
        .await?;
        tx.exec(
            sql("insert into organisations_desk (id, municipality_id, code, name, nickname, body_id, mode, phone, site, hours, valid_from, note, version)
                 values (:id, :m, :code, :name, '', :body, 'direct', '00-0000-0009', '', '平日9時から17時', '2026-04-01', '', 1)"
            )
            .bind("id", desk)
            .bind("m", town.municipality)
            .bind("code", code)
            .bind("name", name)
            .bind("body", body),
        )
        .await?;
    }
    tx.exec(
        sql("insert into organisations_desk_function (desk_id, place, function, state) values (:d, 0, 'elderly_centre', 'in_force')")
            .bind("d", town.other_desk),
    )
    .await?;
    tx.commit_unaudited().await?;
    Ok(third)
}

/// Days go by for everybody who was made from this town.
pub fn days_later(town: &Town, days: i64) {
    town.engine
        .clock
        .set(town.engine.clock.now() + chrono::Duration::days(days));
}

pub fn token() -> String {
    new_uuid().simple().to_string()
}
