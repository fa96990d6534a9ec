//! A mail server in this process: mailin's SMTP sessions behind a TCP listener. No TLS: that
//! `tls=required` does not talk to one without is a test of its own.

use std::{
    collections::VecDeque,
    io::{BufRead as _, BufReader, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use mailin::{Action, AuthMechanism, Handler, Response, SessionBuilder};

/// A mail as it came over the wire.
#[derive(Debug, Clone, Default)]
pub struct Mail {
    pub from: String,
    pub to: Vec<String>,
    pub raw: Vec<u8>,
}

#[derive(Default)]
struct Seen {
    mails: Vec<Mail>,
    /// Every line that clients sent outside a mail, for what was said before it was refused.
    lines: Vec<String>,
    /// Recipients asked for, the refused ones too.
    asked: Vec<String>,
    /// What to answer to the next recipients; then all are taken.
    answers: VecDeque<u16>,
    /// Answered 421 whenever it is asked for: the server hangs up.
    hangs_up_on: Option<String>,
    password: Option<String>,
}

/// Listens until the tests end.
#[derive(Clone)]
pub struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    pub fn start() -> Self {
        Self::start_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    }

    pub fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let this = Self {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
        };
        let server = this.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, server) = (stream.unwrap(), server.clone());
                std::thread::spawn(move || server.talk(stream));
            }
        });
        this
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn mails(&self) -> Vec<Mail> {
        self.seen.lock().unwrap().mails.clone()
    }

    pub fn lines(&self) -> Vec<String> {
        self.seen.lock().unwrap().lines.clone()
    }

    pub fn asked(&self) -> usize {
        self.seen.lock().unwrap().asked.len()
    }

    /// The next recipients are answered so.
    pub fn answer(&self, codes: &[u16]) {
        self.seen.lock().unwrap().answers.extend(codes);
    }

    pub fn hang_up_on(&self, address: &str) {
        self.seen.lock().unwrap().hangs_up_on = Some(address.to_owned());
    }

    pub fn ask_for(&self, password: &str) {
        self.seen.lock().unwrap().password = Some(password.to_owned());
    }

    fn talk(&self, stream: TcpStream) {
        let ip = stream.peer_addr().unwrap().ip();
        let mut builder = SessionBuilder::new("mail.example.lg.jp");
        if self.seen.lock().unwrap().password.is_some() {
            builder
                .enable_auth(AuthMechanism::Plain)
                .insecure_enable_plaintext_auth();
        }
        let talk = Talk {
            server: self.clone(),
            mail: Mail::default(),
        };
        let mut session = builder.build(ip, talk);
        let mut out = stream.try_clone().unwrap();
        session.greeting().write_to(&mut out).unwrap();
        let mut lines = BufReader::new(stream);
        let mut line = Vec::new();
        loop {
            line.clear();
            if lines.read_until(b'\n', &mut line).unwrap_or(0) == 0 {
                return;
            }
            self.seen
                .lock()
                .unwrap()
                .lines
                .push(String::from_utf8_lossy(&line).into_owned());
            let response = session.process(&line);
            if response.action != Action::NoReply {
                response.write_to(&mut out).unwrap();
                out.flush().unwrap();
            }
            if response.action == Action::Close {
                return;
            }
        }
    }
}

struct Talk {
    server: Server,
    mail: Mail,
}

fn reply(code: u16) -> Response {
    Response::custom(code, "a word of the server".into())
}

impl Handler for Talk {
    fn mail(&mut self, _: std::net::IpAddr, _: &str, from: &str) -> Response {
        self.mail = Mail {
            from: from.to_owned(),
            ..Mail::default()
        };
        reply(250)
    }

    fn rcpt(&mut self, to: &str) -> Response {
        let mut seen = self.server.seen.lock().unwrap();
        seen.asked.push(to.to_owned());
        if seen.hangs_up_on.as_deref() == Some(to) {
            return reply(421);
        }
        let code = seen.answers.pop_front().unwrap_or(250);
        if code == 250 {
            self.mail.to.push(to.to_owned());
        }
        reply(code)
    }

    fn data(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.mail.raw.extend_from_slice(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let mail = std::mem::take(&mut self.mail);
        self.server.seen.lock().unwrap().mails.push(mail);
        reply(250)
    }

    fn auth_plain(&mut self, _: &str, user: &str, password: &str) -> Response {
        let wanted = self.server.seen.lock().unwrap().password.clone();
        let right = user == "engawa" && wanted.as_deref() == Some(password);
        reply(if right { 235 } else { 535 })
    }
}
