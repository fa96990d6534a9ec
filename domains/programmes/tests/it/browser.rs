//! A browser for tests: one user, the real routes, the real form guard.

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use engawa_kernel::{access::Role, context::Ctx, error::Result, http::forms, testing::Town};
use tower::ServiceExt as _;

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub headers: header::HeaderMap,
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
    /// Addresses in the page that begin so, each once.
    pub fn links(&self, start: &str) -> Vec<String> {
        let text = self.text();
        let mut found: Vec<String> = text
            .split("href=\"")
            .filter(|l| l.starts_with(start))
            .filter_map(|l| l.split('"').next())
            .map(str::to_owned)
            .collect();
        found.dedup();
        found
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
        let mut ctx = ctx.clone();
        ctx.engine = ctx.engine.attaching(&engawa_programmes::files::OWNERS);
        let (api, _) = engawa_programmes::api().split_for_parts();
        let app = Router::new()
            .merge(engawa_programmes::routes())
            .merge(engawa_kernel::files::routes())
            .merge(api)
            .with_state(ctx.engine.clone())
            .layer(axum::middleware::from_fn_with_state(
                ctx.engine.clone(),
                forms,
            ))
            .layer(Extension(ctx));
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
        let headers = response.headers().clone();
        let bytes = to_bytes(response.into_body(), 50_000_000)
            .await
            .unwrap()
            .to_vec();
        Answer {
            status,
            location,
            headers,
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

    /// A request of the API, which answers with JSON or nothing.
    pub async fn json(&self, method: &str, path: &str, body: &serde_json::Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-csrf-token", "test-csrf")
            .body(Body::from(body.to_string()))
            .unwrap();
        self.send(request).await
    }

    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        let mut body = Vec::new();
        for (name, value) in [("csrf", "test-csrf")].iter().chain(fields) {
            body.extend(
                format!(
                    "--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .bytes(),
            );
        }
        body.extend(format!("--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: application/octet-stream\r\n\r\n", file.0).bytes());
        body.extend(file.1);
        body.extend(b"\r\n--xx--\r\n");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
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

/// An invented figure: a small PNG.
pub const FIGURE: &[u8] = include_bytes!("../../samples/figure.png");
/// The invented sheet of this municipality, and of a neighbour.
pub const OWN: &[u8] = include_bytes!("../../samples/engawa-shi.txt");
pub const NEIGHBOUR: &[u8] = include_bytes!("../../samples/tonari-machi.txt");

/// Takes a sheet in as its own of a year and returns its address.
pub async fn taken(
    b: &Browser,
    file: &[u8],
    origin: &str,
    year: &str,
    more: &[(&str, &str)],
) -> String {
    let kept = b.saved(
        &b.upload("/programmes/upload", &[], ("計画書.txt", file))
            .await,
    );
    let mut fields = vec![("origin", origin), ("year", year)];
    fields.extend(more);
    b.saved(&b.post(&kept, &fields).await)
}
