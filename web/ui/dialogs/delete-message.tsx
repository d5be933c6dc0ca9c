import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { text } from "../../i18n/aside.ts";
import { plainWords } from "../../model/message-words.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { useApp } from "../hooks/use-app.ts";
import { settle } from "../../model/asking.ts";

/** Takes an own message back, once the person knows what that does and what it cannot do. */
export function DeleteMessage({ item, onClose }: { readonly item: MessageItem; readonly onClose: () => void }) {
  const app = useApp();
  const { body } = item;
  return (
    <FormDialog
      title={text("delete-message--title")}
      lead={text("delete-message--lead")}
      confirm={text("delete-message--confirm")}
      busyLabel={text("delete-message--confirm")}
      about={item.chat}
      bad
      act={() => settle(app, app.engine.retract({ key: item.key }))}
      onClose={onClose}
    >
      {() =>
        body.kind === "text" ? (
          <blockquote class="deleted-words" dir="auto">
            {plainWords(body.text)}
          </blockquote>
        ) : undefined
      }
    </FormDialog>
  );
}

/** Has a message no more in this browser; everybody else keeps it. */
export function ForgetMessage({ item, onClose }: { readonly item: MessageItem; readonly onClose: () => void }) {
  const app = useApp();
  const forget = async () => {
    const answer = await app.engine.forget({ keys: [item.key] });
    if (!answer.ok) return answer.error;
    onClose();
    return undefined;
  };
  return (
    <FormDialog
      title={text("forget-message--title")}
      lead={text("forget-message--lead")}
      confirm={text("forget-message--confirm")}
      busyLabel={text("forget-message--confirm")}
      about={item.chat}
      bad
      act={forget}
      onClose={onClose}
    >
      {() =>
        item.body.kind === "text" ? (
          <blockquote class="deleted-words" dir="auto">
            {plainWords(item.body.text)}
          </blockquote>
        ) : undefined
      }
    </FormDialog>
  );
}
