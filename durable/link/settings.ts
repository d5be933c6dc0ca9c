import type { BareJid } from "../../worker/contract/names.ts";
import type { Resolver } from "../../worker/network/resolver.ts";
import type { Endpoint } from "./discovery/endpoint.ts";
import type { Ports } from "../../worker/network/names.ts";
import type { Probes } from "./failures.ts";
import type { LimitMemory } from "./limit.ts";
import type { StreamMemory } from "./management/resume.ts";

export type LinkSettings = {
  readonly account: BareJid;
  readonly resource: string;
  /** A UUID of version 4 that stays the same for the account (XEP-0388); tokens belong to it. */
  readonly userAgent: string;
  /** Domain → endpoint URIs, separated by spaces, where the deployment fixes them. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Empty: every domain. */
  readonly allowedDomains: readonly string[];
  /** Ports beside those of XMPP that the records of a domain may name. */
  readonly ports: Ports;
  readonly resolver: Resolver;
  /** What outlives this connection (XEP-0198 §5). */
  readonly memory: StreamMemory;
  /** The largest stanza that the server takes, as far as is known. */
  readonly limit: LimitMemory;
  /** For each step of connecting; 15 s unless given. */
  readonly stepTimeoutMs?: number;
};

/** Of one stream. */
export type StreamSettings = {
  readonly endpoint: Endpoint;
  readonly account: BareJid;
  readonly stepTimeoutMs: number;
  /** For connecting alone; `stepTimeoutMs` unless given. */
  readonly dialTimeoutMs?: number;
  /** Undefined: a connection that fails gets no second look and is `refused`. */
  readonly probes?: Probes;
};
