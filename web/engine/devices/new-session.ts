/** A new session with a device whose old one no longer decrypts what it sends; a key transport tells the device. */
import type { Result } from "../../../worker/contract/failures.ts";
import type { Account } from "../account.ts";
import { openSession } from "../omemo/send.ts";
import { believe } from "../reading/opening.ts";
import type { Outbox } from "../sending/outbox.ts";
import { isMember } from "../rooms/audience.ts";
import { listedContact } from "../store/people-rows.ts";
import type { DeviceAddress } from "../store/device-rows.ts";

export type Done = Result<{ readonly done: true }>;

const UNAVAILABLE = { ok: false, error: { kind: "encryption-unavailable" } } as const satisfies Done;

/**
 * Rebuilds a session, only with a device that is on its owner's list now and shows the identity that was pinned before.
 * The old session is kept for what is still under way. Fails with `offline`, or with `encryption-unavailable` when the
 * device is gone, its bundle cannot be used or its identity is another one.
 */
export async function rebuildSession(account: Account, outbox: Outbox, to: DeviceAddress): Promise<Done> {
  const { self } = account;
  if (to.jid === self.jid && to.device === self.device) return UNAVAILABLE;
  const listed = await account.directory.devices(to.jid, false);
  if (!listed.ok) return listed;
  if (!listed.value.includes(to.device)) return UNAVAILABLE;
  const answer = await account.directory.bundle(to);
  switch (answer.kind) {
    case "offline":
      return { ok: false, error: { kind: "offline" } };
    case "unusable":
    case "later":
      return UNAVAILABLE;
    case "usable": {
      const opened = await account.store.work(async (unit) => {
        await believe(unit, self, to, answer.bundle.identityKey);
        return openSession(unit, self, to, answer.bundle, Date.now());
      });
      if (!opened) return UNAVAILABLE;
      await outbox.sendTransport(to);
      return { ok: true, value: { done: true } };
    }
  }
}

/** Whether an automatic message to somebody tells them nothing new: that this account is in use. */
export function isAcquainted({ self, cache }: Pick<Account, "self" | "cache">, { jid }: DeviceAddress): boolean {
  const together = () => [...cache.rooms.values()].some(({ joined, members }) => joined && isMember(members, jid));
  const listed = listedContact(cache.contacts.get(jid)) !== undefined;
  return jid === self.jid || listed || cache.chats.get(jid)?.answered === true || together();
}
