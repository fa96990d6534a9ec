/** Shows of a form only the fields that the choice made needs (`data-for`); the rest stay folded. */
import { all } from "./page";

export function outcomes(): void {
  for (const form of all<HTMLFormElement>("form[data-once]")) {
    const parts = all<HTMLElement>("[data-for]", form);
    const name = parts[0]?.dataset.by;
    if (name) watch(form, name, parts);
  }
}

function watch(form: HTMLFormElement, name: string, parts: HTMLElement[]): void {
  const show = () => {
    const chosen = form.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)?.value;
    for (const part of parts) {
      part.hidden = chosen !== undefined && !(part.dataset.for ?? "").split(" ").includes(chosen);
    }
    // What is folded for those without scripts is of no use when nothing in it is needed.
    for (const fold of all<HTMLDetailsElement>("details[data-others]", form)) {
      const needed = all<HTMLElement>("[data-for]", fold).some((part) => !part.hidden);
      fold.hidden = !needed;
      fold.open = needed;
    }
  };
  form.addEventListener("change", show);
  show();
}
