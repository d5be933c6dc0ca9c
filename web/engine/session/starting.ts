/** A conversation that a person begins by its address. */
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import type { Choices } from "../choices/choices.ts";
import { typedAddress } from "../address.ts";
import { joinRoom } from "../rooms/room-acts.ts";
import { changeChat } from "../store/messages.ts";
import { listedContact } from "../store/people-rows.ts";
import { choicesIn } from "../views/choices.ts";
import { hidesStrangers, waitsAtTheDoor } from "../views/chats.ts";

/** Enters the room that a link leads into. Fails with `address-invalid`, and as entering a room or allowing somebody does. */
export async function startChat(
  account: Account,
  choices: Pick<Choices, "choose">,
  address: string,
): Promise<Result<{ readonly chat: BareJid }>> {
  const typed = typedAddress(address);
  if (typed === undefined) return { ok: false, error: { kind: "address-invalid" } };
  const { jid: chat, join, password } = typed;
  if (join) return joinRoom(account, chat, password === undefined ? {} : { password });
  // Whoever turns to somebody wants to hear them, too.
  if (account.cache.contacts.get(chat)?.declined === true) {
    const allowed = await account.remote.call("contact", { jid: chat, action: "allow" });
    if (!allowed.ok) return allowed;
  }
  // They may be quicker, too, than the first word: the conversation is not to go away under the person's hands.
  if (!mayWriteFirst(account, chat)) {
    const shown = await choices.choose([{ chat, name: "letIn", value: true }]);
    if (!shown.ok && waitsAtTheDoor(account, chat)) return shown;
  }
  await account.store.work((unit) => changeChat(unit, chat, { deleted: false }));
  return { ok: true, value: { chat } };
}

/** Nobody is kept away, or not them. */
function mayWriteFirst(account: Account, jid: BareJid): boolean {
  const { cache, self } = account;
  if (!hidesStrangers(account) || jid === self.jid || cache.chats.get(jid)?.answered === true) return true;
  const contact = listedContact(cache.contacts.get(jid));
  return (contact !== undefined && !contact.request) || choicesIn(account, jid).choices?.letIn === true;
}
