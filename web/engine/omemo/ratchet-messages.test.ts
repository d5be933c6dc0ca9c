import * as library from "@privacyresearch/libsignal-protocol-protobuf-ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bytes, randomBytes } from "../bytes.ts";
import * as ours from "./ratchet-messages.ts";

const NUMBERS = [0, 1, 127, 128, 16_383, 16_384, 2 ** 21, 2 ** 28 - 1, 2 ** 28, 2 ** 31, 2 ** 32 - 1];
const LENGTHS = [0, 1, 33, 127, 128, 300];

const plain = (bytes: Uint8Array | undefined) => bytes && [...bytes];

/** Messages with every number and length at least once. */
const rounds = NUMBERS.flatMap((number, at) =>
  LENGTHS.map((length, of) => ({
    numbers: [0, 1, 2].map((step) => NUMBERS[(at + step) % NUMBERS.length] ?? 0) as [number, number, number],
    bytes: [0, 1, 2].map((step) => randomBytes(LENGTHS[(of + step) % LENGTHS.length] ?? 0)) as [Bytes, Bytes, Bytes],
    number,
    length,
  })),
);

test("a message is the library's own, byte for byte, and each reads what the other has written", () => {
  for (const { numbers, bytes } of rounds) {
    const message = {
      ...{ ephemeralKey: bytes[0], ciphertext: bytes[1] },
      ...{ counter: numbers[0], previousCounter: numbers[1] },
    };
    const written = ours.WhisperMessage.encode(message).finish();
    assert.deepEqual(plain(written), plain(library.WhisperMessage.encode(message).finish()));
    assert.deepEqual(ours.WhisperMessage.decode(written), message);
    assert.deepEqual(plain(library.WhisperMessage.decode(written).ephemeralKey), plain(bytes[0]));
  }
});

test("so is a message that begins a session", () => {
  for (const { numbers, bytes } of rounds) {
    const message = {
      ...{ registrationId: numbers[0], preKeyId: numbers[1], signedPreKeyId: numbers[2] },
      ...{ baseKey: bytes[0], identityKey: bytes[1], message: bytes[2] },
    };
    const written = ours.PreKeyWhisperMessage.encode(message).finish();
    assert.deepEqual(plain(written), plain(library.PreKeyWhisperMessage.encode(message).finish()));
    assert.deepEqual(ours.PreKeyWhisperMessage.decode(written), message);
  }
});

test("what the library fills in from nothing is the same", () => {
  assert.deepEqual(ours.WhisperMessage.fromJSON(), library.WhisperMessage.fromJSON({}));
  assert.deepEqual(ours.PreKeyWhisperMessage.fromJSON(), library.PreKeyWhisperMessage.fromJSON({}));
});

test("what is cut off, told twice or of another type is no message", () => {
  const whole = ours.WhisperMessage.encode({
    ...{ ephemeralKey: randomBytes(33), ciphertext: randomBytes(16) },
    ...{ counter: 300, previousCounter: 7 },
  }).finish();
  const ends = new Set([0, 35, 38, 40]);
  for (let length = 1; length < whole.length; length += 1) {
    const cut = () => ours.WhisperMessage.decode(whole.slice(0, length));
    if (ends.has(length)) assert.doesNotThrow(cut, `${length} bytes end with a field`);
    else assert.throws(cut, TypeError, `${length} bytes`);
  }
  assert.throws(() => ours.WhisperMessage.decode(Uint8Array.of(16, 1, 16, 1)), TypeError);
  assert.throws(() => ours.WhisperMessage.decode(Uint8Array.of(21, 1, 2, 3, 4)), TypeError);
});
