/** STARTTLS (RFC 6120 §5). */
import { xml, type Element } from "@xmpp/xml";
import type { Result } from "../../worker/contract/failures.ts";
import { NS_TLS } from "../xep/namespaces.ts";
import type { Stream } from "./stream.ts";

/** The features over TLS. STARTTLS that is not offered may have been cut out by somebody (CVE-2016-10027). */
export async function secure(stream: Stream, features: Element): Promise<Result<Element>> {
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
