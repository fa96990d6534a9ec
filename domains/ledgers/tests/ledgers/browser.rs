//! A browser of one user, without a network, and a small ledger.

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    http::{Request, header},
    middleware,
};
use engawa_kernel::{
    access::Role,
    context::Ctx,
    db::{Sql, sql},
    http,
    testing::Town,
};
use engawa_ledgers::model::ImportId;
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
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
    pub fn has(&self, part: &str) -> bool {
        self.text().contains(part)
    }
}

impl Browser {
    pub fn of(town: &Town, ctx: &Ctx) -> Self {
        let (api, _) = engawa_ledgers::api().split_for_parts();
        let app = engawa_ledgers::routes()
            .merge(engawa_consultations::routes())
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

    /// A supervisor of the くらし相談窓口.
    pub async fn supervisor(town: &Town) -> Self {
        let ctx = town
            .staff("架空 係長", Role::Supervisor, town.desk)
            .await
            .unwrap();
        Self::of(town, &ctx)
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let to = response.headers().get(header::LOCATION);
        let to = to.map(|v| v.to_str().unwrap().to_owned());
        let bytes = to_bytes(response.into_body(), 50_000_000).await.unwrap();
        let answer = Answer {
            status,
            to: to.unwrap_or_default(),
            bytes: bytes.to_vec(),
        };
        assert!(status < 500, "{status}: {}", answer.text());
        answer
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = String::from("csrf=test-csrf");
        for (name, value) in fields {
            body.push_str(&format!("&{}={}", escape(name), escape(value)));
        }
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    pub async fn upload(&self, name: &str, file: &[u8]) -> Answer {
        let mut body = Vec::new();
        body.extend(b"--xx\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\ntest-csrf\r\n");
        body.extend(
            format!("--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n")
                .into_bytes(),
        );
        body.extend(file);
        body.extend(b"\r\n--xx--\r\n");
        let request = Request::post("/ledgers/new")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx")
            .body(Body::from(body))
            .unwrap();
        self.send(request).await
    }

    /// Uploads and takes the proposed columns; leads to the preview.
    pub async fn checked(&self, file: &[u8], more: &[(&str, &str)]) -> (ImportId, Answer) {
        let uploaded = self.upload("相談台帳.csv", file).await;
        assert_eq!(uploaded.status, 303, "{}", uploaded.text());
        let page = self.get(&uploaded.to).await;
        let mut fields = chosen(&page.text());
        fields.retain(|(name, _)| !more.iter().any(|(n, _)| n == name));
        fields.extend(more.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .filter(|(_, v)| !v.is_empty())
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        let saved = self.post(&uploaded.to, &fields).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let id = saved.to.rsplit('/').next().unwrap().parse().unwrap();
        (id, self.get(&saved.to).await)
    }

    /// Takes all rows in, as the button does behind its answer.
    pub async fn run(&self, id: ImportId) {
        let import = engawa_ledgers::run::start(&self.ctx, id).await.unwrap();
        engawa_ledgers::run::go(&self.ctx, &import).await.unwrap();
    }
}

/// What the selects and boxes of a page say, as a browser would send it.
fn chosen(page: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for part in page.split("<select").skip(1) {
        let part = part.split("</select>").next().unwrap();
        let name = attribute(part, "name");
        if let Some(option) = part.split("<option").find(|o| o.contains(" selected")) {
            out.push((name, attribute(option, "value")));
        }
    }
    for part in page.split("<input type=\"checkbox\"").skip(1) {
        let part = part.split('>').next().unwrap();
        if part.contains(" checked") {
            out.push((attribute(part, "name"), "1".into()));
        }
    }
    out
}

fn attribute(part: &str, name: &str) -> String {
    let mark = format!(" {name}=\"");
    part.find(&mark)
        .map(|at| {
            part[at + mark.len()..]
                .split('"')
                .next()
                .unwrap()
                .to_owned()
        })
        .unwrap_or_default()
}

fn escape(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

/// Counts rows.
pub async fn count(town: &Town, q: Sql) -> i64 {
    town.engine.db.read().await.unwrap().count(q).await.unwrap()
}

pub async fn consultations(town: &Town) -> i64 {
    count(
        town,
        sql("select count(*) as n from consultations_consultation"),
    )
    .await
}

pub async fn people(town: &Town) -> i64 {
    count(town, sql("select count(*) as n from people_person")).await
}

/// The ledger of the fuzz corpus, in Shift_JIS: a title, a blank line, the header, five rows of
/// which three can be taken in.
pub const YEAR: &[u8] = include_bytes!("../../../../fuzz/corpus/ledger/year.csv");

/// A ledger of so many rows.
pub fn long(rows: usize) -> Vec<u8> {
    let mut text = String::from("受付日,本人氏名,生年月日,相談内容,終結\n");
    for n in 0..rows {
        text.push_str(&format!(
            "R7.{}.{},見本 {n}号,S{}.1.{},{n}番目の相談,済\n",
            n % 8 + 4,
            n % 28 + 1,
            n % 40 + 10,
            n % 28 + 1
        ));
    }
    text.into_bytes()
}
