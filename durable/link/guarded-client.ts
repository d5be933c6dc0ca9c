import { Client } from "@xmpp/client-core";
import type { Element } from "@xmpp/xml";
import { failureOfStreamError } from "./failures.ts";
import { LinkFault } from "./transport/fault.ts";

/** `Client`, but with the guard before its parser, and it follows nobody to another host. */
export class GuardedClient extends Client {
  onBytes: (text: string) => void = () => undefined;
  /** The server has ended the stream by an error. */
  refused = false;

  override _onData(data: string): void {
    this.onBytes(data);
  }

  /** RFC 6120 §4.9.3.19: `see-other-host` is not obeyed, the other name proved nothing. */
  override _onStreamError(element: Element): void {
    this.refused = true;
    this.emit("error", new LinkFault(failureOfStreamError(element)));
  }
}
