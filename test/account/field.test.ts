/** What the field does, where a real server can show it: odd device lists, retractions, characters that XML has no place for. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { DeviceId } from "../../worker/contract/names.ts";
import type { OmemoBundle } from "../../worker/contract/omemo.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { ALICE as ALICE_ACCOUNT, BOB as BOB_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { PlainClient } from "../xmpp-server/plain-client.ts";
import { ALICE, BOB, browserOf, messagesOf, say, textsOf } from "./people.ts";

const LIST = "eu.siacs.conversations.axolotl.devicelist";
const DEVICE = 1_111_111 as DeviceId;
/** Of other apps: what is no id, and what a later one may have put there. */
const STRANGE = ["4294967295", "0", " 43 ", "044", "-7"];
const LATER = "<later xmlns='urn:example:later'>kept</later>";

let stack: Stack;
let alice: ScriptedBrowser;
let phone: PlainClient;
let bob: PlainClient;

before(async () => {
  stack = await startStack({ name: "field", endpoint: "starttls" });
  const { ws } = stack.xmpp.endpoints;
  phone = await PlainClient.signIn(ws, ALICE_ACCOUNT.name, ALICE_ACCOUNT.password, "phone");
  bob = await PlainClient.signIn(ws, BOB_ACCOUNT.name, BOB_ACCOUNT.password);
  bob.send("<presence xmlns='jabber:client'/>");
});
after(async () => {
  phone?.close();
  bob?.close();
  await stack?.stop();
});

function pubsub(id: string, type: "get" | "set", inside: string): string {
  return `<iq xmlns='jabber:client' type='${type}' id='${id}'><pubsub xmlns='http://jabber.org/protocol/pubsub'>${inside}</pubsub></iq>`;
}

function bundle(): OmemoBundle {
  const key = Buffer.from([5, ...Buffer.alloc(32, "1")]).toString("base64");
  return {
    identityKey: key,
    signedPreKey: { id: 1, key, signature: Buffer.alloc(64, "1").toString("base64") },
    preKeys: [{ id: 1, key }],
  };
}

test("O3: what other apps have put into the own list is there when this one has published, and when it has gone", async () => {
  const devices = STRANGE.map((id) => `<device id='${id}'/>`).join("");
  const list = `<list xmlns='eu.siacs.conversations.axolotl'><device id='42' label='Kontact'/>${devices}${LATER}</list>`;
  phone.send(pubsub("p1", "set", `<publish node='${LIST}'><item id='current'>${list}</item></publish>`));
  assert.match(await phone.until("id='p1'"), /type='result'/);
  alice = await browserOf(stack, ALICE);
  assert.ok((await alice.call("publish", { device: DEVICE, bundle: bundle() })).ok);
  const listed = async (id: string): Promise<string> => {
    phone.send(pubsub(id, "get", `<items node='${LIST}'/>`));
    return phone.until(`id='${id}'`);
  };
  const kept = async (id: string): Promise<string> => {
    const found = await listed(id);
    for (const strange of [...STRANGE, "42"]) assert.ok(found.includes(`id='${strange}'`), `${strange} in ${found}`);
    assert.match(found, /label='Kontact'/);
    assert.match(found, /<later xmlns='urn:example:later'>kept<\/later>/);
    return found;
  };
  assert.match(await kept("g1"), new RegExp(`id='${DEVICE}'`));
  const other = await browserOf(stack, ALICE);
  assert.ok((await other.call("publish", { device: 2_222_222 as DeviceId, bundle: bundle() })).ok);
  await other.post("/api/sign-out", { erase: true });
  let again = await kept("g2");
  for (let n = 3; again.includes("2222222"); n += 1) {
    assert.ok(n < 500, "the erased one leaves the list");
    again = await kept(`g${n}`);
  }
});

test("O8: a reaction and a retraction with words for other apps say nothing themselves", async () => {
  const says = (id: string, body: string, inside = "") =>
    bob.send(
      `<message xmlns='jabber:client' to='${ALICE}' type='chat' id='${id}'><body>${body}</body>${inside}<store xmlns='urn:xmpp:hints'/></message>`,
    );
  says("m1", "said");
  says("m2", "&gt; said 👍", "<reactions xmlns='urn:xmpp:reactions:0' id='m1'><reaction>👍</reaction></reactions>");
  says("m3", "/me retracted a message", "<retract xmlns='urn:xmpp:message-retract:1' id='m1'/>");
  says(
    "m4",
    "/me retracted a message",
    "<apply-to xmlns='urn:xmpp:fasten:0' id='m1'><retract xmlns='urn:xmpp:message-retract:0'/></apply-to>",
  );
  says("m5", "said last");
  await alice.until(() => textsOf(alice).includes("said last"));
  assert.deepEqual(textsOf(alice), ["said", "said last"]);
  const acts = messagesOf(alice).flatMap(({ content, act }) => (content.kind === "none" ? [act?.kind] : []));
  assert.deepEqual(acts, ["reactions", "retraction"], "of versions that were given up nothing is read");
  assert.equal(messagesOf(alice).length, 4);
});

test("M7: a text with characters that XML forbids arrives without them, and the stream goes on", async () => {
  const binds = await stack.xmpp.binds(ALICE);
  for (const odd of ["\u0000", "\u0008", "\u001B", "\uFFFE", "\uD800", "\uDC00x"])
    assert.ok((await say(alice, BOB, `odd${odd} text`)).ok, JSON.stringify(odd));
  assert.ok((await say(alice, BOB, "and after")).ok);
  await bob.until("<body>and after</body>");
  const odd = bob.received.filter((element) => /<body>odd.* text<\/body>/.test(element));
  assert.equal(odd.length, 6, bob.received.slice(-8).join("\n"));
  assert.equal(await stack.xmpp.binds(ALICE), binds, "no new stream");
});
