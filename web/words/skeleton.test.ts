import assert from "node:assert/strict";
import { test } from "node:test";
import { skeletonOf } from "./skeleton.ts";

test("a name in ASCII looks as it does to whoever looks at each letter: an accent, which is not looked at, changes nothing", () => {
  for (let code = 0; code < 128; code += 1) {
    const letter = String.fromCharCode(code);
    assert.equal(skeletonOf(`a${letter}`), skeletonOf(`a\u0301${letter}`), `U+00${code.toString(16)}`);
  }
  assert.equal(skeletonOf("Modern vvorld 0l1"), skeletonOf("MODEM W\u0301ORLD OIl"));
});
