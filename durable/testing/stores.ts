/** The stores of an account in memory, with nobody attached. */
import type { BareJid } from "../../worker/contract.ts";
import { Log } from "../log/log.ts";
import { type MemoryStorage, memoryStorage } from "./sql-storage.ts";

// After the hook that loads `.sql` files.
const { Stores } = await import("../store/stores.ts");
type Stores = InstanceType<typeof Stores>;

/** `storage` again is the same account after a reset. */
export function storesOf(account: BareJid, storage: MemoryStorage = memoryStorage()): Stores {
  const nobody = { broadcast: () => undefined, flush: () => undefined, visible: false };
  const stores = new Stores(storage as unknown as DurableObjectStorage, new Log(storage.sql), nobody);
  stores.meta.bind(account);
  return stores;
}
