/** Adds and removes rows of a repeated group without a round trip to the server. */
import { all } from "./page";
import { datesRead } from "./dates";
import { counters } from "./counter";

export function addRows(): void {
  for (const group of all<HTMLElement>("[data-repeat]")) watch(group);
}

function watch(group: HTMLElement): void {
  const list = group.querySelector<HTMLElement>(".repeated-rows");
  const button = group.querySelector<HTMLButtonElement>("[data-add-row]");
  const model = group.querySelector<HTMLTemplateElement>("template[data-row-model]")?.content.firstElementChild;
  if (!list || !button || !(model instanceof HTMLElement)) return;
  const prefix = group.dataset.repeat ?? "";
  let next = Number(group.dataset.next ?? "1");

  for (const row of all<HTMLElement>("[data-row]", list)) removable(row);
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const row = model.cloneNode(true) as HTMLElement;
    renumber(row, prefix, model.dataset.row ?? "0", String(next));
    next += 1;
    list.append(row);
    removable(row);
    datesRead(row);
    counters(row);
    count();
    row.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea")?.focus();
    tell();
  });

  function removable(row: HTMLElement): void {
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button button-quiet row-remove";
    remove.textContent = "この行を消す";
    remove.addEventListener("click", () => {
      const filled = all<HTMLInputElement>("input[type=text], textarea", row).some((field) => field.value.trim() !== "");
      if (filled && !window.confirm("この行の入力を消します。よろしいですか。")) return;
      row.remove();
      count();
      button?.focus();
      tell();
    });
    row.append(remove);
  }

  function count(): void {
    all<HTMLElement>(".row-number", group).forEach((mark, place) => {
      mark.textContent = String(place + 1);
    });
  }

  function tell(): void {
    group.dispatchEvent(new Event("engawa:rows", { bubbles: true }));
  }
}

/** Names carry `prefix[0]`, ids the same with every other sign as a hyphen. */
function renumber(row: HTMLElement, prefix: string, from: string, to: string): void {
  row.dataset.row = to;
  const idPart = (number: string) => `${prefix}[${number}]`.replace(/[^\p{L}\p{N}]/gu, "-");
  for (const element of all<HTMLElement>("*", row)) {
    for (const attribute of [...element.attributes]) {
      if (attribute.name === "name") {
        element.setAttribute("name", attribute.value.replace(`${prefix}[${from}]`, `${prefix}[${to}]`));
      } else if (["id", "for", "aria-describedby", "data-picks"].includes(attribute.name)) {
        element.setAttribute(attribute.name, attribute.value.split(" ").map((id) => id.replace(idPart(from), idPart(to))).join(" "));
      }
    }
  }
}
