/** Asks before a page with unsaved text is left. */
import { all, sending, unsaved } from "./page";

export function leaveWarning(): void {
  for (const form of all<HTMLFormElement>("form[data-once]")) {
    if (form.dataset.hasErrors !== undefined) unsaved.add(form);
    form.addEventListener("input", () => unsaved.add(form));
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      sending.add(form);
      unsaved.delete(form);
    });
  }
  window.addEventListener("beforeunload", (event) => {
    const waiting = [...unsaved].some((form) => form.isConnected && !sending.has(form));
    if (waiting) event.preventDefault();
  });
}
