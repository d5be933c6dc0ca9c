/**
 * Alice's server takes nobody without an invitation of its own. She makes one in the page; a friend without an account opens it,
 * makes one there and is her contact at once; a friend with an account becomes one without being asked twice.
 */
import assert from "node:assert/strict";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const MIRA = { name: "mira", password: "two lamps and a kettle" } as const;

const story = Story.stage({
  name: "invited-account",
  endpoint: "starttls",
  friends: false,
  withModules: ["register_ibr", "user_account_management", "invites", "invites_adhoc", "invites_register"],
  xmppConfig: "allow_user_invites = true\nregistration_invite_only = true",
});

let alice: Person;
let mira: Person;

/** Makes an invitation in the page. @returns its link */
async function invites(person: Person): Promise<string> {
  await person.opensSettings();
  await person.press("Your link and code");
  await person.press("Make an invitation");
  const read = () =>
    person.page.evaluate(
      () => document.querySelector<HTMLTextAreaElement>('textarea[aria-label="The invitation as a link"]')?.value,
    );
  const link = await until("there is a link", read);
  await person.reads(/One person can make an account at localhost with this link.*Open until/s);
  await person.press("Close");
  assert.ok(link.startsWith(`${story.stack.url}/#join=xmpp%3A`), link);
  return link;
}

let first: string;

story.test("without an invitation the server takes nobody, and says so", async () => {
  const visitor = await story.person({ called: "a visitor" });
  await visitor.press("Create an account");
  await visitor.reads(/XMPP is for chat/);
  await visitor.fill("Server, or an invitation link", "localhost");
  await visitor.press("Next");
  await visitor.fill("Name", "nobody");
  await visitor.fill("Password", MIRA.password);
  await visitor.press("Create the account");
  await visitor.reads(/localhost did not accept this.*through invitation only/s);
  await story.leaves(visitor);
});

story.test("a friend without an account opens the link, sees who invites, and makes one", async () => {
  alice = await story.signedIn(ALICE, { called: "alice" });
  first = await invites(alice);
  mira = await story.person({ called: "mira" });
  await mira.page.goto(first);
  await mira.reads(/alice@localhost invites you to chat/);
  assert.equal(await mira.page.evaluate(() => location.href), `${story.stack.url}/`, "it has left the address bar");
  await mira.reload();
  await mira.reads(/alice@localhost invites you to chat/);
  await mira.press("Create an account at localhost");
  await mira.reads(/alice@localhost has invited you/);
  await mira.fill("Name", MIRA.name);
  await mira.fill("Password", MIRA.password);
  await mira.press("Create the account");
  await mira.isConnected();
  mira.account = MIRA;
});

story.test("the two are contacts at once, nobody is asked, and what they write is encrypted", async () => {
  await mira.seesTitle("Alice");
  await alice.seesChat("mira@localhost", { relation: "contact" });
  await mira.send("The kettle is on");
  await alice.openChat("mira");
  assert.equal((await alice.sees("The kettle is on")).encrypted, true);
  assert.doesNotMatch(await alice.words(), /wants to be|asks to/i);
});

story.test("a link that is used, or not whole, says so", async () => {
  const late = await story.person({ called: "somebody late" });
  await late.page.goto(first);
  await late.press("Create an account at localhost");
  await late.reads(/This invitation of localhost has been used or is over/);
  await late.press("Back to signing in");
  await late.page.goto(`${story.stack.url}/#join=xmpp%3Aalice%40localhost`);
  await late.reads(/This invitation link is not whole/);
  await story.leaves(late);
});

story.test("a friend with an account signs in by the link, is asked once, and alice is not", async () => {
  const link = await invites(alice);
  const bob = await story.person({ called: "bob" });
  await bob.page.goto(link);
  await bob.reads(/alice@localhost invites you to chat/);
  await bob.signIn(BOB);
  await bob.reads(/If you add them to the contacts of bob@localhost/);
  await bob.press("Add and write");
  await bob.seesTitle("Alice");
  await alice.seesChat("bob@localhost", { relation: "contact" });
  await bob.seesChat("alice@localhost", { relation: "contact" });
  await story.leaves(bob);
});

story.test("whoever is here and opens a link for a new account is told that it was not used", async () => {
  await mira.page.goto(`${story.stack.url}/#join=${encodeURIComponent("xmpp:localhost?register;preauth=abc")}`);
  await mira.reads(/makes a new account at localhost.*signed in as mira@localhost/s);
  await mira.press("Close");
});
