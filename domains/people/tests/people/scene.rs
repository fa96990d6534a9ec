//! A worker's browser, a room, invented people.

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    middleware,
};
use engawa_kernel::{
    access::{self, NewRoom, RoomKey, RoomKind},
    context::Ctx,
    db::sql,
    error::Result,
    http,
    id::{DeskId, PersonId, RoomId, new_uuid},
};
use engawa_people::{NameKind, NewName, NewPerson};
use tower::ServiceExt as _;

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    /// The cookies that it sets, one on each line.
    pub cookies: String,
    pub text: String,
}

impl Answer {
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
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }
    /// The value of a hidden field.
    #[track_caller]
    pub fn field(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let at = self.text.find(&mark).unwrap_or_else(|| panic!("no {name}")) + mark.len();
        self.text[at..].split('"').next().unwrap().to_owned()
    }
}

fn app(ctx: &Ctx) -> Router {
    let (api, _) = engawa_people::api().split_for_parts();
    engawa_people::routes()
        .merge(api)
        .layer(middleware::from_fn_with_state(
            ctx.engine.clone(),
            http::forms,
        ))
        .layer(middleware::from_fn(http::headers))
        .layer(Extension(ctx.clone()))
        .with_state(ctx.engine.clone())
}

pub fn encoded(fields: &[(&str, &str)]) -> String {
    let one = |text: &str| {
        text.bytes()
            .map(|b| {
                if b.is_ascii_alphanumeric() {
                    char::from(b).to_string()
                } else {
                    format!("%{b:02X}")
                }
            })
            .collect::<String>()
    };
    fields
        .iter()
        .map(|(n, v)| format!("{}={}", one(n), one(v)))
        .collect::<Vec<_>>()
        .join("&")
}

async fn send(ctx: &Ctx, request: Request<Body>) -> Answer {
    let response = app(ctx).oneshot(request).await.unwrap();
    let status = response.status();
    let location = response
        .headers()
        .get(header::LOCATION)
        .map(|v| v.to_str().unwrap().to_owned())
        .unwrap_or_default();
    let cookies: Vec<_> = response
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|v| v.to_str().unwrap().to_owned())
        .collect();
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    let bytes = to_bytes(response.into_body(), 50_000_000).await.unwrap();
    Answer {
        status,
        location,
        cookies: cookies.join("\n"),
        text: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

pub async fn get(ctx: &Ctx, path: &str) -> Answer {
    send(ctx, Request::get(path).body(Body::empty()).unwrap()).await
}

/// To where a saved form leads, as a browser goes there: with what the answer left in its cookies.
pub async fn follow(ctx: &Ctx, answer: &Answer) -> Answer {
    answer.is(303);
    let left = answer.cookies.split(';').next().unwrap_or_default();
    let request = Request::get(&answer.location)
        .header(header::COOKIE, left)
        .body(Body::empty())
        .unwrap();
    send(ctx, request).await
}

/// Posts a form with the session's secret.
pub async fn post(ctx: &Ctx, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("csrf", "test-csrf")];
    all.extend_from_slice(fields);
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(encoded(&all)))
        .unwrap();
    send(ctx, request).await
}

pub async fn post_json(ctx: &Ctx, path: &str, token: &str, body: &str) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-csrf-token", "test-csrf")
        .header("idempotency-key", token)
        .body(Body::from(body.to_owned()))
        .unwrap();
    send(ctx, request).await
}

/// A case of the actor's desk.
pub async fn case(ctx: &Ctx) -> Result<RoomKey> {
    room_at(ctx, ctx.actor.posting()?.desk.unwrap()).await
}

pub async fn room_at(ctx: &Ctx, desk: DeskId) -> Result<RoomKey> {
    let mut tx = ctx.write().await?;
    let new = NewRoom {
        kind: RoomKind::Case,
        number: format!("ケ{}", new_uuid()),
        owner_desk: desk,
        owner_posting: None,
        sealed: None,
    };
    let key = access::found(&mut tx, ctx, new).await?;
    tx.commit().await?;
    Ok(key)
}

/// Somebody with a name, a place and a phone.
pub fn named(text: &str, kana: &str) -> NewPerson {
    NewPerson {
        names: vec![NewName {
            kind: NameKind::Registered,
            text: text.into(),
            kana: kana.into(),
        }],
        ..NewPerson::default()
    }
}

/// 例示 花子, who lives in 東町.
pub fn hanako() -> NewPerson {
    NewPerson {
        address: Some("東町1-2-3 架空荘".into()),
        phones: vec!["00-1234-5678".into()],
        ..named("例示 花子", "レイジ ハナコ")
    }
}

pub async fn create(ctx: &Ctx, key: &RoomKey, new: NewPerson) -> Result<PersonId> {
    let mut tx = ctx.write().await?;
    let id = engawa_people::create(&mut tx, ctx, key, new).await?;
    tx.commit().await?;
    Ok(id)
}

pub fn page(person: PersonId, rest: &str, room: RoomId) -> String {
    format!("/people/{person}{rest}?room={room}")
}

/// Whether the one flag withholds.
pub async fn flagged(ctx: &Ctx, person: PersonId) -> Result<bool> {
    Ok(ctx
        .read()
        .await?
        .row(sql("select 1 as n from protected_person where person_id = :p").bind("p", person))
        .await?
        .is_some())
}

/// Sets protection through the page.
pub async fn protect(ctx: &Ctx, key: &RoomKey, person: PersonId) {
    let path = page(person, "/protection", key.room());
    post(ctx, &path, &[("kind", "dv"), ("starts", "R8.11.21")])
        .await
        .is(303);
}
