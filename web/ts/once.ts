/**
 * A second press does not send a form again. Buttons are not disabled, because a disabled button
 * loses its name and value; the second submit is stopped instead. The server also checks `once`.
 */
import { all, sending } from "./page";

export function sendOnce(): void {
  for (const form of all<HTMLFormElement>("form[data-once]")) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (sent) {
        event.preventDefault();
        return;
      }
      sent = true;
      const pressed = event.submitter;
      if (pressed instanceof HTMLButtonElement) {
        pressed.setAttribute("aria-disabled", "true");
        pressed.dataset.label = pressed.textContent ?? "";
        pressed.textContent = "送信しています…";
      }
    });
    // Back with the browser's button: the page comes from memory, and must be usable again.
    window.addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      sent = false;
      sending.delete(form);
      for (const button of all<HTMLButtonElement>("button[data-label]", form)) {
        button.removeAttribute("aria-disabled");
        button.textContent = button.dataset.label ?? "";
        delete button.dataset.label;
      }
    });
  }
}
