/** Who is rung, when and with what: an account in memory, a push service that can be told what to answer. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { PushMessage } from "../../worker/contract/push.ts";
import type { BareJid, BrowserId, DeviceId, EntryId, Seq } from "../../worker/contract/names.ts";
import type { MessageEvent } from "../ingest/stanza-event.ts";
import type { Browser } from "../store/browser-row.ts";
import { memoryStorage } from "../testing/sql-storage.ts";
import { storesOf } from "../testing/stores.ts";
import { type Subscriber, subscriber } from "../testing/open-push.ts";

Object.assign(globalThis, { WebSocketRequestResponsePair: class {} });
const { MOST_PERHAPS, Pushes } = await import("./pushes.ts");
const { Due } = await import("./due.ts");
const { MOST_OF_STRANGERS, MOST_PUSHES, PUSHING } = await import("./delivery.ts");

const ME = "me@a.example" as BareJid;
const BOB = "bob@b.example" as BareJid;
const DEVICE = 9 as DeviceId;
const PHONE = "00000000-0000-4000-8000-000000000001" as BrowserId;
const LAPTOP = "00000000-0000-4000-8000-000000000002" as BrowserId;
const ORIGIN = "https://chat.service.com";
const SECRET = { hash: "h", publicKey: "p", secret: "s" } as never;

type Pushed = { readonly url: string; readonly headers: Record<string, string>; readonly body: Uint8Array };

let storage: ReturnType<typeof memoryStorage>;
let stores: ReturnType<typeof storesOf>;
let pushes: InstanceType<typeof Pushes>;
let pushed: Pushed[];
/** Answers of the service, the last one for ever. */
let statuses: number[];
/** Before the service answers. */
let answering: Promise<void>;
let attached: Set<BrowserId>;
let visible: boolean;
let phone: Subscriber;

beforeEach(async () => {
  Object.assign(PUSHING, { gatherMs: 1, retryMs: 1 });
  [pushed, statuses, attached, visible] = [[], [201], new Set(), false];
  answering = Promise.resolve();
  storage = memoryStorage();
  phone = subscriber();
  wake();
  for (const id of [PHONE, LAPTOP]) {
    stores.browsers.signIn(id, { name: id, kind: "phone" }, SECRET, Date.now());
    stores.browsers.setDevice(id, (DEVICE + (id === PHONE ? 0 : 1)) as DeviceId);
  }
  stores.contacts.put({ kind: "contact", jid: BOB, subscription: "both", asked: false });
  assert.deepEqual(await subscribe(PHONE), { ok: true, value: { done: true } });
});
afterEach(settled);

/** The object, again. */
function wake(): void {
  stores = storesOf(ME, storage);
  const reach = { ports: [], trusted: [], resolver: { addresses: async () => FOUND } };
  pushes = new Pushes({
    stores,
    browsers: {
      attached: () => attached,
      get visible() {
        return visible;
      },
    },
    secret: "a secret",
    reach,
    ask: async (url, { headers, body }) => {
      await answering;
      pushed.push({ url, headers: headers as Record<string, string>, body: body as Uint8Array });
      const status = statuses.length > 1 ? statuses.shift() : statuses[0];
      return new Response(null, { status: status ?? 201 });
    },
  });
  stores.onStored(() => pushes.flush());
  stores.rooms.onInvited = (room) => pushes.invited(room);
}
const FOUND = { kind: "found", addresses: ["93.184.215.14"] } as const;

function subscribe(browser: BrowserId, keys: Subscriber = phone, endpoint = `https://push.service.com/${browser}`) {
  const { key, auth } = keys;
  return pushes.subscribe(stores.browsers.get(browser) as Browser, { endpoint, key, auth, origin: ORIGIN });
}

/** Until nothing is on its way any more. */
async function settled(): Promise<void> {
  do await new Promise((resolve) => setTimeout(resolve, 2));
  while (pushes.busy);
}

