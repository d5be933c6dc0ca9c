/** Entry of the engine's worker. */
import { report } from "../../worker/shared/report.ts";
import { AlcoveEngine } from "./engine.ts";
import { TabLeader } from "./tabs/leader.ts";
import { openOriginLive } from "./object/socket.ts";
import type { Reply, Request } from "./tabs/messages.ts";
import { originRemote } from "./object/calls.ts";

/** The part of a dedicated worker's global scope used here; the DOM types describe the page's. */
type WorkerScope = {
  postMessage(reply: Reply): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Request>) => void): void;
  addEventListener(type: "unhandledrejection", listener: (event: PromiseRejectionEvent) => void): void;
};

const scope = globalThis as unknown as WorkerScope;
// An exception goes to the page, which may have to say that the engine did not start.
scope.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  report("unexpected failure", event.reason);
});

const leader = new TabLeader({
  startEngine: (emit) =>
    new AlcoveEngine({ remote: originRemote, openLive: openOriginLive, userAgent: navigator.userAgent, emit }),
  toPage: (reply) => scope.postMessage(reply),
  channel: new BroadcastChannel("alcove-engine"),
  locks: navigator.locks,
});

scope.addEventListener("message", ({ data }) => leader.request(data));
