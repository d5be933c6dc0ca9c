/** The day the host's free allowance is spent: the platform answers in the Worker's place, and nothing is lost. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";

const story = Story.stage({ name: "spent-quota", endpoint: "starttls" });

let a: Person;
let bob: PythonPeer;
let platform: Server;

/** As Cloudflare does once the Worker's requests of a day are spent: an answer of its own to everything. */
async function answerInTheWorkersPlace(): Promise<void> {
  platform = createServer((_, response) => {
    response.writeHead(429, { "content-type": "text/plain" }).end("error code: 1027");
  });
  platform.listen(Number(new URL(story.stack.url).port), "localhost");
  await once(platform, "listening");
}

story.test("D5: the page says that today's limit is reached and when it goes on", async () => {
  [a, bob] = await Promise.all([story.signedIn(ALICE, { called: "alice in A" }), story.peer(BOB)]);
  await a.openChat("bob");
  await a.isEncryption("ready", "on");
  await a.send("before");
  await bob.reads("before");
  a.troubles.outage = true;
  await story.stack.killWorker();
  await answerInTheWorkersPlace();
  await a.isTold(/Alcove has reached today’s limit/);
  await a.reads(/It goes on at .+; what you write is sent then/);
});

story.test("D5: what is written meanwhile is sent when the allowance is back, once", async () => {
  await a.send("while it was spent");
  platform.closeAllConnections();
  platform.close();
  await once(platform, "close");
  await story.stack.startWorker();
  await a.isConnected();
  await bob.reads("while it was spent");
  a.troubles.outage = false;
  assert.ok(bob.allEncrypted());
});
