/** Keys for a part of the page that is still on its way: held, and pressed again when it is there, so that none goes elsewhere. */

/**
 * Holds what is typed from now on. Shortcuts of the browser and Tab pass; with Tab the words in place of the part are
 * walked, so it ends the holding.
 *
 * @param onEscape nobody wants the part any more
 * @returns ends it. `there`: the part has the focus, and what was pressed is for it; else that is forgotten.
 */
export function holdKeys(onEscape: () => void): (there: boolean) => void {
  const keys: string[] = [];
  const hold = (event: KeyboardEvent) => {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (key === "Tab") return end(false);
    event.preventDefault();
    event.stopImmediatePropagation();
    if (key === "Escape") onEscape();
    // Whoever keeps Enter down has opened the part by it, and means no more.
    else if (!event.repeat) keys.push(key);
  };
  const end = (there: boolean) => {
    removeEventListener("keydown", hold, true);
    for (const key of keys.splice(0)) if (there) pressAgain(key);
  };
  addEventListener("keydown", hold, true);
  return end;
}

/** As the browser does it: first whoever listens, then what the key does by itself. */
function pressAgain(key: string): void {
  const at = document.activeElement;
  if (!at?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))) return;
  if (!(at instanceof HTMLInputElement)) {
    if (at instanceof HTMLElement && (key === "Enter" || key === " ")) at.click();
  } else if (key === "Enter") at.form?.requestSubmit();
  else if (key.length === 1) {
    at.setRangeText(key, at.selectionStart ?? 0, at.selectionEnd ?? 0, "end");
    at.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
