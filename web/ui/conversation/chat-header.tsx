import type { BareJid } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/text.ts";
import type { App } from "../../model/app.ts";
import { focusFilter } from "../page/keyboard.ts";
import type { Encryption } from "../../engine/protocol/conversations.ts";
import { calledName, type ShownChat } from "../../model/chats.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { isContact } from "../../model/chats.ts";
import { openRowMenu } from "../page/row-menu.ts";
import { Head } from "../parts/head.tsx";
import { Icon } from "../parts/icon.tsx";
import type { MenuItem } from "../parts/menu.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useLastSeen } from "../hooks/use-last-seen.ts";
import { MINUTE_MS, useNow } from "../hooks/use-now.ts";
import { useValue } from "../hooks/use-value.ts";
import { presenceWords } from "../../model/presence.ts";

/** How safe what is written here is, in a few words. */
export function EncryptionState(of: {
  readonly encryption: Encryption;
  readonly verified?: boolean;
  /** In a room where nobody else is. */
  readonly alone?: boolean;
}) {
  const { encryption, verified = false, alone = false } = of;
  const unread = alone && encryption === "unavailable";
  const locked = encryption === "on" || encryption === "ready" || encryption === "notes";
  const asking = encryption === "checking" || encryption === "unknown";
  return (
    <p class={`encryption encryption-${encryption}`} data-encryption={encryption} role="status">
      {asking || unread ? undefined : <Icon name={locked ? "lock" : "lock-open"} />}
      {text(
        unread
          ? "encryption--alone"
          : verified && encryption === "on"
            ? "encryption--verified"
            : `encryption--${encryption}`,
      )}
    </p>
  );
}

/** Whether they are there, else when they were. */
function Presence({ chat }: { readonly chat: ShownChat }) {
  const now = useNow(MINUTE_MS);
  const last = useLastSeen(chat.jid, !chat.available);
  const words = presenceWords(chat, last, now);
  return words === undefined ? null : <p class="head-presence">{words}</p>;
}

/** Finding something in this conversation: by its words, at the head of the list, or by its day. */
export function searchIn(app: App, jid: BareJid): readonly MenuItem[] {
  return [
    {
      icon: "search",
      label: text("chat--search"),
      act: () => {
        app.filters.value = [{ kind: "in", value: jid }];
        focusFilter(app);
      },
    },
    {
      icon: "clock",
      label: text("chat--date"),
      act: () => {
        app.dialog.value = { kind: "go-to-date", chat: jid };
      },
    },
  ];
}

/** With whom, and how safe. */
export function ChatHeader({ chat }: { readonly chat: ShownChat }) {
  const app = useApp();
  const known = isContact(chat);
  const own = useValue(app.account) === chat.jid;
  const about = () => app.go(own ? { screen: "profile" } : { screen: "person", of: chat.jid });
  const person: MenuItem = {
    icon: "name",
    label: own ? text("account--profile") : text("chat--about", { name: calledName(chat) }),
    act: about,
  };
  const devices: MenuItem = {
    icon: "devices",
    label: text("chat--devices", { name: calledName(chat) }),
    act: () => app.go(own ? { screen: "devices" } : { screen: "devices", of: chat.jid }),
  };
  const { jid, relation } = chat;
  const asks = (kind: "remove-contact" | "block" | "delete-chat") => () => {
    app.dialog.value = { kind, jid };
  };
  const contact: MenuItem = {
    icon: "person",
    label: text(known ? "chat--remove" : "chat--add"),
    act: known
      ? asks("remove-contact")
      : () => drop(app.orSay(app.answer(jid, relation === "request" ? "accept" : "add"))),
  };
  const block: MenuItem =
    relation === "blocked"
      ? { icon: "block", label: text("chat--unblock"), act: () => drop(app.orSay(app.answer(jid, "unblock"))) }
      : { icon: "block", label: text("chat--block"), act: asks("block") };
  const forget: MenuItem = { icon: "bin", label: text("chat--delete"), act: asks("delete-chat") };
  const search = searchIn(app, jid);
  // Nobody is a contact of their own.
  const arrange: MenuItem = { icon: "pin", label: text("chat-act--more"), act: () => openRowMenu(chat.jid) };
  const items: readonly MenuItem[] = own
    ? [person, ...search, arrange, devices, forget]
    : relation === "blocked"
      ? [person, ...search, devices, block, forget]
      : [person, ...search, arrange, devices, contact, block, forget];
  return (
    <Head chat={chat} available={chat.available} known={known} about={about} items={items}>
      {chat.absent === undefined ? (
        <div class="room-state">
          <EncryptionState encryption={chat.encryption} verified={chat.verified === true} />
          {chat.relation === "contact" && !own ? <Presence chat={chat} /> : undefined}
        </div>
      ) : (
        <p class="encryption" data-encryption={chat.encryption} role="status">
          {text("encryption--absent")}
        </p>
      )}
    </Head>
  );
}
