/** What opens above a screen: a script of its own, fetched (`aside.tsx`) when the first dialog is wanted. */
import { Dialogs } from "./dialogs/dialogs.tsx";
import { useApp } from "./hooks/use-app.ts";
import { useValue } from "./hooks/use-value.ts";
import { RoomPersonDialog } from "./people/room-acts.tsx";
import { GoToDate } from "./search/go-to-date.tsx";
import { Switcher } from "./search/switcher.tsx";

/** The dialog that is open, if any. */
export function AnyDialog() {
  const app = useApp();
  const dialog = useValue(app.dialog);
  const close = () => {
    app.dialog.value = undefined;
  };
  if (dialog?.kind === "switcher") return <Switcher onClose={close} />;
  if (dialog?.kind === "room-person") return <RoomPersonDialog {...dialog} onClose={close} />;
  return dialog?.kind === "go-to-date" ? <GoToDate chat={dialog.chat} onClose={close} /> : <Dialogs />;
}
