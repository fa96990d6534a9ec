/** Shows beside a date field how it is understood, and the age beside a birth date. */
import { all } from "./page";
import { age, read, shown, todayHere } from "./wareki";

export function datesRead(within: ParentNode = document): void {
  for (const input of all<HTMLInputElement>("input[data-date]", within)) {
    const output = input.parentElement?.querySelector("output");
    if (!output) continue;
    const show = () => {
      const today = todayHere();
      const day = read(input.value, today);
      if (!day) {
        output.value = "";
        return;
      }
      const years = input.dataset.date === "birth" ? age(day, today) : undefined;
      output.value = years === undefined ? shown(day) : `${shown(day)} ${years}歳`;
    };
    input.addEventListener("input", show);
    show();
  }
}
