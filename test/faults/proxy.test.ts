import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { TcpProxy } from "./proxy.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const PORT = await claimPorts();
const MOMENT_MS = 60;

let server: Server;
let proxy: TcpProxy;
let far: Socket | undefined;
const seen: string[] = [];

before(async () => {
  server = createServer((socket) => {
    far = socket;
    socket.on("error", () => socket.destroy());
    socket.on("data", (bytes) => socket.write(bytes));
  });
  server.listen(PORT + 1, "127.0.0.1");
  await once(server, "listening");
  proxy = new TcpProxy(PORT, PORT + 1, () => (direction, bytes) => seen.push(`${direction} ${bytes.toString()}`));
  await proxy.start();
});
beforeEach(() => {
  seen.length = 0;
  proxy.delay(0);
});
after(async () => {
  await proxy.stop();
  server.close();
});

/** A client of the echoing server behind the proxy, and what it got. */
async function client() {
  const socket = connect(PORT, "127.0.0.1");
  const got = { text: "", ended: false, error: undefined as string | undefined };
  socket.on("data", (bytes) => {
    got.text += bytes.toString();
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    got.error = error.code;
  });
  socket.on("end", () => {
    got.ended = true;
  });
  socket.write("hello");
  while (got.text !== "hello") await once(socket, "data");
  return { socket, got };
}

/** `once` would reject with the error that comes before. */
const closed = (socket: Socket) => new Promise<void>((resolve) => socket.once("close", () => resolve()));

test("it passes on both ways and its tap sees it", async () => {
  const { socket } = await client();
  assert.deepEqual(seen, ["out hello", "in hello"]);
  socket.destroy();
});

test("a cut after some bytes lets exactly those through", async () => {
  const { socket, got } = await client();
  proxy.cut("end", 3);
  socket.write("12345");
  await closed(socket);
  assert.equal(got.ended, true);
  assert.deepEqual(seen.at(-1), "out 123");
});

test("a reset is seen as one, by both sides", async () => {
  const { socket, got } = await client();
  const server = far;
  assert.ok(server);
  proxy.cut("reset");
  await Promise.all([closed(socket), closed(server)]);
  assert.equal(got.error, "ECONNRESET");
});

test("a stall holds back and tells nobody; new connections are not concerned; then it flows on in order", async () => {
  const { socket, got } = await client();
  const finish = proxy.stall();
  socket.write(" 1");
  socket.write(" 2");
  await sleep(MOMENT_MS);
  assert.equal(got.text, "hello");
  const other = await client();
  finish("flows-on");
  while (got.text.length < "hello 1 2".length) await once(socket, "data");
  assert.equal(got.text, "hello 1 2");
  for (const each of [socket, other.socket]) each.destroy();
});

test("a stall that ends with a reset loses what it held", async () => {
  const { socket, got } = await client();
  const finish = proxy.stall();
  socket.write(" lost");
  await sleep(MOMENT_MS);
  finish("reset");
  await closed(socket);
  assert.equal(got.text, "hello");
  assert.equal(
    seen.some((line) => line.includes("lost")),
    false,
  );
});

test("a gate stops what is larger in the middle, and nothing else; opened, all of it comes", async () => {
  const { socket, got } = await client();
  const large = "x".repeat(20_000_000);
  proxy.gate(1_000_000);
  socket.write(large);
  while (got.text.length < 1_000_000) await once(socket, "data");
  await sleep(MOMENT_MS);
  const other = await client();
  assert.ok(got.text.length < large.length / 2, `${got.text.length} bytes`);
  proxy.gate(undefined);
  while (got.text.length < large.length) await once(socket, "data");
  for (const each of [socket, other.socket]) each.destroy();
});

test("a delay keeps the order", async () => {
  proxy.delay(MOMENT_MS);
  const { socket, got } = await client();
  const start = performance.now();
  for (const text of [" a", " b", " c"]) socket.write(text);
  while (got.text !== "hello a b c") await once(socket, "data");
  assert.ok(performance.now() - start >= MOMENT_MS);
  socket.destroy();
});
