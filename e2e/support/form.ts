/** Finds the fields of a form as a person does: by the words beside them. */

import { expect, type Locator, type Page } from "@playwright/test";

/** Where to look: the whole page or a part of it. */
export type Scope = Page | Locator;

/** A label's text with the marks that the form puts behind it. */
function labelled(text: string): RegExp {
  const plain = text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^\\s*${plain}(\\s|必須|国報告)*$`);
}

/** The field with this label. */
export function field(scope: Scope, label: string): Locator {
  return scope.getByLabel(labelled(label));
}

/** The radio button or tick box with these words in the group with this legend. */
export function choice(scope: Scope, legend: string, option: string): Locator {
  return scope.getByRole("group", { name: labelled(legend) }).getByLabel(option, { exact: true });
}

/** Opens what is folded under these words; leaves it open when it is. */
export async function unfold(scope: Scope, summary: string | RegExp): Promise<Locator> {
  const page = "page" in scope ? scope.page() : scope;
  const details = scope.locator("details").filter({ has: page.locator("summary", { hasText: summary }) }).last();
  if ((await details.getAttribute("open")) === null) await details.locator("summary").first().click();
  await expect(details).toHaveAttribute("open", "");
  return details;
}

/** Picks the option that has these words in it. */
export async function pick(scope: Scope, label: string, words: string | RegExp): Promise<void> {
  const select = field(scope, label);
  const option = select.locator("option").filter({ hasText: words }).first();
  await select.selectOption((await option.getAttribute("value")) ?? "");
}

/** Presses the button with exactly these words. */
export async function press(scope: Scope, words: string): Promise<void> {
  await scope.getByRole("button", { name: words, exact: true }).click();
}

/** Follows the link with exactly these words. */
export async function follow(scope: Scope, words: string | RegExp): Promise<void> {
  await scope.getByRole("link", { name: words, exact: typeof words === "string" }).first().click();
}

/** Follows an entry of the menu, whatever waits there. */
export async function menu(page: Page, words: string): Promise<void> {
  const entry = new RegExp(`^${words}(\\s|$)`);
  await page.getByRole("navigation", { name: "メニュー" }).getByRole("link", { name: entry }).click();
}
