/** What the tabs of this browser tell each other of a file on its way. */
import type { ClientId } from "../../../worker/contract/names.ts";

/** How far it is; `total` 0: it is being made ready. */
export type Underway = { readonly done: number; readonly total: number };

/** What is told to the other tabs of this account. */
export type Told =
  | { readonly kind: "listed" }
  | { readonly kind: "way"; readonly client: ClientId; readonly way: Underway }
  | { readonly kind: "act"; readonly client: ClientId; readonly act: "retry" | "discard" }
  /** No act: a tab of a former release would take one that it does not know for `discard`. */
  | { readonly kind: "silent"; readonly client: ClientId }
  /** Nobody is to bring it, also where the disk does not let go of it. */
  | { readonly kind: "stopped"; readonly client: ClientId };
