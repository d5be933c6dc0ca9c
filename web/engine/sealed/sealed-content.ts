/** What of a conversation is sealed for the other own browsers, and what comes of theirs. */
import type { SealedName } from "../../../worker/contract/choices.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import type { SealedText } from "./seal.ts";
import type { ChatRow, SealedState } from "../store/conversation-rows.ts";
import { changeChat } from "../store/messages.ts";
import type { Unit } from "../store/unit.ts";

/** What stands here; undefined: nothing does. */
export function contentOf(chat: ChatRow, name: SealedName): Omit<SealedText, "at"> | undefined {
  switch (name) {
    case "draft":
      return chat.draft;
    case "name":
      return chat.ownName === undefined ? undefined : { text: chat.ownName };
    default:
      return missingCase(name);
  }
}

/** Another own browser has written it later than what stands here. */
export async function applyText(unit: Unit, jid: BareJid, name: SealedName, text: SealedText): Promise<void> {
  const chat = await unit.get("chats", jid);
  // Nothing stands in a conversation that is not here.
  if (chat === undefined && text.text === undefined) return;
  const sealed = withState(chat?.sealed, name, { at: text.at, elsewhere: true });
  await changeChat(unit, jid, { ...(await changeOf(unit, name, text)), sealed });
}

async function changeOf(unit: Unit, name: SealedName, { text, reply }: SealedText): Promise<Partial<ChatRow>> {
  switch (name) {
    case "draft": {
      if (text === undefined) return { draft: undefined };
      const key = reply === undefined ? undefined : (await unit.message("id", reply))?.key;
      return { draft: { text: text.slice(0, LIMITS.textLength), ...(key !== undefined && { reply: key }) } };
    }
    case "name":
      return { ownName: text?.slice(0, LIMITS.nameLength) };
    default:
      return missingCase(name);
  }
}

export function withState(
  sealed: ChatRow["sealed"],
  name: SealedName,
  state: SealedState,
): NonNullable<ChatRow["sealed"]> {
  return { ...sealed, [name]: state };
}
