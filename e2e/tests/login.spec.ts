/** The way in: nobody learns who has an account, nobody stays in unseen, and no text is lost. */

import { field, follow, pick, press } from "../support/form.ts";
import { caseOf, receive } from "../support/steps.ts";
import { Server } from "../support/server.ts";
import { axe, expect, login, signIn, test } from "../support/test.ts";

test("a wrong password and an unknown user get the same answer", async ({ page, server }) => {
  const { user } = server.login("nocase");
  await page.goto("/login");
  await axe(page);
  const said: string[] = [];
  for (const [name, password] of [
    [user, "まちがい-password-1"],
    ["nobody-of-this-name", "まちがい-password-1"],
  ] as const) {
    await page.goto("/login");
    const answered = page.waitForResponse((r) => r.request().method() === "POST" && r.url().endsWith("/login"));
    await signIn(page, name, password);
    const status = (await answered).status();
    await expect(page).toHaveURL(/\/login/);
    const text = await page.getByRole("main").innerText();
    said.push(`${status} ${text}`);
    await expect(page.getByRole("alert")).toBeVisible();
    await expect(field(page, "パスワード"), "a password is never sent back").toHaveValue("");
    await axe(page);
  }
  expect(said[1]).toBe(said[0]);
});

test("one comes to the page one wanted, but never to another site", async ({ page, server }) => {
  const { user, password } = server.login("worker");
  await page.goto("/consultations/new");
  await expect(page).toHaveURL(/\/login\?next=/);
  await signIn(page, user, password);
  await expect(page).toHaveURL(/\/consultations\/new$/);
  await press(page, "ログアウト");
  await expect(page.getByText("ログアウトしました。")).toBeVisible();
  for (const next of ["//example.com/", "https://example.com/", "/\\example.com"]) {
    await page.goto(`/login?next=${encodeURIComponent(next)}`);
    await signIn(page, user, password);
    expect(new URL(page.url()).origin).toBe(server.url);
    await press(page, "ログアウト");
  }
  await page.goBack();
  await page.goto("/today");
  await expect(page, "after logging out nothing is left").toHaveURL(/\/login/);
});

test("a locked screen shows nothing, and unlocking brings the text back", async ({ page, server }) => {
  const { password } = server.login("worker");
  await login(page, server, "worker");
  const path = await receive(page, { words: "席を離れる前の相談。" });
  await page.goto("/account");
  await press(page, "いま画面をロックする");
  await expect(page).toHaveURL(/\/unlock/);
  await axe(page);
  for (const closed of [path, "/today", "/search?q=a", "/account", "/api/v1/cases"]) {
    await page.goto(closed);
    expect(await page.content()).not.toContain("席を離れる前の相談。");
    if (!closed.startsWith("/api")) await expect(page).toHaveURL(/\/unlock/);
  }
  await page.goto(path);
  await field(page, "パスワード").fill("違う言葉です");
  await press(page, "ロックを解除する");
  await expect(page).toHaveURL(/\/unlock/);
  await expect(page.getByRole("alert")).toBeVisible();
  await field(page, "パスワード").fill(password);
  await press(page, "ロックを解除する");
  await expect(page, "back where one was").toHaveURL(new RegExp(path));
  await expect(page.getByRole("main")).toContainText("席を離れる前の相談。");
});

test("what was being typed when the screen was locked is still there @js", async ({ page, server }) => {
  const { password } = server.login("worker");
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "離席。" });
  await field(page, "内容").fill("離席の前に書きかけた文。");
  await expect(page.locator("[data-draft-status]").first()).toContainText(/下書き保存 \d/);
  const tab = await page.context().newPage();
  await tab.goto("/account");
  await press(tab, "いま画面をロックする");
  await expect(tab).toHaveURL(/\/unlock/);
  await page.goto(path);
  await expect(page).toHaveURL(/\/unlock/);
  await field(page, "パスワード").fill(password);
  await press(page, "ロックを解除する");
  await expect(page).toHaveURL(new RegExp(path));
  await expect(field(page, "内容")).toHaveValue("離席の前に書きかけた文。");
});

test("I see where I am signed in, and end it from here", async ({ browser }) => {
  const server = await Server.start();
  try {
    const open = async () => (await browser.newContext({ baseURL: server.url })).newPage();
    const [page, elsewhere] = [await open(), await open()];
    await login(page, server, "coordinator");
    await login(elsewhere, server, "coordinator");
    await page.goto("/account");
    const list = page.getByRole("table", { name: "ログイン中の端末" });
    await expect(list.getByRole("row")).toHaveCount(3);
    await expect(list.getByRole("row").filter({ hasText: "この画面" })).toHaveCount(1);
    await axe(page);
    await list.getByRole("button", { name: /^終了する/ }).click();
    await expect(page.getByRole("status")).toContainText("終了しました");
    await expect(list.getByRole("row")).toHaveCount(2);
    await elsewhere.goto("/today");
    await expect(elsewhere, "it is over there at once").toHaveURL(/\/login/);
    await page.goto("/today");
    await expect(page, "and not here").toHaveURL(/\/today/);
    for (const one of [page, elsewhere]) await one.context().close();
  } finally {
    await server.stop();
  }
});

