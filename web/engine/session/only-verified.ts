/** Whether this browser encrypts only for devices of others that were compared in it. */
import type { SignedInAccount } from "./signed-in.ts";

/** What waits may leave now, and every conversation says anew for whom it is encrypted. */
export async function setOnlyVerified({ account, views, outbox }: SignedInAccount, on: boolean): Promise<void> {
  const { store, cache } = account;
  if (on === cache.onlyVerified) return;
  await store.work(async (unit) => {
    if (on) unit.put("meta", { name: "onlyVerified", since: Date.now() });
    else unit.delete("meta", "onlyVerified");
  });
  views.chatsChanged([...new Set([...cache.chats.keys(), ...cache.contacts.keys(), ...cache.rooms.keys()])]);
  outbox.pump();
}
