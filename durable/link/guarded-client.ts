import { Client } from "@xmpp/client-core";
import type { Element } from "@xmpp/xml";
import { failureOfStreamError } from "./failures.ts";
import { LinkFault } from "./transport/fault.ts";

/** `Client`, but with the guard before its parser, and it follows nobody to another host. */
export class GuardedClient extends Client {
  /** What was received, cut anywhere; over a WebSocket: whether `more` of the same message follows. */
  onBytes: (text: string, more: boolean) => void = () => undefined;
  /** The server has ended the stream by an error. */
  refused = false;

  override _onData(data: string, more = false): void {
    this.onBytes(data, more);
  }

  /** RFC 6120 §4.9.3.19: `see-other-host` is not obeyed, the other name proved nothing. */
  override _onStreamError(element: Element): void {
    this.refused = true;
    this.emit("error", new LinkFault(failureOfStreamError(element)));
  }
}
