/** Fingerprints in a link, as Conversations writes it: `xmpp:user@host?omemo-sid-<id>=<64 hex>;omemo-sid-<id>=…`. */
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { OMEMO_ID_MAX } from "../../../worker/contract/omemo.ts";
import { typedJid } from "../address.ts";

export type Claim = { readonly device: DeviceId; readonly fingerprint: string };

export type Claims = { readonly jid: BareJid; readonly devices: readonly Claim[] };

/** What stands before the address: XMPP's own scheme (RFC 5122), and the page that Conversations shares instead. */
const PREFIXES = [/^xmpp:/i, /^https:\/\/conversations\.im\/i\//i] as const;
const CLAIM = /^omemo-sid-([1-9][0-9]{0,9})=([0-9a-f]{64})$/i;

/** The link that says which keys are somebody's. */
export function claimsUri({ jid, devices }: Claims): string {
  const query = devices.map(({ device, fingerprint }) => `omemo-sid-${device}=${fingerprint}`).join(";");
  // RFC 5122 §2.2: what a node may hold and a URI may not is percent-encoded, the @ between node and host is not.
  const address = jid.split("@").map(encodeURIComponent).join("@");
  return query === "" ? `xmpp:${address}` : `xmpp:${address}?${query}`;
}

/** What a link says; undefined: it is no such link, or one of its fingerprints is not one. */
export function readClaims(link: string): Claims | undefined {
  const trimmed = link.trim();
  const prefix = PREFIXES.find((one) => one.test(trimmed));
  if (prefix === undefined) return undefined;
  const [address = "", query = ""] = trimmed.replace(prefix, "").split("?");
  const jid = typedJid(`xmpp:${address}`);
  if (jid === undefined) return undefined;
  const parts = query.split(/[;&]/).filter((part) => part.toLowerCase().startsWith("omemo-sid-"));
  const devices: Claim[] = [];
  for (const part of parts) {
    const [, id, fingerprint] = CLAIM.exec(part) ?? [];
    if (id === undefined || fingerprint === undefined || Number(id) > OMEMO_ID_MAX) return undefined;
    devices.push({ device: Number(id) as DeviceId, fingerprint: fingerprint.toLowerCase() });
  }
  return devices.length === 0 ? undefined : { jid, devices };
}
