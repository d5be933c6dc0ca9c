import assert from "node:assert/strict";
import { test } from "node:test";
import { type FileDetails, readFileDetails, writeFileDetails } from "./file-details.ts";
import { partIn, writeDetails } from "./message-details.ts";

const WHOLE: FileDetails = {
  name: "Garden, evening.jpg",
  type: "image/jpeg",
  size: 123_456,
  points: { width: 1_920, height: 1_080 },
  tiny: new Uint8Array([1, 2, 3, 4, 5, 6]),
  seconds: 12.3,
  levels: new Uint8Array([0, 128, 255]),
  voice: true,
};

test("what a sender says of a file is read as it was written", () => {
  assert.deepEqual(readFileDetails(writeFileDetails(WHOLE)), WHOLE);
  assert.deepEqual(readFileDetails(writeFileDetails({ seconds: 1.23456 })), { seconds: 1.2 });
  assert.deepEqual(readFileDetails(writeFileDetails({})), {});
});

test("of what somebody else writes only what can be meant is read", () => {
  const rows: readonly [string | undefined, FileDetails | undefined][] = [
    [undefined, undefined],
    ["", undefined],
    ["null", undefined],
    ["[]", undefined],
    ["{}", undefined],
    ['{"file":7}', undefined],
    ['{"file":{"name":7,"type":"","size":-1,"width":0,"height":3}}', {}],
    ['{"file":{"width":1e9,"height":10,"seconds":1e400,"tiny":"!!","levels":"","voice":"yes"}}', {}],
    ['{"file":{"width":10.2,"height":0.1,"later":1}}', { points: { width: 11, height: 1 } }],
    [`{"file":{"name":"${"n".repeat(256)}","size":5}}`, { size: 5 }],
    [`{"file":{"tiny":"${"A".repeat(400)}"}}`, {}],
    [`{"file":{"size":1,"x":"${"x".repeat(12_000)}"}}`, undefined],
  ];
  for (const [details, read] of rows) assert.deepEqual(readFileDetails(details), read, details?.slice(0, 80));
});

test("a name beyond all measure is cut, and never within a sign", () => {
  const details = writeFileDetails({ name: "😀".repeat(900), size: 1 });
  const { name = "" } = readFileDetails(details) ?? {};
  assert.ok(name.length > 100 && name.length <= 255);
  assert.equal(/\p{Cs}/u.test(name), false);
});

test("parts stand beside each other, and each is read by itself", () => {
  const both = writeDetails({ file: { size: 3 }, links: [{ title: "x" }] });
  assert.deepEqual(readFileDetails(both), { size: 3 });
  assert.deepEqual(partIn(both, "links"), [{ title: "x" }]);
  assert.equal(writeDetails({}), undefined);
  assert.equal(writeDetails({ links: "x".repeat(12_000) }), undefined);
});
