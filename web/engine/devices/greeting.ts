/**
 * A new browser makes itself known to those it may be written to by: one empty message to each device of the newest
 * conversations. Some apps begin no session by themselves with a device that was added to the list: what is written there
 * could not be read here until something was written here. Once in the life of a device, and within limits.
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { isAcquainted, rebuildSession } from "./new-session.ts";
import type { Outbox } from "../sending/outbox.ts";
import { listedContact } from "../store/people-rows.ts";
import { addressOf } from "../store/device-rows.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Conversations, the newest first, and devices of each. */
const CONVERSATIONS = 20;
const DEVICES_OF_ONE = 5;
/** A device of before this was built has written to whoever matters. */
const NEW_FOR_MS = 7 * DAY_MS;

/** Goes on where it was interrupted; does nothing while this browser waits to be allowed, and when everybody was greeted. */
export async function greet(account: Account, outbox: Outbox): Promise<void> {
  for (const jid of await dueIn(account)) {
    if (!(await greetOne(account, outbox, jid))) return;
    await account.store.work(async (unit) => {
      const left = (await unit.meta("greeting"))?.left ?? [];
      unit.put("meta", { name: "greeting", left: left.filter((other) => other !== jid) });
    });
  }
}

/** Who is still to be greeted; decided once, when this browser has been allowed and has read what there is. */
function dueIn({ store, self, cache }: Account): Promise<readonly BareJid[]> {
  return store.work(async (unit) => {
    const begun = await unit.meta("greeting");
    if (begun !== undefined) return begun.left;
    const admission = await unit.meta("admission");
    if (admission === undefined || admission.by.length > 0) return [];
    const isNew = self.createdAt > Date.now() - NEW_FOR_MS;
    const left = isNew ? newestIn({ self, cache }) : [];
    unit.put("meta", { name: "greeting", left });
    return left;
  });
}

function newestIn({ self, cache }: Pick<Account, "self" | "cache">): readonly BareJid[] {
  const people = [...cache.chats.values()].filter(({ jid, encrypted }) => {
    const known = listedContact(cache.contacts.get(jid)) !== undefined || cache.chats.get(jid)?.answered === true;
    return encrypted && known && jid !== self.jid && !cache.rooms.has(jid);
  });
  const newest = people.toSorted((a, b) => (b.last?.position ?? b.readTo) - (a.last?.position ?? a.readTo));
  return newest.slice(0, CONVERSATIONS).map(({ jid }) => jid);
}

/** False: it could not be done now. */
async function greetOne(account: Account, outbox: Outbox, jid: BareJid): Promise<boolean> {
  const listed = await account.directory.devices(jid, false);
  if (!listed.ok) return listed.error.kind !== "offline";
  for (const device of listed.value.slice(0, DEVICES_OF_ONE)) {
    const to = { jid, device };
    const met = await account.store.work((unit) => unit.get("sessions", addressOf(jid, device)));
    // Whoever has written here, or was written to, knows this device.
    if (met !== undefined || !isAcquainted(account, to)) continue;
    const answer = await rebuildSession(account, outbox, to);
    if (!answer.ok && answer.error.kind === "offline") return false;
  }
  return true;
}
