/**
 * A decision about a key that a person has made in another of their browsers. It travels to each of those whose key was
 * compared, in a key transport to it alone, so that neither the object nor a server can say it in a browser's place. As
 * XEP-0450 §4.2 has it: only from a device that is verified here. Its message (XEP-0434) is not used, for legacy OMEMO
 * encrypts no elements, and no other app would read it.
 */
import type { BareJid, DeviceId, Time } from "../../../worker/contract/names.ts";
import { OMEMO_ID_MAX } from "../../../worker/contract/omemo.ts";
import { type Bytes, concat } from "../bytes.ts";
import type { PinRow } from "../store/device-rows.ts";
import type { Decision } from "./decisions.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { isTrusted } from "./trust.ts";
import { trustOf } from "./trust-pins.ts";

/** Behind the sixteen random bytes of a key transport; 1 are heads, 2 and 3 are keys of sealed choices. */
const AT = 16;
const DECIDED = 4;

export type ToldDecision = Decision & { readonly at: Time };

/** What a key transport takes along. */
export function decisionMessage({ jid, device, fingerprint, trust, at }: ToldDecision): Bytes {
  return concat(
    Uint8Array.of(DECIDED),
    new TextEncoder().encode(JSON.stringify({ jid, device, fingerprint, trust, at })),
  );
}

/** Undefined: it is none, or of a release that says it otherwise. */
export function readDecision(inner: Bytes): ToldDecision | undefined {
  if (inner[AT] !== DECIDED) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(inner.slice(AT + 1)));
    const { jid, device, fingerprint, trust, at } = (typeof value === "object" && value) as Record<string, unknown>;
    if (typeof jid !== "string" || typeof fingerprint !== "string" || !/^[0-9a-f]{64}$/.test(fingerprint))
      return undefined;
    if (!isInteger(device, OMEMO_ID_MAX) || !isInteger(at, Number.MAX_SAFE_INTEGER)) return undefined;
    if (trust !== "blind" && trust !== "verified" && trust !== "distrusted") return undefined;
    return { jid: jid as BareJid, device: device as DeviceId, fingerprint, trust, at };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function isInteger(value: unknown, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value <= most;
}

/**
 * What becomes of it here. `wait`: this browser has not met that key yet. What was decided before the last decision here is over.
 * Else the stricter one of two that differ stands, until the person decides here.
 */
export function heed(pin: PinRow | undefined, { fingerprint, trust, at }: ToldDecision): "apply" | "ignore" | "wait" {
  if (pin === undefined) return "wait";
  if ((pin.decided?.at ?? 0) >= at) return "ignore";
  const here = trustOf(pin);
  if (pin.shown !== undefined && fingerprintOf(pin.shown) === fingerprint)
    return here === "distrusted" && isTrusted(trust) ? "ignore" : "apply";
  if (fingerprintOf(pin.identityKey) !== fingerprint) return "wait";
  if (here === "distrusted" || here === trust) return "ignore";
  return trust === "blind" && here === "verified" ? "ignore" : "apply";
}
