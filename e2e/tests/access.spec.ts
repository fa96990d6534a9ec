/** Keys: cut with a reason, seen by everybody whom it concerns, and taken back. */

import type { Page } from "@playwright/test";
import { choice, field, follow, pick, press, unfold } from "../support/form.ts";
import { caseOf, family, invite, personOf, receive, search, write } from "../support/steps.ts";
import { axe, expect, login, test } from "../support/test.ts";

const OPEN = /^理由を記録して\d+分だけ開く$/;
const REASON = "本人と三日連絡が取れず、けがの恐れがあるため";

/** Opens the room's break-glass page as somebody without a key, gives the reason, and is in. */
async function breakGlass(page: Page, room: string): Promise<void> {
  await page.goto(`/rooms/${room}/break-glass`);
  await axe(page);
  await choice(page, "緊急の種別", "生命・身体の危険").check();
  await field(page, "開く理由").fill(REASON);
  await page.getByRole("button", { name: OPEN }).click();
}

test("somebody supports this household already: whom to ask, and nothing else", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "灰色の封筒の話。", subject: { name: `${name} 既子` } });
  const outside = await as("outside");
  const answer = await outside.goto(path);
  expect(answer?.status()).toBe(403);
  const main = outside.getByRole("main");
  await expect(main).toContainText("支援中の機関があります");
  await expect(main).toContainText("くらし相談窓口");
  expect(await outside.content()).not.toContain("灰色の封筒");
  expect(await outside.content()).not.toContain(name);
  await axe(outside);
  // Roles that need not know are told nothing.
  for (const kind of ["clerk", "nocase", "auditor", "admin", "entry"]) {
    const other = await as(kind);
    const nothing = await other.goto(path);
    expect(nothing?.status(), kind).toBe(404);
    expect(await other.content(), kind).not.toContain("支援中の機関");
  }
});

test("a colleague of another body takes in the same person and is told whom to ask", async ({ page, server, as }) => {
  const { name, kana } = family();
  const subject = { name: `${name} 重子`, kana: `${kana} しげこ`, birth: "S42.7.8", phone: "00-5656-7878" };
  await login(page, server, "worker");
  await caseOf(page, { words: "紫の風呂敷の話。", subject });
  const outside = await as("outside");
  await receive(outside, { words: "重子さんから電話。", subject });
  const main = outside.getByRole("main");
  await expect(main).toContainText("支援中の機関があります");
  await expect(main).toContainText("くらし相談窓口");
  await expect(main).not.toContainText("紫の風呂敷");
});

test("break-glass: a reason opens it for a while, the owner is told, the log says it", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  const { path, room } = await caseOf(page, { words: "緊急に開く。", subject: { name: `${name} 急子` } });
  await write(page, "安否の確認が要る。");

  const outside = await as("outside");
  await outside.goto(path);
  await follow(outside, /緊急閲覧へ/);
  await expect(outside).toHaveURL(new RegExp(`/rooms/${room}/break-glass`));
  // Without a reason it stays shut.
  await outside.getByRole("button", { name: OPEN }).click();
  await expect(outside.getByRole("alert", { name: "入力の確認" })).toContainText("理由");
  expect((await outside.request.get(path)).status()).toBe(403);
  await breakGlass(outside, room);
  await expect(outside).toHaveURL(new RegExp(path));
  await expect(outside.getByRole("main")).toContainText("安否の確認が要る。");
  expect(await outside.getByRole("button", { name: "支援経過を保存する" }).count(), "to read, not to write").toBe(0);

  await page.goto("/today");
  const notice = page.getByRole("listitem").filter({ hasText: "緊急閲覧がありました" }).filter({ has: page.locator(`a[href*="${room}"]`) });
  await expect(notice).toHaveCount(1);
  await axe(page);

  await notice.getByRole("link", { name: "だれが見たかを確かめる" }).click();
  await expect(page).toHaveURL(new RegExp(`/rooms/${room}/log`));
  const log = page.getByRole("main");
  await expect(log).toContainText("緊急閲覧");
  await expect(log).toContainText(REASON);
  await axe(page);

  const auditor = await as("auditor");
  await auditor.goto("/rooms/audit");
  await expect(auditor.getByRole("main")).toContainText("緊急閲覧");
  expect(await auditor.content(), "the auditor reads no content").not.toContain("安否の確認が要る。");
  await axe(auditor);
});

