/** A server that never falls silent, in real workerd against the scripted server: its stream is not all that is dealt with. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { claimPorts } from "../xmpp-server/ports.ts";
import { password, PROSODY, Stage } from "./stage.ts";

const CALLS = 40;
const STANZA = "<presence from='eve@localhost/x'/>";
/** Of what the server says, heard between two calls. Without pauses it is up to a mebibyte and never below a quarter of it. */
const BETWEEN_CALLS_LENGTH = 96 * 1024;
const PORT = await claimPorts();

let stage: Stage;
before(async () => {
  stage = await Stage.set(PORT);
});
after(async () => stage?.strike());

test("S1: while the server goes on and on, calls of browsers are answered in between", async (context) => {
  stage.server.play(PROSODY);
  assert.ok((await stage.runtime.open(stage.opening(password()))).ok);
  const stop = stage.server.flood(STANZA);
  const counts: number[] = [];
  for (let call = 0; call < CALLS; call += 1) counts.push(await stage.runtime.count());
  stop();
  const between = counts.slice(1).map((count, call) => (count - (counts[call] ?? 0)) * STANZA.length);
  assert.ok((between.at(-1) ?? 0) > 0, "it is still at it");
  context.diagnostic(`between two calls: ${Math.min(...between)} to ${Math.max(...between)} characters`);
  // The least: what else the machine does can only make it more.
  assert.ok(Math.min(...between.filter((length) => length > 0)) < BETWEEN_CALLS_LENGTH);
});
