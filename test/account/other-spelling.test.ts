/** Addresses that the server writes in another form than people do (stringprep, RFC 6122). */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { bareOf } from "../../worker/shared/jid.ts";
import { RawClient } from "../raw-client.ts";
import { BOB as BOB_ACCOUNT, type Stack, startStack } from "../stack.ts";
import { BOB, browserOf, messagesOf, say } from "./people.ts";

const PASSWORD = "fußgänger";
/** As the person types it, and as Prosody has it. */
const TYPED = "Straße@localhost";
const BOUND = "strasse@localhost" as BareJid;

let stack: Stack;
before(async () => {
  const accounts = [{ name: "strasse", password: PASSWORD }, BOB_ACCOUNT];
  stack = await startStack({ name: "other-spelling", endpoint: "starttls", accounts });
});
after(() => stack?.stop());

test("A6: straße signs in where the server binds strasse, and is one conversation for a contact", async () => {
  const address = bareOf(TYPED);
  assert.ok(address !== undefined);
  const own = await browserOf(stack, address, PASSWORD);
  const bob = await browserOf(stack, BOB);
  const raw = await RawClient.signIn(stack.xmpp.endpoints.ws, BOB_ACCOUNT);
  raw.say(TYPED, "to the address as it is written");
  await own.until(() => messagesOf(own).length === 1);
  assert.ok((await say(bob, address, "to the address as it is read")).ok);
  await own.until(() => messagesOf(own).length === 2);
  assert.ok((await say(own, BOB, "answer")).ok);
  await bob.until(() => messagesOf(bob).length === 3);
  assert.deepEqual(new Set(messagesOf(bob).map(({ chat }) => chat)), new Set([BOUND]));
  assert.deepEqual(new Set(messagesOf(own).map(({ chat }) => chat)), new Set([BOB]));
  raw.close();
  own.detach();
  bob.detach();
});
