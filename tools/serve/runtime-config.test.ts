import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config } from "./config.ts";
import { foldersIn } from "./folders.ts";
import type { Release } from "./release.ts";
import { runtimeConfig } from "./runtime-config.ts";

const config: Config = {
  origin: "https://chat.example.org",
  listen: "127.0.0.1:8787",
  proxies: ["127.0.0.1"],
  data: "/var/lib/alcove",
  certificate: undefined,
  reach: ["public"],
  authorities: [],
  variables: { ALLOWED_DOMAINS: 'example.org "quoted"' },
};
const release: Release = {
  name: "v1",
  version: "0.1.0",
  date: "2026-11-01",
  flags: ["nodejs_compat"],
  variables: { ALLOWED_DOMAINS: "", NEW_ACCOUNTS_A_DAY: "50" },
  secrets: ["NAME_SECRET"],
  objects: [{ binding: "ACCOUNT", className: "Account", key: "alcove-Account" }],
  limits: [{ binding: "SIGN_IN_LIMIT", limit: 60, periodSeconds: 60 }],
  assets: { binding: "ASSETS", workerFirst: ["/api/*"], notFound: "none", headers: "/*\n  X: y\n" },
  page: "/opt/alcove/page",
  main: "/opt/alcove/worker/worker.js",
  texts: ["/opt/alcove/worker/schema.sql"],
  front: "/opt/alcove/front.js",
  runtime: "/opt/alcove/workerd",
};
const written = (changes: Partial<Config> = {}, authorities: readonly string[] = []) =>
  runtimeConfig({ ...config, ...changes }, release, foldersIn("/var/lib/alcove"), authorities);

test("D12: connections go to public addresses alone, as long as nothing else was said", () => {
  assert.match(written(), /allow = \["public"\]/);
  assert.match(written({ reach: ["public", "10.0.0.0/8"] }), /allow = \["public", "10\.0\.0\.0\/8"\]/);
});

test("D12: secrets stand in no configuration: they come by the environment", () => {
  assert.match(written(), /\(name = "NAME_SECRET", fromEnvironment = "NAME_SECRET"\)/);
});

test("what the configuration says takes the place of what wrangler.toml says, whatever is in it", () => {
  assert.match(written(), /\(name = "ALLOWED_DOMAINS", text = "example\.org \\"quoted\\""\)/);
  assert.match(written(), /\(name = "NEW_ACCOUNTS_A_DAY", text = "50"\)/);
  assert.throws(() => written({ variables: { ALLOWED_DOMAINS: "\u0007" } }), /cannot stand in a configuration/);
});

test("D12, D13: the Worker is told which release it is, for whoever asks how it is", () => {
  assert.match(written(), /\(name = "RELEASE", text = "\{\\"version\\":\\"0\.1\.0\\",\\"commit\\":\\"v1\\"\}"\)/);
});

test("D12: with files of a certificate the server speaks TLS itself", () => {
  const tls = written({ certificate: { chain: "/etc/a.crt", key: "/etc/a.key" } });
  assert.match(tls, /privateKey = embed "\/etc\/a\.key", certificateChain = embed "\/etc\/a\.crt"/);
  assert.match(written(), /name = "page".*http = \(\)/);
});
