/** A short run of faults; `npm run faults` is the long one. What it finds is reproduced by its seed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FAULT_KINDS } from "./plan.ts";
import { isClean, reportOf } from "./report.ts";
import { runFaults } from "./run.ts";
import { claimPorts } from "../xmpp-server/ports.ts";

const BASE_PORT = await claimPorts();

test("150 messages survive 25 faults of every kind: none lost, none twice, all in one order", async () => {
  const options = { messages: 150, faults: 25, seed: 1, basePort: BASE_PORT };
  const lines: string[] = [];
  const result = await runFaults({ ...options, say: (line) => void lines.push(line) });
  assert.ok(isClean(result), `${reportOf(options, result)}\n${lines.join("\n")}`);
  assert.deepEqual([...result.decided.keys()].sort(), [...FAULT_KINDS].sort());
  assert.ok(result.acknowledged.messages > 0, "acknowledgements were seen and looked up");
});
