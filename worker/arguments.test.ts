import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { callArguments, isCallName, signInArguments, signInProof } from "./arguments.ts";

const client = "6f1c1a0e-6a52-4a4e-9f7e-0d4d5b2c9a11";
const omemo = { sid: 7, iv: "AAAAAAAAAAAAAAAA", keys: [{ rid: 9, prekey: true, data: "AAAA" }], payload: "AAAA" };
const takes = (schema: v.GenericSchema, value: unknown) => v.safeParse(schema, value).success;

test("a well-formed encrypted message passes, each malformed one does not", () => {
  const send = (change: object) =>
    takes(callArguments.send, {
      client,
      number: 2,
      after: 1,
      chat: "bob@example.org",
      content: { kind: "omemo", omemo },
      ...change,
    });
  assert.equal(send({}), true);
  assert.equal(send({ client: "x" }), false);
  for (const number of [0, -1, 1.5, "1", undefined]) assert.equal(send({ number }), false, "sends are counted from 1");
  assert.equal(send({ chat: "Bob@Example.org" }), false, "addresses travel in their normal form");
  assert.equal(send({ chat: "bob@example.org/phone" }), false);
  assert.equal(send({ more: 1 }), false, "nothing unknown rides along");
  for (const broken of [{ sid: 0 }, { sid: 2 ** 31 }, { iv: "no base64!" }, { keys: [] }, { payload: 5 }]) {
    assert.equal(send({ content: { kind: "omemo", omemo: { ...omemo, ...broken } } }), false, JSON.stringify(broken));
  }
});

test("clear text must say whether the person agreed to expose it", () => {
  const send = (content: unknown) =>
    takes(callArguments.send, { client, number: 1, after: 0, chat: "bob@example.org", content });
  assert.equal(send({ kind: "clear", text: "hello", exposed: false }), true);
  assert.equal(send({ kind: "clear", text: "hello" }), false);
  assert.equal(send({ kind: "clear", text: "", exposed: false }), false);
  assert.equal(send({ kind: "clear", text: "x".repeat(20_001), exposed: false }), false);
});

test("what was read is told in lists that end somewhere", () => {
  const reading = (change: object) =>
    takes(callArguments.reading, { delivered: [client], read: [], positions: [], ...change });
  const positions = [{ chat: "bob@example.org", position: -3 }];
  assert.equal(reading({}), true);
  assert.equal(reading({ positions }), true);
  assert.equal(reading({ positions: [{ ...positions[0], more: 1 }] }), false);
  assert.equal(reading({ delivered: ["not an entry"] }), false);
  const many = Array.from({ length: 201 }, () => client);
  for (const list of ["delivered", "read"]) assert.equal(reading({ [list]: many }), false, list);
  assert.equal(reading({ positions: many.map(() => positions[0]) }), false);
});

test("names of the prototype are no calls", () => {
  for (const name of ["constructor", "__proto__", "toString", ""]) assert.equal(isCallName(name), false, name);
  assert.equal(isCallName("send"), true);
});

test("A12: a sign-in needs no password, and one of a megabyte is refused before anybody is asked", () => {
  const signIn = (more: object) =>
    takes(signInArguments, { address: "alice@example.org", name: "Firefox on Linux", kind: "computer", ...more });
  assert.equal(signIn({}), true);
  assert.equal(signIn({ password: "secret" }), true);
  assert.equal(signIn({ password: "" }), false);
  assert.equal(signIn({ password: "x".repeat(1_000_000) }), false);
  assert.equal(signIn({ password: "secret", plain: false }), false, "as pages of before said it");
});

test("A12: keys of SCRAM have 20 to 64 bytes", () => {
  const key = (bytes: number) => Buffer.alloc(bytes, 7).toString("base64");
  const proof = (bytes: number) =>
    takes(signInProof, { attempt: "a.b.c", clientKey: key(bytes), serverKey: key(bytes) });
  for (const bytes of [20, 32, 64]) assert.equal(proof(bytes), true, `${bytes}`);
  for (const bytes of [0, 16, 67, 1_000]) assert.equal(proof(bytes), false, `${bytes}`);
});

test("letters that are a k and an s only by the case rules of Unicode are no base64", () => {
  for (const letter of ["\u212a", "\u017f"]) {
    const key = Buffer.alloc(20, 7).toString("base64").replace("B", letter);
    assert.equal(takes(signInProof, { attempt: "a.b.c", clientKey: key, serverKey: key }), false);
    assert.equal(takes(callArguments.bindKey, { key: `${letter}${"A".repeat(87)}` }), false);
  }
});

test("R18: a server or a service can be written to, read and made a contact; it is no room", () => {
  const may = (name: keyof typeof callArguments, args: unknown) => takes(callArguments[name], args);
  assert.ok(may("contact", { jid: "irc.b.example", action: "add" }));
  assert.ok(may("read", { chat: "a.example", position: 1 }));
  assert.ok(may("devices", { jid: "a.example", fresh: false }));
  assert.equal(may("contact", { jid: "A.example", action: "add" }), false, "not normalised");
  assert.equal(may("contact", { jid: "a.example/x", action: "add" }), false);
  assert.equal(may("room", { jid: "conference.a.example", action: "join", nick: "me" }), false);
});

test("R12: a password of a room is given or not, never empty", () => {
  const may = (more: object) => takes(callArguments.room, { jid: "r@c.example", action: "join", nick: "me", ...more });
  assert.deepEqual([may({}), may({ password: "x" }), may({ name: "Ridge" })], [true, true, true]);
  assert.deepEqual([may({ password: "" }), may({ password: "x".repeat(500) })], [false, false]);
});
