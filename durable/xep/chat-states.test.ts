import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { line, stanza } from "../testing/stanza.ts";
import { buildTyping, parseChatState } from "./chat-states.ts";
import { OUR_INFO } from "./disco.ts";
import { buildMessage } from "./message.ts";

const BOB = "bob@b.example" as BareJid;
const STATES = "http://jabber.org/protocol/chatstates";

test("XEP-0085: each of the five states is read, and what is of another namespace is none", () => {
  for (const state of ["active", "composing", "paused", "inactive", "gone"])
    assert.equal(parseChatState(stanza(`<message><${state} xmlns='${STATES}'/></message>`)), state);
  assert.equal(parseChatState(stanza("<message><composing/></message>")), undefined);
  assert.equal(parseChatState(stanza("<message><body>composing</body></message>")), undefined);
});

test("XEP-0085: what is told of typing has no words, and nobody is to keep it", () => {
  assert.equal(
    buildTyping({ to: BOB, id: "t1", state: "composing", room: false }).toString(),
    line(`<message to='bob@b.example' type='chat' id='t1'>
      <composing xmlns='${STATES}'/><no-store xmlns='urn:xmpp:hints'/></message>`),
  );
  assert.equal(buildTyping({ to: BOB, id: "t2", state: "paused", room: true }).attrs["type"], "groupchat");
});

test("XEP-0085: a message says that typing is over only where it was told that it had begun", () => {
  const content = { kind: "clear", text: "hi", exposed: false } as const;
  const build = (typed: boolean) => buildMessage({ to: BOB, id: "m1", content, receipt: true, typed });
  assert.equal(parseChatState(build(true)), "active");
  assert.equal(parseChatState(build(false)), undefined);
});

test("XEP-0085: others can know that we understand it", () => {
  assert.ok(OUR_INFO.features.includes(STATES));
});
