/** The municipality's own shape: areas, bodies, desks, staff in several places, words, and April. */

import { choice, field, follow, menu, pick, press } from "../support/form.ts";
import { caseOf, family } from "../support/steps.ts";
import { Server } from "../support/server.ts";
import { axe, expect, login, signIn, test } from "../support/test.ts";

test("an administrator adds an area, a body, a desk, and one person with two postings", async ({ page, server }) => {
  test.setTimeout(120_000);
  const { name } = family();
  const fresh = async (register: string) => {
    await page.goto(`/organisations/${register}`);
    await follow(page, "新しく登録する");
    await axe(page);
  };
  const saved = async () => {
    await press(page, "保存する");
    await expect(page).toHaveURL(/\/organisations\/\w+\/[0-9a-f-]{36}$/);
    await axe(page);
  };
  await login(page, server, "admin");
  await menu(page, "機関・職員");
  await axe(page);

  await fresh("areas");
  await field(page, "名前").fill(`${name}小学校区`);
  await choice(page, "種別", "小学校区").check();
  await field(page, "開始日").fill("R8.4.1");
  await saved();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${name}小学校区`);

  await fresh("bodies");
  await field(page, "名前").fill(`社会福祉法人${name}会`);
  await page.getByLabel(/^種別/).first().selectOption({ index: 1 });
  await saved();

  await fresh("desks");
  await field(page, "名前").fill(`${name}相談窓口`);
  await pick(page, "運営する機関", `社会福祉法人${name}会`);
  await pick(page, "実施方法", /委託/);
  await field(page, "電話").fill("00-0009-0001");
  await field(page, "開始日").fill("R8.4.1");
  await saved();

  await fresh("staff");
  await field(page, "氏名").fill(`${name} 職子`);
  await saved();
  const person = page.url();
  for (const [role, desk] of [
    [/相談員|ワーカー|CSW/, `${name}相談窓口`],
    [/係長|センター長|管理者/, `${name}相談窓口`],
  ] as const) {
    await page.goto(person);
    await follow(page, "この職員の配置を登録する");
    await pick(page, "機関", `社会福祉法人${name}会`);
    await pick(page, "窓口", desk);
    await pick(page, "役割", role);
    await field(page, "開始日").fill("R8.4.1");
    await saved();
  }
  await page.goto(person);
  await expect(page.getByRole("table", { name: "配置" }).getByRole("row")).toHaveCount(3);

  // The clerk at the phone finds the new desk.
  await page.goto("/organisations/desks");
  await page.getByRole("searchbox", { name: /窓口を名前/ }).fill(name);
  await press(page, "絞り込む");
  await expect(page.getByRole("table", { name: "窓口" })).toContainText(`${name}相談窓口`);
});

test("a word of a code list is changed here, and the form at the phone says the new word", async ({ page, server, as }) => {
  await login(page, server, "admin");
  await page.goto("/organisations/codes");
  await axe(page);
  await follow(page, /相談の方法|方法/);
  await page.getByRole("row").filter({ hasText: "SNS" }).getByRole("link").first().click();
  await follow(page, "直す");
  await field(page, "言い方").fill("SNS・チャット");
  await press(page, "保存する");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("SNS・チャット");

  const worker = await as("worker");
  await worker.goto("/consultations/new");
  await expect(field(worker, "相談の方法").locator("option", { hasText: "SNS・チャット" })).toHaveCount(1);
  await expect(field(worker, "相談の方法").locator("option", { hasText: /^SNS$/ })).toHaveCount(0);
});

test("mistakes are said beside their fields, and nothing is lost", async ({ page, server }) => {
  await login(page, server, "admin");
  await page.goto("/organisations/desks/new");
  await field(page, "愛称").fill("ひだまり");
  await field(page, "開始日").fill("きのうの次");
  await press(page, "保存する");
  const summary = page.getByRole("alert", { name: "入力の確認" });
  await expect(summary).toContainText("名前");
  await expect(summary).toContainText("開始日");
  await expect(field(page, "愛称")).toHaveValue("ひだまり");
  await axe(page);
});

test("an administrator configures, and reads no case", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  const { path, consultation } = await caseOf(page, { words: "管理者に見えない話。", subject: { name: `${name} 見えず` } });
  const admin = await as("admin");
  for (const closed of [path, consultation, `${path}/print`, "/consultations/new", "/rooms/audit"]) {
    const answer = await admin.goto(closed);
    expect(answer?.status(), closed).toBeGreaterThanOrEqual(400);
    expect(await admin.content()).not.toContain("管理者に見えない話。");
  }
  await admin.goto("/organisations/april");
  expect(await admin.content(), "numbers only").not.toContain(name);
  for (const kind of ["worker", "clerk", "outside", "auditor"]) {
    const other = await as(kind);
    for (const closed of ["/organisations/desks/new", "/organisations/settings", "/organisations/staff/new"]) {
      expect((await other.goto(closed))?.status(), `${kind} ${closed}`).toBe(403);
    }
  }
});

test("lists go out as Excel and CSV and come in again without doubles", async ({ page, server }) => {
  const { body } = server.login("admin");
  await login(page, server, "admin");
  await page.goto("/organisations/export?list=desks");
  await axe(page);
  await page.goto("/organisations/import?list=desks");
  await axe(page);
  const file = page.getByRole("main").locator('input[type="file"]').first();
  await file.setInputFiles({
    name: "窓口.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(
      "コード,名前,運営する機関,実施方法,電話,始まりの日\r\n" +
        `X1,ひなた相談室,${body},直営,00-0007-0001,R8.4.1\r\n` +
        `X2,,${body},直営,,\r\n`,
    ),
  });
  await press(page, "内容を確かめる");
  await expect(page.getByRole("main")).toContainText("ひなた相談室");
  await expect(page.getByRole("main"), "the row without a name is told").toContainText("名前");
  await axe(page);
});

test("April: who leaves sees nothing the day after, and the successor has the cases", async ({ browser }) => {
  test.setTimeout(180_000);
  const server = await Server.start();
  try {
    const open = async () => (await browser.newContext({ baseURL: server.url })).newPage();
    const worker = await open();
    await login(worker, server, "worker");
    const { path } = await caseOf(worker, { words: "引き継ぐ話。", subject: { name: "引継 子" } });
    const leaver = (await worker.locator(".user-name").innerText()).trim();

    const supervisor = await open();
    await login(supervisor, server, "supervisor");
    const successor = (await supervisor.locator(".user-name").innerText()).trim();

    const admin = await open();
    await login(admin, server, "admin");
    await admin.goto("/organisations");
    await follow(admin, /引き継ぐ/);
    await axe(admin);
    const row = admin.getByRole("row").filter({ hasText: leaver });
    await expect(row).toContainText(/\d+件/);
    await row.getByRole("checkbox").check();
    await press(admin, "選んだ配置の後任を決める");
    await axe(admin);
    expect(await admin.content(), "no content, no names of clients").not.toContain("引継");
    // Without a successor it does not go through: no case is ever without an owner.
    await press(admin, "引き継ぎを実行する");
    await expect(admin.getByRole("alert", { name: "入力の確認" })).toContainText("後任");
    await field(admin, "切り替えの日").fill("今日");
    await pick(admin, "後任（今の配置から）", successor);
    await press(admin, "引き継ぎを実行する");
    await expect(admin).toHaveURL(/\/organisations\/april$/);

    await worker.goto(path);
    expect(await worker.content()).not.toContain("引き継ぐ話。");
    expect(await worker.content()).not.toContain("引継 子");
    const { user, password } = server.login("worker");
    await worker.goto("/login");
    if (await field(worker, "ユーザー名").isVisible()) {
      await signIn(worker, user, password);
      await worker.goto(path);
      expect(await worker.content(), "signing in again does not help").not.toContain("引継 子");
    }
    await supervisor.goto(path);
    await expect(supervisor.getByRole("main")).toContainText("引継 子");
    await expect(supervisor.getByRole("region", { name: "体制とやること" })).toContainText(successor);
    await supervisor.goto("/cases");
    await expect(supervisor.getByRole("row").filter({ hasText: "引継 子" })).toHaveCount(1);
    for (const page of [worker, supervisor, admin]) await page.context().close();
  } finally {
    await server.stop();
  }
});