test("who has seen this case: reads and prints, by whom", async ({ page, server, as }) => {
  await login(page, server, "worker");
  const { path, room } = await caseOf(page, { words: "だれが見たか。" });
  const supervisor = await as("supervisor");
  await supervisor.goto(path);
  const name = (await supervisor.locator(".user-name").innerText()).trim();
  await supervisor.goto(`${path}/print?timeline=1`);
  const outside = await as("outside");
  const stranger = (await outside.locator(".user-name").innerText()).trim();
  await outside.goto(path);

  await page.goto(path);
  await follow(page, "だれが見たか");
  await expect(page).toHaveURL(new RegExp(`/rooms/${room}/log`));
  const lines = page.getByRole("main").getByRole("row");
  await expect(lines.filter({ hasText: name }).filter({ hasText: "印刷した" })).not.toHaveCount(0);
  await expect(lines.filter({ hasText: name }).filter({ hasText: "閲覧した" })).not.toHaveCount(0);
  await expect(lines.filter({ hasText: stranger }).filter({ hasText: "閲覧権がなく開けなかった" })).not.toHaveCount(0);
  await axe(page);
});

test("a conflict of interest closes the door, also in an emergency", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  const { path, room } = await caseOf(page, { words: "担当者の親族。", subject: { name: `${name} 縁子` } });
  const person = await personOf(page, `${name} 縁子`);

  const supervisor = await as("supervisor");
  await supervisor.goto(path);
  await expect(supervisor.getByRole("main")).toContainText(`${name} 縁子`);

  await supervisor.goto(person);
  await follow(supervisor, "利益相反を届け出る");
  await axe(supervisor);
  await field(supervisor, "あなたとの関係").fill("いとこ");
  await press(supervisor, "届け出る");
  await expect(supervisor.getByRole("table", { name: "あなたの利益相反の届け出" })).toContainText("いとこ");
  await axe(supervisor);

  const refused = await supervisor.goto(path);
  expect(refused?.status()).toBeGreaterThanOrEqual(403);
  expect(await supervisor.content()).not.toContain("担当者の親族。");
  for (const closed of [`${path}/print`, person, `/rooms/${room}/log`]) {
    const answer = await supervisor.goto(closed);
    expect(answer?.status(), closed).toBeGreaterThanOrEqual(403);
    expect(await supervisor.content(), closed).not.toContain(name);
  }
  await supervisor.goto("/today");
  const text = (await search(supervisor, name)).replaceAll(name, "");
  expect(text).not.toContain("縁子");
  await supervisor.goto(`/rooms/${room}/break-glass`);
  if (await supervisor.getByRole("button", { name: OPEN }).isVisible()) await breakGlass(supervisor, room);
  expect((await supervisor.request.get(path)).status(), "not even with a reason").toBeGreaterThanOrEqual(403);
});

