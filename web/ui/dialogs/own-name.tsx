import { signal } from "@preact/signals-core";
import { useState } from "preact/hooks";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/aside.ts";
import { nameOf } from "../../model/chats.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { NameDialog } from "../parts/name-dialog.tsx";

/** What the person alone calls a conversation: it is sealed for their own browsers. */
export function OwnName({ jid, onClose }: { readonly jid: BareJid; readonly onClose: () => void }) {
  const app = useApp();
  const chat = useValue(app.chats).get(jid);
  const [typed] = useState(() => signal(chat?.ownName ?? ""));
  const keep = async () => {
    const value = typed.peek().trim().slice(0, LIMITS.nameLength);
    const failure = await app.choose({ chat: jid, name: "name", ...(value !== "" && { value }) });
    if (failure === undefined) onClose();
    return failure;
  };
  return (
    <NameDialog
      title={text("own-name--title", { name: nameOf(jid, app.chats.peek()) })}
      lead={text("own-name--lead")}
      confirm={text("own-name--confirm")}
      busyLabel={text("own-name--confirm")}
      about={jid}
      act={keep}
      onClose={onClose}
      label={text("rename-contact--name")}
      value={typed}
    />
  );
}
