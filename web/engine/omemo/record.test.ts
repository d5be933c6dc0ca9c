import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import type { SessionType } from "@privacyresearch/libsignal-protocol-typescript";
import { SessionRecord } from "@privacyresearch/libsignal-protocol-typescript/lib/session-record.js";
import { BaseKeyType } from "@privacyresearch/libsignal-protocol-typescript/lib/session-types.js";
import { LiveRecord } from "./record.ts";

const OPEN = -1;
const KEPT = 40;

function sessionOf(number: number, closed = OPEN, baseKeyType = BaseKeyType.THEIRS): SessionType {
  const key = Uint8Array.of(5, number).buffer;
  return {
    indexInfo: { closed, baseKey: key, baseKeyType, remoteIdentityKey: key },
    currentRatchet: { rootKey: key, lastRemoteEphemeralKey: key, previousCounter: 0 },
    oldRatchetList: [],
    chains: {},
  };
}

const numberOf = (session: SessionType | undefined) =>
  session && new Uint8Array(session.indexInfo.baseKey ?? new ArrayBuffer())[1];
const numbersIn = (record: LiveRecord | SessionRecord) => record.getSessions().map(numberOf);

describe("the sessions with one device", () => {
  it("are kept, closed and opened again as the library's own record does it", () => {
    let now = 1_000;
    const time = mock.method(Date, "now", () => (now += 1));
    const [ours, theirs] = [new LiveRecord(), new SessionRecord()];
    // One after the other, and after every third an older one is written with again.
    for (let number = 0; number < KEPT + 20; number += 1) {
      for (const record of [ours, theirs]) {
        record.archiveCurrentState();
        record.updateSessionState(sessionOf(number));
        const older = number % 3 === 2 ? record.getSessions()[number % 5] : undefined;
        if (older === undefined) continue;
        record.archiveCurrentState();
        record.promoteState(older);
        record.updateSessionState(older);
      }
      assert.equal(numberOf(ours.getOpenSession()), numberOf(theirs.getOpenSession()));
      // It closes them at other moments of this clock, in the same order.
      assert.deepEqual(numbersIn(ours), numbersIn(theirs));
    }
    assert.equal(numbersIn(ours).length, KEPT);
    time.mock.restore();
  });

  it("are found by the key that the other side has begun them with, not by one of ours", () => {
    const record = new LiveRecord();
    record.updateSessionState(sessionOf(1, 10));
    record.updateSessionState(sessionOf(2, OPEN, BaseKeyType.OURS));
    assert.equal(numberOf(record.getSessionByBaseKey(Uint8Array.of(5, 1))), 1);
    assert.equal(record.getSessionByBaseKey(Uint8Array.of(5, 2)), undefined);
    assert.equal(record.getSessionByBaseKey(Uint8Array.of(5, 3)), undefined);
  });

  it("are not written with while two of them are open", () => {
    const record = new LiveRecord();
    record.updateSessionState(sessionOf(1));
    record.updateSessionState(sessionOf(2));
    assert.throws(() => record.getOpenSession(), TypeError);
  });
});
