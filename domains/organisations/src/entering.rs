//! A record that another domain proposes and a person has confirmed (a plan sheet's 圏域, 機関,
//! 窓口): entered through the register's own reader and rules, as if typed into its form.

use engawa_kernel::{
    context::Ctx,
    db::{Conn, Tx},
    error::Result,
    form::{FieldError, Form, Posted},
};
use uuid::Uuid;

use crate::{field::Source, read, registers::Register};

/// Registers that others may propose records for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// 圏域
    Areas,
    /// 機関・法人
    Bodies,
    /// 窓口
    Desks,
}

impl Kept {
    const fn register(self) -> Register {
        match self {
            Self::Areas => Register::Areas,
            Self::Bodies => Register::Bodies,
            Self::Desks => Register::Desks,
        }
    }
}

/// What became of it.
#[derive(Debug, Clone)]
pub enum Entered {
    /// It is a new record.
    New(Uuid),
    /// One of that name is there already; it stays as it is.
    Known(Uuid),
    /// The register's rules refuse it: messages by the register's own field names.
    Refused(Vec<FieldError>),
}

/// Enters one record; `fields` are the register's own, as its form would send them.
///
/// # Errors
/// [`engawa_kernel::error::Error::Forbidden`] for who may not keep the register.
pub async fn enter(
    tx: &mut Tx,
    ctx: &Ctx,
    kept: Kept,
    fields: &[(&str, String)],
) -> Result<Entered> {
    let register = kept.register();
    let spec = register.spec();
    ctx.need(spec.duty)?;
    let mut choices = register.choices(tx, ctx).await?;
    let posted = fields.iter().map(|(name, value)| (*name, value.clone()));
    let mut form = Form::from_posted(Posted::from_pairs(posted));
    let mut values = read::read(&mut form, spec.fields, &choices, ctx.today());
    if let Some(known) = register.existing(tx, ctx, &values, &choices).await? {
        return Ok(Entered::Known(known));
    }
    register
        .check(tx, ctx, None, &mut values, &choices, &mut form)
        .await?;
    if form.has_errors() {
        return Ok(Entered::Refused(form.errors().to_vec()));
    }
    let id = register.save(tx, ctx, None, &values, &mut choices).await?;
    Ok(Entered::New(id))
}

/// The bodies that a desk may belong to, as (code, name).
///
/// # Errors
/// The database refuses.
pub async fn named_bodies(conn: &mut Conn, ctx: &Ctx) -> Result<Vec<(String, String)>> {
    let choices = Register::Desks.choices(conn, ctx).await?;
    Ok(choices
        .list(Source::Bodies)
        .iter()
        .filter(|choice| !choice.past)
        .map(|choice| (choice.code.clone(), choice.name.clone()))
        .collect())
}
