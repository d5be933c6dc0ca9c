/** The road of a file through a real Worker, with the upload service of a real Prosody (XEP-0363). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { FILE_LIMITS } from "../../worker/contract/media.ts";
import type { EntryId } from "../../worker/contract/names.ts";
import { until } from "../e2e/waiting.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { LARGE_FILES } from "../xmpp-server/large-files.ts";
import { drain, failureOf, memoryOf, name, share, slotOf, stream } from "./files.ts";
import { ALICE, BOB, browserOf, messagesOf } from "./people.ts";

const MEGABYTE = 1024 * 1024;
/** Twice what may be held of it; 100 MB go from page to page in `e2e/media-far.test.ts`. */
const LARGE = 40 * MEGABYTE;
const HELD = 20 * MEGABYTE;

let stack: Stack;
let alice: ScriptedBrowser;
let bob: ScriptedBrowser;

before(async () => {
  stack = await startStack({
    name: "files",
    endpoint: "starttls",
    xmppConfig: `${LARGE_FILES}http_file_share_size_limit = 128 * 1024 * 1024
http_file_share_daily_quota = 1024 * 1024 * 1024`,
  });
  alice = await browserOf(stack, ALICE);
  bob = await browserOf(stack, BOB);
});

after(() => stack?.stop());

const bytesOf = (text: string) => new TextEncoder().encode(text);

test("0363: what may be sent is known before anything is chosen", async () => {
  const service = await alice.call("fileService", {});
  assert.deepEqual(service, {
    ok: true,
    value: { mostBytes: 100 * MEGABYTE, limitedBy: "deployment", leftToday: 5_000 * MEGABYTE },
  });
});

test("0363: a file goes up and comes down, whole and in part, as bytes of no type", async () => {
  const { url, message } = await share(alice, BOB, bytesOf("what is in the file"));
  assert.match(url, /\/[0-9a-f]{24}$/);
  await bob.until(() => messagesOf(bob).length === 1);
  const theirs = messagesOf(bob)[0]?.id as EntryId;
  for (const [browser, entry] of [
    [alice, message],
    [bob, theirs],
  ] as const) {
    const response = await browser.getFile({ message: entry, url });
    assert.equal(response.status, 200);
    const { headers } = response;
    assert.equal(headers.get("content-type"), "application/octet-stream");
    assert.equal(headers.get("content-disposition"), "attachment");
    assert.equal(headers.get("content-security-policy"), "default-src 'none'; sandbox");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("content-length"), "19");
    assert.equal(headers.get("set-cookie"), null);
    assert.equal(await response.text(), "what is in the file");
  }
  const part = await bob.getFile({ message: theirs, url }, { range: "bytes=8-" });
  assert.equal(part.status, 206);
  // Prosody 0.12 names the byte behind the last one.
  assert.match(part.headers.get("content-range") ?? "", /^bytes 8-1[89]\/19$/);
  assert.equal(await part.text(), "in the file");
});

test("0363: a file of 0 bytes and one that is too large are refused in words before anything leaves", async () => {
  assert.deepEqual(await alice.call("fileSlot", { size: 0 }), { ok: false, error: { kind: "file", detail: "empty" } });
  const large = await alice.call("fileSlot", { size: 100 * MEGABYTE + 1 });
  assert.deepEqual(large, { ok: false, error: { kind: "file", detail: "too-large" } });
});

test("S10: only links that a message of this account brings are fetched", async () => {
  const { url, message } = await share(alice, BOB, bytesOf("alice's"));
  const other = await name(alice, BOB, "no link at all");
  const wants = (wanted: { message: EntryId; url: string }, by = alice) => failureOf(by.getFile(wanted));
  const notNamed = { kind: "file", detail: "not-named" };
  assert.deepEqual(await wants({ message: other, url }), notNamed);
  assert.deepEqual(await wants({ message, url: `${url}x` }), notNamed);
  assert.deepEqual(await wants({ message: crypto.randomUUID() as EntryId, url }), notNamed);
  assert.deepEqual(await wants({ message, url }, bob), notNamed, "an entry of somebody else's log");
  assert.equal(await wants({ message, url }), undefined);
});

test("S9: without a session, a proof or a ticket of its own nothing travels", async () => {
  const { url, message } = await share(alice, BOB, bytesOf("alice's again"));
  const thief = alice.twin();
  thief.keyless = true;
  assert.equal((await failureOf(thief.getFile({ message, url })))?.kind, "not-proven");
  const { ticket } = await slotOf(alice, { size: 3 });
  const lapsed = { ok: false, error: { kind: "file", detail: "lapsed" } };
  assert.deepEqual(await bob.putFile(ticket, "abc"), lapsed, "a ticket of another account");
  const second = await browserOf(stack, ALICE);
  assert.deepEqual(await second.putFile(ticket, "abc"), lapsed, "a ticket of another browser");
  const changed = ticket.slice(0, 40) + (ticket[40] === "A" ? "B" : "A") + ticket.slice(41);
  assert.deepEqual(await alice.putFile(changed, "abc"), lapsed, "a ticket that was changed");
  assert.deepEqual(await alice.putFile("", "abc"), lapsed);
  assert.equal((await failureOf(alice.getFile({ message, url }, { cookie: "" })))?.kind, "not-signed-in");
  const evil = await alice.getFile({ message, url }, { origin: "https://evil.example" });
  assert.equal(evil.status, 403);
  assert.deepEqual(await alice.putFile(ticket, "abc"), { ok: true, value: { stored: true } });
  assert.deepEqual(
    await alice.putFile(ticket, "def"),
    { ok: false, error: { kind: "file", detail: "refused" } },
    "the same ticket again: the server takes a file once",
  );
});