let said = 0;
function hear(text: string, more: Partial<MessageEvent> = {}): void {
  said += 1;
  const event: MessageEvent = {
    kind: "message",
    chat: BOB,
    sender: BOB,
    outgoing: false,
    at: Date.now(),
    originId: `m${said}`,
    content: { kind: "omemo", omemo: { sid: 7 as DeviceId, iv: "AAAA", keys: keysFor(), payload: text } },
    ...more,
  };
  stores.turn(() => stores.log.insert(event));
  pushes.flush();
}

function keysFor() {
  return [DEVICE, DEVICE + 1].map((rid) => ({ rid: rid as DeviceId, prekey: false, data: `KEY${rid}` }));
}

function opened(index = -1): PushMessage {
  return JSON.parse(phone.open(pushed.at(index)?.body ?? new Uint8Array())) as PushMessage;
}
const payloads = ({ entries = [] }: PushMessage) =>
  entries.flatMap((entry) =>
    entry.kind === "message" && entry.content.kind === "omemo" ? entry.content.omemo.payload : [],
  );

test("a closed browser is told what it lacks, with the key of its own device, and nothing of it is in clear", async () => {
  hear("U0VDUkVU");
  await settled();
  assert.equal(pushed.length, 1);
  const message = opened();
  assert.deepEqual([message.browser, message.head, message.epoch], [PHONE, stores.log.head, stores.meta.epoch]);
  assert.deepEqual(payloads(message), ["U0VDUkVU"]);
  const [entry] = (message.entries ?? []).filter(({ kind }) => kind === "message");
  assert.deepEqual(entry?.kind === "message" && entry.content.kind === "omemo" && entry.content.omemo.keys, [
    { rid: DEVICE, prekey: false, data: `KEY${DEVICE}` },
  ]);
  const [{ url, headers, body } = assert.fail()] = pushed;
  const seen = `${url} ${JSON.stringify(headers)} ${Buffer.from(body).toString("latin1")}`;
  for (const secret of [ME, BOB, "bob", "U0VDUkVU", "KEY9", stores.meta.epoch, message.entries?.[0]?.id ?? ""])
    assert.equal(seen.includes(secret), false, secret);
  assert.match(headers["topic"] ?? "", /^[\w-]{32}$/);
  assert.equal(headers["ttl"], "86400");
});

test("what comes in one moment is one push, and what was told is not told again", async () => {
  for (const text of ["b25l", "dHdv", "dGhyZWU="]) hear(text);
  await settled();
  assert.equal(pushed.length, 1);
  assert.deepEqual(payloads(opened()), ["b25l", "dHdv", "dGhyZWU="]);
  hear("Zm91cg==");
  await settled();
  assert.deepEqual([pushed.length, payloads(opened())], [2, ["Zm91cg=="]]);
});

test("nobody is rung while somebody looks, nor a browser that is open, nor for what rings nobody", async () => {
  visible = true;
  hear("b25l");
  // Who turns away a moment later has seen it.
  visible = false;
  await settled();
  attached.add(PHONE);
  hear("dHdv");
  await settled();
  attached.clear();
  hear("dGhyZWU=", { sender: ME, outgoing: true });
  await settled();
  assert.equal(pushed.length, 0);
});

test("what does not fit is a push without words, as long as the others of its kind", async () => {
  hear("A".repeat(8_000));
  await settled();
  const [message, short] = [opened(), pushed[0]?.body.length];
  assert.deepEqual([message.entries, message.head], [undefined, stores.log.head]);
  hear("QQ==");
  await settled();
  assert.equal(pushed[1]?.body.length, short);
});

test("a browser that has committed more than it was pushed is told only the rest", async () => {
  hear("b25l");
  await settled();
  visible = true;
  hear("dHdv");
  await settled();
  visible = false;
  stores.browsers.seen(PHONE, Date.now(), stores.log.head);
  hear("dGhyZWU=");
  await settled();
  assert.deepEqual(payloads(opened()), ["dGhyZWU="]);
});

