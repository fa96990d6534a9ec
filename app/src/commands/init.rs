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
    /// 自治体の名前(例: 縁側市)
    #[arg(long)]
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
}

impl Init {
    /// Makes the municipality with its shipped code lists and first administrator, and prints the
    /// first password once.
    ///
    /// # Errors
    /// The code's check digit is wrong, or the folder already holds a municipality.
    pub async fn run(self) -> Result<()> {
        let code =
            MunicipalityCode::parse(&self.code).map_err(|e| Error::Invalid(e.to_string()))?;
        let name = self.name.trim();
        if name.is_empty() {
            return Err(Error::Invalid(
                "自治体の名前を --name で指定してください。".into(),
            ));
        }
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
        tx.commit().await?;
        println!("{name}({code})を用意しました。");
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

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
