import type { ComponentChildren } from "preact";
import { useApp } from "../hooks/use-app.ts";
import { focusScreen } from "../page/focus.ts";
import { useEffect, useId, useRef } from "preact/hooks";

type Properties = { readonly title: string; readonly onClose: () => void; readonly children: ComponentChildren };

/** A modal dialog of the browser's own: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ title, onClose, children }: Properties) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const app = useApp();
  useEffect(() => {
    const opener = document.activeElement;
    const from = app.place.peek();
    dialog.current?.showModal();
    return () => {
      // Whoever was led elsewhere goes on there.
      if (app.place.peek() !== from) requestAnimationFrame(focusScreen);
      else if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key for it is Escape, which the browser handles itself
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        // A press on the backdrop is a press on the dialog itself; its content covers the rest.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div class="dialog-body">
        <h2 id={titleId}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
