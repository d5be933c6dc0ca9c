import assert from "node:assert/strict";
import { test } from "node:test";
import { browserKind, browserName } from "./browser-name.ts";

const ANDROID = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0";

test("a browser is named, and told by what it runs on", () => {
  for (const [userAgent, name, kind] of [
    ["Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", "Firefox on Linux", "computer"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari on macOS", "computer"],
    [`Mozilla/5.0 (Linux; Android 16; K) ${ANDROID} Mobile Safari/537.36`, "Chrome on Android", "phone"],
    [`Mozilla/5.0 (Linux; Android 16; K) ${ANDROID} Safari/537.36`, "Chrome on Android", "tablet"],
    ["Mozilla/5.0 (Android 16; Tablet; rv:153.0) Gecko/153.0 Firefox/153.0", "Firefox on Android", "tablet"],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
      "Safari on iPhone",
      "phone",
    ],
    [
      "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
      "Safari on iPad",
      "tablet",
    ],
    ["", "Browser", "computer"],
  ] as const) {
    assert.equal(browserName(userAgent), name);
    assert.equal(browserKind(userAgent), kind, userAgent);
  }
});
