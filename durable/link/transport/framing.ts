/** RFC 7395 §3.3.3: over a WebSocket each element is a message and a document of its own. */
import { NS_CLIENT } from "../../xep/namespaces.ts";
import type { Piece } from "./guard.ts";

/** The start of a stanza as it was built: it names no namespace, because on a TCP stream the header does. */
const STANZA_NAME = /^<(?:message|presence|iq)(?=[\s/>])/;

/** A serialised stanza with its namespace, as a frame has to carry it. */
export function framedStanza(stanza: string): string {
  return stanza.replace(STANZA_NAME, `$& xmlns="${NS_CLIENT}"`);
}

/** Of one message that is received piece by piece: it has one element and nothing behind that. */
export class Frame {
  #filled = false;

  /** Whether this may stand in it. */
  takes(piece: Piece): boolean {
    if (this.#filled) return false;
    this.#filled = piece.kind !== "part";
    return true;
  }

  /** The next message is another one. */
  end(): void {
    this.#filled = false;
  }
}
