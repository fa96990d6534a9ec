//! A browser with one person signed in: forms with their secret, files up and down.

use ureq::{Body, http::Response};

use super::{Folder, Server, agent};

/// Who looks at pages.
pub struct Browser {
    agent: ureq::Agent,
    url: String,
    cookie: String,
}

impl Browser {
    /// Nobody is signed in.
    pub fn anonymous(server: &Server) -> Self {
        Self {
            agent: agent(),
            url: server.url(),
            cookie: String::new(),
        }
    }

    /// The demo login of a kind, through the form.
    pub fn login(server: &Server, folder: &Folder, kind: &str) -> Self {
        let (user, password) = folder.login(kind);
        let mut this = Self::anonymous(server);
        let page = this.request("/login");
        this.cookie = cookie(&page).unwrap_or_default();
        let body = format!(
            "login={user}&password={password}&csrf={}&next=%2Ftoday",
            secret(&text(page).1).unwrap_or_default()
        );
        let answer = this.answer("/login", FORM, body.as_bytes());
        assert_eq!(answer.status().as_u16(), 303, "login");
        this.cookie = cookie(&answer).expect("a session cookie");
        this
    }

    fn asking(&self, path: &str) -> ureq::RequestBuilder<ureq::typestate::WithoutBody> {
        self.agent
            .get(format!("{}{path}", self.url))
            .header("cookie", &self.cookie)
    }

    /// GETs a page.
    pub fn request(&self, path: &str) -> Response<Body> {
        self.asking(path).call().unwrap()
    }

    /// GETs a page, as a proxy with TLS hands the wish on.
    pub fn request_by_tls(&self, path: &str) -> Response<Body> {
        self.asking(path)
            .header("x-forwarded-proto", "https")
            .call()
            .unwrap()
    }

    /// A page: status and text.
    pub fn get(&self, path: &str) -> (u16, String) {
        text(self.request(path))
    }

    /// A file that the browser would keep.
    pub fn download(&self, path: &str) -> Vec<u8> {
        let mut answer = self.request(path);
        let bytes = answer.body_mut().read_to_vec().unwrap();
        assert_eq!(
            answer.status().as_u16(),
            200,
            "{path}: {}",
            String::from_utf8_lossy(&bytes)
        );
        bytes
    }

    fn answer(&self, path: &str, kind: &str, body: &[u8]) -> Response<Body> {
        self.agent
            .post(format!("{}{path}", self.url))
            .header("cookie", &self.cookie)
            .header("content-type", kind)
            .send(body)
            .unwrap()
    }

    /// POSTs a body as it is.
    pub fn send(&self, path: &str, kind: &str, body: &[u8]) -> (u16, String) {
        text(self.answer(path, kind, body))
    }

    /// POSTs a form that is encoded already.
    pub fn form(&self, path: &str, body: &str) -> (u16, String) {
        self.send(path, FORM, body.as_bytes())
    }

    /// POSTs these fields with the form's secret.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let encode = |t: &str| t.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let mut body = format!("csrf={}", self.csrf());
        for (name, value) in fields {
            body.push_str(&format!("&{}={}", encode(name), encode(value)));
        }
        self.form(path, &body)
    }

    /// POSTs a form with a file.
    pub fn upload(&self, path: &str, fields: &[(&str, &str)], file: &[u8]) -> (u16, String) {
        let mut body = Vec::new();
        for (name, value) in [("csrf", self.csrf().as_str())].iter().chain(fields) {
            body.extend(
                format!(
                    "--EDGE\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .bytes(),
            );
        }
        body.extend(
            b"--EDGE\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n",
        );
        body.extend(file);
        body.extend(b"\r\n--EDGE--\r\n");
        self.send(path, "multipart/form-data; boundary=EDGE", &body)
    }

    /// The secret of this person's forms.
    pub fn csrf(&self) -> String {
        secret(&self.get("/account").1).expect("a form secret")
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

fn cookie(answer: &Response<Body>) -> Option<String> {
    let set = answer.headers().get("set-cookie")?.to_str().ok()?;
    set.split(';').next().map(str::to_owned)
}

fn text(mut answer: Response<Body>) -> (u16, String) {
    let text = answer
        .body_mut()
        .with_config()
        .limit(50_000_000)
        .read_to_string()
        .unwrap();
    (answer.status().as_u16(), text)
}

fn secret(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("name=\"csrf\"")?;
    let (_, rest) = rest.split_once("value=\"")?;
    rest.split('"').next().map(str::to_owned)
}
