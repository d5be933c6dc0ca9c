/**
 * From a fresh connection to a bound resource (RFC 6120 §4.3, §5, §6, §7), one step after the other. Stream management
 * is enabled by the session that comes out of it, because its counting starts within the turn of `<enabled/>`.
 */
import jid from "@xmpp/jid";
import { xml, type Element } from "@xmpp/xml";
import type { BareJid, Result } from "../../worker/contract.ts";
import { conditionOf } from "./failures.ts";
import { NS_BIND, NS_CLIENT_STATE, NS_MANAGEMENT, NS_TLS } from "./namespaces.ts";
import { buildResume, readResumption, type Resumption, type SavedStream, type Unacked } from "./resume.ts";
import { authenticate, type Authenticated, type Credentials } from "./sasl.ts";
import type { Stream } from "./stream.ts";

export type Progress = (state: "securing" | "authenticating") => void;

/** Open, secure, prove. Afterwards the stream awaits its restart. No byte of SASL leaves before TLS is verified. */
export async function signIn(
  stream: Stream,
  account: BareJid,
  credentials: Credentials,
  progress: Progress,
): Promise<Result<Authenticated>> {
  progress("securing");
  const opened = await stream.open();
  if (!opened.ok) return opened;
  const features = await secure(stream, opened.value);
  if (!features.ok) return features;
  progress("authenticating");
  return authenticate(stream, features.value, account, credentials);
}

/** The stream stands. `clientState`, `management`: what the server offers on it (XEP-0352, XEP-0198). */
export type Entered = { readonly clientState: boolean } & (
  | { readonly kind: "resumed"; readonly resumption: Resumption & { readonly kind: "resumed" } }
  /** `settled`: stanzas of the stream before it that arrived after all. */
  | {
      readonly kind: "bound";
      readonly jid: string;
      readonly management: boolean;
      readonly settled: readonly Unacked[];
    }
);

/**
 * Restart, then go on with the stream that was (XEP-0198 §5), or bind. Fails with `wrong-account` where the server binds
 * another address (CVE-2018-10847), `server-not-proven` where it goes on with something that never was.
 */
export async function enterStream(
  stream: Stream,
  account: BareJid,
  resource: string,
  saved: SavedStream | undefined,
): Promise<Result<Entered>> {
  const features = await stream.open();
  if (!features.ok) return features;
  const management = !!features.value.getChild("sm", NS_MANAGEMENT);
  const clientState = !!features.value.getChild("csi", NS_CLIENT_STATE);
  let settled: readonly Unacked[] = [];
  if (saved && management) {
    stream.send(buildResume(saved));
    const answer = await stream.next();
    if (!answer.ok) return answer;
    const resumption = readResumption(answer.value, saved);
    if (resumption?.kind === "resumed") return { ok: true, value: { kind: "resumed", clientState, resumption } };
    if (resumption?.kind !== "gone") return stream.fail({ kind: "server-not-proven", detail: "resumption" });
    settled = resumption.settled;
  }
  if (!features.value.getChild("bind", NS_BIND)) return stream.fail({ kind: "server-error", detail: "no bind" });
  const bound = await bind(stream, account, resource);
  if (!bound.ok) return bound;
  return { ok: true, value: { kind: "bound", jid: bound.value, management, clientState, settled } };
}

/** The full address (RFC 6120 §7). */
async function bind(stream: Stream, account: BareJid, resource: string): Promise<Result<string>> {
  const id = crypto.randomUUID();
  stream.send(xml("iq", { type: "set", id }, xml("bind", { xmlns: NS_BIND }, xml("resource", {}, resource))));
  const reply = await stream.next();
  if (!reply.ok) return reply;
  const { attrs } = reply.value;
  if (!reply.value.is("iq") || attrs["id"] !== id || attrs["type"] !== "result") {
    const error = reply.value.getChild("error");
    return stream.fail({ kind: "server-error", detail: (error && conditionOf(error)) ?? "bind" });
  }
  const bound = reply.value.getChild("bind", NS_BIND)?.getChildText("jid") ?? "";
  if (!isResourceOf(bound, account)) return stream.fail({ kind: "wrong-account" });
  return { ok: true, value: bound };
}

/** The features over TLS. STARTTLS that is not offered may have been cut out by somebody (CVE-2016-10027). */
async function secure(stream: Stream, features: Element): Promise<Result<Element>> {
  const { scheme, hostname } = stream.endpoint;
  if (scheme !== "starttls") {
    // `ws` is possible to the own machine only.
    return stream.secure || scheme === "ws" ? { ok: true, value: features } : stream.fail({ kind: "no-encryption" });
  }
  if (!features.getChild("starttls", NS_TLS)) return stream.fail({ kind: "no-encryption", detail: hostname });
  stream.send(xml("starttls", { xmlns: NS_TLS }));
  const proceed = await stream.next();
  if (!proceed.ok) return proceed;
  if (!proceed.value.is("proceed", NS_TLS)) return stream.fail({ kind: "no-encryption", detail: hostname });
  const upgraded = await stream.upgrade();
  return upgraded.ok ? stream.open() : upgraded;
}

function isResourceOf(full: string, account: BareJid): boolean {
  if (!/^[^@/]+@[^@/]+\/./.test(full)) return false;
  return jid(full).bare().toString() === jid(account).toString();
}
