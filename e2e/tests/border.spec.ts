/** Over the municipal border: the administrator's card, and a file that is none. */

import { field, menu, press } from "../support/form.ts";
import { axe, expect, login, test } from "../support/test.ts";

test("an administrator makes the card of this town and is stopped at a swapped one", async ({ page, server }) => {
  await login(page, server, "admin");
  await menu(page, "相手の自治体");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("相手の自治体");
  await expect(page.getByRole("main")).toContainText("見本となり町");
  const make = page.getByRole("button", { name: "鍵を作る" });
  // The projects share one town: the second finds the keys of the first.
  if ((await make.count()) > 0) {
    await axe(page);
    await make.click();
  }
  const card = (await page.locator("pre").innerText()).trim();
  expect(card).toContain("engawa-card 1");
  const print = (await page.getByRole("main").locator("dd strong").first().innerText()).trim();
  expect(print).toMatch(/^(\d{4} ){7}\d{4}$/);
  expect(card, "the fingerprint goes by telephone only").not.toContain(print);
  await axe(page);

  await field(page, "相手の公開カード").fill(card);
  await field(page, "相手の全国地方公共団体コード").fill("131016");
  await field(page, "電話で聞いた相手の指紋").fill("0000 0000 0000 0000 0000 0000 0000 0000");
  await field(page, "協定の始まり").fill("R8.4.1");
  await press(page, "登録する");
  await expect(page.getByRole("alert")).toContainText("貼り付けたカードの指紋と合いません");
  await axe(page);
});

test("a file that is no つなぐシート is refused in words, and nothing is lost", async ({ page, server }) => {
  await login(page, server, "worker");
  await page.goto("/referrals/import");
  await axe(page);
  await page.locator("input[type=file]").setInputFiles({ name: "a.engawa-tsunagu", mimeType: "application/octet-stream", buffer: Buffer.from("no file") });
  await press(page, "取り込む");
  await expect(page.getByRole("alert")).toContainText("取り込");
  await axe(page);
});
