import assert from "node:assert/strict";
import { test } from "node:test";
import { buildFrame, FrameReader, OPCODES } from "./frames.ts";

/** A frame as a server sends it. */
function unmasked(payload: Buffer): Buffer {
  const ours = buildFrame(OPCODES.text, payload);
  const mask = ours.length - payload.length - 4;
  const head = Buffer.from(ours.subarray(0, mask));
  head[1] = (head[1] ?? 0) & 0x7f;
  return Buffer.concat([head, payload]);
}

test("D14: frames of every length are read back, split anywhere", () => {
  for (const size of [0, 1, 125, 126, 65_535, 65_536]) {
    const payload = Buffer.alloc(size, "x");
    const bytes = Buffer.concat([unmasked(payload), unmasked(Buffer.from("end"))]);
    for (const step of [1, 3, bytes.length].filter((one) => one > 1 || size < 1_000)) {
      const reader = new FrameReader();
      const frames = Array.from({ length: Math.ceil(bytes.length / step) }, (_, at) =>
        reader.read(bytes.subarray(at * step, (at + 1) * step)),
      ).flat();
      assert.deepEqual(
        frames.map((frame) => [frame.opcode, frame.final, frame.payload.length]),
        [
          [OPCODES.text, true, size],
          [OPCODES.text, true, 3],
        ],
      );
    }
  }
});

test("D14: what no server sends ends the reading", () => {
  assert.throws(() => new FrameReader().read(buildFrame(OPCODES.text, Buffer.from("masked"))));
  const huge = Buffer.from([0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0]);
  assert.throws(() => new FrameReader().read(huge));
});
