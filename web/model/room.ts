/** Words about rooms and those in them. */
import type { Failure } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { addressText } from "../words/names.ts";
import { calledName, type ShownChat } from "./chats.ts";
import { plural, text } from "../i18n/text.ts";

/** It asks for a password, and none was given or not the right one. */
export function asksForPassword({ detail }: Failure): boolean {
  return detail === "password needed" || detail === "wrong password";
}

/** How somebody is called within a sentence: by the roster, else by their address. */
export function nameOf(jid: BareJid, chats: ReadonlyMap<BareJid, ShownChat>): string {
  const chat = chats.get(jid);
  return chat === undefined ? addressText(jid) : calledName(chat);
}

/** "Carol cannot read …", "Carol and Dave …", "Carol, Dave and 3 others …"; undefined: everybody can. */
export function unableText(unable: readonly BareJid[], chats: ReadonlyMap<BareJid, ShownChat>): string | undefined {
  const [first, second] = unable.map((jid) => nameOf(jid, chats));
  if (first === undefined) return undefined;
  if (second === undefined) return text("room--unable-one", { name: first });
  if (unable.length === 2) return text("room--unable-two", { first, second });
  return plural("room--unable-more", unable.length - 2, { first, second });
}
