import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { type Live, openOriginLive } from "./socket.ts";

/** The browser's end of a socket, on a network that carries nothing by itself. */
class ScriptedSocket extends EventTarget {
  static readonly OPEN = 1;
  static made: ScriptedSocket[] = [];
  readonly sent: string[] = [];
  readyState = 0;

  constructor() {
    super();
    ScriptedSocket.made.push(this);
  }

  opens(): void {
    this.readyState = ScriptedSocket.OPEN;
    this.dispatchEvent(new Event("open"));
  }

  says(data: string): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  send(data: string): void {
    this.sent.push(data);
  }

  close(): void {
    this.readyState = 2;
  }
}

const given = {
  WebSocket: globalThis.WebSocket,
  location: globalThis.location,
  addEventListener: globalThis.addEventListener,
  removeEventListener: globalThis.removeEventListener,
};
const scope = new EventTarget();
let live: Live;
const views: string[] = [];
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

beforeEach(async () => {
  mock.timers.enable({ apis: ["Date", "setTimeout"] });
  Object.assign(globalThis, { WebSocket: ScriptedSocket, location: { origin: "https://alcove.example" } });
  const addEventListener = scope.addEventListener.bind(scope);
  const removeEventListener = scope.removeEventListener.bind(scope);
  Object.assign(globalThis, { addEventListener, removeEventListener });
  ScriptedSocket.made = [];
  views.length = 0;
  live = openOriginLive();
  live.start({
    cursor: async () => undefined,
    proof: async () => undefined,
    frame: () => undefined,
    changed: ({ socket }) => views.push(socket),
    spent: () => false,
    refused: () => undefined,
  });
  await turn();
  ScriptedSocket.made[0]?.opens();
});
afterEach(() => {
  live.stop();
  mock.timers.reset();
  Object.assign(globalThis, given);
});

test("D11: a socket that was open when the laptop fell asleep is replaced as soon as somebody looks", async () => {
  // Nothing rings while it sleeps.
  mock.timers.setTime(60 * 60_000);
  live.hurry();
  await turn();
  assert.equal(ScriptedSocket.made.length, 2, "at once, not after waiting for an answer");
  assert.deepEqual(views, ["connecting", "open", "waiting", "connecting"]);
});

test("D11: a socket that has answered a moment ago is only asked whether it lives", async () => {
  mock.timers.tick(25_000);
  const [socket] = ScriptedSocket.made;
  assert.deepEqual(socket?.sent, ["ping"]);
  socket?.says("pong");
  mock.timers.tick(20_000);
  live.hurry();
  await turn();
  assert.equal(ScriptedSocket.made.length, 1);
  assert.deepEqual(socket?.sent, ["ping", "ping"]);
});