test("a key given to a colleague opens the room, and taking it back closes it at once", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  const { path, room } = await caseOf(page, { words: "鍵の貸し借り。", subject: { name: `${name} 鍵子` } });
  const outside = await as("outside");
  const theirs = (await outside.locator(".user-name").innerText()).trim();
  expect((await outside.goto(path))?.status()).toBe(403);

  await page.goto(`${path}/team`);
  await axe(page);
  // A key needs a basis in words.
  await choice(page, "加える人・機関", "職員").check();
  await pick(page, "職員・窓口", theirs);
  await pick(page, "役割", /^支援$/);
  await press(page, "チームに加える");
  await expect(page.getByRole("alert", { name: "入力の確認" })).toContainText("根拠");
  await invite(page, path, theirs);
  expect((await outside.goto(path))?.status()).toBe(200);
  await expect(outside.getByRole("main")).toContainText(`${name} 鍵子`);
  await write(outside, "他機関の職員が書いた。", "電話相談・連絡");

  await page.goto(`/rooms/${room}/keys`);
  await expect(page.getByRole("main")).toContainText(theirs);
  await expect(page.getByRole("main")).toContainText("本人の同意");
  await axe(page);

  await page.goto(`${path}/team`);
  const row = page.getByRole("row").filter({ hasText: theirs });
  const ending = await unfold(row, "外す");
  await field(ending, "外す理由").fill("支援の区切り");
  await press(ending, "外して閲覧権を返す");
  expect((await outside.goto(path))?.status(), "closed at once").toBeGreaterThanOrEqual(403);
  expect(await outside.content()).not.toContain(name);
  await page.goto(path);
  await expect(page.getByRole("main"), "what was written stays").toContainText("他機関の職員が書いた。");
});

test("a key is taken back on the page of keys, with a reason; the owner's own is not", async ({ page, server, as }) => {
  await login(page, server, "worker");
  const { path, room } = await caseOf(page, { words: "閲覧権の一覧。" });
  const outside = await as("outside");
  const theirs = (await outside.locator(".user-name").innerText()).trim();
  await invite(page, path, theirs);
  expect((await outside.goto(path))?.status()).toBe(200);
  await page.goto(path);
  await follow(page, "閲覧権の一覧");
  const now = page.getByRole("table", { name: "いま使える閲覧権" });
  const taking = await unfold(now.getByRole("row").filter({ hasText: theirs }), "取り消す");
  await field(taking, "取り消す理由").fill("担当が替わったため");
  await press(taking, "閲覧権を取り消す");
  await expect(now).not.toContainText(theirs);
  const past = await unfold(page, /^取り消された・期限が切れた閲覧権/);
  await expect(past).toContainText(theirs);
  await axe(page);
  expect((await outside.goto(path))?.status()).toBe(403);
  const own = now.getByRole("row").filter({ hasText: /主担当/ });
  await expect(own).not.toHaveCount(0);
  await expect(own.getByRole("button"), "a room is never without its owner").toHaveCount(0);
  await page.goto(`/rooms/${room}/log`);
  await expect(page.getByRole("main")).toContainText("担当が替わったため");
});

test("a withheld address is opened once with a reason, and the owner is told", async ({ page, server, as }) => {
  const { name } = family();
  await login(page, server, "worker");
  const { room } = await caseOf(page, { words: "秘匿を開く。", subject: { name: `${name} 匿子`, phone: "00-9090-1212" } });
  const person = await personOf(page, `${name} 匿子`);
  await page.goto(person);
  await follow(page, "秘匿(支援措置)");
  await choice(page, "申出の区分", "ストーカー").check();
  await press(page, "秘匿を設定する");

  const supervisor = await as("supervisor");
  await supervisor.goto(person);
  expect(await supervisor.content()).not.toContain("00-9090-1212");
  await follow(supervisor, /秘匿された情報を開く/);
  await axe(supervisor);
  await press(supervisor, "理由を記録して開く");
  await expect(supervisor.getByRole("alert", { name: "入力の確認" })).toBeVisible();
  await field(supervisor, "開く理由").fill("安否確認の電話をかけるため");
  await press(supervisor, "理由を記録して開く");
  await expect(supervisor.getByRole("main")).toContainText("00-9090-1212");
  await axe(supervisor);
  await supervisor.goto(person);
  expect(await supervisor.content(), "only that once").not.toContain("00-9090-1212");

  await page.goto("/today");
  const notice = page.getByRole("listitem").filter({ hasText: "秘匿された情報が開かれました" }).filter({ has: page.locator(`a[href*="${room}"]`) });
  await expect(notice).toHaveCount(1);
  expect(await page.content(), "the notice does not tell what was opened").not.toContain("00-9090-1212");
  await notice.getByRole("link", { name: "だれが見たかを確かめる" }).click();
  await expect(page.getByRole("main")).toContainText("安否確認の電話をかけるため");
});
