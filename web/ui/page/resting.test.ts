/** When a page lets its socket go, with a clock and a document that are scripted. */
import assert from "node:assert/strict";
import { beforeEach, test, type TestContext } from "node:test";
import { effect, signal } from "@preact/signals-core";
import type { App } from "../../model/app.ts";

let look = (): void => undefined;
const page = {
  visibilityState: "visible",
  addEventListener: (_type: string, listener: () => void) => {
    look = listener;
  },
};
Object.assign(globalThis, { document: page });
const { restsHere } = await import("./resting.ts");

type Connection = App["connection"]["value"];
const HIDDEN_MS = 10 * 60_000;
const SOCKET = { socket: "open", encryption: "ready" } as const;
const HEARD: Connection = { ...SOCKET, stayOnline: true, looksIn: true };
/** As an engine begins, before its socket has said anything. */
const UNKNOWN: Connection = { socket: "connecting", encryption: "starting" };

const account = signal<App["account"]["value"]>(undefined);
const connection = signal<Connection>(UNKNOWN);
const notices = signal<App["notices"]["value"]>([]);
const isRung = signal(true);

beforeEach(() => {
  page.visibilityState = "visible";
  [account.value, connection.value, notices.value, isRung.value] = ["alice@a.example" as never, HEARD, [], true];
});

/** What it says, each change of it. */
function follow(t: TestContext): boolean[] {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const rests = restsHere({ account, connection, notices } as Pick<App, "account" | "connection" | "notices">, isRung);
  const said: boolean[] = [];
  t.after(effect(() => void said.push(rests.value)));
  return said;
}

function hide(t: TestContext): void {
  page.visibilityState = "hidden";
  look();
  t.mock.timers.tick(HIDDEN_MS);
}

test("D11: a page that is rung lets its socket go ten minutes after it was looked at, and has it back at once", (t) => {
  const said = follow(t);
  page.visibilityState = "hidden";
  look();
  t.mock.timers.tick(HIDDEN_MS - 1);
  assert.deepEqual(said, [false]);
  t.mock.timers.tick(1);
  assert.deepEqual(said, [false, true]);
  page.visibilityState = "visible";
  look();
  assert.deepEqual(said, [false, true, false]);
});

test("D11: another engine, which knows nothing yet, rests behind such a page, too: each push begins one", (t) => {
  const said = follow(t);
  hide(t);
  connection.value = UNKNOWN;
  connection.value = { ...UNKNOWN };
  assert.deepEqual(said, [false, true]);
});

const NEVER: readonly (readonly [string, () => void])[] = [
  ["whose account sleeps without hearing anything", () => (connection.value = { ...SOCKET, stayOnline: false })],
  ["that is not rung", () => (isRung.value = false)],
  ["that talks with another browser", () => (notices.value = [{ kind: "handover" } as never])],
  [
    "that has not been told how another account hears",
    () => {
      connection.value = UNKNOWN;
      account.value = "carol@c.example" as never;
    },
  ],
];

for (const [which, change] of NEVER)
  test(`D11: a page ${which} keeps its socket`, (t) => {
    const said = follow(t);
    change();
    hide(t);
    assert.deepEqual(said, [false]);
  });

test("D11: what was heard last counts: a person who has it look in no more has the socket back", (t) => {
  const said = follow(t);
  hide(t);
  connection.value = { ...SOCKET, stayOnline: false };
  connection.value = UNKNOWN;
  assert.deepEqual(said, [false, true, false]);
});
