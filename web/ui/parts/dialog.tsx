import type { ComponentChildren } from "preact";
import { useApp } from "../hooks/use-app.ts";
import { useBackdrop } from "../hooks/use-backdrop.ts";
import { focusScreen } from "../page/focus.ts";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

type Properties = { readonly title: string; readonly onClose: () => void; readonly children: ComponentChildren };

/** A modal dialog of the browser's own: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ title, onClose, children }: Properties) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const app = useApp();
  // In the turn that draws it: a key pressed right after that is its own, and Escape closes it.
  useLayoutEffect(() => {
    const frame = dialog.current;
    const opener = document.activeElement;
    const from = app.place.peek();
    frame?.showModal();
    // What has the focus may stand at its end; whoever reads begins at its beginning.
    frame?.scrollTo(0, 0);
    return () => {
      // What is behind it takes no focus before; whatever takes its place finds who opened it.
      frame?.close();
      // Whoever was led elsewhere goes on there.
      if (app.place.peek() !== from) requestAnimationFrame(focusScreen);
      else if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={titleId}
      onClose={() => {
        // One that was taken off the page hears that it was closed, too.
        if (dialog.current !== null) onClose();
      }}
      {...useBackdrop(onClose)}
    >
      <div class="dialog-body">
        <h2 id={titleId}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
