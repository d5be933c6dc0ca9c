import { computed } from "@preact/signals-core";
import { useMemo } from "preact/hooks";
import { text } from "../../i18n/text.ts";
import type { MessageItem } from "../../engine/protocol/conversations.ts";
import { shownName } from "../../words/names.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Avatar } from "../parts/avatar.tsx";

type Properties = {
  readonly author: NonNullable<MessageItem["author"]>;
  readonly chat: MessageItem["chat"];
  /** The first of what one person says in a row; beside the others there is room for it. */
  readonly first: boolean;
  readonly stop: boolean;
};

/** In a room, beside what somebody says: how they look, and the way to the page behind their name where it is known. */
export function Face({ author, chat, first, stop }: Properties) {
  return <span class="face">{first ? <Drawn author={author} chat={chat} stop={stop} /> : undefined}</span>;
}

function Drawn({ author: { jid, nick }, chat, stop }: Omit<Properties, "first">) {
  const app = useApp();
  // By these alone: a row is not drawn again with every message of others.
  const contact = useValue(
    useMemo(() => computed(() => (jid === undefined ? undefined : app.chats.value.get(jid)?.picture)), [app, jid]),
  );
  const shown = useValue(
    useMemo(() => computed(() => app.chats.value.get(chat)?.room?.faces?.[nick]), [app, chat, nick]),
  );
  const name = shownName(nick, jid ?? "?");
  const picture =
    jid !== undefined && contact !== undefined
      ? { jid, id: contact }
      : shown === undefined
        ? undefined
        : { jid: chat, nick, id: shown };
  const drawn = <Avatar jid={jid ?? `${chat}/${nick}`} name={name} picture={picture} />;
  if (jid === undefined) return drawn;
  return (
    <button
      type="button"
      class="face-button"
      tabIndex={stop ? 0 : -1}
      aria-label={text("chat--about", { name })}
      onClick={() => app.go({ screen: "person", of: jid, from: chat })}
    >
      {drawn}
    </button>
  );
}
