/**
 * Something long that goes on at the server: what stands in `data-progress` is drawn anew from the
 * same page every two seconds. When the page no longer has it, the work is done and the page is
 * loaded. When the server cannot be asked, the last figure stays and the next turn asks again.
 */
import { all } from "./page";

const EVERY_MS = 2_000;

export function longWork(): void {
  for (const shown of all<HTMLElement>("[data-progress]")) {
    const turn = async (): Promise<void> => {
      if (await drawn(shown)) window.setTimeout(turn, EVERY_MS);
    };
    window.setTimeout(turn, EVERY_MS);
  }
}

/** Whether it still goes on. */
async function drawn(shown: HTMLElement): Promise<boolean> {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok) return true;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-progress]");
    if (!next) {
      location.reload();
      return false;
    }
    shown.replaceChildren(...next.childNodes);
  } catch {
    // No network for a moment.
  }
  return true;
}
