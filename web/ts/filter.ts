/** A box that narrows a long list of choices down while typing. Ticked ones always stay visible. */
import { all } from "./page";

export function filters(): void {
  for (const group of all<HTMLElement>('[data-filter="choices"]')) watch(group);
}

function watch(group: HTMLElement): void {
  const choices = group.querySelector<HTMLElement>(".choices");
  const legend = group.querySelector(".label-text")?.textContent ?? "";
  if (!choices) return;
  const box = document.createElement("div");
  box.className = "choices-filter";
  const label = document.createElement("label");
  const input = document.createElement("input");
  const found = document.createElement("span");
  input.type = "search";
  input.className = "input";
  input.autocomplete = "off";
  input.id = `filter-${Math.random().toString(36).slice(2)}`;
  label.htmlFor = input.id;
  label.textContent = `「${legend}」をしぼり込む`;
  found.setAttribute("role", "status");
  box.append(label, input, found);
  choices.before(box);

  const narrow = () => {
    const words = fold(input.value).split(/\s+/).filter((word) => word !== "");
    let shown = 0;
    for (const choice of all<HTMLElement>(".choice", choices)) {
      const text = fold(choice.textContent ?? "");
      const ticked = choice.querySelector("input:checked") !== null;
      choice.hidden = !ticked && !words.every((word) => text.includes(word));
      if (!choice.hidden) shown += 1;
    }
    found.textContent = words.length === 0 ? "" : `${shown}件`;
  };
  // The box has no name, but its events must not look like typing in the record.
  input.addEventListener("input", (event) => {
    event.stopPropagation();
    narrow();
  });
  input.addEventListener("change", (event) => event.stopPropagation());
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) event.preventDefault();
  });
}

/** Width, case and hiragana/katakana do not matter when looking for a word. */
function fold(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\u30a1-\u30f6]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    .trim();
}
