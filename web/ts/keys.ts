/** Small conveniences for the keyboard. */
import { all } from "./page";

/** "/" goes to the search box, unless a text is being written. */
export function shortcuts(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = event.target;
    if (at instanceof HTMLElement && (at.isContentEditable || at.matches("input, textarea, select"))) return;
    const search = document.querySelector<HTMLInputElement>("[data-search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
}

/** Writing in the third text of a conflict chooses it. */
export function picks(): void {
  for (const field of all<HTMLElement>("[data-picks]")) {
    field.addEventListener("input", () => {
      const radio = document.getElementById(field.dataset.picks ?? "");
      if (radio instanceof HTMLInputElement) radio.checked = true;
    });
  }
}

/** The button of a page made for paper. */
export function printButton(): void {
  for (const button of all<HTMLButtonElement>("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

/** After a refusal the summary of errors is read out and scrolled to. */
export function focusErrors(): void {
  document.querySelector<HTMLElement>("[data-error-summary]")?.focus();
}