test("a browser that knows by its socket what rang is not rung when nothing more has come than what rings nobody", async () => {
  hear("b25l");
  await settled();
  attached.add(PHONE);
  hear("dHdv");
  await settled();
  attached.clear();
  stores.browsers.seen(PHONE, Date.now(), stores.log.head);
  assert.deepEqual(await subscribe(LAPTOP), { ok: true, value: { done: true } });
  hear("dGhyZWU=");
  // It was here again for a moment: what it lacks is for nobody to be rung for.
  stores.browsers.seen(PHONE, Date.now(), stores.log.head);
  hear("Zm91cg==", { sender: ME, outgoing: true });
  await settled();
  assert.deepEqual(
    pushed.map(({ url }) => url.split("/").at(-1)),
    [PHONE, LAPTOP],
  );
});

test("what was read, or looked at, while a push waited for its service is not tried again", async () => {
  for (const quiet of [
    () => stores.browsers.seen(PHONE, Date.now(), stores.log.head),
    () => {
      visible = true;
    },
  ]) {
    [pushed, statuses, visible] = [[], [503], false];
    PUSHING.retryMs = 20;
    hear("b25l");
    while (pushed.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    quiet();
    await settled();
    assert.equal(pushed.length, 1);
  }
});

test("what was written into a socket that was dead already rings when that is found out, and what it had committed does not", async () => {
  attached.add(PHONE);
  hear("b25l");
  const committed = stores.log.head;
  hear("dHdv");
  await settled();
  assert.equal(pushed.length, 0);
  leaves(committed);
  await settled();
  assert.deepEqual([pushed.length, payloads(opened())], [1, ["dHdv"]]);
  attached.add(PHONE);
  hear("dGhyZWU=");
  await settled();
  leaves(stores.log.head);
  await settled();
  assert.equal(pushed.length, 1);
});

test("who leaves far behind has only the newest looked at", async () => {
  attached.add(PHONE);
  hear("b25l");
  for (let count = 0; count < 200; count += 1)
    stores.turn(() => stores.log.append({ kind: "read", chat: BOB, position: count as never }));
  await settled();
  leaves(0 as Seq);
  await settled();
  assert.equal(pushed.length, 0);
  hear("dHdv");
  leaves(0 as Seq);
  await settled();
  assert.equal(pushed.length, 1);
});

/** The phone, having committed so much. */
function leaves(acked: Seq): void {
  attached.delete(PHONE);
  stores.browsers.seen(PHONE, Date.now(), acked);
  pushes.left(acked);
}

for (const status of [404, 410])
  test(`an endpoint that is gone (${status}) is forgotten`, async () => {
    statuses = [status];
    hear("b25l");
    await settled();
    assert.equal(stores.pushTargets.get(PHONE), undefined);
    hear("dHdv");
    await settled();
    assert.equal(pushed.length, 1);
  });

for (const status of [403, 404, 410])
  test(`what a service says late (${status}) of a subscription changes nothing of the next one`, async () => {
    let answer: () => void = () => undefined;
    const promise = new Promise<void>((resolve) => {
      answer = resolve;
    });
    [answering, statuses] = [promise, [status]];
    hear("b25l");
    await new Promise((resolve) => setTimeout(resolve, 20));
    await subscribe(PHONE, phone, "https://other.service.com/x");
    const next = stores.pushTargets.get(PHONE);
    stores.turn(() => stores.log.append({ kind: "read", chat: BOB, position: 1 as never }));
    answer();
    await settled();
    assert.deepEqual(stores.pushTargets.get(PHONE), next);
    assert.notEqual(next, undefined);
  });

test("one that is refused three times in a row is forgotten, two times is not", async () => {
  statuses = [403, 403, 201, 403, 403, 403];
  for (let count = 0; count < 5; count += 1) {
    hear("b25l");
    await settled();
  }
  assert.notEqual(stores.pushTargets.get(PHONE), undefined);
  hear("b25l");
  await settled();
  assert.equal(stores.pushTargets.get(PHONE), undefined);
});

test("what is too large for a service is told without words, and the browser asks for the rest", async () => {
  statuses = [413, 201];
  hear("b25l");
  await settled();
  assert.deepEqual([pushed.length, opened(0).entries === undefined, opened().entries], [2, false, undefined]);
  assert.equal(opened().head, stores.log.head);
  assert.deepEqual(
    [stores.pushTargets.get(PHONE)?.pushed, stores.pushTargets.get(PHONE)?.refused],
    [stores.log.head, 0],
  );
  // One for which even that is too much takes none.
  statuses = [413];
  for (let count = 0; count < 3; count += 1) {
    hear("dHdv");
    await settled();
  }
  assert.equal(stores.pushTargets.get(PHONE), undefined);
});

test("whatever others write, there are so many pushes in a row and then few; what was held back comes with the next", async () => {
  const { atOnce, everyMs } = MOST_PUSHES;
  stores.meta.set("pushes", Date.now() + (atOnce - 2) * everyMs);
  for (const text of ["b25l", "dHdv", "dGhyZWU=", "Zm91cg=="]) {
    hear(text);
    await settled();
  }
  assert.equal(pushed.length, 2);
  stores.meta.set("pushes", Date.now() + (atOnce - 1) * everyMs);
  hear("Zml2ZQ==");
  await settled();
  assert.deepEqual([pushed.length, payloads(opened())], [3, ["dGhyZWU=", "Zm91cg==", "Zml2ZQ=="]]);
});

const ROOM = "walks@rooms.example" as BareJid;
const asks = (by: BareJid, room = ROOM) => stores.turn(() => stores.rooms.invited({ room, by }));

test("who asks into a room rings, once at each browser, though no entry tells of it", async () => {
  assert.deepEqual(await subscribe(LAPTOP), { ok: true, value: { done: true } });
  asks(BOB);
  await settled();
  asks(BOB);
  await settled();
  assert.deepEqual([pushed.length, opened().invited], [2, [{ room: ROOM, by: BOB }]]);
  hear("b25l");
  await settled();
  assert.deepEqual([pushed.length, opened().invited, payloads(opened())], [4, undefined, ["b25l"]]);
});

const STRANGER = "eve@e.example" as BareJid;
const QUIET: readonly (readonly [string, () => void, BareJid])[] = [
  ["who is kept away", () => stores.turn(() => stores.contacts.decline(STRANGER)), STRANGER],
  ["what was answered at once", () => setTimeout(() => stores.turn(() => stores.rooms.endInvitation(ROOM)), 0), BOB],
  ["what is seen", () => (visible = true), BOB],
];
for (const [situation, before, by] of QUIET)
  test(`${situation} rings nobody into a room`, async () => {
    PUSHING.gatherMs = 20;
    before();
    asks(by);
    await settled();
    assert.equal(pushed.length, 0);
  });

test("strangers who ask into rooms, or write, have few pushes of their own and use up none of anybody else", async () => {
  const asked = (n: number) => `walks-${n}@rooms.example` as BareJid;
  for (let n = 0; n < MOST_OF_STRANGERS.atOnce + 5; n += 1) {
    if (n % 2 === 0) asks(STRANGER, asked(n));
    else hear("b25l", { chat: STRANGER, sender: STRANGER });
    await settled();
  }
  assert.equal(pushed.length, MOST_OF_STRANGERS.atOnce);
  assert.equal(stores.meta.get("pushes"), undefined);
  asks(BOB);
  await settled();
  assert.equal(pushed.length, MOST_OF_STRANGERS.atOnce + 1);
  assert.ok(
    opened().invited?.some(({ by }) => by === STRANGER),
    "what was held back comes with the next",
  );
  hear("dHdv");
  await settled();
  assert.equal(pushed.length, MOST_OF_STRANGERS.atOnce + 2);
});

test("of who has asked into rooms no more is remembered than stands, and nobody is rung for what is half a day old", async (t) => {
  const due = new Due(stores);
  for (let n = 0; n < 50; n += 1) {
    const room = `walks-${n}@rooms.example` as BareJid;
    stores.turn(() => stores.rooms.invitations.put({ room, by: BOB }));
    due.invited(room);
  }
  assert.ok(due.asked <= 20);
  stores.turn(() => stores.rooms.endInvitation("walks-49@rooms.example" as BareJid));
  asks(BOB);
  due.invited(ROOM);
  const target = stores.pushTargets.get(PHONE) ?? assert.fail();
  assert.ok(due.invitations(target).length > 0);
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() + 13 * 60 * 60_000 });
  assert.deepEqual(due.invitations(target), []);
  due.invited(ROOM);
  assert.equal(due.asked, 1);
});

