import { signal } from "@preact/signals-core";
import { useId, useState } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { plural, text } from "../../i18n/aside.ts";
import { calledName } from "../../model/chats.ts";
import { type Destination, destinations, forwarded } from "../../model/conversation/forwarding.ts";
import { unmarkedWords } from "../../model/message-words.ts";
import { Avatar } from "../parts/avatar.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";

const SHOWN_MAX = 50;

/** Says messages in another conversation, one by one: their words alone, as if they were written there. */
export function Forward({ items, onClose }: { readonly items: readonly MessageItem[]; readonly onClose: () => void }) {
  const app = useApp();
  const [typed] = useState(() => signal(""));
  const field = useId();
  const behind = useValue(app.connection).encryption === "behind";
  const said = forwarded(items);
  const secret = said.some((one) => one.secret);
  const listed = [...useValue(app.chats).values()].toSorted(byNewest);
  const all = destinations(listed, useValue(typed), { behind, secret });
  const [first] = said;
  const [from] = items;
  if (first === undefined || from === undefined) return null;
  const say = ({ chat: { jid }, encrypted }: Destination) => {
    onClose();
    app.conversation(from.chat).chosen.value = undefined;
    app.go({ screen: "chats", chat: jid });
    // Each is accepted before the next is encrypted: they arrive in the order in which they were said.
    for (const { text: words, beside } of said) drop(app.conversation(jid).say(words, encrypted, beside));
  };
  return (
    <Dialog title={text("forward--title")} onClose={onClose}>
      <blockquote class="deleted-words" dir="auto">
        {said.length === 1 ? unmarkedWords(first.text) : plural("forward--several", said.length)}
      </blockquote>
      <label class="field" for={field}>
        <span>{text("forward--to")}</span>
        <input
          id={field}
          type="search"
          autocomplete="off"
          value={typed.peek()}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            const [to] = all;
            if (event.key === "Enter" && !event.isComposing && to !== undefined) say(to);
          }}
        />
      </label>
      <ul class="people forward-list" aria-label={text("forward--to")}>
        {all.slice(0, SHOWN_MAX).map((one) => (
          <li key={one.chat.jid}>
            <button type="button" class="forward-to" data-jid={one.chat.jid} onClick={() => say(one)}>
              <Avatar jid={one.chat.jid} name={one.chat.name} room={one.chat.room !== undefined} />
              <span class="person-words">
                <bdi>{calledName(one.chat)}</bdi>
                <span>
                  <Icon name={one.encrypted ? "lock" : "lock-open"} />
                  {text(one.encrypted ? "forward--encrypted" : "forward--clear")}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {secret ? <p class="field-about">{text("forward--files")}</p> : undefined}
      {all.length === 0 ? <p role="status">{text("forward--nobody")}</p> : undefined}
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" onClick={onClose}>
          {text("dialog--cancel")}
        </button>
      </div>
    </Dialog>
  );
}

function byNewest(a: Destination["chat"], b: Destination["chat"]): number {
  return (b.last?.at ?? 0) - (a.last?.at ?? 0) || (a.name < b.name ? -1 : 1);
}
