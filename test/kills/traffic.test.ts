import assert from "node:assert/strict";
import { test } from "node:test";
import { type Moment, Traffic } from "./traffic.ts";
import { Requests } from "./requests.ts";

const SEND = "/api/call/send";
const UPGRADE = "GET /api/live?since=0 HTTP/1.1\r\nUpgrade: websocket\r\n\r\n";
const ANSWER = Buffer.from("HTTP/1.1 200 OK\r\n\r\n");

function post(path: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: here\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

test("requests are found whole, whatever the pieces they come in", () => {
  const bytes = Buffer.from(`GET /?a=b HTTP/1.1\r\nHost: here\r\n\r\n${post(SEND, '{"ü":1}')}${post("/next", "")}`);
  const expected = [
    { method: "GET", path: "/", body: "" },
    { method: "POST", path: SEND, body: '{"ü":1}' },
    { method: "POST", path: "/next", body: "" },
  ];
  assert.deepEqual(new Requests().take(bytes), expected);
  const bytewise = new Requests();
  assert.deepEqual(
    [...bytes].flatMap((byte) => bytewise.take(Buffer.from([byte]))),
    expected,
  );
});

test("half a request is none", () => {
  assert.deepEqual(new Requests().take(Buffer.from(post(SEND, "{}").slice(0, -1))), []);
});

test("behind an upgrade there are no requests", () => {
  const requests = new Requests();
  assert.equal(requests.take(Buffer.from(UPGRADE))[0]?.path, "/api/live");
  assert.ok(requests.upgraded);
  assert.deepEqual(requests.take(Buffer.from(post(SEND, "{}"))), []);
});

test("a body of unknown length is an error, not an overlooked message", () => {
  const chunked = Buffer.from("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
  assert.throws(() => new Requests().take(chunked), /in chunks/);
});

test("what leaves a browser is noted, its answer and the live socket are told", () => {
  const traffic = new Traffic();
  const moments: Moment[] = [];
  traffic.notice = (moment) => void moments.push(moment);
  const call = traffic.tap();
  call("out", Buffer.from(post(SEND, '{"client":"one"}')));
  call("in", ANSWER);
  call("in", ANSWER);
  call("out", Buffer.from(post("/api/call/read", "{}")));
  call("in", ANSWER);
  const live = traffic.tap();
  live("out", Buffer.from(UPGRADE));
  live("in", ANSWER);
  assert.deepEqual(moments, ["leaving", "answer", "arriving"]);
  assert.deepEqual(
    traffic.sent.map(({ client }) => String(client)),
    ["one"],
  );
});
