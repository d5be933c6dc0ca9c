/** Each way in which signing in can go wrong has its own words, and none of them disturbs who is signed in already. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { createServer, type Server } from "node:tls";
import { ALICE, BOB } from "../stack.ts";
import { issueCertificate, makeAuthority } from "../xmpp-server/certificates.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const BASE_PORT = await claimPorts();
const STRANGE_PORT = BASE_PORT + 6;
const CLOSED_PORT = BASE_PORT + 7;

let folder: string;
let strange: Server;

/** A server for `localhost` whose certificate was signed by an authority nobody knows. */
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "alcove-strange-"));
  const files = await issueCertificate(await makeAuthority(folder), { folder, file: "strange", names: ["localhost"] });
  const [cert, key] = await Promise.all([readFile(files.certificate), readFile(files.key)]);
  strange = createServer({ cert, key }, (socket) => socket.destroy());
  // Whoever does not trust the certificate ends the handshake: that is what it is here for.
  strange.on("tlsClientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => strange.listen(STRANGE_PORT, "127.0.0.1", resolve));
});
after(async () => {
  await new Promise((resolve) => strange.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const story = Story.stage({
  name: "bad-sign-in",
  basePort: BASE_PORT,
  endpoint: "starttls",
  variables: {
    XMPP_ENDPOINTS: JSON.stringify({
      localhost: `starttls://localhost:${BASE_PORT}`,
      "refusing.example": `starttls://localhost:${CLOSED_PORT}`,
      "strange.example": `tls://localhost:${STRANGE_PORT}`,
      "nowhere.example": `starttls://localhost:${BASE_PORT}`,
      "web.example": `tls://localhost:${BASE_PORT + 2}`,
    }),
  },
});

let visitor: Person;

async function isTold(address: string, password: string, words: RegExp): Promise<void> {
  await visitor.fillSignIn(address, password);
  await until(`${address} is told ${words}`, async () => words.test((await visitor.signInFailure()) ?? ""), {
    describe: () => visitor.words(),
  });
  assert.doesNotMatch(await visitor.words(), /\bat .*:\d+:\d+|\bError\b|undefined/, "no stack trace");
}

story.test("a wrong password and a wrong name have the same words", async () => {
  visitor = await story.person({ called: "a visitor" });
  await isTold("alice@localhost", "wrong", /Address or password is wrong/);
  await isTold("nobody@localhost", "wrong", /Address or password is wrong/);
});

story.test("something that is no address is answered without asking anybody", async () => {
  await isTold("alice", "wonderland", /not a complete address/);
});

story.test("a domain that the server does not serve", async () => {
  await isTold("alice@nowhere.example", "wonderland", /No server was found for nowhere\.example/);
});

story.test("a domain that can have no public server", async () => {
  await isTold("alice@printer.local", "wonderland", /does not take accounts of printer\.local/);
});

story.test("a port that refuses", async () => {
  await isTold("alice@refusing.example", "wonderland", /No XMPP server of refusing\.example could be reached/);
});

story.test("a certificate of an unknown authority", async () => {
  await isTold(
    "alice@strange.example",
    "wonderland",
    /server of strange\.example has no certificate that is valid for localhost/,
  );
});

story.test("a wrong password in a second browser does not disturb the first", async () => {
  const [a, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice in A" }), story.peer(BOB)]);
  await a.openChat("bob");
  const [session] = await story.stack.xmpp.sessions("alice@localhost");
  await isTold("alice@localhost", "not wonderland", /Address or password is wrong/);
  assert.deepEqual(await story.stack.xmpp.sessions("alice@localhost"), [session], "the very same session");
  await a.send("still here");
  await bob.reads("still here");
  await bob.send("alice@localhost", "so I see");
  await a.sees("so I see");
  assert.equal((await a.devices()).length, 1, "no browser was added");
});

story.test("after all that the right password works in the same form", async () => {
  await visitor.signIn(ALICE);
  await visitor.openChat("bob");
});
