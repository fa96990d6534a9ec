/** On a narrow screen the menu scrolls sideways: it begins where one is. */
export function menuInView(): void {
  const here = document.querySelector<HTMLElement>(".menu [aria-current]");
  const bar = here?.closest<HTMLElement>(".menu");
  if (!here || !bar) return;
  const middle = here.getBoundingClientRect().left - bar.getBoundingClientRect().left;
  bar.scrollLeft += middle - (bar.clientWidth - here.offsetWidth) / 2;
}
