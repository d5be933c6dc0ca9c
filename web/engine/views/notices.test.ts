import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeviceId } from "../../../worker/contract/names.ts";
import type { Account } from "../account.ts";
import { noticesOf } from "./notices.ts";

test("who wants to read stands above what is only to be known, in whichever order both came", () => {
  const notices = [
    { kind: "storage-not-kept", key: "storage-not-kept" },
    { kind: "new-device", key: "new-device 7", device: 7 as DeviceId },
    { kind: "no-archive", key: "no-archive" },
  ] as const;
  const account = {
    cache: { notices: new Map(notices.map((notice) => [notice.key, { key: notice.key, dismissed: false, notice }])) },
    live: { browsers: [], lettingIn: [] },
  } as unknown as Account;
  assert.deepEqual(
    noticesOf(account).map(({ kind }) => kind),
    ["new-device", "storage-not-kept", "no-archive"],
  );
});
