//! A browser of one user, without a network.

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    http::{Request, Response, header},
    middleware,
};
use engawa_kernel::{
    access::{self, Act, RoomKey, RoomKind},
    context::Ctx,
    error::Result,
    http,
    id::RoomId,
    testing::Town,
};
use tower::ServiceExt as _;

pub struct Browser {
    app: Router,
    pub ctx: Ctx,
}

/// An answer: status, where to, and the page.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub to: String,
    pub text: String,
}

impl Answer {
    /// The room that a saved form led to.
    pub fn room(&self) -> RoomId {
        assert_eq!(self.status, 303, "{}", self.text);
        self.to.rsplit('/').next().unwrap().parse().unwrap()
    }
    pub fn has(&self, part: &str) -> bool {
        self.text.contains(part)
    }
}

impl Browser {
    pub fn of(town: &Town, ctx: &Ctx) -> Self {
        let (api, _) = engawa_consultations::api().split_for_parts();
        let app = engawa_consultations::routes()
            .merge(api)
            .layer(middleware::from_fn_with_state(
                town.engine.clone(),
                http::forms,
            ))
            .layer(Extension(ctx.clone()))
            .with_state(town.engine.clone());
        Self {
            app,
            ctx: ctx.clone(),
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.app.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let to = response
            .headers()
            .get(header::LOCATION)
            .map(|v| v.to_str().unwrap().to_owned())
            .unwrap_or_default();
        let bytes = to_bytes(response.into_body(), 50_000_000).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(status < 500, "{status}: {text}");
        Answer { status, to, text }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = String::from("csrf=test-csrf");
        for (name, value) in fields {
            body.push('&');
            body.push_str(&escape(name));
            body.push('=');
            body.push_str(&escape(value));
        }
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    /// Takes in and returns the room.
    pub async fn take_in(&self, fields: &[(&str, &str)]) -> RoomId {
        self.post("/consultations/new", fields).await.room()
    }

    pub async fn key(&self, room: RoomId) -> Result<RoomKey> {
        access::open(&self.ctx, room, RoomKind::Consultation, Act::Read, "test").await
    }
}

fn escape(text: &str) -> String {
    text.bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// The version hidden in a form.
pub fn version(page: &str) -> String {
    hidden(page, "version")
}

/// The value of a hidden field.
pub fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let at = page.find(&mark).unwrap_or_else(|| panic!("no {name}"));
    page[at + mark.len()..]
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

/// Counts rows.
pub async fn count(town: &Town, q: engawa_kernel::db::Sql) -> i64 {
    town.engine.db.read().await.unwrap().count(q).await.unwrap()
}
