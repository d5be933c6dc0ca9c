/** Who cannot read in a room, in words. */
import type { BareJid } from "../../worker/contract/names.ts";
import { plural, text } from "../i18n/aside.ts";
import type { ShownChat } from "./chats.ts";
import { nameOf } from "./chats.ts";

/** "Carol cannot read …", "Carol and Dave …", "Carol, Dave and 3 others …"; undefined: everybody can. */
export function unableText(unable: readonly BareJid[], chats: ReadonlyMap<BareJid, ShownChat>): string | undefined {
  const [first, second] = unable.map((jid) => nameOf(jid, chats));
  if (first === undefined) return undefined;
  if (second === undefined) return text("room--unable-one", { name: first });
  if (unable.length === 2) return text("room--unable-two", { first, second });
  return plural("room--unable-more", unable.length - 2, { first, second });
}
