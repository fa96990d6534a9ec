//! A browser without a server: requests go straight into the routes.

use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    middleware,
};
use engawa_cases::{
    NewCase, NewContact, Work, store,
    store::team::{self, Key, NewMember, Who},
};
use engawa_kernel::{
    access::{Basis, Level, RoomKey},
    context::Ctx,
    error::Result,
    http::forms,
    id::PersonId,
    text::birth::BirthDate,
};
use engawa_people::{NameKind, NewName, NewPerson, Sex};
use tower::ServiceExt as _;

pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub body: String,
}

async fn go(ctx: &Ctx, mut request: Request<Body>) -> Answer {
    request.extensions_mut().insert(ctx.clone());
    let (api, _) = engawa_cases::api().split_for_parts();
    let app = engawa_cases::routes()
        .merge(api)
        .layer(middleware::from_fn_with_state(ctx.engine.clone(), forms))
        .with_state(ctx.engine.clone());
    let response = app.oneshot(request).await.unwrap();
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
        body: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

pub async fn get(ctx: &Ctx, path: &str) -> Answer {
    go(ctx, Request::get(path).body(Body::empty()).unwrap()).await
}

/// Posts a form with its secret.
pub async fn post(ctx: &Ctx, path: &str, fields: &[(&str, &str)]) -> Answer {
    let encode = |t: &str| t.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let mut body = format!("csrf={}", ctx.csrf());
    for (name, value) in fields {
        body.push_str(&format!("&{}={}", encode(name), encode(value)));
    }
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap();
    go(ctx, request).await
}

pub async fn post_json(ctx: &Ctx, path: &str, key: &str, json: &str) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-csrf-token", ctx.csrf())
        .header("idempotency-key", key)
        .body(Body::from(json.to_owned()))
        .unwrap();
    go(ctx, request).await
}

pub fn new_case(ctx: &Ctx) -> NewCase {
    let me = ctx.actor.posting().unwrap();
    NewCase {
        label: "見本さんの世帯".into(),
        owner_desk: me.desk.unwrap(),
        owner_posting: Some(me.id),
        opened_on: ctx.today(),
        compound: false,
        gap: false,
        gap_note: String::new(),
        sealed: None,
    }
}

/// A case owned by the actor.
pub async fn case(ctx: &Ctx) -> Result<RoomKey> {
    let mut tx = ctx.write().await?;
    let key = store::case::open(&mut tx, ctx, new_case(ctx)).await?;
    tx.commit().await?;
    Ok(key)
}

/// Somebody whom the case is about.
pub async fn person(ctx: &Ctx, key: &RoomKey, name: &str) -> Result<PersonId> {
    let mut tx = ctx.write().await?;
    let new = NewPerson {
        label: None,
        names: vec![NewName {
            kind: NameKind::Common,
            text: name.into(),
            kana: String::new(),
        }],
        birth: BirthDate::default(),
        sex: Sex::Unknown,
        residence: None,
        address: None,
        phones: vec![],
    };
    let id = engawa_people::create(&mut tx, ctx, key, new).await?;
    tx.commit().await?;
    Ok(id)
}

pub fn contact(ctx: &Ctx, body: &str) -> NewContact {
    NewContact {
        at: ctx.now(),
        kind: "phone".into(),
        minutes: Some(20),
        place: String::new(),
        work: Work::Individual,
        body: body.into(),
        person_visible: false,
        third_party: false,
        next_on: None,
        subjects: vec![],
    }
}

/// What is sent when a 支援経過 is written on screen.
pub const VISIT: [(&str, &str); 6] = [
    ("on", "R8.11.20"),
    ("at", "14:00"),
    ("kind", "home_visit"),
    ("work", "individual"),
    ("minutes", "40"),
    ("text", "玄関先で話を聞いた。"),
];

pub fn with<'a>(
    fields: &[(&'a str, &'a str)],
    more: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    fields
        .iter()
        .filter(|(name, _)| !more.iter().any(|(n, _)| n == name))
        .chain(more)
        .copied()
        .collect()
}

/// Somebody works along, with a key of this level.
pub async fn join(owner: &Ctx, key: &RoomKey, who: &Ctx, level: Level) -> Result<()> {
    let mut tx = owner.write().await?;
    let with = Key {
        level,
        basis: Basis::Duty,
        reason: "一緒に支援する".into(),
    };
    let seat = NewMember {
        who: Who::Posting(who.actor.posting()?.id, with),
        role: "supporter".into(),
        does: String::new(),
        from_on: owner.today(),
    };
    team::add(&mut tx, owner, key, seat).await?;
    tx.commit().await
}
