import { type TextKey, text } from "../../i18n/text.ts";
import type { Encryption } from "../../engine/protocol/conversations.ts";
import { calledName, type ShownChat } from "../../model/chats.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { isContact } from "../../model/chats.ts";
import { Head } from "../parts/head.tsx";
import { Icon } from "../parts/icon.tsx";
import type { MenuItem } from "../parts/menu.tsx";
import { useApp } from "../hooks/use-app.ts";

const WORDS = {
  checking: "encryption--checking",
  ready: "encryption--ready",
  on: "encryption--on",
  unavailable: "encryption--unavailable",
  exposed: "encryption--exposed",
  open: "encryption--open",
  blocked: "encryption--blocked",
} as const satisfies Record<Encryption, TextKey>;

/** How safe what is written here is, in a few words. */
export function EncryptionState({ encryption }: { readonly encryption: Encryption }) {
  const locked = encryption === "on" || encryption === "ready";
  return (
    <p class={`encryption encryption-${encryption}`} data-encryption={encryption} role="status">
      {encryption === "checking" ? undefined : <Icon name={locked ? "lock" : "lock-open"} />}
      {text(WORDS[encryption])}
    </p>
  );
}

/** With whom, and how safe. */
export function ChatHeader({ chat }: { readonly chat: ShownChat }) {
  const app = useApp();
  const known = isContact(chat);
  const items: readonly MenuItem[] = [
    {
      icon: "devices",
      label: text("chat--devices", { name: calledName(chat) }),
      act: () => app.go({ screen: "devices", of: chat.jid }),
    },
    {
      icon: "person",
      label: text(known ? "chat--remove" : "chat--add"),
      act: () => drop(app.answer(chat.jid, known ? "remove" : chat.relation === "request" ? "accept" : "add")),
    },
  ];
  return (
    <Head chat={chat} available={chat.available} known={known} items={items}>
      <EncryptionState encryption={chat.encryption} />
    </Head>
  );
}
