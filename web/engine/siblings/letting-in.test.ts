/** What an object that lies can do between a new browser and an older one, step by step. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import { type Bytes, randomBytes } from "../bytes.ts";
import { generateKeyPair } from "../omemo/curve.ts";
import { createIdentity } from "../omemo/identity.ts";
import type { Own } from "./agreement.ts";
import { answer, check, commit, type Met, reveal, type Run } from "./letting-in.ts";
import { cardText, isCardOf, newSecret, readCard, readingProof } from "./card.ts";
import { SealedLine } from "./sealed-line.ts";

const ALICE = "alice@a.example" as BareJid;
const ROAD = "00".repeat(16);

async function browser(device: number, account = ALICE): Promise<Own> {
  const { publicKey, agreement } = await createIdentity();
  return { account, device: device as DeviceId, identityKey: publicKey, agreement };
}

const runOf = (own: Own, peer: Own, road = ROAD): Run => ({ own, peer: peer.device, road });

type Changed = { readonly commitment?: Bytes; readonly answer?: Bytes; readonly opening?: Bytes };

/** An honest run, but for what the object puts in the place of a message. */
async function run(newcomer: Own, older: Own, changed: Changed = {}) {
  const begun = await commit(runOf(newcomer, older), await generateKeyPair());
  const answered = await answer(runOf(older, newcomer), changed.commitment ?? begun.message);
  if (answered.kind !== "next") return { stopped: answered.kind };
  const revealed = await reveal(begun.state, changed.answer ?? answered.message);
  if (revealed.kind !== "next") return { stopped: revealed.kind };
  const checked = await check(answered.state, changed.opening ?? revealed.message);
  if (checked.kind !== "met") return { stopped: checked.kind, there: revealed.state };
  return { there: revealed.state, here: checked.met };
}

test("both ends have one code and one pair of keys", async () => {
  const [newcomer, older] = [await browser(7), await browser(8)];
  const { there, here } = await run(newcomer, older);
  assert.match(there?.code ?? "", /^[0-9]{6}$/);
  assert.equal(there?.code, here?.code);
  assert.deepEqual(there?.send, here?.receive);
  assert.deepEqual(there?.receive, here?.send);
  assert.deepEqual(there?.secret, here?.secret);
  assert.notDeepEqual(there?.send, there?.receive);
  assert.deepEqual(here?.theirs.identityKey, newcomer.identityKey);
});

test("another run of the same two has another code: nothing that was shown before says what comes", async () => {
  const [newcomer, older] = [await browser(7), await browser(8)];
  const ephemeral = await generateKeyPair();
  const codes = new Set<string>();
  for (let n = 0; n < 5; n++) {
    const begun = await commit(runOf(newcomer, older), ephemeral);
    const answered = await answer(runOf(older, newcomer), begun.message);
    assert.ok(answered.kind === "next");
    const revealed = await reveal(begun.state, answered.message);
    assert.ok(revealed.kind === "next");
    codes.add(revealed.state.code);
  }
  assert.ok(codes.size > 3, [...codes].join());
});

test("S12: an object that swaps a key after the commitment is found out, whichever key it is", async () => {
  const [newcomer, older] = [await browser(7), await browser(8)];
  for (const at of [1, 40, 70]) {
    const begun = await commit(runOf(newcomer, older), await generateKeyPair());
    const answered = await answer(runOf(older, newcomer), begun.message);
    assert.ok(answered.kind === "next");
    const revealed = await reveal(begun.state, answered.message);
    assert.ok(revealed.kind === "next");
    const forged = revealed.message.slice();
    forged[at] = (forged[at] ?? 0) ^ 1;
    assert.deepEqual(await check(answered.state, forged), { kind: "not-committed" });
  }
});

test("S12: an object that swaps a key of the answer makes the codes and the keys differ", async () => {
  const [newcomer, older] = [await browser(7), await browser(8)];
  for (const at of [1, 40, 70]) {
    const begun = await commit(runOf(newcomer, older), await generateKeyPair());
    const answered = await answer(runOf(older, newcomer), begun.message);
    assert.ok(answered.kind === "next");
    const forged = answered.message.slice();
    forged[at] = (forged[at] ?? 0) ^ 1;
    const revealed = await reveal(begun.state, forged);
    assert.ok(revealed.kind === "next");
    const checked = await check(answered.state, revealed.message);
    assert.ok(checked.kind === "met");
    assert.notDeepEqual(revealed.state.send, checked.met.receive);
    assert.notEqual(revealed.state.code, checked.met.code);
  }
});

