/**
 * Somebody without an account makes one in the page, at servers that each want something else, and writes to a friend; changes
 * the password while another browser is open; and deletes the account in the end.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { configOf } from "../account/domains.ts";
import { BOB } from "../stack.ts";
import { claimPorts } from "../xmpp-server/ports.ts";
import type { Person } from "./person.ts";
import { findField } from "./screen.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const BASE_PORT = await claimPorts();
const NEWCOMER = { name: "nadia", password: "eight herons at dawn" } as const;
const NEXT = "nine herons at noon";

/** Each with what it does to a newcomer. */
const SERVERS = ["picture.test", "strict.test", "busy.test", "web.test", "cut.test", "closed.test"] as const;
const lines = (domain: string) => {
  const how = domain.split(".", 1).join("");
  const certificate = `ssl = { certificate = os.getenv("XMPP_STATE") .. "/certs/localhost.crt", key = os.getenv("XMPP_STATE") .. "/certs/localhost.key" }`;
  if (how === "closed") return `${certificate}\nmodules_disabled = { "register_ibr", "s2s" }`;
  return `${certificate}\nalcove_registration = "${how}"`;
};

const story = Story.stage({
  name: "registration",
  basePort: BASE_PORT,
  endpoint: "starttls",
  withModules: ["register_ibr", "user_account_management", "alcove_registration"],
  xmppConfig: configOf(Object.fromEntries(SERVERS.map((domain) => [domain, lines(domain)]))),
  variables: {
    XMPP_ENDPOINTS: JSON.stringify(
      Object.fromEntries(["localhost", ...SERVERS].map((domain) => [domain, `starttls://localhost:${BASE_PORT}`])),
    ),
    NEW_ACCOUNT_SERVERS: `localhost ${SERVERS.join(" ")}`,
  },
});

let nadia: Person;
let bob: Person;

/** To the form of this server. */
async function asks(person: Person, server: string): Promise<void> {
  await person.pressIfThere("Another server");
  await person.reads(/Where your account will be/);
  await person.choose(server);
  await person.press("Next");
}

async function fills(person: Person, name: string, password: string): Promise<void> {
  await person.fill("Name", name);
  await person.fill("Password", password);
}

story.test("a newcomer reads what XMPP is, chooses a server, makes an account and is in", async () => {
  nadia = await story.person({ called: "nadia" });
  await nadia.press("Create an account");
  await nadia.reads(/XMPP is for chat what e-mail is for letters/);
  await asks(nadia, "localhost");
  await nadia.reads(/New account at localhost/);
  await nadia.reads(/This one time the password itself goes to localhost/);
  await fills(nadia, "Nadia Bell", NEWCOMER.password);
  await nadia.press("Create the account");
  await nadia.reads(/A name cannot have spaces/);
  await nadia.fill("Name", "Nadia");
  await nadia.reads(/Your address: nadia@localhost/);
  await nadia.press("Create the account");
  await nadia.isConnected();
  nadia.account = NEWCOMER;
});

story.test("she writes to a friend, encrypted, and the friend answers", async () => {
  bob = await story.signedIn(BOB, { called: "bob" });
  await nadia.newChat("bob@localhost");
  await nadia.send("Is this the heron?");
  await bob.openChat("nadia@localhost");
  await until("bob reads it, encrypted", async () =>
    (await bob.messages()).some(({ text, encrypted }) => text === "Is this the heron?" && encrypted),
  );
});

story.test("neither the Worker nor an object keeps or writes the password", async () => {
  const paths = [story.stack.workerLog, ...(await story.stack.objectDatabases())];
  for (const path of paths) assert.ok(!(await readFile(path)).includes(NEWCOMER.password), path);
});

story.test("she changes the password with two browsers open, and both go on", async () => {
  const phone = await story.signedIn(NEWCOMER, { called: "nadia on the phone" });
  await nadia.opensSettings();
  await nadia.press("Change the password");
  await nadia.fill("Current password", "not this one");
  await nadia.fill("New password", NEXT);
  await nadia.press("Change it");
  await nadia.reads(/This password is wrong\. Check it/);
  await nadia.fill("Current password", NEWCOMER.password);
  await nadia.press("Change it");
  await nadia.reads(/The password is changed/);
  await nadia.press("Close");
  await nadia.press("Back");
  // What is kept to sign in with is the new one: the account comes back by itself.
  await story.stack.xmpp.kill();
  await story.stack.xmpp.start();
  await nadia.isConnected();
  await phone.isConnected();
  await nadia.openChat("bob");
  await nadia.send("Still here");
  await phone.openChat("bob");
  await until("the phone has it", async () => (await phone.messages()).some(({ text }) => text === "Still here"));
  await phone.signOut("erase");
  await phone.fillSignIn("nadia@localhost", NEWCOMER.password);
  assert.match(await phone.signInFailure(), /password/i);
  await phone.signIn({ ...NEWCOMER, password: NEXT });
  await story.leaves(phone);
});

