import type { BareJid } from "../../worker/contract.ts";
import type { Resolver } from "./discovery/discover.ts";
import type { LimitMemory } from "./limit.ts";
import type { StreamMemory } from "./management/resume.ts";

export type LinkSettings = {
  readonly account: BareJid;
  readonly resource: string;
  /** A UUID of version 4 that stays the same for the account (XEP-0388); tokens belong to it. */
  readonly userAgent: string;
  /** Domain → endpoint URI, where the deployment fixes it. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Empty: every domain. */
  readonly allowedDomains: readonly string[];
  readonly resolver: Resolver;
  /** What outlives this connection (XEP-0198 §5). */
  readonly memory: StreamMemory;
  /** The largest stanza that the server takes, as far as is known. */
  readonly limit: LimitMemory;
  /** For each step of connecting; 15 s unless given. */
  readonly stepTimeoutMs?: number;
};
