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
      ["menu", ["Enter"]],
    ],
  ],
] as const;

/** Every key that does something. */
export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const mod = APPLE.test(navigator.userAgent) ? "⌘" : "Ctrl";
  return (
    <Dialog title={text("shortcuts--title")} onClose={onClose}>
      {SHORTCUTS.map(([group, keys]) => (
        <section key={group} class="shortcuts">
          <h3>{text(`shortcuts--${group}`)}</h3>
          <dl>
            {keys.map(([what, pressed]) => (
              <div key={what}>
                <dt>{text(`shortcuts--${what}`)}</dt>
                <dd>
                  {pressed.map((key) => (
                    <kbd key={key}>{key === "mod" ? mod : key}</kbd>
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
