import { useLayoutEffect, useRef } from "preact/hooks";
import { spokenDirection } from "../../i18n/text.ts";
import { fromStart, placeMenu, type Point } from "../../model/menu-place.ts";
import { Icon } from "./icon.tsx";
import type { MenuItem } from "./menu.tsx";

type MenuChoice = { readonly label: string; readonly chosen: boolean; readonly act: () => void };

type Properties = {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Above the others, in a row: each a sign of its own. */
  readonly choices?: readonly MenuChoice[];
  /** Behind them: a way to others. */
  readonly more?: { readonly label: string; readonly act: () => void };
  /** Where it opens in the window, from its upper left corner; on phones it is a sheet at the lower edge. */
  readonly at: Point;
  /** Gets the focus back. */
  readonly opener: HTMLElement;
  readonly onClose: () => void;
};

type Step = (at: number, count: number) => number;
const onwards: Step = (at, count) => (at + 1) % count;
const backwards: Step = (at, count) => (at + count - 1) % count;
const STEPS: Readonly<Record<string, Step>> = {
  ArrowDown: onwards,
  ArrowUp: backwards,
  ArrowRight: (...at) => (spokenDirection() === "rtl" ? backwards : onwards)(...at),
  ArrowLeft: (...at) => (spokenDirection() === "rtl" ? onwards : backwards)(...at),
  Home: () => 0,
  End: (_, count) => count - 1,
};

/**
 * A menu that opens anywhere. It is a modal dialog of the browser's own: nothing behind it takes a click, and Escape closes
 * it.
 */
export function FloatingMenu({ label, items, choices = [], more, at, opener, onClose }: Properties) {
  const dialog = useRef<HTMLDialogElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  /** What the last press began on. The end of the long press that has opened the menu began elsewhere and does nothing. */
  const pressed = useRef<EventTarget | null>(null);
  const buttons = () => [...(menu.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];

  useLayoutEffect(() => {
    const [frame, box] = [dialog.current, menu.current];
    if (frame === null || box === null) return undefined;
    if (!frame.open) {
      frame.showModal();
      menu.current?.querySelector<HTMLElement>(".menu-item")?.focus();
    }
    const place = () => {
      const size = { width: box.offsetWidth, height: box.offsetHeight };
      const point = { x: fromStart(at.x, innerWidth, spokenDirection()), y: at.y };
      const { x, y } = placeMenu(point, size, { width: innerWidth, height: innerHeight });
      frame.style.setProperty("--menu-x", `${x}px`);
      frame.style.setProperty("--menu-y", `${y}px`);
    };
    place();
    // The window is turned, or the page zoomed.
    addEventListener("resize", place);
    return () => removeEventListener("resize", place);
  }, [items.length]);

  const leave = () => {
    dialog.current?.close();
    if (opener.isConnected) opener.focus({ preventScroll: true });
    onClose();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key for it is Escape, which the browser handles itself
    <dialog
      ref={dialog}
      class="floating-menu"
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
      onPointerDown={(event) => {
        pressed.current = event.target;
      }}
      onClickCapture={(event) => {
        // Keys press without a pointer.
        if (event.detail > 0 && pressed.current === null) event.stopPropagation();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget && pressed.current === event.target) leave();
      }}
      onContextMenu={(event) => {
        event.preventDefault();
        if (event.target === event.currentTarget && pressed.current !== null) leave();
      }}
    >
      <div
        ref={menu}
        class="menu menu-open"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        onKeyDown={(event) => {
          const all = buttons();
          const step = STEPS[event.key];
          if (event.key === "Tab") event.preventDefault();
          if (step === undefined) return;
          event.preventDefault();
          all[step(all.indexOf(document.activeElement as HTMLElement), all.length)]?.focus();
        }}
      >
        {choices.length === 0 ? undefined : (
          <div class="menu-choices">
            {choices.map((choice) => (
              <button
                key={choice.label}
                type="button"
                class="menu-choice"
                role="menuitemcheckbox"
                aria-checked={choice.chosen}
                tabIndex={-1}
                onClick={() => {
                  leave();
                  choice.act();
                }}
              >
                {choice.label}
              </button>
            ))}
            {more === undefined ? undefined : (
              <button
                type="button"
                class="menu-choice"
                role="menuitem"
                tabIndex={-1}
                aria-label={more.label}
                title={more.label}
                onClick={() => {
                  leave();
                  more.act();
                }}
              >
                <Icon name="smile" />
              </button>
            )}
          </div>
        )}
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            class="menu-item"
            role="menuitem"
            tabIndex={-1}
            onClick={() => {
              leave();
              item.act();
            }}
          >
            <Icon name={item.icon} />
            {item.label}
          </button>
        ))}
      </div>
    </dialog>
  );
}
