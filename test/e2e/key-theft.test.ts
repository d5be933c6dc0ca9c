/** A script that reads everything a signed-in browser has stored carries no private key away. */
import assert from "node:assert/strict";
import type { OmemoMessage } from "../../worker/contract/omemo.ts";
import { fromBase64 } from "../../worker/shared/base64.ts";
import { type Bytes, concat, fromHex } from "../../web/engine/bytes.ts";
import { toHex } from "../../worker/shared/hex.ts";
import { clamp, importScalar, publicKeyOf } from "../../web/engine/omemo/curve.ts";
import { parsePreKeyMessage, parseSignalMessage } from "../../web/engine/omemo/wire.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { OMEMO_NODES } from "./published.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";
import { type Loot, steal } from "./thief.ts";

const story = Story.stage({ name: "key-theft", endpoint: "starttls" });

const TURNS = 4;
/** Identity (two), signed pre-key, a hundred pre-keys of which some may be used, two sessions. */
const LEAST_HANDLES = 100;

let bob: PythonPeer;
let inChromium: Person;
let inFirefox: Person;

story.test("alice in Chromium and in Firefox and bob write in turns", async () => {
  bob = await story.peer(BOB);
  inChromium = await story.signedIn(ALICE, { called: "alice in Chromium" });
  inFirefox = await story.signedIn(ALICE, { called: "alice in Firefox", browser: "firefox" });
  await Promise.all([inChromium.openChat("bob"), inFirefox.openChat("bob")]);
  for (let turn = 1; turn <= TURNS; turn++) {
    await inChromium.send(`chromium ${turn}`);
    await Promise.all([bob.reads(`chromium ${turn}`), inFirefox.sees(`chromium ${turn}`)]);
    await inFirefox.send(`firefox ${turn}`);
    await Promise.all([bob.reads(`firefox ${turn}`), inChromium.sees(`firefox ${turn}`)]);
    await bob.send("alice@localhost", `bob ${turn}`);
    await Promise.all([inChromium.sees(`bob ${turn}`), inFirefox.sees(`bob ${turn}`)]);
  }
});

for (const name of ["Chromium", "Firefox"] as const) {
  story.test(`a script with all of the origin's storage takes no private key out of ${name}`, async () => {
    const person = name === "Chromium" ? inChromium : inFirefox;
    const own = (await person.devices()).find(({ name: shown }) =>
      shown?.startsWith(name === "Chromium" ? "Chrome" : name),
    );
    assert.ok(own, "the own device is shown");
    // Own browsers write to each other unasked, which turns the ratchet between them: the newest key is looked for again.
    await person.openChat("bob");
    let said = 0;
    const loot = await until("the key of the newest message is the one that is stored", async () => {
      said += 1;
      await person.send(`${name} again ${said}`);
      await bob.reads(`${name} again ${said}`);
      const taken = await person.page.evaluate(steal);
      const stored = new Set(taken.publicKeys);
      return (await keysOnTheWire(own.device)).some((key) => stored.has(uOf(key))) && taken;
    });
    assert.ok(loot.places.includes("alcove:alice@localhost/sessions"), `read: ${loot.places.join(" ")}`);
    assert.ok(loot.handles >= LEAST_HANDLES, `${loot.handles} handles were found`);
    assert.equal(loot.extractable, 0, "no key is extractable");
    assert.equal(loot.exported, 0, "no key can be exported or wrapped");
    const known = await knownPublicKeys(loot, own.device);
    assert.ok(known.has(own.fingerprint), "the identity is among the keys looked for");
    const stolen = await privateKeysAmong(loot, known);
    assert.deepEqual(stolen, [], `${loot.candidates.length} candidates against ${known.size} public keys`);
  });
}

/** What stands in the storage itself, in the published bundle, and in messages on their way to the sibling. */
async function knownPublicKeys(loot: Loot, device: number): Promise<ReadonlySet<string>> {
  const { xml } = await bob.command("newest", { to: "alice@localhost", node: `${OMEMO_NODES.bundles}${device}` });
  const published = [...(xml ?? "").matchAll(/>\s*([A-Za-z0-9+/=]{44})\s*</g)].map(([, key]) => fromBase64(key ?? ""));
  assert.ok(published.length > LEAST_HANDLES / 2, `${published.length} published keys`);
  const sent = await keysOnTheWire(device);
  assert.ok(sent.length >= TURNS, `${sent.length} ratchet keys were on the wire`);
  const keys = [...published, ...sent].filter((key) => key !== undefined);
  return new Set([...loot.publicKeys, ...keys.map(uOf)]);
}

async function keysOnTheWire(device: number): Promise<readonly Bytes[]> {
  const rows = await story.stack.objectRows(
    "alice@localhost",
    "select content from entries where kind = 'message' and sender = 'alice@localhost'",
  );
  const messages = rows.map((row) => (JSON.parse(String(row["content"])) as { readonly omemo?: OmemoMessage }).omemo);
  return messages.flatMap((omemo) => {
    if (omemo === undefined || omemo.sid !== device) return [];
    return omemo.keys.flatMap(({ data }) => {
      const bytes = fromBase64(data) as Bytes;
      const first = parsePreKeyMessage(bytes);
      if (first !== undefined) return [first.baseKey, first.message.ratchetKey];
      return parseSignalMessage(bytes)?.ratchetKey ?? [];
    });
  });
}

/** As a scalar, and as the seed of one. */
async function privateKeysAmong(loot: Loot, known: ReadonlySet<string>): Promise<readonly string[]> {
  const found: string[] = [];
  for (const candidate of loot.candidates) {
    const bytes = fromHex(candidate);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", bytes));
    for (const scalar of [bytes, digest.slice(0, 32)]) {
      const publicKey = await publicKeyOf(await importScalar(clamp(concat(scalar))));
      if (known.has(uOf(publicKey))) found.push(uOf(publicKey));
    }
  }
  return found;
}

function uOf(publicKey: Bytes): string {
  return toHex(publicKey.slice(-32));
}
