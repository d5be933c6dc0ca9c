import assert from "node:assert/strict";
import { test } from "node:test";
import { isProxyAddress } from "./proxy-address.ts";

test("D14: addresses of Cloudflare's proxy are known, to the ends of their ranges", () => {
  for (const address of ["104.16.0.0", "104.23.255.255", "172.67.1.2", "2606:4700::6810:85e5", "2a06:98c7:ffff::1"])
    assert.ok(isProxyAddress(address), address);
});

test("D14: its resolver and its neighbours are none of them", () => {
  for (const address of ["1.1.1.1", "104.15.255.255", "104.28.0.0", "2606:4701::1", "2a06:98c8::1", "example.org", ""])
    assert.ok(!isProxyAddress(address), address);
});
