/** Of several browsers one tells the person of what comes: that which was looked at last. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import type { ServerFrame } from "../../worker/contract/frames.ts";
import type { BareJid, BrowserId, Seq } from "../../worker/contract/names.ts";
import { CONTRACT_UNNAMED, CONTRACT_VERSION } from "../../worker/contract/version.ts";
import type { Browser } from "../store/browser-row.ts";

Object.assign(globalThis, { WebSocketRequestResponsePair: class {} });
const { Feed } = await import("./feed.ts");

class ScriptedSocket {
  readonly readyState = 1;
  readonly frames: ServerFrame[] = [];
  #attachment: unknown = null;
  send(text: string): void {
    this.frames.push(JSON.parse(text) as ServerFrame);
  }
  serializeAttachment(value: unknown): void {
    this.#attachment = structuredClone(value);
  }
  deserializeAttachment(): unknown {
    return this.#attachment;
  }
  close(): void {
    this.serializeAttachment(null);
  }
  /** What it was told last; undefined: nothing ever. */
  get here(): boolean | undefined {
    const told = this.frames.flatMap((frame) => (frame.type === "notifying" ? frame.here : []));
    return told.at(-1);
  }
}

let sockets: ScriptedSocket[] = [];
let feed: InstanceType<typeof Feed>;

beforeEach(() => {
  mock.timers.enable({ apis: ["Date"], now: 1_000 });
  sockets = [];
  const ctx = {
    setWebSocketAutoResponse: () => undefined,
    getWebSockets: (tag?: string) => sockets.filter((one) => tag === undefined || tagOf(one) === tag),
    acceptWebSocket: (socket: ScriptedSocket) => sockets.push(socket),
    getWebSocketAutoResponseTimestamp: () => null,
  };
  const log = { head: 0 as Seq, page: () => ({ entries: [], full: false }) };
  feed = new Feed(ctx as never, log as never);
});
afterEach(() => mock.timers.reset());

const tagOf = (socket: ScriptedSocket) => (socket.deserializeAttachment() as { browser?: string } | null)?.browser;

function attach(id: string, contract = CONTRACT_VERSION): ScriptedSocket {
  const socket = new ScriptedSocket();
  feed.attach(
    socket as never,
    { id: id as BrowserId, device: undefined } as Browser,
    { since: 0 as Seq, contract },
    () => [],
  );
  return socket;
}

function says(socket: ScriptedSocket, visible: boolean, notifies = true): void {
  mock.timers.tick(1_000);
  feed.setVisible(socket as never, { visible, notifies });
  feed.tellNotifying();
}

test("nobody tells anything while one of the browsers is looked at", () => {
  const [a, b] = [attach("a"), attach("b")];
  says(a, false);
  says(b, true);
  assert.deepEqual([a.here, b.here], [undefined, undefined]);
  says(b, false);
  assert.deepEqual([a.here, b.here], [undefined, true], "it was looked at last");
  says(a, true);
  assert.deepEqual([a.here, b.here], [undefined, false]);
});

test("where the one that was looked at last may not, another one does", () => {
  const [a, b] = [attach("a"), attach("b")];
  says(a, false);
  says(b, false, false);
  assert.deepEqual([a.here, b.here], [true, undefined]);
  feed.detach(a as never);
  feed.tellNotifying();
  assert.equal(b.here, undefined);
});

test("when that browser goes, the next one takes over; each is told once", () => {
  const a = attach("a");
  says(a, false);
  const b = attach("b");
  says(b, false);
  assert.deepEqual([a.here, b.here], [false, true]);
  feed.detach(b as never);
  feed.tellNotifying();
  feed.tellNotifying();
  const told = a.frames.filter(({ type }) => type === "notifying");
  assert.deepEqual(told, [
    { type: "notifying", here: true },
    { type: "notifying", here: false },
    { type: "notifying", here: true },
  ]);
});

test("who types is told to those that somebody looks at", () => {
  const [a, b] = [attach("a"), attach("b")];
  says(a, false);
  says(b, true);
  feed.broadcast({ type: "typing", chat: "bob@b.example" as never, who: [""] }, "watched");
  const heard = (socket: ScriptedSocket) => socket.frames.some(({ type }) => type === "typing");
  assert.deepEqual([heard(a), heard(b)], [false, true]);
});

test("D15: an engine of before is sent no frame that came later", () => {
  const [older, newer] = [attach("older", CONTRACT_UNNAMED), attach("newer")];
  feed.broadcast({ type: "typing", chat: "bob@b.example" as BareJid, who: [""] });
  feed.broadcast({ type: "presence", presence: [] });
  const typesOf = ({ frames }: ScriptedSocket) => frames.map(({ type }) => type);
  assert.deepEqual([typesOf(older), typesOf(newer)], [["presence"], ["typing", "presence"]]);
});
