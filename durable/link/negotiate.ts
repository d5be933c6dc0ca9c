/**
 * From a fresh connection to a bound resource (RFC 6120 §4.3, §5, §6, §7), one step after the other. Stream management
 * is enabled by the session that comes out of it, because its counting starts within the turn of `<enabled/>`.
 */
import jid from "@xmpp/jid";
import { xml, type Element } from "@xmpp/xml";
import type { BareJid, Result } from "../../worker/contract.ts";
import { conditionOf } from "./failures.ts";
import { NS_BIND, NS_CLIENT_STATE, NS_MANAGEMENT, NS_TLS } from "./namespaces.ts";
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

/** The full address, and what the server offers on the bound stream (XEP-0198, XEP-0352). */
export type Bound = { readonly jid: string; readonly management: boolean; readonly clientState: boolean };

/** Restart and bind. Fails with `wrong-account` where the server binds another address (CVE-2018-10847). */
export async function bind(stream: Stream, account: BareJid, resource: string): Promise<Result<Bound>> {
  const features = await stream.open();
  if (!features.ok) return features;
  if (!features.value.getChild("bind", NS_BIND)) return stream.fail({ kind: "server-error", detail: "no bind" });
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
  return {
    ok: true,
    value: {
      jid: bound,
      management: !!features.value.getChild("sm", NS_MANAGEMENT),
      clientState: !!features.value.getChild("csi", NS_CLIENT_STATE),
    },
  };
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
