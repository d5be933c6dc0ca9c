/** Where the focus goes when another screen has taken the place of what had it. */

const coarse = matchMedia("(pointer: coarse)");

/**
 * To the composer, where there are keys to write with: a touch screen would bring its keyboard up. Where nothing can be
 * written, to what can be done about that; else to the title.
 */
export function focusScreen(): void {
  // Whoever was led to a message is there already.
  if (document.activeElement?.closest("main.pane li.message") != null) return;
  const within = (selector: string) => document.querySelector<HTMLElement>(`main.pane ${selector}`);
  const writes = coarse.matches ? null : within(".composer textarea");
  const target = writes ?? within(".unavailable-actions .button:not(.button-quiet)") ?? within("h2");
  if (target instanceof HTMLHeadingElement) target.tabIndex = -1;
  target?.focus({ preventScroll: true });
}
