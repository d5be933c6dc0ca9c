/** The stores of an account in memory, with nobody attached. */
import type { BareJid } from "../../worker/contract.ts";
import { type MemoryStorage, memoryStorage } from "./sql-storage.ts";

// The platform's; the feed only hands it over.
Object.assign(globalThis, { WebSocketRequestResponsePair: class {} });
const { Stores } = await import("../store/stores.ts");
type Stores = InstanceType<typeof Stores>;

/** `storage` again is the same account after a reset. */
export function storesOf(account: BareJid, storage: MemoryStorage = memoryStorage()): Stores {
  const ctx = { storage, setWebSocketAutoResponse: () => undefined, getWebSockets: () => [] };
  const stores = new Stores(ctx as unknown as DurableObjectState);
  stores.meta.bind(account);
  return stores;
}
