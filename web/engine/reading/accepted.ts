/**
 * Of whoever may not see that this account is online nobody is told that they were read (XEP-0184 §8; the object sees to that). From
 * the moment when they may, what was read until then is told: by the newest of it, which stands for those before it.
 */
import type { BareJid } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { noteRead } from "./receipts.ts";

/** Looks from now on. The object tells each sender once, however often it is told, and only as the person has chosen. */
export function tellWhoIsAccepted({ cache, store }: Account): void {
  const mayKnow = (jid: BareJid) => ["from", "both"].includes(cache.contacts.get(jid)?.subscription ?? "none");
  const knew = new Set([...cache.contacts.keys()].filter(mayKnow));
  store.onCommit(({ chats }) => {
    const accepted: BareJid[] = [];
    for (const jid of chats) {
      if (!mayKnow(jid)) knew.delete(jid);
      else if (!knew.has(jid)) accepted.push(jid);
    }
    for (const jid of accepted) knew.add(jid);
    const read = accepted.flatMap((jid) => {
      const chat = cache.chats.get(jid);
      return chat === undefined ? [] : [chat];
    });
    if (read.length === 0) return;
    store.inBackground(
      store.work(async (unit) => {
        for (const { jid, readTo } of read) await noteRead(unit, jid, readTo);
      }),
    );
  });
}
