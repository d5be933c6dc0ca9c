/** Keys for a part of the page that is still on its way: held, and pressed again when it is there, so that none goes elsewhere. */

type Held = {
  /** The part is there and has the focus: what was pressed in the meantime is for it. */
  readonly giveBack: () => void;
  /** From here on keys go where the focus is; those held are forgotten. */
  readonly letGo: () => void;
};

/**
 * Holds what is typed from now on. Shortcuts of the browser and Tab pass; with Tab the words in place of the part are
 * walked, so it lets go.
 *
 * @param onEscape nobody wants the part any more
 */
export function holdKeys(onEscape: () => void): Held {
  const keys: string[] = [];
  const hold = (event: KeyboardEvent) => {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (key === "Tab") return letGo();
    event.preventDefault();
    event.stopImmediatePropagation();
    if (key === "Escape") onEscape();
    // Whoever keeps Enter down has opened the part by it, and means no more.
    else if (!event.repeat) keys.push(key);
  };
  const letGo = () => removeEventListener("keydown", hold, true);
  addEventListener("keydown", hold, true);
  return {
    letGo,
    giveBack: () => {
      letGo();
      for (const key of keys) pressAgain(key);
    },
  };
}

/** As the browser does it: first whoever listens, then what the key does by itself. */
function pressAgain(key: string): void {
  const at = document.activeElement;
  const free = at?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  if (!free) return;
  if (at instanceof HTMLInputElement) {
    if (key === "Enter") at.form?.requestSubmit();
    else if (key.length === 1) {
      at.setRangeText(key, at.selectionStart ?? 0, at.selectionEnd ?? 0, "end");
      at.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
  } else if (at instanceof HTMLElement && (key === "Enter" || key === " ")) at.click();
}
