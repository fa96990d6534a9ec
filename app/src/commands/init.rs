//! `engawa init`: an empty, real municipality.

use clap::Args;
use engawa_kernel::{
    audit::{Entry, append},
    context::Ctx,
    db::sql,
    error::{Error, Result},
    id::{BodyId, MunicipalityId, StaffId},
    settings::Settings,
    text::municipality::MunicipalityCode,
};

use crate::{Place, wiring};

/// 空の自治体を用意する
#[derive(Args)]
pub struct Init {
    #[command(flatten)]
    place: Place,
    /// 自治体の名前(例: 縁側市)。実施計画書から始めるときは、書かなければ計画書の市区町村名になります
    #[arg(long, default_value = "")]
    name: String,
    /// 全国地方公共団体コード(検査数字まで6桁)
    #[arg(long)]
    code: String,
    /// 最初のシステム管理者の氏名
    #[arg(long, default_value = "システム管理者")]
    admin_name: String,
    /// 最初のシステム管理者のユーザー名
    #[arg(long, default_value = "admin")]
    admin_login: String,
    /// テキストになった実施計画書。圏域・機関・窓口などの登録案を作ります(登録は、ログインしてから一つずつ確かめて行います)
    #[arg(long)]
    plan_sheet: Option<std::path::PathBuf>,
}

impl Init {
    /// Makes the municipality with its shipped code lists and first administrator, and prints the
    /// first password once.
    ///
    /// # Errors
    /// The code's check digit is wrong, the folder already holds a municipality, or the plan sheet
    /// cannot be read.
    pub async fn run(self) -> Result<()> {
        let code =
            MunicipalityCode::parse(&self.code).map_err(|e| Error::Invalid(e.to_string()))?;
        let sheet = self.plan_sheet.as_deref().map(read_sheet).transpose()?;
        let printed = sheet
            .as_ref()
            .and_then(|s| s.parsed.municipality.as_deref());
        let name = match (self.name.trim(), printed) {
            ("", Some(printed)) => printed,
            ("", None) => {
                return Err(Error::Invalid(
                    "自治体の名前を --name で指定してください。".into(),
                ));
            }
            (name, _) => name,
        };
        let engine = wiring::open(&self.place).await?;
        if Ctx::system(&engine).await.is_ok() {
            return Err(Error::Invalid(format!(
                "{} には、すでに自治体があります。別のデータフォルダを --data で指定してください。",
                self.place.data.display()
            )));
        }
        let municipality = MunicipalityId::new();
        let mut tx = engine.db.write().await?;
        tx.exec(
            sql("insert into municipality (id, name, code, training, settings, created_at) values (:id, :name, :code, :training, :settings, :now)")
                .bind("id", municipality)
                .bind("name", name)
                .bind("code", code.to_string())
                .bind("training", false)
                .bind("settings", serde_json::to_string(&Settings::default())?)
                .bind("now", engine.clock.now()),
        )
        .await?;
        let ctx = Ctx::founding(&engine, municipality, name);
        append(&mut tx, &ctx, Entry::new("municipality.founded")).await?;
        engawa_organisations::seed(&mut tx, &ctx).await?;
        let body: BodyId = engawa_organisations::found_own_body(&mut tx, &ctx, name).await?;
        let staff = StaffId::new();
        engawa_organisations::add_first_staff(&mut tx, &ctx, staff, body, &self.admin_name).await?;
        let password = engawa_identity::new_password()?;
        engawa_identity::create_account(&mut tx, &ctx, staff, &self.admin_login, &password).await?;
        let proposals = match &sheet {
            Some(sheet) => Some(engawa_programmes::found_from(&mut tx, &ctx, sheet).await?),
            None => None,
        };
        tx.commit().await?;
        println!("{name}({code})を用意しました。");
        if let Some(proposals) = proposals {
            println!(
                "実施計画書から登録案を{proposals}件作りました。ログインして「実施計画」の「計画書からの登録」で一つずつ確かめてください。まだ何も登録していません。"
            );
        }
        println!("ユーザー名: {}", self.admin_login);
        println!(
            "最初のパスワード: {password}  (この画面にだけ表示されます。ログインしてすぐに変えてください)"
        );
        println!("監査記録の公開鍵: {}", hex(&engine.signer.public()));
        println!("次: engawa serve --data {}", self.place.data.display());
        engine.db.close().await;
        Ok(())
    }
}

/// The plan sheet, before anything is made.
pub(super) fn read_sheet(file: &std::path::Path) -> Result<engawa_programmes::Brought> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let bytes = std::fs::read(file).map_err(|e| {
        Error::Invalid(format!(
            "実施計画書 {} を開けません({e})。何も作っていません。",
            file.display()
        ))
    })?;
    engawa_programmes::Brought::read(&name, &bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
