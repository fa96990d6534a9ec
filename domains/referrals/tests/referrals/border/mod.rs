//! Over the municipal border: two municipalities, files between them, through the real pages.

mod browser;
mod contents;
mod flow;
mod refused;
mod register;

use axum::http::StatusCode;
use engawa_kernel::{
    access::Role,
    context::Ctx,
    db::sql,
    error::Result,
    id::{BodyId, DeskId, MunicipalityId, PeerId, RoomId, new_uuid},
    testing::{Town, noon},
};
use engawa_people::ConsentState;
use engawa_referrals::{
    border::{file, keys::Keys, payload::Payload},
    model::{Content, To},
    store::peers::{self, Own},
};

use browser::{fetch, send_file};

use crate::scene::{Answer, Scene, consent, get, post, register, sent};

pub const HERE: &str = "132195";
pub const THERE: &str = "131016";

/// 縁側市 and となり町, each with an administrator and people at two desks. Both in one database: what
/// one must not see of the other is kept apart by nothing but the keys.
pub struct Border {
    pub s: Scene,
    pub town: Town,
    pub admin: Ctx,
    pub far: Town,
    pub far_admin: Ctx,
    /// Works at となり町's first desk.
    pub they: Ctx,
    /// となり町, as 縁側市 registered it.
    pub peer: PeerId,
}

/// Another municipality in the same database.
pub async fn municipality(town: &Town, name: &str, code: &str) -> Result<Town> {
    let far = Town {
        engine: town.engine.clone(),
        municipality: MunicipalityId::new(),
        body: BodyId::new(),
        desk: DeskId::new(),
        other_body: BodyId::new(),
        other_desk: DeskId::new(),
    };
    let mut tx = far.engine.db.write().await?;
    tx.exec(
        sql("insert into municipality (id, name, code, training, settings, created_at) values (:id, :name, :code, :f, '{}', :now)")
            .bind("id", far.municipality)
            .bind("name", name)
            .bind("code", code)
            .bind("f", false)
            .bind("now", noon()),
    )
    .await?;
    for desk in [far.desk, far.other_desk] {
        tx.exec(
            sql("insert into desk_contact (desk_id, contact) values (:d, '町の窓口')")
                .bind("d", desk),
        )
        .await?;
    }
    tx.commit_unaudited().await?;
    register(&far).await?;
    Ok(far)
}

/// Somebody of a municipality with that name.
pub async fn staff(town: &Town, of: &str, name: &str, role: Role, desk: DeskId) -> Result<Ctx> {
    let mut ctx = town.staff(name, role, desk).await?;
    of.clone_into(&mut ctx.municipality_name);
    Ok(ctx)
}

/// Its own card, keys made if need be.
pub async fn card(admin: &Ctx) -> Result<engawa_referrals::border::card::Card> {
    post(admin, "/referrals/peers/keys", &[]).await.is(303);
    match peers::own(&mut admin.read().await?, admin).await? {
        Own::Ready(_, card) => Ok(*card),
        _ => panic!("no keys"),
    }
}

/// Registers `whom` at `admin`'s, by the form.
pub async fn introduce(admin: &Ctx, whom: &Ctx) -> Result<PeerId> {
    let card = card(whom).await?;
    post(
        admin,
        "/referrals/peers",
        &[
            ("card", &card.text()),
            ("code", &card.code),
            ("heard", &card.fingerprint()),
            ("agreement", "令和8年10月1日の協定"),
            ("from_on", "R8.10.1"),
        ],
    )
    .await
    .is(303);
    let all = peers::in_force(&mut admin.read().await?, admin).await?;
    Ok(all.iter().find(|p| p.card.code == card.code).unwrap().id)
}

impl Border {
    pub async fn new(town: Town) -> Result<Self> {
        let mut tx = town.engine.db.write().await?;
        tx.exec(
            sql("update municipality set code = :code where id = :m")
                .bind("code", HERE)
                .bind("m", town.municipality),
        )
        .await?;
        tx.commit_unaudited().await?;
        let s = Scene::new(&town).await?;
        let admin = staff(&town, "縁側市", "例示 管理", Role::Admin, town.desk).await?;
        let far = municipality(&town, "となり町", THERE).await?;
        let far_admin = staff(&far, "となり町", "見本 管理", Role::Admin, far.desk).await?;
        let they = staff(&far, "となり町", "見本 花子", Role::Worker, far.desk).await?;
        card(&admin).await?;
        let peer = introduce(&admin, &far_admin).await?;
        introduce(&far_admin, &admin).await?;
        for person in [s.mother, s.son] {
            consent(
                &s.me,
                &s.case,
                person,
                ConsentState::Given,
                vec![],
                "となり町",
            )
            .await?;
        }
        Ok(Self {
            s,
            town,
            admin,
            far,
            far_admin,
            they,
            peer,
        })
    }

