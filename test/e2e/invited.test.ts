/**
 * A deployment that takes nobody's accounts yet, and people who were invited: the operator's own command makes the links, which
 * are opened in real browsers.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { INVITATION_FRAGMENT } from "../../worker/contract/fragments.ts";
import { inProject } from "../../tools/project.ts";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { readText } from "./screen.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const run = promisify(execFile);

const story = Story.stage({ name: "invited", endpoint: "starttls", variables: { ALLOWED_DOMAINS: "" } });

/** What `npm run accounts -- …` prints. */
async function accounts(...args: readonly string[]): Promise<string> {
  const { url, secrets } = story.stack;
  const command = [inProject("tools/accounts/main.ts"), ...args, "--url", url, "--secret", secrets];
  return (await run(process.execPath, command)).stdout;
}

/** @returns the link, and the invitation's id */
async function invite(...args: readonly string[]): Promise<{ readonly link: string; readonly id: string }> {
  const printed = await accounts("invite", ...args);
  const [link = ""] = /^http\S+/.exec(printed) ?? [];
  const [, id = ""] = /Invitation (\w+),/.exec(printed) ?? [];
  assert.ok(link.startsWith(`${story.stack.url}/${INVITATION_FRAGMENT}${id}`), printed);
  return { link, id };
}

const addressOf = (person: Person) => person.page.evaluate(() => location.href);
const typedAddress = (person: Person) =>
  person.page.evaluate(() => document.querySelector<HTMLInputElement>("input[inputmode=email]")?.value);

/** Opens a link in this tab, as one that is pasted into the address bar: a page that is there is not loaded anew. */
async function opens(person: Person, link: string): Promise<void> {
  await person.page.goto(link);
}

let alice: Person;
let second: { readonly link: string; readonly id: string };

story.test("D13: whoever was not invited is told that nobody is taken yet", async () => {
  const visitor = await story.person({ called: "a visitor" });
  await visitor.fillSignIn("bob@localhost", BOB.password);
  await visitor.reads(/takes nobody without an invitation/);
  await story.leaves(visitor);
});

story.test(
  "D13: a link says what it is, leaves the address bar, survives a reload, and lets its person in",
  async () => {
    const { link } = await invite("--for", "alice@localhost");
    alice = await story.person({ called: "alice" });
    await opens(alice, link);
    await alice.reads(/invited to this Alcove as alice@localhost/);
    assert.equal(await addressOf(alice), `${story.stack.url}/`);
    assert.equal(await typedAddress(alice), "alice@localhost");
    await alice.reload();
    await alice.reads(/invited to this Alcove as alice@localhost/);
    await alice.fill("Address", "bob@localhost");
    await alice.fill("Password", BOB.password);
    await alice.press("Sign in");
    await alice.reads(/This invitation is for another account/);
    await alice.signIn(ALICE);
    assert.match(await accounts("invitations"), /1 of 1 used, used up; for alice@localhost/);
  },
);

story.test("D13: whoever is here is told that a link is an invitation, and it stays unused", async () => {
  second = await invite();
  await opens(alice, second.link);
  await alice.reads(/This link is an invitation.*signed in as alice@localhost.*was not used/s);
  assert.equal(await addressOf(alice), `${story.stack.url}/`);
  await alice.press("Close");
  await alice.isConnected();
  const tab = await story.secondTab(alice);
  // Somewhere else before, so that the page comes up with the link.
  await tab.page.goto("about:blank");
  await opens(tab, second.link);
  await tab.reads(/This link is an invitation/);
  story.forget(tab);
  await tab.closeTab();
  assert.match(await accounts("invitations"), /0 of 1 used/);
});

story.test("D13: she signs in again without any invitation, after every browser has signed out", async () => {
  await alice.signOut("keep");
  assert.doesNotMatch(await alice.words(), /invited/);
  await alice.signIn(ALICE);
});

story.test(
  "D13: a link that is used up, over, taken back or of elsewhere says which, before a password is typed",
  async () => {
    const bob = await story.person({ called: "bob" });
    await opens(bob, `${story.stack.url}/${INVITATION_FRAGMENT}${"a".repeat(51)}`);
    await bob.reads(/was not made by this Alcove/);
    const { link, id } = await invite("--domain", "localhost", "--uses", "2");
    await opens(bob, link);
    await bob.reads(/Sign in with your account of localhost/);
    await accounts("uninvite", id);
    await bob.fillSignIn("bob@localhost", BOB.password);
    await until("bob is told why", async () =>
      /was taken back/.test((await readText(bob.page, "[role=alert] p")) ?? ""),
    );
    await opens(bob, second.link);
    await bob.reads(/You were invited to this Alcove\. Sign in with your XMPP account/);
    await bob.signIn(BOB);
    await story.leaves(bob);
    const late = await story.person({ called: "somebody late" });
    await opens(late, second.link);
    await late.reads(/This invitation has been used/);
    await story.leaves(late);
  },
);
