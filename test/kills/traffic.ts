/**
 * Reads along between a browser and the Worker: which messages leave, and when something passes. The browser
 * speaks HTTP/1.1 in clear on this machine.
 */
import type { SendArguments } from "../../worker/contract/calls.ts";
import { ROUTES } from "../../worker/contract/routes.ts";
import type { Tap } from "../faults/proxy.ts";
import { Requests } from "./requests.ts";

/** `leaving`: a message sets out. `answer`: the first bytes of its answer. `arriving`: a piece of the live socket. */
export type Moment = "leaving" | "answer" | "arriving";

const SEND = `${ROUTES.call}send`;

export class Traffic {
  /** Every message that left the browser whole, in the order of leaving; one that left again is there again. */
  readonly sent: SendArguments[] = [];
  /** Called before the bytes go on. */
  notice: (moment: Moment) => void = () => undefined;

  /** For one new connection. */
  readonly tap = (): Tap => {
    const requests = new Requests();
    let asked = false;
    return (direction, bytes) => {
      if (direction === "out") {
        for (const { path, body } of requests.take(bytes)) {
          asked = false;
          if (path !== SEND) continue;
          this.sent.push(JSON.parse(body) as SendArguments);
          asked = true;
          this.notice("leaving");
        }
        return;
      }
      if (requests.upgraded) this.notice("arriving");
      else if (asked) {
        asked = false;
        this.notice("answer");
      }
    };
  };
}
