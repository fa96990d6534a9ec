/**
 * What every spec imports: `import { test, expect, login, axe } from "../support/test.ts"`.
 *
 * Every test has a server of its worker, and fails by itself when a page asks another host for
 * anything, breaks the content security policy, throws in a script, or gets a 5xx.
 */

import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type BrowserContext, type Page } from "@playwright/test";
import { field } from "./form.ts";
import { Server } from "./server.ts";

export { expect };

interface TestFixtures {
  /** Watches every page of the test; see {@link watch}. */
  watched: void;
  /** Somebody else at another machine: a browser of their own, signed in as a login of this kind. */
  as: (kind: string) => Promise<Page>;
}

interface WorkerFixtures {
  /** The server of this worker, with its own data. */
  server: Server;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  watched: [
    async ({ context, server }, use) => {
      const complaints = watch(context, server.url);
      await use();
      expect(complaints, "what the pages must never do").toEqual([]);
    },
    { auto: true },
  ],
  as: async ({ browser, server }, use) => {
    const opened: { context: BrowserContext; complaints: string[] }[] = [];
    await use(async (kind) => {
      const context = await browser.newContext();
      opened.push({ context, complaints: watch(context, server.url) });
      const page = await context.newPage();
      await login(page, server, kind);
      return page;
    });
    for (const { context, complaints } of opened) {
      await context.close();
      expect(complaints, "what the pages of the others must never do").toEqual([]);
    }
  },
});

/**
 * Collects what no page may do. Use it by hand for a context that a test makes itself
 * (a second person at another machine), and expect its list to be empty at the end.
 */
export function watch(context: BrowserContext, origin: string): string[] {
  const complaints: string[] = [];
  context.on("request", (request) => {
    const url = new URL(request.url());
    const inside = url.origin === origin || ["data:", "blob:", "about:"].includes(url.protocol);
    if (!inside) complaints.push(`asked another host: ${request.method()} ${url.origin}${url.pathname}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} at ${new URL(response.url()).pathname}`);
  });
  context.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) complaints.push(message.text());
  });
  context.on("weberror", (error) => complaints.push(`script error: ${error.error().message}`));
  const sockets = (page: Page) =>
    page.on("websocket", (socket) => {
      const { host } = new URL(socket.url());
      if (host !== new URL(origin).host) complaints.push(`opened a socket to another host: ${host}`);
    });
  context.pages().forEach(sockets);
  context.on("page", sockets);
  return complaints;
}

/** Signs in as the demo login of this kind, through the form, as a person would. */
export async function login(page: Page, server: Server, kind: string): Promise<void> {
  const { user, password } = server.login(kind);
  await page.goto(`${server.url}/login`);
  await signIn(page, user, password);
  await expect(page, `${kind} is signed in`).not.toHaveURL(/\/login/);
}

/** Fills in the sign-in form that is open and sends it. */
export async function signIn(page: Page, user: string, password: string): Promise<void> {
  await field(page, "ユーザー名").fill(user);
  await field(page, "パスワード").fill(password);
  await page.getByRole("button", { name: "ログイン" }).click();
}

/** What axe checks: WCAG 2.0 to 2.2, A and AA (JIS X 8341-3 asks for 2.0 AA), and good practice. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** axe finds nothing on the page as it stands. */
export async function axe(page: Page): Promise<void> {
  return test.info().project.use.javaScriptEnabled === false ? axeWithoutScripts(page) : axeOn(page);
}

async function axeOn(page: Page): Promise<void> {
  // A click comes back when the next page begins, which then has no element to look at yet.
  await page.waitForLoadState();
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    rule: `${id}: ${help}`,
    where: nodes.map((node) => node.target.join(" ")),
  }));
  // Soft: what is wrong for one reader must not hide what is wrong for the next.
  expect.soft(found, `axe on ${page.url()}`).toEqual([]);
}

/**
 * axe is a script itself, so it looks at a copy, in a window with scripts, of the page that a person
 * without them sees: the page's own scripts taken out, what stands in `noscript` left in.
 */
async function axeWithoutScripts(page: Page): Promise<void> {
  const seen = await page.content();
  const body = seen.replace(/<script\b[^>]*>.*?<\/script>/gis, "").replace(/<\/?noscript\b[^>]*>/gi, "");
  const context = await page.context().browser()?.newContext({
    javaScriptEnabled: true,
    storageState: await page.context().storageState(),
    viewport: page.viewportSize(),
  });
  if (!context) throw new Error("this page has no browser to open a copy in");
  try {
    const copy = await context.newPage();
    await copy.route(page.url(), (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body }));
    await copy.goto(page.url());
    await axeOn(copy);
  } finally {
    await context.close();
  }
}
