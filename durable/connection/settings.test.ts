import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { memoryStorage } from "../testing/sql-storage.ts";
import { storesOf } from "../testing/stores.ts";
import { parsePorts } from "../../worker/network/names.ts";
import { linkSettings, parseEndpoints } from "./settings.ts";

test("A4: an endpoint is found whichever way its domain is written", () => {
  const endpoints = parseEndpoints(
    '{ "XN--MNCHEN-3YA.example": "tls://a.org:5223", "LocalHost": "starttls://localhost:5222" }',
  );
  assert.deepEqual(endpoints, { "münchen.example": "tls://a.org:5223", localhost: "starttls://localhost:5222" });
  assert.deepEqual(parseEndpoints(""), {});
});

test("S10: further ports are numbers and ranges; what cannot be read allows nothing", () => {
  assert.deepEqual(parsePorts("7443, 8443-8450"), [
    [7_443, 7_443],
    [8_443, 8_450],
  ]);
  assert.deepEqual(parsePorts(" all 1024- -1 "), []);
});

test("D13: the list of domains says nothing of an account that was invited, from its password's proof on for good", () => {
  const env = { ALLOWED_DOMAINS: "elsewhere.example", XMPP_ENDPOINTS: "{}" } as Env;
  const account = "alice@example.org" as BareJid;
  const storage = memoryStorage();
  const domainsOf = (stores: ReturnType<typeof storesOf>) => linkSettings(env, stores, account).allowedDomains;
  const stores = storesOf(account, storage);
  assert.deepEqual(domainsOf(stores), ["elsewhere.example"]);
  stores.meta.invite();
  assert.deepEqual(domainsOf(stores), [], "while it tries");
  assert.deepEqual(domainsOf(storesOf(account, storage)), ["elsewhere.example"], "a try is not kept");
  stores.meta.bind(account);
  assert.deepEqual(domainsOf(storesOf(account, storage)), []);
});
