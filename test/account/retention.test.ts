/** 42 days on a real object: ciphertext that everybody has goes then, not before; a browser that is opened now and then stays signed in. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { DeviceId } from "../../worker/contract/names.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { BOB as BOB_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { PlainClient } from "../xmpp-server/plain-client.ts";
import { until } from "../e2e/waiting.ts";
import { bundleOf } from "./bundles.ts";
import { ALICE, BOB, browserOf, comeBack, messagesOf, say, textsOf } from "./people.ts";

const DAY_MS = 24 * 60 * 60_000;
const LAPTOP = 1_111_111 as DeviceId;
const PHONE = 2_222_222 as DeviceId;
const OMEMO = { sid: 1, iv: "AAAAAAAAAAAAAAAA", keys: [{ rid: 2, prekey: true, data: "AAAA" }], payload: "AAAA" };

let stack: Stack;
before(async () => {
  stack = await startStack({ name: "retention", endpoint: "starttls" });
});
after(async () => stack?.stop());

async function payloads(): Promise<readonly unknown[]> {
  const rows = await stack.objectRows(ALICE, "select content from entries where kind = 'message' order by seq");
  return rows.map(({ content }) => {
    const parsed = JSON.parse(String(content));
    return parsed.kind === "omemo" ? parsed.omemo.payload : parsed.text;
  });
}

/** So many days after the beginning they are opened for a heartbeat or two. */
async function daysLater(days: number, browsers: readonly ScriptedBrowser[]): Promise<void> {
  await stack.setClock(days * DAY_MS);
  for (const browser of browsers) {
    browser.detach();
    await comeBack(browser);
  }
  await browsers[0]?.call("reconnect", {});
  await browsers[0]?.live();
  for (let beat = 0; beat < 2; beat += 1) await stack.ringAlarm(ALICE);
}

test("ciphertext that all browsers have is there after 41 days and gone after 43; texts in clear and the sign-ins stay", async () => {
  const browsers = [await browserOf(stack, ALICE), await browserOf(stack, ALICE)];
  const [laptop, phone] = browsers;
  assert.ok(laptop && phone);
  // Nobody waits for a browser that can read nothing.
  assert.ok((await laptop.call("publish", { device: LAPTOP, bundle: bundleOf("1") })).ok);
  assert.ok((await phone.call("publish", { device: PHONE, bundle: bundleOf("2") })).ok);
  assert.ok((await say(laptop, BOB, "in clear")).ok);
  assert.ok((await laptop.send(BOB, { kind: "omemo", omemo: OMEMO as never })).ok);
  await phone.until(() => messagesOf(phone).length === 2);
  // How far everybody is, is noted once a day.
  await daysLater(1, browsers);
  assert.deepEqual(await payloads(), ["in clear", "AAAA"]);

  await daysLater(1 + 41, browsers);
  assert.deepEqual(await payloads(), ["in clear", "AAAA"], "41 days are a holiday");

  await daysLater(1 + 43, browsers);
  // How far a browser is may be heard after a beat; then it counts at the next.
  await until("its payload is let go", async () => {
    await stack.ringAlarm(ALICE);
    return isDeepStrictEqual(await payloads(), ["in clear", ""]);
  });
  const third = await browserOf(stack, ALICE);
  // A new browser is told that it was there, and when.
  await third.until(() => messagesOf(third).length === 2);
  const bob = await PlainClient.signIn(stack.xmpp.endpoints.ws, BOB_ACCOUNT.name, BOB_ACCOUNT.password);
  bob.send(`<message xmlns='jabber:client' to='${ALICE}' type='chat' id='late'><body>44 days later</body></message>`);
  for (const browser of browsers) await browser.until(() => textsOf(browser).includes("44 days later"));
  bob.close();
});
