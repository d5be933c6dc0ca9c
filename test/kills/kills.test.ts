/** A short run of kills; `npm run kills` is the long one. What it finds is reproduced by its seed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isClean, reportOf } from "./report.ts";
import { runKills } from "./run.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const BASE_PORT = await claimPorts();

test("a browser that is killed six times loses nothing, sends nothing twice and uses no key again", async () => {
  const options = { rounds: 6, seed: 1, basePort: BASE_PORT };
  const lines: string[] = [];
  const result = await runKills({ ...options, say: (line) => void lines.push(line) });
  assert.ok(isClean(options, result), `${reportOf(options, result)}\n${lines.join("\n")}`);
  assert.ok(result.databases > 0, "databases were looked into");
  assert.ok(result.keys > 0, "messages were seen leaving");
});