test("a browser of which no quiet hours are known is rung", async () => {
  for (const quiet of [null, undefined]) {
    const get = stores.pushTargets.get.bind(stores.pushTargets);
    stores.pushTargets.get = (browser) => {
      const row = get(browser);
      return row && { ...row, quiet };
    };
    const before = pushed.length;
    hear("b25l");
    await settled();
    stores.pushTargets.get = get;
    assert.equal(pushed.length, before + 1);
  }
});

test("where it is only known that something has come, a push says so to those who are closed, with nothing of it, and not without end", async () => {
  assert.deepEqual(await subscribe(LAPTOP), { ok: true, value: { done: true } });
  visible = true;
  pushes.perhaps();
  await settled();
  assert.equal(pushed.length, 0);
  visible = false;
  attached.add(LAPTOP);
  for (let n = 0; n < 10; n += 1) {
    pushes.perhaps();
    await settled();
  }
  assert.equal(pushed.length, MOST_PERHAPS.atOnce);
  const { entries, invited, head, browser, perhaps } = opened();
  assert.deepEqual(
    [entries, invited, head, browser, perhaps],
    [undefined, undefined, stores.log.head, PHONE, true],
    "it says itself that there may be more than it knows of",
  );
  assert.equal(stores.meta.get("pushes"), undefined);
  hear("b25l");
  await settled();
  assert.deepEqual(payloads(opened()), ["b25l"], "what is known then is told");
  assert.equal(opened().perhaps, undefined);
});

