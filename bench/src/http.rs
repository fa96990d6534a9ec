//! A browser as small as it can be: keep-alive HTTP/1.1 over one socket, cookies, forms. Nothing in
//! it may cost more than the server that it measures.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Result;

/// An answer.
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Where it leads, for a redirect.
    pub location: String,
    /// The page.
    pub body: String,
    /// From the first byte sent to the last one received.
    pub took: Duration,
}

/// A browser with one connection.
pub struct Client {
    address: SocketAddr,
    socket: Option<BufReader<TcpStream>>,
    cookies: BTreeMap<String, String>,
}

impl Client {
    /// Not connected yet.
    pub const fn new(address: SocketAddr) -> Self {
        Self {
            address,
            socket: None,
            cookies: BTreeMap::new(),
        }
    }

    /// Fetches a page.
    pub fn get(&mut self, path: &str) -> Result<Answer> {
        self.send("GET", path, "", &[])
    }

    /// Fetches a page that must be there.
    pub fn page(&mut self, path: &str) -> Result<Answer> {
        let answer = self.get(path)?;
        if answer.status == 200 {
            return Ok(answer);
        }
        Err(format!("{path}: {} {}", answer.status, answer.location).into())
    }

    /// Sends a form.
    pub fn post(&mut self, path: &str, fields: &[(String, String)]) -> Result<Answer> {
        let quote = |t: &str| utf8_percent_encode(t, NON_ALPHANUMERIC).to_string();
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", quote(name), quote(value)))
            .collect();
        let kind = "application/x-www-form-urlencoded";
        self.send("POST", path, kind, body.join("&").as_bytes())
    }

    /// Sends a form with one file.
    pub fn upload(
        &mut self,
        path: &str,
        fields: &[(String, String)],
        (name, file_name, bytes): (&str, &str, &[u8]),
    ) -> Result<Answer> {
        const EDGE: &str = "----engawa-bench";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!(
                "--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{EDGE}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={EDGE}");
        self.send("POST", path, &kind, &body)
    }

    /// Logs in; the session lives in the cookies.
    pub fn log_in(&mut self, user: &str, password: &str) -> Result<()> {
        // One after another: many at once under one name are an attack to the server, and it waits.
        static DOOR: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _turn = DOOR.lock().map_err(|_| "a login panicked")?;
        let form = self.page("/login")?;
        let mut fields = hidden(&form.body);
        fields.push(("login".into(), user.into()));
        fields.push(("password".into(), password.into()));
        let answer = self.post("/login", &fields)?;
        if answer.status == 303 && !answer.location.starts_with("/login") {
            return Ok(());
        }
        Err(format!("login as {user}: {} {}", answer.status, answer.location).into())
    }

    fn send(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Answer> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n",
            self.address,
            cookies.join("; ")
        );
        if method == "POST" {
            request.push_str(&format!(
                "Origin: http://{}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n",
                self.address,
                body.len()
            ));
        }
        request.push_str("\r\n");
        let mut socket = match self.socket.take() {
            Some(socket) => socket,
            None => {
                let socket = TcpStream::connect(self.address)?;
                socket.set_nodelay(true)?;
                socket.set_read_timeout(Some(Duration::from_secs(600)))?;
                BufReader::new(socket)
            }
        };
        let start = Instant::now();
        socket.get_mut().write_all(request.as_bytes())?;
        socket.get_mut().write_all(body)?;
        let (head, raw) = read_answer(&mut socket)?;
        let took = start.elapsed();
        if !head.closes {
            self.socket = Some(socket);
        }
        for cookie in &head.cookies {
            if let Some((name, value)) = cookie.split(';').next().and_then(|c| c.split_once('=')) {
                self.cookies.insert(name.trim().into(), value.trim().into());
            }
        }
        Ok(Answer {
            status: head.status,
            location: head.location,
            body: String::from_utf8_lossy(&raw).into_owned(),
            took,
        })
    }
}

#[derive(Default)]
struct Head {
    status: u16,
    length: Option<usize>,
    chunked: bool,
    closes: bool,
    location: String,
    cookies: Vec<String>,
}

