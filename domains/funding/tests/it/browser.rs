//! A browser for tests: one user, the real routes, the real form guard.

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use engawa_kernel::{
    access::Role, context::Ctx, error::Result, http::forms, id::BodyId, testing::Town,
};
use engawa_organisations::{Entered, Kept};
use tower::ServiceExt as _;

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
    /// The page holds this text.
    #[track_caller]
    pub fn has(&self, text: &str) -> &Self {
        assert!(
            self.text().contains(text),
            "「{text}」 is not in ({}):\n{}",
            self.status,
            main_of(&self.text())
        );
        self
    }
    /// It does not.
    #[track_caller]
    pub fn lacks(&self, text: &str) -> &Self {
        assert!(
            !self.text().contains(text),
            "「{text}」 is in:\n{}",
            main_of(&self.text())
        );
        self
    }
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", main_of(&self.text()));
        self
    }
    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let text = self.text();
        let mark = format!("name=\"{name}\" value=\"");
        text.split_once(&mark)
            .and_then(|(_, rest)| rest.split_once('"'))
            .map(|(value, _)| value.to_owned())
            .unwrap_or_default()
    }
}

fn main_of(text: &str) -> String {
    text.split_once("<main")
        .map_or(text, |(_, m)| m)
        .chars()
        .take(6000)
        .collect()
}

/// One user's browser.
pub struct Browser {
    app: Router,
}

impl Browser {
    pub fn of(ctx: &Ctx) -> Self {
        let (api, _) = engawa_funding::api().split_for_parts();
        let app = Router::new()
            .merge(engawa_funding::routes())
            .merge(api)
            .with_state(ctx.engine.clone())
            .layer(axum::middleware::from_fn_with_state(
                ctx.engine.clone(),
                forms,
            ))
            .layer(Extension(ctx.clone()));
        Self { app }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let location = response
            .headers()
            .get(header::LOCATION)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let bytes = to_bytes(response.into_body(), 50_000_000)
            .await
            .unwrap()
            .to_vec();
        Answer {
            status,
            location,
            bytes,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = String::from("csrf=test-csrf");
        for (name, value) in fields {
            let enc = |t: &str| {
                percent_encoding::utf8_percent_encode(t, percent_encoding::NON_ALPHANUMERIC)
                    .to_string()
            };
            body.push_str(&format!("&{}={}", enc(name), enc(value)));
        }
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    /// Fills a form in and follows to the page that shows what was saved; returns its address.
    #[track_caller]
    pub fn saved(&self, answer: &Answer) -> String {
        answer.is(303);
        answer.location.clone()
    }
}

/// Two planners and a worker of a town with the shipped lists: (administrator, coordinator, worker).
pub async fn people(town: &Town) -> Result<(Ctx, Ctx, Ctx)> {
    let admin = town.staff("見本 管理", Role::Admin, town.desk).await?;
    let coordinator = town
        .staff("見本 推進", Role::Coordinator, town.desk)
        .await?;
    let worker = town.staff("例示 相談", Role::Worker, town.desk).await?;
    let mut tx = admin.write().await?;
    engawa_organisations::seed(&mut tx, &admin).await?;
    engawa_organisations::found_own_body(&mut tx, &admin, "縁側市").await?;
    tx.commit().await?;
    Ok((admin, coordinator, worker))
}

/// A body of the register, and somebody posted there.
pub async fn contractor(town: &Town, admin: &Ctx, name: &str, role: Role) -> Result<(BodyId, Ctx)> {
    let mut tx = admin.write().await?;
    let fields = [("name", name.to_owned()), ("kind", "npo".to_owned())];
    let entered = engawa_organisations::enter(&mut tx, admin, Kept::Bodies, &fields).await?;
    let body = match entered {
        Entered::New(id) => {
            tx.commit().await?;
            id
        }
        Entered::Known(id) => {
            // Nothing was written.
            drop(tx);
            id
        }
        Entered::Refused(why) => panic!("{why:?}"),
    };
    let body: BodyId = body.to_string().parse().unwrap();
    let staff = format!("例示 {name}");
    let ctx = town.staff(&staff, role, town.other_desk).await?;
    let mut posting = ctx.actor.postings[0].clone();
    posting.body = body;
    Ok((body, town.ctx(ctx.actor.staff, &staff, vec![posting])))
}

/// The address behind a link with these words.
#[track_caller]
pub fn link(page: &Answer, words: &str) -> String {
    let text = page.text();
    let before = text
        .split("</a>")
        .find(|piece| piece.contains(words))
        .unwrap_or_else(|| panic!("no link 「{words}」"));
    let (_, tail) = before.rsplit_once("href=\"").unwrap();
    tail.split('"').next().unwrap().replace("&amp;", "&")
}