test("S12: an object with browsers of its own on both sides shows two codes", async () => {
  const [newcomer, older] = [await browser(7), await browser(8)];
  const [falseOlder, falseNewcomer] = [await browser(8), await browser(7)];
  let same = 0;
  for (let n = 0; n < 20; n++) {
    const one = await run(newcomer, falseOlder);
    const other = await run(falseNewcomer, older);
    if (one.there?.code === other.here?.code) same += 1;
  }
  assert.equal(same, 0);
});

test("S12: an opening that was heard in another run, account or for another browser opens nothing", async () => {
  const [newcomer, older, third] = [await browser(7), await browser(8), await browser(9)];
  const ephemeral = await generateKeyPair();
  const begun = await commit(runOf(newcomer, older), ephemeral);
  const first = await answer(runOf(older, newcomer), begun.message);
  assert.ok(first.kind === "next");
  const opened = await reveal(begun.state, first.message);
  assert.ok(opened.kind === "next");
  const elsewhere: readonly Run[] = [
    runOf(third, newcomer),
    runOf(older, newcomer, "11".repeat(16)),
    runOf({ ...older, account: "mallory@a.example" as BareJid }, newcomer),
    runOf(older, third),
  ];
  for (const place of elsewhere) {
    const again = await answer(place, begun.message);
    assert.ok(again.kind === "next");
    assert.deepEqual(await check(again.state, opened.message), { kind: "not-committed" });
  }
});

test("what is too short, too long or a key of low order is damaged, and nothing is thrown", async () => {
  const [newcomer, older] = [await browser(7), await browser(8)];
  assert.deepEqual(await answer(runOf(older, newcomer), randomBytes(31)), { kind: "damaged" });
  const begun = await commit(runOf(newcomer, older), await generateKeyPair());
  for (const length of [0, 97, 99])
    assert.deepEqual(await reveal(begun.state, randomBytes(length)), { kind: "damaged" });
  const zero = new Uint8Array(98);
  assert.deepEqual(await reveal(begun.state, zero), { kind: "damaged" });
});

test("a card says whose it is, is read back, and proves to who showed it that it was read", async () => {
  const own = await browser(2 ** 31 - 1);
  const { publicKey } = await generateKeyPair();
  const card = { device: own.device, identityKey: own.identityKey, ephemeral: publicKey, secret: newSecret() };
  const text = cardText(card);
  assert.match(text, /^[A-Z0-9:]+$/);
  assert.deepEqual(readCard(text), card);
  assert.equal(isCardOf(card, own.device, card), true);
  assert.equal(isCardOf(card, own.device, { ...card, ephemeral: own.identityKey }), false);
  const binding = randomBytes(32);
  assert.deepEqual(await readingProof(card.secret, binding), await readingProof(card.secret, binding));
  assert.notDeepEqual(await readingProof(newSecret(), binding), await readingProof(card.secret, binding));
  for (const wrong of ["", "ALCOVE:", `${text}A2`, text.slice(0, -2), text.toLowerCase(), "xmpp:a@b.example"])
    assert.equal(readCard(wrong), undefined, wrong);
});

async function lines(): Promise<{ readonly a: SealedLine; readonly b: SealedLine }> {
  const { there, here } = (await run(await browser(7), await browser(8))) as { there: Met; here: Met };
  return { a: new SealedLine(there), b: new SealedLine(here) };
}

const words = (text: string): Bytes => new TextEncoder().encode(text);

test("S12: of a sealed line nothing can be repeated, left out, changed, or sent back", async () => {
  const { a, b } = await lines();
  const [first, second, third] = [await a.seal(words("1")), await a.seal(words("2")), await a.seal(words("3"))];
  assert.deepEqual(await b.open(first), { kind: "message", message: words("1") });
  assert.deepEqual(await b.open(first), { kind: "again" });
  assert.deepEqual(await b.open(third), { kind: "broken" });
  const changed = second.slice();
  changed[10] = (changed[10] ?? 0) ^ 1;
  assert.deepEqual(await b.open(changed), { kind: "broken" });
  assert.deepEqual(await b.open(second), { kind: "message", message: words("2") });
  const back = (await lines()).a;
  assert.deepEqual(await back.open(await back.seal(words("1"))), { kind: "broken" });
  assert.deepEqual(await b.open(new Uint8Array(5)), { kind: "broken" });
});
