import { text } from "../../i18n/text.ts";
import type { ShownItem } from "../../model/conversation/corrections.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { useApp } from "../hooks/use-app.ts";
import { Why } from "../parts/why.tsx";

type Properties = { readonly item: ShownItem; readonly conversation: Conversation };

/** What a person wanted of a message that has not come about, and what can be done. */
export function NotDone({ item, conversation }: Properties) {
  return (
    <>
      <NotWithdrawn item={item} />
      {item.state === "failed" ? <NotSent item={item} conversation={conversation} /> : undefined}
    </>
  );
}

/** A message that has not left, or a correction of one that has. */
function NotSent({ item, conversation }: Properties) {
  const app = useApp();
  const { correction, failure, whisper, body } = item;
  const key = correction ?? item.key;
  const what = text(correction === undefined ? "message--not-sent" : "message--change-not-sent");
  return (
    <div class="failed">
      <span>
        {what}
        {failure === undefined ? undefined : " "}
        {failure === undefined ? undefined : <Why failure={failure} address={item.chat} />}
      </span>
      <button
        type="button"
        class="link"
        onClick={() => {
          // Whoever has the name in the room now may be somebody else: it is looked at again.
          if (whisper === undefined) drop(conversation.sending.retry(key));
          else if (body.kind === "text")
            app.dialog.value = { kind: "whisper", room: item.chat, nick: whisper.nick, words: body.text };
        }}
      >
        {text("message--retry")}
      </button>
      {whisper === undefined ? (
        <button type="button" class="link link-bad" onClick={() => drop(conversation.sending.discard(key))}>
          {text(correction === undefined ? "message--delete" : "message--undo-change")}
        </button>
      ) : undefined}
    </div>
  );
}

/** A message that was taken back, which the server has not told the others. */
function NotWithdrawn({ item }: { readonly item: ShownItem }) {
  const app = useApp();
  if (item.notWithdrawn === undefined) return null;
  return (
    <div class="failed">
      <span>
        {text("message--not-withdrawn")} <Why failure={item.notWithdrawn} address={item.chat} />
      </span>
      <button type="button" class="link" onClick={() => drop(app.orSay(app.engine.retract({ key: item.key })))}>
        {text("message--retry")}
      </button>
    </div>
  );
}
