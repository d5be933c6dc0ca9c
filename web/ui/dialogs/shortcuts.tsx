import { text } from "../../i18n/aside.ts";
import { Dialog } from "../parts/dialog.tsx";

const APPLE = /Mac|iP(hone|ad|od)/;

/** By what they are for; `mod` is Ctrl, on Apple's machines Cmd. */
const SHORTCUTS = [
  [
    "everywhere",
    [
      ["switch", ["mod", "K"]],
      ["search", ["/"]],
      ["search-anywhere", ["mod", "Shift", "F"]],
      ["settings", ["mod", ","]],
      ["sheet", ["?"]],
      ["leave", ["Esc"]],
    ],
  ],
  [
    "list",
    [
      ["walk", ["↑", "↓"]],
      ["ends", ["Home", "End"]],
      ["open", ["Enter"]],
      ["row-menu", ["Shift", "F10"]],
    ],
  ],
  [
    "writing",
    [
      ["send", ["Enter"]],
      ["line", ["Shift", "Enter"]],
      ["edit", ["↑"]],
      ["answer", ["mod", "↑"]],
      ["answer-next", ["mod", "↓"]],
    ],
  ],
  [
    "messages",
    [
      ["walk-messages", ["↑", "↓"]],
      ["message-ends", ["Home", "End"]],
      ["menu", ["Enter"]],
      ["select", ["Shift", "↑"]],
      ["copy-selected", ["mod", "C"]],
    ],
  ],
] as const;

/** Keys that keyboards of several languages call by several names. */
const NAMED = { mod: "ctrl", Shift: "shift", Enter: "enter", Esc: "esc", Home: "home", End: "end" } as const;
type Key = (typeof SHORTCUTS)[number][1][number][1][number];

function nameOf(key: Key): string {
  if (key === "mod" && APPLE.test(navigator.userAgent)) return "⌘";
  return key in NAMED ? text(`key--${NAMED[key as keyof typeof NAMED]}`) : key;
}

/** Every key that does something. */
export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={text("shortcuts--title")} onClose={onClose}>
      {SHORTCUTS.map(([group, keys]) => (
        <section key={group} class="shortcuts">
          <h3>{text(`shortcuts--${group}`)}</h3>
          <dl>
            {keys.map(([what, pressed]) => (
              <div key={what} data-shortcut={what}>
                <dt>{text(`shortcuts--${what}`)}</dt>
                <dd dir="ltr">
                  {pressed.map((key) => (
                    <kbd key={key}>{nameOf(key)}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <button type="button" class="button button-wide" onClick={onClose}>
        {text("device--close")}
      </button>
    </Dialog>
  );
}
