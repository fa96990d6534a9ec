//! The mail server, by SMTP.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use engawa_kernel::{
    error::{Error, Result},
    id::new_uuid,
};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use tokio::sync::watch;

use crate::{letter, rules, settings};

/// Sends mails, one after the other. One of these exists in a running Engawa, or none.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    rest: Mutex<Rest>,
    stopped: watch::Sender<bool>,
}

/// How long a server that cannot be reached is left alone. Forgotten when Engawa starts again.
#[derive(Default, Clone, Copy)]
struct Rest {
    failures: u32,
    until: Option<DateTime<Utc>>,
}

/// Why a mail was not taken. The words are the server's, for the log; they hold no more than the mail.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// This mail, this time.
    Mail(String),
    /// The address is none, and no attempt will change that.
    Address,
    /// Any mail: the server is down, its certificate wrong, our password changed.
    Server(String),
}

/// Replies about who we are and not about this mail: sign-in needed, refused or not to be had now.
const ABOUT_US: [&str; 6] = ["421", "454", "530", "534", "535", "538"];

impl Mailer {
    /// `smtp` as lettre reads it: `smtp://user:password@host:port?tls=required`, `smtps://…`;
    /// `from` an address, with a name before it if one likes. Nothing is sent and no connection made.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the sentence for the operator.
    pub fn new(smtp: &str, from: &str) -> Result<Self> {
        let from = settings::sender(from)?;
        Ok(Self {
            transport: settings::transport(smtp, &from)?,
            from,
            rest: Mutex::default(),
            stopped: watch::Sender::new(false),
        })
    }

    /// The address that the mails come from.
    #[must_use]
    pub fn from(&self) -> String {
        self.from.email.to_string()
    }

    /// Lets a turn that is under way end after the mail that it is sending.
    pub fn stop(&self) {
        self.stopped.send_replace(true);
    }

    /// Returns once [`Mailer::stop`] has been called.
    pub async fn stopped(&self) {
        // The sender lives as long as `self`: the wait ends with the value only.
        self.stopped.subscribe().wait_for(|stop| *stop).await.ok();
    }

    pub(crate) fn is_stopped(&self) -> bool {
        *self.stopped.borrow()
    }

    /// Whether the server is being left alone.
    pub(crate) fn rests(&self, now: DateTime<Utc>) -> bool {
        let rest = *self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        rest.until.is_some_and(|until| now < until)
    }

    /// The server could not be reached; returns until when it is left alone.
    pub(crate) fn failed(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut rest = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        rest.failures = rest.failures.saturating_add(1);
        let until = now + rules::server_rest(rest.failures);
        rest.until = Some(until);
        until
    }

    /// Returns when the server has taken the mail.
    pub(crate) async fn send(
        &self,
        to: &str,
        text: String,
        now: DateTime<Utc>,
    ) -> std::result::Result<(), Refusal> {
        let address: Address = to.parse().map_err(|_| Refusal::Address)?;
        let message = self
            .message(address, text, now)
            .map_err(|e| Refusal::Mail(e.to_string()))?;
        let Err(error) = self.transport.send(message).await else {
            *self.rest.lock().unwrap_or_else(PoisonError::into_inner) = Rest::default();
            return Ok(());
        };
        let said = error.to_string();
        match error.status().map(|code| code.to_string()) {
            Some(code) if !ABOUT_US.contains(&code.as_str()) => Err(Refusal::Mail(said)),
            // One mail that breaks the connection must not hold back everybody else's: does the
            // server talk to us (and let us sign in) otherwise?
            _ => match self.transport.test_connection().await {
                Ok(true) => Err(Refusal::Mail(said)),
                Ok(false) | Err(_) => Err(Refusal::Server(said)),
            },
        }
    }

    fn message(&self, to: Address, text: String, now: DateTime<Utc>) -> Result<Message> {
        let id = format!("<{}@{}>", new_uuid().simple(), self.from.email.domain());
        let automatic = HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            // RFC 3834: no 不在通知 comes back.
            "auto-generated".to_owned(),
        );
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter::SUBJECT)
            .date(now.into())
            .message_id(Some(id))
            .raw_header(automatic)
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .map_err(|e| Error::Internal(format!("mail: {e}")))
    }
}
