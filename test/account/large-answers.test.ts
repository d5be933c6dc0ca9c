/** Answers that are larger than any stanza may be, from a real server. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ContactEntry } from "../../worker/contract/entries.ts";
import { type Stack, startStack } from "../stack.ts";
import { writeLargeRoster } from "../xmpp-server/accounts.ts";
import { ALICE, browserOf, RECOVERY_MS } from "./people.ts";

const CONTACTS = 8_000;

let stack: Stack;
before(async () => {
  stack = await startStack({ name: "large-answers", endpoint: "starttls" });
});
after(() => stack?.stop());

test(`R4: a roster of ${CONTACTS} with three groups each, well over 1 MiB, arrives whole`, async (context) => {
  await writeLargeRoster(stack.xmpp.state, "alice", CONTACTS);
  const began = Date.now();
  const alice = await browserOf(stack, ALICE, undefined, RECOVERY_MS);
  const contacts = () => alice.entries.filter((entry): entry is ContactEntry => entry.kind === "contact");
  await alice.until(() => contacts().length >= CONTACTS, RECOVERY_MS);
  context.diagnostic(`${CONTACTS} contacts after ${Date.now() - began} ms`);
  assert.equal(new Set(contacts().map(({ jid }) => jid)).size, CONTACTS);
  assert.ok(
    contacts().every(({ subscription, name }) => subscription === "both" && name?.startsWith("Contact number")),
  );
  alice.detach();
});