story.test("each refusal has its words, and nothing that was typed is lost", async () => {
  const visitor = await story.person({ called: "a visitor" });
  await visitor.press("Create an account");

  await asks(visitor, "localhost");
  await fills(visitor, "bob", "short");
  await visitor.press("Create the account");
  await visitor.reads(/at least eight characters/);
  await visitor.fill("Password", NEWCOMER.password);
  await visitor.press("Create the account");
  await visitor.reads(/Somebody has this name at localhost already/);
  assert.equal(await (await findField(visitor.page, "Password"))?.evaluate(({ value }) => value), NEWCOMER.password);

  await asks(visitor, "strict.test");
  await fills(visitor, "visitor", "twelve chars");
  await visitor.press("Create the account");
  await visitor.reads(/strict\.test did not accept this/);
  await visitor.reads(/The password is too weak: sixteen characters are needed/);

  await asks(visitor, "busy.test");
  await fills(visitor, "visitor", NEWCOMER.password);
  await visitor.press("Create the account");
  await visitor.reads(/Too many accounts were made at busy\.test/);

  await asks(visitor, "web.test");
  await visitor.reads(/web\.test makes accounts on a page of its own.*Open accounts\.web\.test/s);

  await asks(visitor, "closed.test");
  await visitor.reads(/closed\.test takes nobody new this way/);
  await story.leaves(visitor);
});

story.test("she deletes the account: it is gone at its server, here, and from this browser", async () => {
  await nadia.opensSettings();
  await nadia.press("Delete the account");
  await nadia.reads(/What goes: the account at localhost/);
  await nadia.reads(/What stays: messages that others have from you/);
  await nadia.fill("Password of nadia@localhost", "wrong again");
  await nadia.press("Delete for good");
  await nadia.reads(/This password is wrong\. Check it/);
  await nadia.fill("Password of nadia@localhost", NEXT);
  await nadia.press("Delete for good");
  await nadia.isSignedOut();
  await nadia.reads(/everything Alcove kept in this browser is erased/);
  await nadia.fillSignIn("nadia@localhost", NEXT);
  assert.match(await nadia.signInFailure(), /password/i);
  assert.deepEqual(await story.stack.xmpp.sessions("nadia@localhost"), []);
});

story.test("a picture's letters: wrong ones bring another picture, right ones the account", async () => {
  // Another day: the door counts forms, and all these visitors come from one network.
  await story.leaves(nadia);
  await story.leaves(bob);
  await story.stack.setClock(25 * 60 * 60_000);
  const visitor = await story.person({ called: "a visitor with eyes" });
  await visitor.press("Create an account");
  await asks(visitor, "picture.test");
  await fills(visitor, "ines", NEWCOMER.password);
  await until("the picture is drawn", () =>
    visitor.page.evaluate(
      () => (document.querySelector<HTMLImageElement>(".register-picture")?.naturalWidth ?? 0) > 100,
    ),
  );
  await visitor.fill("Enter the text you see", "hermits");
  await visitor.press("Create the account");
  await visitor.reads(/not the letters of the picture/);
  await visitor.fill("Enter the text you see", "herons");
  await visitor.press("Create the account");
  await visitor.isConnected();
  await story.leaves(visitor);
});

story.test(
  "a connection that is lost before the answer is told as such, and the account that was made can be used",
  async () => {
    const visitor = await story.person({ called: "an unlucky visitor" });
    await visitor.press("Create an account");
    await asks(visitor, "cut.test");
    await fills(visitor, "lucky", NEWCOMER.password);
    await visitor.press("Create the account");
    await visitor.reads(/connection to cut\.test was lost before it answered/);
    await visitor.press("Back to signing in");
    await visitor.fillSignIn("lucky@cut.test", NEWCOMER.password);
    await visitor.isConnected();
    await story.leaves(visitor);
  },
);

story.test("whoever closes the page in the middle leaves nothing, and can begin again", async () => {
  const visitor = await story.person({ called: "a hasty visitor" });
  await visitor.press("Create an account");
  await asks(visitor, "localhost");
  await fills(visitor, "hasty", NEWCOMER.password);
  await visitor.reload();
  await visitor.press("Create an account");
  await asks(visitor, "localhost");
  await fills(visitor, "hasty", NEWCOMER.password);
  await visitor.press("Create the account");
  await visitor.isConnected();
  await story.leaves(visitor);
});
