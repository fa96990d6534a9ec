/** 引き継ぎ (REF-06): one case goes to somebody else, who reads one page of it and says 引き継ぎました. */

import { field, follow, pick, press } from "../support/form.ts";
import { caseOf, family, write } from "../support/steps.ts";
import { axe, expect, login, test } from "../support/test.ts";

test("a successor reads what was written, prints it and confirms the case", async ({ page, server, as }) => {
  const heir = await as("supervisor");
  const theirs = (await heir.locator(".user-name").innerText()).trim();
  const { name } = family();
  const said = "毎週火曜の午前に電話する約束。";
  await login(page, server, "worker");
  const { path } = await caseOf(page, { words: "続けて話を聞いてほしい。", subject: { name: `${name} 継` } });
  await write(page, said, "電話相談・連絡");

  await page.goto(`${path}/owner`);
  await axe(page);
  await pick(page, "次の主担当", theirs);
  await press(page, "主担当を替える");

  await heir.goto("/today");
  const waiting = heir.locator(`main a[href="${path}/takeover"]`);
  await expect(waiting, "it waits on the successor's day").toBeVisible();
  await axe(heir);
  await heir.goto("/cases/takeovers");
  await expect(heir.getByRole("table", { name: "自分の確認を待つケース" }).locator(`a[href="${path}/takeover"]`)).toBeVisible();
  await axe(heir);
  const print = await heir.getByRole("link", { name: "この一覧の引継書（PDF）" }).getAttribute("href");
  const paper = await heir.request.get(`${server.url}${print}`);
  expect(paper.headers()["content-type"]).toBe("application/pdf");
  expect((await paper.body()).subarray(0, 5).toString()).toBe("%PDF-");

  await heir.locator(`a[href="${path}/takeover"]`).first().click();
  await expect(heir.getByRole("main")).toContainText(said);
  await axe(heir);
  await field(heir, "気づいたこと・前の担当に確かめたいこと").fill("電話は自宅の番号へ");
  await press(heir, "引き継ぎました");
  await expect(heir).toHaveURL(/\/cases\/takeovers$/);
  await expect(heir.locator(`main a[href="${path}/takeover"]`)).toHaveCount(0);
  await heir.goto(`${path}/takeover`);
  await expect(heir.getByRole("main")).toContainText("確認を待つ引き継ぎはありません");
  await follow(heir, "ケースの全部を読む");
  await expect(heir.getByRole("main")).toContainText(said);
});
