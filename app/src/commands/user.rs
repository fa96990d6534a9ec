//! `engawa user`: what an administrator does when nobody can log in.

use clap::Subcommand;
use engawa_kernel::{
    context::Ctx,
    error::{Error, Result},
};

use crate::{Place, wiring};

/// 利用者
#[derive(Subcommand)]
pub enum User {
    /// 利用者の一覧
    List {
        #[command(flatten)]
        place: Place,
    },
    /// 職員にアカウントを作り、仮パスワードを一度だけ表示する
    Add {
        #[command(flatten)]
        place: Place,
        /// 職員の氏名(空白の有無は問わない)か、職員のID
        #[arg(long)]
        staff: String,
        /// ユーザー名(半角の英数字と . - _ @)
        #[arg(long)]
        user: String,
    },
    /// 新しいパスワードを発行し、二段階認証を外し、ロックを解く
    Reset {
        #[command(flatten)]
        place: Place,
        /// ユーザー名
        login: String,
    },
    /// 利用を止める(開いている画面もその場で終わる)
    Disable {
        #[command(flatten)]
        place: Place,
        /// ユーザー名
        login: String,
        /// 停止の理由(監査記録に残る)
        #[arg(long, default_value = "コマンドで停止")]
        reason: String,
    },
    /// APIトークンを発行する(その利用者の閲覧権だけが使える)
    Token {
        #[command(flatten)]
        place: Place,
        /// ユーザー名
        login: String,
        /// 何に使うか
        #[arg(long, default_value = "コマンドで発行")]
        name: String,
    },
}

impl User {
    /// Runs the command.
    ///
    /// # Errors
    /// There is no such user, or the data cannot be opened.
    pub async fn run(self) -> Result<()> {
        let place = match &self {
            Self::List { place }
            | Self::Add { place, .. }
            | Self::Reset { place, .. }
            | Self::Disable { place, .. }
            | Self::Token { place, .. } => place,
        };
        let engine = wiring::open(place).await?;
        let ctx = Ctx::system(&engine).await?;
        match &self {
            Self::List { .. } => {
                for a in engawa_identity::accounts(&mut ctx.read().await?, &ctx).await? {
                    println!(
                        "{}\t{}\t{}",
                        a.login,
                        a.name,
                        if a.disabled { "停止" } else { "利用中" }
                    );
                }
            }
            Self::Add { staff, user, .. } => {
                let staff = meant(&ctx, staff).await?;
                let password = engawa_identity::new_password()?;
                let mut tx = ctx.write().await?;
                engawa_identity::create_account(&mut tx, &ctx, staff.staff, user, &password)
                    .await?;
                tx.commit().await?;
                println!("{} のアカウント「{user}」を作りました。", staff.name);
                println!(
                    "仮パスワード: {password}  (この画面にだけ表示されます。本人が最初のログインで変えます)"
                );
                if staff.places.is_empty() {
                    println!(
                        "注意: 本日の配置がないため、まだログインできません。「機関・職員」で配置を登録してください。"
                    );
                }
            }
            Self::Reset { login, .. } => {
                let staff = known(&ctx, login).await?;
                let password = engawa_identity::new_password()?;
                let mut tx = ctx.write().await?;
                engawa_identity::reset_password(&mut tx, &ctx, staff, &password).await?;
                tx.commit().await?;
                println!("新しいパスワード: {password}  (この画面にだけ表示されます)");
            }
            Self::Disable { login, reason, .. } => {
                let staff = known(&ctx, login).await?;
                let mut tx = ctx.write().await?;
                engawa_identity::disable(&mut tx, &ctx, staff, reason).await?;
                tx.commit().await?;
                println!("{login} の利用を止めました。");
            }
            Self::Token { login, name, .. } => {
                let staff = known(&ctx, login).await?;
                let mut tx = ctx.write().await?;
                let token = engawa_identity::create_token(&mut tx, &ctx, staff, name).await?;
                tx.commit().await?;
                println!("{token}");
            }
        }
        engine.db.close().await;
        Ok(())
    }
}

/// The one person meant by a name or an id; of several with one name, nobody.
async fn meant(ctx: &Ctx, asked: &str) -> Result<engawa_identity::Waiting> {
    let mut found = engawa_identity::find_staff(&mut ctx.read().await?, ctx, asked).await?;
    if found.len() > 1 {
        let lines: Vec<String> = found
            .iter()
            .map(|w| format!("\n  {}  {}  {}", w.staff, w.name, w.places.join("、")))
            .collect();
        return Err(Error::Invalid(format!(
            "「{asked}」という職員が{}人います。次のどれかのIDを --staff に指定してください。{}\n",
            found.len(),
            lines.concat()
        )));
    }
    found.pop().ok_or_else(|| {
        Error::Invalid(format!(
            "職員「{asked}」は見つかりません。先に「機関・職員」の画面で職員を登録してください。"
        ))
    })
}

async fn known(ctx: &Ctx, login: &str) -> Result<engawa_kernel::id::StaffId> {
    engawa_identity::staff_of_login(&mut ctx.read().await?, ctx, login)
        .await?
        .ok_or_else(|| {
            Error::Invalid(format!(
                "利用者「{login}」は見つかりません。engawa user list で確かめてください。"
            ))
        })
}
