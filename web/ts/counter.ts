/** Shows the limit of a text once it comes near it, and how many characters are left. */
import { all, graphemes } from "./page";

export function counters(within: ParentNode = document): void {
  for (const field of all<HTMLInputElement | HTMLTextAreaElement>("[data-max]", within)) {
    const max = Number(field.dataset.max);
    const limit = field.closest(".field")?.querySelector<HTMLElement>(".limit");
    if (!limit || !Number.isFinite(max)) continue;
    const usual = `${max.toLocaleString("ja-JP")}文字まで`;
    const show = () => {
      // Counting is slow on long texts; code units are never fewer than graphemes.
      const near = field.value.length > max * 0.8;
      const left = near ? max - graphemes(field.value) : max;
      limit.classList.toggle("limit-over", left < 0);
      limit.closest(".hint")?.classList.toggle("limit-near", near);
      limit.textContent =
        left < 0
          ? `${usual}（${(-left).toLocaleString("ja-JP")}文字超えています）`
          : near
            ? `${usual}（あと${left.toLocaleString("ja-JP")}文字）`
            : usual;
    };
    field.addEventListener("input", show);
    show();
  }
}