test("strangers who ask after somebody whom the account knows do not crowd them out", async () => {
  const due = new Due(stores);
  for (const [n, by] of [BOB, ...Array.from({ length: 8 }, () => STRANGER)].entries()) {
    const room = `walks-${n}@rooms.example` as BareJid;
    stores.turn(() => stores.rooms.invitations.put({ room, by }));
    due.invited(room);
  }
  const target = stores.pushTargets.get(PHONE) ?? assert.fail();
  assert.ok(due.invitations(target).some(({ by }) => by === BOB));
  assert.equal(due.ringer(target), "known");
});

test("in its quiet hours a browser is not rung, others are; the first one after them has it all", async () => {
  const minute = Math.floor(Date.now() / 60_000) % 1_440;
  const later = (by: number) => (minute + by) % 1_440;
  const { key, auth } = phone;
  const during = (quiet: { from: number; to: number } | undefined) =>
    pushes.subscribe(stores.browsers.get(PHONE) as Browser, {
      ...{ endpoint: `https://push.service.com/${PHONE}`, key, auth, origin: ORIGIN, quiet },
    });
  const before = stores.pushTargets.get(PHONE);
  await during({ from: later(-5 + 1_440), to: later(5) });
  assert.deepEqual({ ...stores.pushTargets.get(PHONE), quiet: null }, { ...before });
  await subscribe(LAPTOP);
  hear("b25l");
  await settled();
  assert.deepEqual(
    pushed.map(({ url }) => url.split("/").at(-1)),
    [LAPTOP],
  );
  await during({ from: later(5), to: later(10) });
  hear("dHdv");
  await settled();
  const mine = pushed.findIndex(({ url }) => url.endsWith(PHONE));
  assert.deepEqual(payloads(opened(mine)), ["b25l", "dHdv"]);
  await during(undefined);
  assert.equal(stores.pushTargets.get(PHONE)?.quiet, null);
});

