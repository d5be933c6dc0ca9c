/** The stores of an account in memory, with nobody attached. */
import type { ServerFrame } from "../../worker/contract/frames.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { Log } from "../log/log.ts";
import { Fullness } from "../store/fullness.ts";
import { type MemoryStorage, memoryStorage } from "./sql-storage.ts";

// After the hook that loads `.sql` files.
const { Stores } = await import("../store/stores.ts");
type Stores = InstanceType<typeof Stores>;

/** `storage` again is the same account after a reset; `told`: what browsers would be told. */
export function storesOf(
  account: BareJid,
  storage: MemoryStorage = memoryStorage(),
  told: (frame: ServerFrame) => unknown = () => undefined,
): Stores {
  const nobody = {
    broadcast: (frame: ServerFrame) => void told(frame),
    flush: () => undefined,
    visible: false,
    looked: false,
  };
  const fullness = new Fullness(crypto.randomUUID());
  const guarded = fullness.guard(storage as unknown as DurableObjectStorage);
  const stores = new Stores(guarded, new Log(guarded.sql), nobody, fullness);
  stores.meta.bind(account);
  return stores;
}
