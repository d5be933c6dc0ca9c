/** What a server answers to `<enable/>` and `<resume/>` (XEP-0198 1.6 §3, §5), wherever the answer stands. Pure. */
import { xml, type Element } from "@xmpp/xml";
import { NS_MANAGEMENT } from "../../xep/namespaces.ts";

/** Undefined: acknowledgements, but no resumption. */
export type Resumption = {
  readonly id: string;
  /** How long the server keeps the stream after the connection is gone. */
  readonly resumableMs: number;
  /** Where it wants to be asked, as it said it; see `allowedLocation`. */
  readonly location: string | undefined;
};

/** A stream to go on with. */
export type Resume = {
  readonly id: string;
  /** Stanzas of the server that are stored. */
  readonly inbound: number;
  /** The full address it was bound to. */
  readonly jid: string;
};

/** How many of our stanzas the server has; undefined where it does not say. */
export type Acknowledged = number | undefined;

/** Where the server does not say how long (§3: "max" is optional). */
const RESUMABLE_UNSAID_MS = 5 * 60_000;
const LONGEST_RESUMABLE_MS = 24 * 60 * 60_000;
/** §4: counters are 32 bits wide. */
const MAX_COUNT = 2 ** 32 - 1;

/** XEP-0198 §5. */
export function buildResume({ id, inbound }: Resume): Element {
  return xml("resume", { xmlns: NS_MANAGEMENT, h: inbound, previd: id });
}

/** Of an `<enabled/>`. */
export function readEnabled({ attrs }: Element): Resumption | undefined {
  const { id, resume, max, location } = attrs;
  if (!id || (resume !== "true" && resume !== "1")) return undefined;
  const seconds = /^[1-9][0-9]{0,8}$/.test(max ?? "") ? Number(max) : undefined;
  const resumableMs = seconds === undefined ? RESUMABLE_UNSAID_MS : Math.min(seconds * 1_000, LONGEST_RESUMABLE_MS);
  return { id, resumableMs, location };
}

/** Of a `<resumed/>`, a `<failed/>` or an `<a/>`. */
export function readAcknowledged({ attrs }: Element): Acknowledged {
  const { h } = attrs;
  if (h === undefined || !/^[0-9]{1,10}$/.test(h)) return undefined;
  const count = Number(h);
  return count <= MAX_COUNT ? count : undefined;
}
