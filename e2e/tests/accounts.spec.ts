/** A new colleague gets in on the first day, and out on the last: accounts as an administrator keeps them. */

import { field, follow, menu, pick, press } from "../support/form.ts";
import { family } from "../support/steps.ts";
import { axe, expect, login, signIn, test, watch } from "../support/test.ts";

test("an administrator lets a new colleague in, and out again at once", async ({ page, server, browser }) => {
  test.setTimeout(180_000);
  const { password: own } = server.login("admin");
  const person = `${family().name} 新子`;
  const user = `new-${Date.now()}`;

  await login(page, server, "admin");
  await page.goto("/organisations/staff/new");
  await field(page, "氏名").fill(person);
  await press(page, "保存する");
  await follow(page, "この職員の配置を登録する");
  await pick(page, "機関", "縁側市福祉総務課");
  await pick(page, "窓口", "福祉総合相談窓口");
  await pick(page, "役割", /相談員|ワーカー|CSW/);
  await field(page, "開始日").fill("R8.4.1");
  await press(page, "保存する");
  await expect(page).toHaveURL(/\/organisations\/postings\/[0-9a-f-]{36}$/);

  await menu(page, "職員のアカウント");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("職員のアカウント");
  await axe(page);
  await follow(page, "アカウントを作成する");
  await page.getByRole("searchbox", { name: /^氏名・かな/ }).fill(person);
  await press(page, "絞り込む");
  await axe(page);
  await follow(page, person);
  await field(page, "ユーザー名").fill("新子");
  await field(page, "あなたのパスワード").fill(own);
  await press(page, "作成する");
  await expect(page.getByRole("alert"), "a user name in kanji is refused, and kept").toBeVisible();
  await expect(field(page, "ユーザー名")).toHaveValue("新子");
  await axe(page);
  await field(page, "ユーザー名").fill(user);
  await field(page, "あなたのパスワード").fill(own);
  await press(page, "作成する");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`${person}のアカウントを作成しました`);
  await axe(page);
  const first = (await page.getByRole("main").locator("code").last().innerText()).trim();
  expect(page.url(), "never in the address").not.toContain(first);
  await follow(page, /このアカウントの画面へ$/);
  const account = page.url();
  expect(await page.content(), "shown once").not.toContain(first);
  await expect(page.getByRole("main")).toContainText("仮パスワード");
  await axe(page);

  const context = await browser.newContext({ baseURL: server.url });
  const complaints = watch(context, server.url);
  const theirs = await context.newPage();
  await theirs.goto("/login");
  await signIn(theirs, user, first);
  await expect(theirs, "a password of one's own comes first").toHaveURL(/\/account\/password/);
  await theirs.goto("/today");
  await expect(theirs).toHaveURL(/\/account\/password/);
  const chosen = "えんがわで スイカと風鈴 7";
  await field(theirs, "いまのパスワード").fill(first);
  await field(theirs, "新しいパスワード").fill(chosen);
  await field(theirs, "新しいパスワード(確認)").fill(chosen);
  await press(theirs, "変更する");
  await expect(theirs).toHaveURL(/\/today/);

  await page.goto(account);
  await expect(page.getByRole("table", { name: "ログイン中の端末" }).getByRole("row")).toHaveCount(2);
  await press(page, "アカウントを停止する");
  await expect(page.getByRole("alert"), "not without a reason").toContainText("停止の理由");
  await axe(page);
  await field(page, "停止の理由").fill("試用の終わり");
  await press(page, "アカウントを停止する");
  await expect(page.getByRole("main")).toContainText("試用の終わり");
  await axe(page);

  await theirs.getByRole("navigation", { name: "メニュー" }).getByRole("link").first().click();
  await expect(theirs, "the next click is the login page").toHaveURL(/\/login\?why=disabled/);
  await expect(theirs.getByRole("main")).toContainText("停止されています");
  await signIn(theirs, user, chosen);
  await expect(theirs.getByRole("alert")).toContainText("停止されています");
  await context.close();
  expect(complaints).toEqual([]);
});

test("nobody but an administrator sees accounts, and an administrator cannot lock the own door", async ({ page, server, as }) => {
  const worker = await as("worker");
  expect((await worker.goto("/accounts"))?.status()).toBe(403);
  await expect(worker.getByRole("link", { name: "職員のアカウント" })).toHaveCount(0);

  await login(page, server, "admin");
  await page.goto(`/accounts?q=${server.login("admin").user}`);
  await page.getByRole("table", { name: "職員のアカウント" }).getByRole("link").first().click();
  await expect(page.getByRole("main")).toContainText("これはあなたのアカウントです");
  await expect(page.getByRole("button", { name: "アカウントを停止する" })).toHaveCount(0);
  await axe(page);
});
