/** 42 days: a browser that nobody opens leaves the list at a real server, and is back when it publishes again. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { DeviceId } from "../../worker/contract/names.ts";
import type { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";
import { bundleOf } from "./bundles.ts";
import { ALICE, browserOf, comeBack, RECOVERY_MS } from "./people.ts";

const DAY_MS = 24 * 60 * 60_000;
const LAPTOP = 1_111_111 as DeviceId;
const PHONE = 2_222_222 as DeviceId;

let stack: Stack;
before(async () => {
  stack = await startStack({ name: "dormant", endpoint: "starttls" });
});
after(async () => stack?.stop());

async function listed(browser: ScriptedBrowser): Promise<readonly DeviceId[]> {
  const answer = await browser.call("devices", { jid: ALICE, fresh: true });
  assert.ok(answer.ok, JSON.stringify(answer));
  return [...answer.value.devices].sort();
}

const hasBundle = async (browser: ScriptedBrowser, device: DeviceId) =>
  (await browser.call("bundle", { jid: ALICE, device })).ok;

/** Whether the newest word about the account's browsers calls that device dormant. */
function isDormant(browser: ScriptedBrowser, of: DeviceId): boolean {
  const frame = browser.frames.findLast((candidate) => candidate.type === "browsers" || candidate.type === "hello");
  return frame?.browsers.find(({ device }) => device === of)?.dormant === true;
}

/** So many days after the beginning, somebody opens one browser, and stays for a heartbeat. */
async function daysLater(days: number, browser: ScriptedBrowser): Promise<void> {
  await stack.setClock(days * DAY_MS);
  // The silence ends what was there; the browser comes back to that.
  await stack.ringAlarm(ALICE);
  await comeBack(browser);
  await browser.call("reconnect", {});
  await browser.live();
  await stack.ringAlarm(ALICE);
}

test("a browser that was away for 43 days is off the list, and back with its keys as soon as it returns", async () => {
  const [laptop, phone] = [await browserOf(stack, ALICE), await browserOf(stack, ALICE)];
  assert.ok((await laptop.call("publish", { device: LAPTOP, bundle: bundleOf("1") })).ok);
  assert.ok((await phone.call("publish", { device: PHONE, bundle: bundleOf("2") })).ok);
  assert.deepEqual(await listed(laptop), [LAPTOP, PHONE]);
  phone.detach();
  await laptop.until(() =>
    laptop.frames.some((frame) => frame.type === "browsers" && frame.browsers.some(({ attached }) => !attached)),
  );

  await daysLater(41, laptop);
  assert.deepEqual(await listed(laptop), [LAPTOP, PHONE], "41 days are a holiday");

  await daysLater(43, laptop);
  await laptop.until(() => isDormant(laptop, PHONE), RECOVERY_MS);
  assert.deepEqual(await listed(laptop), [LAPTOP]);
  assert.equal(await hasBundle(laptop, PHONE), false);

  const hello = await phone.attach();
  assert.ok(hello.type === "hello" && isDormant(phone, PHONE), "it is told why it is not on the list");
  await phone.live();
  assert.ok((await phone.call("publish", { device: PHONE, bundle: bundleOf("2") })).ok);
  assert.deepEqual(await listed(laptop), [LAPTOP, PHONE]);
  assert.ok(await hasBundle(laptop, PHONE));
  await laptop.until(() => !isDormant(laptop, PHONE));
  for (const browser of [laptop, phone]) browser.detach();
});
