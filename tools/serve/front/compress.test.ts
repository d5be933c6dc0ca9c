import assert from "node:assert/strict";
import { test } from "node:test";
import { takesGzip } from "./compress.ts";

test("D16: gzip goes to those who take it", () => {
  for (const accept of ["gzip", "gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.8, *;q=0.1", "*", "GZIP"])
    assert.equal(takesGzip(accept), true, accept);
  for (const accept of [null, "", "br", "identity", "gzip;q=0", "*;q=0", "gzip;q=0, *"])
    assert.equal(takesGzip(accept), false, String(accept));
});
