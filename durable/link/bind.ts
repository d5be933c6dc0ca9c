/** The steps after a sign-in where they are apart from it: resumption (XEP-0198 §5), resource binding (RFC 6120 §7). */
import { xml, type Element } from "@xmpp/xml";
import type { Result } from "../../worker/contract/failures.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import { buildResume, type Resume } from "./management/answers.ts";
import { bareOf, resourceOf } from "../../worker/shared/jid.ts";
import { parseStanzaError } from "../xep/errors.ts";
import { NS_BIND, NS_MANAGEMENT } from "../xep/namespaces.ts";
import type { Stream } from "./stream.ts";

/** The value is `<resumed/>` or `<failed/>`. */
export async function requestResumption(stream: Stream, resume: Resume): Promise<Result<Element>> {
  stream.send(buildResume(resume));
  const answer = await stream.next();
  if (!answer.ok) return answer;
  const { value } = answer;
  const known = value.is("resumed", NS_MANAGEMENT) || value.is("failed", NS_MANAGEMENT);
  return known ? answer : stream.fail({ kind: "server-error", detail: "resumption" });
}

/** The full address. Fails with `wrong-account` where the server binds another one (CVE-2018-10847). */
export async function bindResource(
  stream: Stream,
  features: Element,
  account: BareJid,
  resource: string,
): Promise<Result<string>> {
  if (!features.getChild("bind", NS_BIND)) return stream.fail({ kind: "server-error", detail: "no bind" });
  const id = crypto.randomUUID();
  stream.send(xml("iq", { type: "set", id }, xml("bind", { xmlns: NS_BIND }, xml("resource", {}, resource))));
  const reply = await stream.next();
  if (!reply.ok) return reply;
  const { attrs } = reply.value;
  if (!reply.value.is("iq") || attrs["id"] !== id || attrs["type"] !== "result") {
    return stream.fail({ kind: "server-error", detail: parseStanzaError(reply.value)?.condition ?? "bind" });
  }
  const bound = reply.value.getChild("bind", NS_BIND)?.getChildText("jid") ?? "";
  return isResourceOf(bound, account) ? { ok: true, value: bound } : stream.fail({ kind: "wrong-account" });
}

/** Whether a bare address is the account, in whatever case the server writes it. */
export function isAddressOf(bare: string, account: BareJid): boolean {
  return !bare.includes("/") && bareOf(bare) === account;
}

/** Whether a full address is one of the account, in whatever case the server writes it. */
export function isResourceOf(full: string, account: BareJid): boolean {
  return resourceOf(full) !== undefined && bareOf(full) === account;
}
