import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { test } from "node:test";
import type { Browser } from "puppeteer-core";
import { doom } from "./kill.ts";

/** A shell that starts a child in its own group and one in another session, says their ids, and waits. */
const FAMILY = "trap '' TERM; sleep 600 & echo $!; setsid sleep 600 & echo $!; wait";

test("whoever belongs to the browser is killed, in its group or out of it", async () => {
  const child = spawn("/bin/sh", ["-c", FAMILY], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const children = [await lines.next(), await lines.next()].map(({ value }) => Number(value));
  const doomed = doom({ process: () => child } as unknown as Browser);
  assert.equal(doomed.dead, false);
  doomed.kill();
  assert.equal(doomed.dead, true);
  await doomed.gone();
  assert.equal(child.signalCode, "SIGKILL");
  // A process that nobody has buried yet may still be listed.
  for (const pid of children) assert.ok(!existsSync(`/proc/${pid}/exe`), `${pid} is gone`);
});

test("one that has ended by itself was not killed", async () => {
  const child = spawn("/bin/sh", ["-c", "exit 0"], { detached: true, stdio: "ignore" });
  const doomed = doom({ process: () => child } as unknown as Browser);
  await doomed.gone();
  doomed.kill();
  assert.equal(doomed.dead, false);
});
