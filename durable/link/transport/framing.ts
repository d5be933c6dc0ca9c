/** RFC 7395 §3.3.3: over a WebSocket each element is a message and a document of its own. */
import { NS_CLIENT } from "../../xep/namespaces.ts";

/** The start of a stanza as it was built: it names no namespace, because on a TCP stream the header does. */
const STANZA_NAME = /^<(?:message|presence|iq)(?=[\s/>])/;

/** A serialised stanza with its namespace, as a frame has to carry it. */
export function framedStanza(stanza: string): string {
  return stanza.replace(STANZA_NAME, `$& xmlns="${NS_CLIENT}"`);
}