fn read_answer(socket: &mut BufReader<TcpStream>) -> Result<(Head, Vec<u8>)> {
    let mut head = Head::default();
    let mut line = String::new();
    socket.read_line(&mut line)?;
    head.status = line
        .split_whitespace()
        .nth(1)
        .and_then(|s| s.parse().ok())
        .ok_or("the server closed the connection")?;
    loop {
        line.clear();
        socket.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => head.length = value.parse().ok(),
            "transfer-encoding" => head.chunked = value.eq_ignore_ascii_case("chunked"),
            "connection" => head.closes = value.eq_ignore_ascii_case("close"),
            "location" => head.location = value.to_owned(),
            "set-cookie" => head.cookies.push(value.to_owned()),
            _ => {}
        }
    }
    let mut body = Vec::new();
    if head.chunked {
        loop {
            line.clear();
            socket.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim(), 16)?;
            let at = body.len();
            body.resize(at + size, 0);
            socket.read_exact(&mut body[at..])?;
            line.clear();
            socket.read_line(&mut line)?;
            if size == 0 {
                break;
            }
        }
    } else {
        body.resize(head.length.unwrap_or(0), 0);
        socket.read_exact(&mut body)?;
    }
    Ok((head, body))
}

/// The hidden fields of a page with one form, such as the login.
pub fn hidden(page: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for tag in page.split("<input").skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        if attribute(tag, "type") == Some("hidden")
            && let (Some(name), Some(value)) = (attribute(tag, "name"), attribute(tag, "value"))
            && !fields.iter().any(|(n, _)| n == name)
        {
            fields.push((name.to_owned(), value.replace("&amp;", "&")));
        }
    }
    fields
}

/// What a browser would send of the form with this action if nothing were typed: hidden and
/// prefilled fields, ticked choices and what is chosen in lists.
pub fn filled(page: &str, action: &str) -> Vec<(String, String)> {
    let form = page
        .split("<form")
        .find(|f| attribute(f.split('>').next().unwrap_or_default(), "action") == Some(action))
        .and_then(|f| f.split("</form").next())
        .unwrap_or_default();
    let mut fields = Vec::new();
    for tag in form.split("<input").skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let choice = matches!(attribute(tag, "type"), Some("radio" | "checkbox"));
        if choice && !tag.contains(" checked") {
            continue;
        }
        if let (Some(name), Some(value)) = (attribute(tag, "name"), attribute(tag, "value")) {
            fields.push((name.to_owned(), value.replace("&amp;", "&")));
        }
    }
    for list in form.split("<select").skip(1) {
        let list = list.split("</select").next().unwrap_or_default();
        let (tag, options) = list.split_once('>').unwrap_or_default();
        let chosen = options
            .split("<option")
            .filter_map(|o| o.split('>').next())
            .find(|o| o.contains(" selected"));
        if let Some(name) = attribute(tag, "name")
            && let Some(value) = chosen.and_then(|o| attribute(o, "value"))
            && !value.is_empty()
        {
            fields.push((name.to_owned(), value.to_owned()));
        }
    }
    fields
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// The first link on a page that begins so and names one record.
pub fn first_link(page: &str, prefix: &str) -> Option<String> {
    links(page, prefix).next()
}

/// All links on a page that begin so and name one record.
pub fn links(page: &str, prefix: &str) -> impl Iterator<Item = String> {
    page.split("href=\"")
        .skip(1)
        .filter_map(|l| l.split('"').next())
        .map(|l| l.split(['#', '?']).next().unwrap_or_default())
        .filter(move |l| {
            l.strip_prefix(prefix)
                .is_some_and(|id| id.len() == 36 && id.split('-').count() == 5)
        })
        .map(str::to_owned)
}

/// A text as it stands in an address.
pub fn quoted(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_taken_from_the_right_form() {
        let page = r#"<form action="/logout"><input type="hidden" name="csrf" value="a"></form>
            <form method="post" action="/x"><input type="hidden" name="csrf" value="b"><input type="radio" name="r" value="1"><input type="radio" name="r" value="2" checked>
            <select id="s" name="s"><option value="">-</option><option value="3" selected>c</option></select></form>"#;
        assert_eq!(hidden(page), [("csrf".to_owned(), "a".to_owned())]);
        let pair = |n: &str, v: &str| (n.to_owned(), v.to_owned());
        assert_eq!(
            filled(page, "/x"),
            [pair("csrf", "b"), pair("r", "2"), pair("s", "3")]
        );
        assert!(filled(page, "/y").is_empty());
    }

    #[test]
    fn a_link_to_a_record_is_told_from_a_link_to_a_list() {
        let id = "01912345-0000-7000-8000-000000000000";
        let page = format!(r##"<a href="/cases/new">a</a><a href="/cases/{id}#timeline">b</a>"##);
        assert_eq!(first_link(&page, "/cases/"), Some(format!("/cases/{id}")));
        assert_eq!(first_link(&page, "/consultations/"), None);
    }
}