test("a service that is out of order is tried four times, and what it did not take comes with the next", async () => {
  statuses = [503];
  hear("b25l");
  await settled();
  assert.equal(pushed.length, 4);
  statuses = [429, 201];
  hear("dHdv");
  await settled();
  assert.deepEqual([pushed.length, payloads(opened())], [6, ["b25l", "dHdv"]]);
});

test("an endpoint that takes none of twenty in a row, however often they are tried, is forgotten; one that takes one begins anew", async () => {
  const fail = async (pushes: number) => {
    statuses = [503];
    for (let count = 0; count < pushes; count += 1) {
      hear("b25l");
      await settled();
    }
  };
  PUSHING.retryMs = 0;
  await fail(19);
  statuses = [201];
  hear("dHdv");
  await settled();
  await fail(19);
  assert.equal(stores.pushTargets.get(PHONE)?.failed, 19);
  await fail(1);
  assert.equal(stores.pushTargets.get(PHONE), undefined);
});

test("what was stored right before the object was reset rings when it wakes", async () => {
  stores.onStored(() => undefined);
  hear("b25l");
  wake();
  stores.turn(() => stores.log.append({ kind: "read", chat: "carol@c.example" as BareJid, position: 1 as never }));
  pushes.flush();
  await settled();
  assert.deepEqual(payloads(opened()), ["b25l"]);
});

test("a browser that signs out, or is signed out, is rung no more", async () => {
  stores.browsers.signOut(PHONE);
  assert.equal(stores.pushTargets.get(PHONE), undefined);
  assert.deepEqual(await subscribe(LAPTOP), { ok: true, value: { done: true } });
  stores.browsers.revoke(LAPTOP, Date.now());
  assert.equal(stores.pushTargets.get(LAPTOP), undefined);
});

test("S10: a place in a private network is refused, so is the deployment of the page, and what nothing can be sealed for", async () => {
  const kind = async (answer: ReturnType<typeof subscribe>) => {
    const { ok, ...rest } = await answer;
    return ok ? "done" : "error" in rest && rest.error.kind;
  };
  assert.equal(await kind(subscribe(LAPTOP, phone, "https://192.168.0.1/x")), "domain-refused");
  assert.equal(await kind(subscribe(LAPTOP, phone, `${ORIGIN}/api/call/read`)), "domain-refused");
  assert.equal(await kind(subscribe(LAPTOP, { ...phone, key: phone.auth })), "malformed");
  assert.equal(await kind(subscribe(LAPTOP)), "done");
});

test("the newest subscription of a browser stands; the same one again changes nothing", async () => {
  hear("b25l");
  await settled();
  const before = stores.pushTargets.get(PHONE);
  await subscribe(PHONE);
  assert.deepEqual(stores.pushTargets.get(PHONE), before);
  await subscribe(PHONE, phone, "https://other.service.com/x");
  assert.equal(stores.pushTargets.all().length, 1);
  assert.notEqual(stores.pushTargets.get(PHONE)?.topic, before?.topic);
});

test("a browser that was rung gets the rest of the log by a call, and from its start where it has read another", () => {
  hear("b25l");
  hear("dHdv");
  const browser = stores.browsers.get(PHONE) as Browser;
  const epoch = stores.meta.epoch;
  const given = (since: number, at?: EntryId) => {
    const answer = pushes.entries(browser, { epoch, since: since as Seq, at });
    return answer.ok ? answer.value : assert.fail();
  };
  const first = given(1);
  assert.deepEqual([first.since, first.entries.map(({ seq }) => seq)], [1, [2, 3].slice(0, first.entries.length)]);
  assert.equal(given(1, stores.log.idAt(1 as Seq)).since, 1);
  const other = given(2, "another" as EntryId);
  assert.deepEqual([other.since, other.epoch], [0, `${epoch}.1`]);
});