test("0363: a ticket ends after five minutes", async () => {
  const { ticket } = await slotOf(alice, { size: 3 });
  await stack.setClock(FILE_LIMITS.ticketMs + 1_000);
  try {
    const late = await alice.putFile(ticket, "abc");
    assert.deepEqual(late, { ok: false, error: { kind: "file", detail: "lapsed" } });
  } finally {
    await stack.setClock(0);
  }
});

function isCut(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EPIPE" || error.code === "ECONNRESET");
}

test("0363: more or fewer bytes than announced are no file", async () => {
  const wrong = { ok: false, error: { kind: "file", detail: "wrong-size" } };
  const { ticket, url } = await slotOf(alice, { size: 500_000 });
  for (const size of [1_000, 499_999, 500_001, 700_000])
    assert.deepEqual(await alice.putFile(ticket, new Uint8Array(size)), wrong, `${size}`);
  const broken = stream(alice, ticket, 400_000, { announced: 500_000, signal: AbortSignal.timeout(1_000) });
  await assert.rejects(broken, "it waits for the rest");
  const message = await name(alice, BOB, url);
  assert.equal((await failureOf(alice.getFile({ message, url })))?.detail, "gone");
  for (const size of [400_000, 600_000]) {
    // Whoever sends more than is taken is answered while they still send: the answer may be lost with the connection.
    const refused = await stream(alice, ticket, size, { announced: false }).then(({ answer }) => !answer.ok, isCut);
    assert.ok(refused, `${size} of which nobody says how many they are`);
  }
  const { answer } = await stream(alice, ticket, 500_000, { announced: false });
  assert.deepEqual(answer, { ok: true, value: { stored: true } }, "the slot is still there");
});

test("0363: 40 MB stream up and down, and the Worker's memory stays what it was", async (context) => {
  const memory = await memoryOf(stack);
  await share(alice, BOB, new Uint8Array(MEGABYTE));
  await memory.forget();
  const [before, began] = [await memory.now(), performance.now()];
  const { ticket, url } = await slotOf(alice, { size: LARGE });
  const file = await stream(alice, ticket, LARGE);
  assert.deepEqual(file.answer, { ok: true, value: { stored: true } });
  const up = performance.now();
  const message = await name(alice, BOB, url);
  const response = await alice.getFile({ message, url });
  assert.equal(response.headers.get("content-length"), `${LARGE}`);
  const { hash, length } = await drain(response);
  const down = performance.now();
  assert.equal(length, LARGE);
  assert.equal(hash, file.hash);
  const more = (await memory.most()) - before;
  const speed = (ms: number) => Math.round(LARGE / 1_000 / ms);
  context.diagnostic(
    `up ${speed(up - began)} MB/s, down ${speed(down - up)} MB/s, ${Math.round(more / MEGABYTE)} MB more`,
  );
  assert.ok(more < HELD, `${Math.round(more / MEGABYTE)} MB more`);
});

test("a browser that goes in the middle of a file ends it on both sides", async () => {
  const { url, message } = await share(alice, BOB, new Uint8Array(20 * MEGABYTE));
  const response = await alice.getFile({ message, url });
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  const { ticket } = await slotOf(alice, { size: 20 * MEGABYTE });
  const gone = new AbortController();
  const goes = { halfway: () => gone.abort(), signal: gone.signal };
  await assert.rejects(stream(alice, ticket, 20 * MEGABYTE, goes));
  assert.ok((await share(alice, BOB, bytesOf("and then"))).url);
});

test("0363: the server goes in the middle of a file", async () => {
  const { url, message } = await share(alice, BOB, new Uint8Array(20 * MEGABYTE));
  const { ticket } = await slotOf(alice, { size: 20 * MEGABYTE });
  let goOn = (): void => undefined;
  const dead = new Promise<void>((resolve) => (goOn = resolve));
  let half = false;
  const halfway = () => {
    half = true;
    return dead;
  };
  const putting = stream(alice, ticket, 20 * MEGABYTE, { halfway });
  const getting = await alice.getFile({ message, url });
  const reader = getting.body?.getReader();
  await reader?.read();
  await until("half of the other one has gone", () => half);
  await stack.xmpp.kill();
  goOn();
  const cut = { ok: false, error: { kind: "file", detail: "cut" } };
  // It is answered while it still sends, as above.
  const put = await putting.then(({ answer }) => answer, isCut);
  assert.deepEqual(put === true ? cut : put, cut);
  await assert.rejects(async () => {
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read());
  });
  const down = await failureOf(alice.getFile({ message, url }));
  assert.deepEqual(down, { kind: "file", detail: "unreachable" });
  await stack.xmpp.start();
  await alice.live();
  const again = await alice.getFile({ message, url });
  assert.equal((await drain(again)).length, 20 * MEGABYTE);
});