test("an API token is shown once, opens exactly my rooms, and is taken back", async ({ page, server, as, request }) => {
  const { password } = server.login("worker");
  await login(page, server, "worker");
  const { room } = await caseOf(page, { words: "APIで読む。" });

  const make = async (who: typeof page, secret: string): Promise<string> => {
    await who.goto("/account/tokens");
    await field(who, "使いみち").fill("試験の集計");
    await pick(who, "有効期間", "30日");
    await field(who, "パスワード").fill(secret);
    await press(who, "作成する");
    await expect(who.getByRole("heading", { level: 1 })).toHaveText("APIトークンを作成しました");
    await axe(who);
    return (await who.getByRole("main").locator("code").innerText()).trim();
  };
  const token = await make(page, password);
  await follow(page, "APIトークンの一覧に戻る");
  expect(await page.content(), "shown once").not.toContain(token);
  await expect(page.getByRole("table", { name: "使用中のAPIトークン" })).toContainText("試験の集計");

  const ask = (path: string, key: string) =>
    request.get(`${server.url}${path}`, { headers: { authorization: `Bearer ${key}` }, maxRedirects: 0 });
  expect((await ask(`/api/v1/cases/${room}`, token)).status()).toBe(200);
  expect((await ask("/api/v1/me", token)).status()).toBe(200);
  expect((await ask("/api/v1/cases", "wrong-token")).status()).toBe(401);
  expect((await request.get(`${server.url}/api/v1/cases`, { maxRedirects: 0 })).status()).toBe(401);
  expect((await request.get(`${server.url}/api/v1/openapi.json`)).status()).toBe(200);

  const outside = await as("outside");
  const theirs = await make(outside, server.login("outside").password);
  const refused = await ask(`/api/v1/cases/${room}`, theirs);
  expect([403, 404]).toContain(refused.status());
  expect(await refused.text()).not.toContain("APIで読む。");

  await page.getByRole("button", { name: "取り消す(試験の集計)" }).click();
  expect((await ask("/api/v1/me", token)).status(), "taken back").toBe(401);
});

test("a password is changed with rules that are said", async ({ browser }) => {
  const server = await Server.start();
  try {
    const context = await browser.newContext({ baseURL: server.url });
    const page = await context.newPage();
    await login(page, server, "clerk");
    await page.goto("/account");
    await follow(page, "パスワードを変更する");
    const { password, user } = server.login("clerk");
    for (const [weak, again] of [
      ["みじかい", "みじかい"],
      [`${user}`, `${user}`],
      ["長くて覚えやすい合言葉です", "長くて覚えやすい別の言葉です"],
    ] as const) {
      await field(page, "いまのパスワード").fill(password);
      await field(page, "新しいパスワード").fill(weak);
      await field(page, "新しいパスワード(確認)").fill(again);
      await press(page, "変更する");
      await expect(page.getByRole("alert", { name: "入力の確認" })).toBeVisible();
    }
    await axe(page);
    await field(page, "いまのパスワード").fill(password);
    await field(page, "新しいパスワード").fill("縁側で お茶を飲む 日曜日");
    await field(page, "新しいパスワード(確認)").fill("縁側で お茶を飲む 日曜日");
    await press(page, "変更する");
    await expect(page.getByRole("status")).toContainText("パスワードを変更しました");
    await press(page, "ログアウト");
    await signIn(page, user, "縁側で お茶を飲む 日曜日");
    await expect(page).not.toHaveURL(/\/login/);
    await context.close();
  } finally {
    await server.stop();
  }
});

test("many wrong passwords close the door for a while, also for the right one", async ({ browser }) => {
  test.setTimeout(120_000);
  const server = await Server.start();
  try {
    const context = await browser.newContext({ baseURL: server.url });
    const page = await context.newPage();
    const { user, password } = server.login("worker");
    for (let n = 0; n < 6; n++) {
      await page.goto("/login");
      await signIn(page, user, `まちがい${n}-password`);
      await expect(page.getByRole("alert")).toBeVisible();
    }
    await page.goto("/login");
    await signIn(page, user, password);
    await expect(page, "closed even with the right password").toHaveURL(/\/login/);
    await expect(page.getByRole("alert")).toBeVisible();
    await context.close();
  } finally {
    await server.stop();
  }
});