    pub fn content(&self) -> Content {
        let mut content = self.s.content();
        content.to = To::Outside {
            name: "となり町".into(),
            contact: String::new(),
            peer: Some(self.peer),
        };
        content.asked = "一度訪問してください。\n食料の支援につないでください。".into();
        content
    }

    pub async fn sent(&self) -> Result<RoomId> {
        sent(&self.s.me, self.s.case.room(), &self.content(), None).await
    }

    /// Sent, and taken in at となり町: (the sheet here, the sheet there).
    pub async fn arrived(&self) -> Result<(RoomId, RoomId)> {
        let room = self.sent().await?;
        let file = file_of(&self.s.me, room).await;
        let came = import(&self.they, self.far.desk, &file).await;
        came.is(200).shows("つなぐシートを受け取りました");
        Ok((room, room_in(&came)))
    }

    /// The answer of となり町, as a file, taken in here.
    pub async fn answered(&self, there: RoomId) -> Answer {
        let file = file_of(&self.they, there).await;
        import(&self.s.me, self.town.desk, &file).await
    }

    /// What a file to となり町 says.
    pub fn read(&self, file: &[u8]) -> Payload {
        let keys = self.keys(&self.far);
        let here = self.keys(&self.town).card(HERE, "");
        file::open(&keys, file)
            .unwrap()
            .check(&here.verifier)
            .unwrap()
    }

    pub fn keys(&self, of: &Town) -> Keys {
        Keys::load(&of.engine.data, of.municipality)
            .unwrap()
            .unwrap()
    }

    /// Sheets that arrived, of everybody.
    pub async fn count(&self) -> Result<i64> {
        self.town
            .engine
            .db
            .read()
            .await?
            .count(sql(
                "select count(*) as n from referrals_sheet where arrived",
            ))
            .await
    }

    /// Files known, of everybody.
    pub async fn files_in(&self) -> Result<i64> {
        self.town
            .engine
            .db
            .read()
            .await?
            .count(sql(
                "select count(*) as n from referrals_file where way <> 'out'",
            ))
            .await
    }
}

/// Downloads the file of a sheet.
pub async fn file_of(ctx: &Ctx, room: RoomId) -> Vec<u8> {
    let (status, bytes) = fetch(ctx, &format!("/referrals/{room}/file")).await;
    assert_eq!(
        status,
        StatusCode::OK,
        "{}",
        String::from_utf8_lossy(&bytes)
    );
    bytes
}

/// By the form.
pub async fn import(ctx: &Ctx, desk: DeskId, file: &[u8]) -> Answer {
    send_file(
        ctx,
        "/referrals/import",
        &[("desk", &desk.to_string())],
        file,
    )
    .await
}

/// The sheet that a page of success leads to.
pub fn room_in(page: &Answer) -> RoomId {
    page.text
        .split("href=\"/referrals/")
        .filter_map(|rest| rest.split('"').next()?.parse().ok())
        .next()
        .unwrap()
}

/// Does something by the form on a sheet's page.
pub async fn does(ctx: &Ctx, room: RoomId, act: &str, fields: &[(&str, &str)]) -> Answer {
    let version = crate::scene::look(ctx, room)
        .await
        .unwrap()
        .version
        .to_string();
    let once = new_uuid().to_string();
    let all: Vec<(&str, &str)> = [
        ("act", act),
        ("version", version.as_str()),
        ("once", once.as_str()),
    ]
    .into_iter()
    .chain(fields.iter().copied())
    .collect();
    post(ctx, &format!("/referrals/{room}/act"), &all).await
}

/// The page of a sheet.
pub async fn page(ctx: &Ctx, room: RoomId) -> Answer {
    get(ctx, &format!("/referrals/{room}")).await
}
