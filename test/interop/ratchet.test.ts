/** Our ratchets against python-oldmemo, the other implementation of legacy OMEMO, without a server between. */
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { BareJid, DeviceId } from "../../worker/contract/names.ts";
import type { OmemoBundle, OmemoMessage } from "../../worker/contract/omemo.ts";
import { DeviceOnADisk } from "../../web/engine/testing/device-on-a-disk.ts";

const PYTHON_DEVICE = { jid: "us@python.example" as BareJid, device: 4711 as DeviceId };

class PythonDevice {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    this.#process = spawn("/usr/bin/python3", [fileURLToPath(new URL("ratchet.py", import.meta.url))]);
    this.#process.stderr.pipe(process.stderr);
    this.#lines = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
  }

  async ask<T>(command: object): Promise<T> {
    this.#process.stdin.write(`${JSON.stringify(command)}\n`);
    const { value } = await this.#lines.next();
    const answer = JSON.parse(value) as T & { readonly error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  stop(): void {
    this.#process.stdin.end();
  }
}

// Half of the identities that python makes have the sign bit that ours never have.
for (const run of [1, 2, 3]) {
  describe(`a browser and python-oldmemo, run ${run}`, () => {
    let python: PythonDevice;
    let ours: DeviceOnADisk;

    before(async () => {
      python = new PythonDevice();
      ours = await DeviceOnADisk.make("them@browser.example" as BareJid);
    });
    after(() => python.stop());

    const hear = (omemo: OmemoMessage) =>
      ours.hear(PYTHON_DEVICE, { ...omemo, keys: omemo.keys.map((key) => ({ ...key, rid: ours.self.device })) });
    const fromPython = async (text: string) => hear(await python.ask<OmemoMessage>({ do: "write", text }));
    const toPython = async (omemo: OmemoMessage) =>
      python.ask<{ readonly text?: string; readonly transport?: number }>({ do: "read", omemo, sign: 0 });

    it("we start: pre-key message, answer, transports both ways, out of order", async () => {
      assert.equal(await ours.meet(PYTHON_DEVICE, await python.ask<OmemoBundle>({ do: "bundle" })), true);
      const first = await ours.write(PYTHON_DEVICE, "hello python");
      assert.equal(first.keys[0]?.prekey, true);
      assert.deepEqual(await toPython(first), { text: "hello python" });
      assert.equal(await fromPython("hello browser"), "hello browser");
      const [a, b, c] = [
        await ours.write(PYTHON_DEVICE, "a"),
        await ours.write(PYTHON_DEVICE, "b"),
        await ours.transport(PYTHON_DEVICE),
      ];
      assert.deepEqual(await toPython(c), { transport: 16 });
      assert.deepEqual(await toPython(b), { text: "b" });
      assert.deepEqual(await toPython(a), { text: "a" });
      assert.equal(await hear(await python.ask<OmemoMessage>({ do: "transport" })), "(transport)");
      for (let turn = 0; turn < 10; turn++) {
        assert.deepEqual(await toPython(await ours.write(PYTHON_DEVICE, `to ${turn}`)), { text: `to ${turn}` });
        assert.equal(await fromPython(`from ${turn} äöü 👋`), `from ${turn} äöü 👋`);
      }
    });

    it("python starts anew: its pre-key messages are read, and our answer ends them", async () => {
      const other = new PythonDevice();
      try {
        await other.ask({ do: "meet", bundle: ours.bundle });
        const from = { jid: PYTHON_DEVICE.jid, device: 815 as DeviceId };
        const hearOther = (omemo: OmemoMessage) =>
          ours.hear(from, {
            ...omemo,
            sid: from.device,
            keys: omemo.keys.map((key) => ({ ...key, rid: ours.self.device })),
          });
        const first = await other.ask<OmemoMessage>({ do: "write", text: "one" });
        const second = await other.ask<OmemoMessage>({ do: "write", text: "two" });
        assert.equal(second.keys[0]?.prekey, true);
        assert.equal(await hearOther(second), "two");
        assert.equal(await hearOther(first), "one");
        assert.equal(await hearOther(first), "(nothing)");
        const answer = await ours.transport(from);
        assert.equal(answer.keys[0]?.prekey, false);
        assert.deepEqual(await other.ask({ do: "read", omemo: answer, sign: 0 }), { transport: 16 });
        const third = await other.ask<OmemoMessage>({ do: "write", text: "three" });
        assert.equal(third.keys[0]?.prekey, false);
        assert.equal(await hearOther(third), "three");
      } finally {
        other.stop();
      }
    });
  });
}
