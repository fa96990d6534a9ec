//! 呼称: the municipality's words for roles. A word maps to one canonical role; rights belong to
//! the canonical role alone, so renaming gives nobody a right.

use engawa_kernel::{
    access::Role,
    context::Ctx,
    db::{Tx, sql},
    error::Result,
};

/// Words seen in the municipalities' own plans: (code, word, canonical role).
const WORDS: &[(&str, &str, Role)] = &[
    ("coordinator", "相談支援包括化推進員", Role::Coordinator),
    ("lead_coordinator", "主任包括化推進員", Role::Coordinator),
    ("secretariat", "事務局", Role::Coordinator),
    ("supervisor", "管理者(係長・センター長)", Role::Supervisor),
    ("worker", "相談員", Role::Worker),
    ("csw", "コミュニティソーシャルワーカー(CSW)", Role::Worker),
    ("area_coordinator", "地域福祉コーディネーター", Role::Worker),
    ("case_worker", "ケースワーカー", Role::Worker),
    ("job_supporter", "就労支援員", Role::Worker),
    ("visiting_supporter", "訪問支援員", Role::Worker),
    ("public_health_nurse", "地区担当保健師", Role::Worker),
    (
        "school_social_worker",
        "スクールソーシャルワーカー",
        Role::Worker,
    ),
    ("clerk", "受付・事務", Role::Clerk),
    ("entry", "協力者(受付票のみ)", Role::Entry),
    ("commissioner", "民生委員・児童委員", Role::Entry),
    ("no_case", "地域担当(個人記録なし)", Role::NoCase),
    (
        "life_support_coordinator",
        "生活支援コーディネーター",
        Role::NoCase,
    ),
    (
        "volunteer_coordinator",
        "ボランティアコーディネーター",
        Role::NoCase,
    ),
    ("auditor", "監査担当", Role::Auditor),
    ("admin", "システム管理者", Role::Admin),
];

/// Puts the shipped words into a municipality; those it has already stay as they are.
///
/// # Errors
/// The database refuses.
pub(crate) async fn seed(tx: &mut Tx, ctx: &Ctx) -> Result<()> {
    for ((code, label, role), sort) in WORDS.iter().zip(1_i64..) {
        tx.exec(
            sql("insert into organisations_role_label (id, municipality_id, code, label, role, sort, hidden, version)
                 values (:id, :m, :code, :label, :role, :sort, :hidden, 1)
                 on conflict (municipality_id, code) do nothing")
                .bind("id", engawa_kernel::id::new_uuid())
                .bind("m", ctx.municipality)
                .bind("code", *code)
                .bind("label", *label)
                .bind("role", *role)
                .bind("sort", sort * 10)
                .bind("hidden", false),
        )
        .await?;
    }
    Ok(())
}
