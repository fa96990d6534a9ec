/**
 * Saves a draft on the server while the person types. The text in the page is never touched: when
 * the network is lost, the line under the form says so and saving is tried again.
 */
import { all, csrfToken, sending, unsaved } from "./page";

const WAIT_MS = 1_500;
const RETRY_MS = 10_000;
/** Browsers refuse a keepalive request with more than this. */
const KEEPALIVE_BYTES = 60_000;
const NOT_IN_DRAFTS = new Set(["csrf", "once"]);

export function autosave(): void {
  for (const form of all<HTMLFormElement>("form[data-draft-key]")) watch(form);
}

function watch(form: HTMLFormElement): void {
  const key = form.dataset.draftKey;
  if (!key) return;
  const status = form.querySelector<HTMLElement>("[data-draft-status]");
  const address = `/drafts/${encodeURIComponent(key)}`;
  let timer = 0;
  let saved = body(form);
  let running: Promise<void> | undefined;

  const say = (text: string, state: string) => {
    if (!status) return;
    status.dataset.state = state;
    status.textContent = text;
  };

  const put = (text: string, keepalive: boolean) =>
    fetch(address, {
      method: "PUT",
      body: text,
      keepalive,
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "x-csrf-token": csrfToken(),
      },
    });

  const save = async (): Promise<void> => {
    const text = body(form);
    if (text === saved || sending.has(form)) return;
    try {
      const answer = await put(text, false);
      if (answer.redirected || answer.status === 401 || answer.status === 403) {
        say("ログインが切れたため、下書きを保存できません。入力はこの画面に残っています。別のタブでログインし直してください。", "offline");
        again();
        return;
      }
      if (!answer.ok) {
        say("下書きを保存できませんでした。入力はこの画面に残っています。", "offline");
        if (answer.status >= 500) again();
        return;
      }
      saved = text;
      if (body(form) === text) unsaved.delete(form);
      say(`下書き保存 ${clock()}`, "saved");
    } catch {
      say("通信が切れています。入力はこの画面に残っています。つながりしだい保存します。", "offline");
      again();
    }
  };

  const run = () => {
    running = (running ?? Promise.resolve()).then(save);
  };
  const later = (ms: number) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(run, ms);
  };
  const again = () => later(RETRY_MS);
  const changed = () => {
    unsaved.add(form);
    later(WAIT_MS);
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("engawa:rows", changed);
  window.addEventListener("online", run);

  const flush = () => {
    const text = body(form);
    if (text === saved || sending.has(form)) return;
    window.clearTimeout(timer);
    const small = new TextEncoder().encode(text).length < KEEPALIVE_BYTES;
    // The outcome is not waited for, so the text stays "unsaved" until an ordinary save says so.
    put(text, small).catch(() => undefined);
  };
  window.addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush();
  });
}

function body(form: HTMLFormElement): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !NOT_IN_DRAFTS.has(name)) pairs.append(name, value);
  }
  // Passwords never leave the field except when the form is sent.
  for (const secret of all<HTMLInputElement>('input[type="password"]', form)) pairs.delete(secret.name);
  return pairs.toString();
}

function clock(): string {
  const now = new Date();
  return `${now.getHours()}:${String(now.getMinutes()).padStart(2, "0")}`;
}
