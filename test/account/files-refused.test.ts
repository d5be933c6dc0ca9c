/** Files that do not travel: over a limit, at another server, at an address of somebody else's; real Prosody, real ejabberd. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { ALICE as ALICE_ACCOUNT, BOB as BOB_ACCOUNT, startStack } from "../stack.ts";
import { startEjabberd } from "../xmpp-server/ejabberd.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import { failureOf, name, share, slotOf } from "./files.ts";
import { ALICE, BOB, browserOf } from "./people.ts";

const MEGABYTE = 1024 * 1024;
const refusal = (detail: string) => ({ ok: false, error: { kind: "file", detail } });

test("0363: what the server or this deployment takes no more of is refused in words before anything leaves", async (context) => {
  const stack = await startStack({
    name: "files-limits",
    endpoint: "starttls",
    xmppConfig: "http_file_share_size_limit = 100000\nhttp_file_share_daily_quota = 150000",
    variables: { FILE_MEGABYTES_A_DAY: "0.4" },
  });
  context.after(() => stack.stop());
  const alice = await browserOf(stack, ALICE);
  const service = await alice.call("fileService", {});
  assert.deepEqual(service.ok && { ...service.value, leftToday: 0 }, {
    mostBytes: 100_000,
    limitedBy: "server",
    leftToday: 0,
  });
  assert.deepEqual(await alice.call("fileSlot", { size: 100_001 }), refusal("too-large"));
  const { url, message } = await share(alice, BOB, new Uint8Array(100_000));
  assert.deepEqual(await alice.call("fileSlot", { size: 100_000 }), refusal("server-quota"));
  const bob = await browserOf(stack, BOB);
  await share(bob, ALICE, new Uint8Array(50_000));
  const fetched = async () => {
    const response = await alice.getFile({ message, url });
    const failure = await failureOf(response);
    if (failure === undefined) await response.arrayBuffer();
    return failure?.detail;
  };
  assert.equal(await fetched(), undefined);
  const reasons: unknown[] = [];
  for (let n = 0; n < 10; n += 1) reasons.push(await fetched());
  assert.equal(reasons.at(-1), "day", reasons.join());
  assert.deepEqual(await alice.call("fileSlot", { size: 1_000 }), refusal("day"));
  const left = await bob.call("fileService", {});
  assert.ok(left.ok && left.value.leftToday > 0, "each account has its own");
});

test("0363: a server without such a service says so", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "alcove-files-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const basePort = await claimPorts();
  const domain = "ejabberd.test";
  const common = { basePort: basePort + 10, domain, accounts: [ALICE_ACCOUNT, BOB_ACCOUNT] };
  const ejabberd = await startEjabberd({ ...common, state: folder, config: "auth_password_format: scram" });
  context.after(() => ejabberd.kill());
  const stack = await startStack({
    name: "files-none",
    basePort,
    endpoint: "starttls",
    variables: { XMPP_ENDPOINTS: JSON.stringify({ [domain]: ejabberd.endpoints.starttls }) },
    authorities: [ejabberd.ca],
  });
  context.after(() => stack.stop());
  const alice = await browserOf(stack, `alice@${domain}` as BareJid, ALICE_ACCOUNT.password);
  assert.deepEqual(await alice.call("fileService", {}), refusal("no-service"));
  assert.deepEqual(await alice.call("fileSlot", { size: 1 }), refusal("no-service"));
});

test("0363: ejabberd takes a file, once, and gives it back", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "alcove-files-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const basePort = await claimPorts();
  const domain = "ejabberd.test";
  const ejabberd = await startEjabberd({
    state: folder,
    basePort: basePort + 10,
    domain,
    accounts: [ALICE_ACCOUNT, BOB_ACCOUNT],
    fileBytes: 5 * MEGABYTE,
    config: "auth_password_format: scram",
  });
  context.after(() => ejabberd.kill());
  const stack = await startStack({
    name: "files-ejabberd",
    basePort,
    endpoint: "starttls",
    variables: { XMPP_ENDPOINTS: JSON.stringify({ [domain]: ejabberd.endpoints.starttls }) },
    authorities: [ejabberd.ca],
  });
  context.after(() => stack.stop());
  const alice = await browserOf(stack, `alice@${domain}` as BareJid, ALICE_ACCOUNT.password);
  const bob = `bob@${domain}` as BareJid;
  const service = await alice.call("fileService", {});
  assert.equal(service.ok && service.value.mostBytes, 5 * MEGABYTE);
  assert.deepEqual(await alice.call("fileSlot", { size: 5 * MEGABYTE + 1 }), refusal("too-large"));
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  const { ticket, url } = await slotOf(alice, { size: bytes.length, ending: "bin" });
  assert.ok((await alice.putFile(ticket, bytes)).ok);
  assert.equal((await alice.putFile(ticket, bytes)).ok, false, "its slot is used up");
  const message = await name(alice, bob, url);
  const response = await alice.getFile({ message, url });
  assert.equal(response.headers.get("content-type"), "application/octet-stream");
  assert.deepEqual(new Uint8Array(await response.arrayBuffer()), bytes);
});

test("S10: 0 connections to what is near the Worker, whatever a message names", async (context) => {
  let connections = 0;
  const near = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => near.listen(0, "127.0.0.1", () => resolve()));
  context.after(() => near.close());
  const { port } = near.address() as AddressInfo;
  const stack = await startStack({ name: "files-near", endpoint: "starttls" });
  context.after(() => stack.stop());
  const alice = await browserOf(stack, ALICE);
  const own = await share(alice, BOB, new Uint8Array(10));
  const hosts = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    "0.0.0.0",
    "2130706433",
    "127.1",
    "[::ffff:127.0.0.1]",
    "a.localhost",
  ];
  const links = hosts.flatMap((host) => [`http://${host}:${port}/`, `https://${host}:${port}/`]);
  const worker = [`${stack.url}/api/health`, `${stack.xmpp.http.replace("localhost", "127.0.0.1")}/`];
  for (const url of [...links, ...worker]) {
    const message = await name(alice, BOB, url);
    assert.deepEqual(await failureOf(alice.getFile({ message, url })), { kind: "file", detail: "address" }, url);
  }
  assert.equal(connections, 0);
  assert.equal(await failureOf(alice.getFile(own)), undefined, "the own server's files are there all the same");
});
