/**
 * What the receiver of a つなぐシート will read, drawn anew as one writes. The form is posted to its
 * own address with `do=live`, which keeps nothing; the answer replaces the view beside the form. A
 * screen reader hears one short line, and only when that line has changed. When the server cannot be
 * asked, the last view stays and the line says that it is old.
 */
import { all, csrfToken, sending } from "./page";

const WAIT_MS = 600;
const RETRY_MS = 10_000;
/** From here on there is room beside the form, and the view stands open. */
const WIDE = "(min-width: 64rem)";
/** `once` belongs to the sending, a draft's key to the draft. */
const LEFT_OUT = new Set(["csrf", "once"]);

export function liveViews(): void {
  for (const view of all<HTMLDetailsElement>("details[data-live-view]")) {
    const form = view.parentElement?.querySelector<HTMLFormElement>("form");
    if (form) watch(view, form);
  }
}

function watch(view: HTMLDetailsElement, form: HTMLFormElement): void {
  const status = view.querySelector<HTMLElement>("[data-live-status]");
  const content = view.querySelector<HTMLElement>("[data-live-content]");
  if (!status || !content) return;
  let timer = 0;
  let running: AbortController | undefined;
  /** The form as it was when the view was drawn. */
  let drawn = "";
  let drawnAt = "";

  const say = (text: string, state: "now" | "old") => {
    view.dataset.state = state;
    if (status.textContent !== text) status.textContent = text;
  };
  const old = () => {
    const why = "いまは確かめられません。入力はこの画面に残っています。";
    say(drawnAt ? `${why}下は${drawnAt}の内容で、いまの入力とは違うことがあります。` : why, "old");
    later(RETRY_MS);
  };

  const draw = async (): Promise<void> => {
    const text = body(form);
    if (sending.has(form) || (text === drawn && view.dataset.state === "now")) return;
    running?.abort();
    const mine = new AbortController();
    running = mine;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: text,
        signal: mine.signal,
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "x-csrf-token": csrfToken(),
        },
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine.signal.aborted) return;
      const fresh = page.querySelector<HTMLElement>("[data-live-summary]");
      // A login page, a lock, a refusal: whatever it is, it is no view.
      if (!answer.ok || !fresh) return old();
      drawn = text;
      drawnAt = clock();
      content.replaceChildren(fresh);
      say(fresh.dataset.liveSummary ?? "", "now");
      // What the button showed is older than this.
      for (const was of all("[data-live-was]")) was.remove();
    } catch {
      if (!mine.signal.aborted) old();
    }
  };
  const later = (ms: number) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void draw(), ms);
  };

  form.addEventListener("input", () => later(WAIT_MS));
  form.addEventListener("change", () => later(WAIT_MS));
  form.addEventListener("submit", () => {
    window.clearTimeout(timer);
    running?.abort();
  });
  window.addEventListener("online", () => later(0));

  view.hidden = false;
  view.open = window.matchMedia(WIDE).matches;
  // The button's own answer stands above the form until something is changed.
  if (all("[data-live-was]").length === 0) later(0);
}

function body(form: HTMLFormElement): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !LEFT_OUT.has(name)) pairs.append(name, value);
  }
  pairs.append("do", "live");
  return pairs.toString();
}

function clock(): string {
  const now = new Date();
  return `${now.getHours()}時${String(now.getMinutes()).padStart(2, "0")}分`;
}
