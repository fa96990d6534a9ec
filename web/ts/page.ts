/** What several modules need to know about the page. */

/** The session's CSRF token, or an empty text on pages without a session. */
export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

export function all<T extends Element>(selector: string, within: ParentNode = document): T[] {
  return [...within.querySelectorAll<T>(selector)];
}

/** Grapheme count, as the server counts. */
export function graphemes(text: string): number {
  const trimmed = text.replace(/\r\n?/g, "\n").trim();
  if ("Segmenter" in Intl) {
    let count = 0;
    for (const _ of new Intl.Segmenter("ja", { granularity: "grapheme" }).segment(trimmed)) count += 1;
    return count;
  }
  return [...trimmed].length;
}

/** Forms being sent right now: they need neither a draft nor a warning. */
export const sending = new WeakSet<HTMLFormElement>();

/** Forms with text that neither the record nor a draft has. */
export const unsaved = new Set<HTMLFormElement>();
