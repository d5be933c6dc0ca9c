import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { Dialog } from "../parts/dialog.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";

type Properties = { readonly item: string; readonly emojis: readonly string[]; readonly onClose: () => void };

/** What the encryption leaves in clear, said once: the answer is the account's, so no other browser of it asks again. */
export function ReactionsInClear({ item, emojis, onClose }: Properties) {
  const app = useApp();
  const isOff = useValue(app.settings).reactions === "off";
  const answer = (value: "on" | "off") => {
    onClose();
    drop(app.chooseOrSay({ name: "reactions", value }));
    if (value === "on") drop(app.orSay(app.engine.react({ key: item, emojis })));
  };
  return (
    <Dialog title={text("in-clear--title")} onClose={onClose}>
      <p>{text("in-clear--what")}</p>
      <p>{text("in-clear--where")}</p>
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" onClick={() => answer("off")}>
          {text(isOff ? "in-clear--stay-off" : "in-clear--off")}
        </button>
        <button type="button" class="button" autofocus onClick={() => answer("on")}>
          {text("in-clear--react")}
        </button>
      </div>
    </Dialog>
  );
}
