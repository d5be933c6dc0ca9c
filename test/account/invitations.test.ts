/**
 * Invitations of the operator, in real workerd with a real Prosody: this deployment takes accounts of another domain alone,
 * and everybody here comes by a link.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { Result } from "../../worker/contract/failures.ts";
import { INVITATION_FRAGMENT } from "../../worker/contract/fragments.ts";
import type { InvitationView } from "../../worker/contract/invitation.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { OperatorCommands } from "../../worker/contract/operator.ts";
import { ROUTES } from "../../worker/contract/routes.ts";
import type { SignedIn, SignInReply } from "../../worker/contract/sign-in.ts";
import { signInvitation } from "../../tools/accounts/sign.ts";
import { Operator } from "../../tools/accounts/operator.ts";
import { nameSecretIn } from "../../tools/accounts/secret.ts";
import { makeScramKeys } from "../../worker/shared/scram-keys.ts";
import { ScriptedBrowser } from "../scripted-browser.ts";
import { type Stack, startStack } from "../stack.ts";

const PASSWORD = "wonderland";
const NAMES = ["alice", "bob", "carol", "dave", "erin", "frank", "grace"] as const;
const OTHER_SECRET = "another-secret-that-is-long-enough-to-be-one";

let stack: Stack;
let operator: Operator;

before(async () => {
  stack = await startStack({
    name: "invitations",
    endpoint: "starttls",
    accounts: NAMES.map((name) => ({ name, password: PASSWORD })),
    friends: false,
    variables: { ALLOWED_DOMAINS: "elsewhere.example" },
  });
  operator = new Operator(stack.url, nameSecretIn(await readFile(stack.secrets, "utf8")) ?? "");
});
after(async () => stack?.stop());

const addressOf = (name: (typeof NAMES)[number]) => `${name}@localhost` as BareJid;
const outcomeOf = (answer: Result<unknown>) =>
  answer.ok ? "signed in" : [answer.error.kind, answer.error.detail].filter(Boolean).join(" ");

async function invited(
  args: Partial<Parameters<OperatorCommands["invite"]>[0]> = {},
): Promise<{ readonly id: string; readonly token: string }> {
  const made = await operator.ask("invite", { uses: 1, days: 7, ...args });
  assert.ok(made.kind === "so", JSON.stringify(made));
  const [, token = ""] = (await operator.invitationLink(made.value.id)).split(INVITATION_FRAGMENT);
  return { id: made.value.id, token };
}

function newBrowser(token?: string): ScriptedBrowser {
  const browser = new ScriptedBrowser(stack.url);
  browser.invitation = token;
  return browser;
}

async function tries(name: (typeof NAMES)[number], token?: string, password: string = PASSWORD): Promise<string> {
  return outcomeOf(await newBrowser(token).signIn(addressOf(name), password));
}

async function usedOf(id: string): Promise<number | undefined> {
  const answer = await operator.ask("invitations", {});
  assert.ok(answer.kind === "so");
  return answer.value.invitations.find((one) => one.id === id)?.used;
}

async function uninvite(id: string): Promise<void> {
  assert.deepEqual(await operator.ask("uninvite", { id }), { kind: "so", value: { takenBack: true } });
}

test("D13: whoever was not invited is refused as ever, and a link of elsewhere is said to be one", async () => {
  assert.equal(await tries("alice"), "domain-refused");
  const objects = await stack.objectDatabases();
  assert.equal(await tries("alice", "no invitation"), "invitation unknown");
  assert.equal(await tries("alice", await signInvitation(OTHER_SECRET, "abcdefg2")), "invitation unknown");
  assert.deepEqual(await stack.objectDatabases(), objects, "no object of an account has woken");
});

test("D13: an account that was invited signs in, and its object reaches a server whose domain is not on the list", async () => {
  const { id, token } = await invited();
  assert.equal(await tries("alice", token, "wrong"), "wrong-password");
  assert.equal(await usedOf(id), 0, "a try uses nothing up");
  const alice = newBrowser(token);
  assert.equal(outcomeOf(await alice.signIn(addressOf("alice"), PASSWORD)), "signed in");
  assert.equal(await usedOf(id), 1);
  await alice.attach();
  await alice.live();
  await stack.resetObject(addressOf("alice"));
  await alice.attach();
  await alice.live();
  const objects = await stack.objectDatabases();
  assert.equal(await tries("bob", token), "invitation used-up");
  assert.deepEqual(await stack.objectDatabases(), objects, "who is refused wakes none");
});

test("D13: who came by an invitation is let in without it, also after every browser has signed out", async () => {
  const { token } = await invited();
  const carol = newBrowser(token);
  assert.equal(outcomeOf(await carol.signIn(addressOf("carol"), PASSWORD)), "signed in");
  assert.ok((await carol.post(ROUTES.signOut, { erase: true })).ok);
  assert.equal(await tries("carol"), "signed in");
  assert.deepEqual(await operator.ask("delete", { address: addressOf("carol") }), {
    ...{ kind: "so", value: { deleted: true } },
  });
  assert.equal(await tries("carol"), "domain-refused", "who is deleted is a stranger");
  assert.equal(await tries("carol", token), "invitation used-up");
});

test("D13: of two people with one link at the same moment one is let in, and the other is told", async () => {
  const { id, token } = await invited();
  const outcomes = await Promise.all([tries("dave", token), tries("erin", token)]);
  assert.deepEqual(outcomes.filter((one) => one !== "signed in").length, 1, outcomes.join(", "));
  assert.match(outcomes.join(", "), /invitation (?:in-use|used-up)/);
  assert.equal(await usedOf(id), 1);
});

test("D13: one that is taken back between the two steps of a sign-in lets nobody in", async () => {
  const { id, token } = await invited();
  const browser = newBrowser();
  const args = { address: addressOf("frank"), name: "Scripted on Node", kind: "computer", invitation: token };
  const begun = await browser.post<SignInReply>(ROUTES.signIn, { ...args, key: await browser.newKey() });
  assert.ok(begun.ok && begun.value.step === "prove", JSON.stringify(begun));
  await uninvite(id);
  const keys = await makeScramKeys(PASSWORD, begun.value);
  assert.ok(keys.ok);
  const proof = { attempt: begun.value.attempt, ...keys.value };
  assert.equal(outcomeOf(await browser.post<SignedIn>(ROUTES.finishSignIn, proof)), "invitation taken-back");
  assert.equal(await tries("frank", token), "invitation taken-back");
  assert.equal(await tries("frank"), "domain-refused");
});

test("D13: an invitation for one account, or for one domain, is for nobody else", async () => {
  const own = await invited({ address: addressOf("grace") });
  const browser = newBrowser();
  const look = (invitation: string) => browser.post<InvitationView>(ROUTES.invitation, { invitation });
  const told = await look(own.token);
  assert.equal(told.ok && told.value.address, addressOf("grace"));
  assert.equal(await tries("frank", own.token), "invitation for-another");
  const domains = await invited({ domain: "elsewhere.example" });
  assert.equal(await tries("frank", domains.token), "invitation for-another");
  assert.equal(await tries("grace", own.token), "signed in");
  assert.equal(outcomeOf(await look(own.token)), "invitation used-up");
  assert.equal(outcomeOf(await look("no invitation")), "invitation unknown");
  await uninvite(domains.id);
  assert.equal(outcomeOf(await look(domains.token)), "invitation taken-back");
});

test("D13: nothing that is kept or printed of an invitation lets anybody in", async () => {
  const { token } = await invited({ address: addressOf("bob") });
  assert.equal(await tries("bob", token), "signed in");
  const files = [...(await stack.objectDatabases()), stack.workerLog];
  for (const file of files) assert.ok(!(await readFile(file)).includes(token), file);
});
