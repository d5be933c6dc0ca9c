import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { inProject } from "../project.ts";
import { type Config, readConfig } from "./config.ts";

const KNOWN = ["ALLOWED_DOMAINS", "NEW_ACCOUNTS_A_DAY", "XMPP_ENDPOINTS", "XMPP_PORTS", "STAY"];
const LEAST = 'origin = "https://chat.example.org"\ndata = "/var/lib/alcove"\nallowed_domains = ["example.org"]\n';

function read(text: string): Config {
  const result = readConfig(text, "/etc/alcove", KNOWN);
  assert.ok(result.ok, JSON.stringify(result));
  return result.config;
}

function problems(text: string): string {
  const result = readConfig(text, "/etc/alcove", KNOWN);
  return result.ok ? "" : result.problems.join("\n");
}

test("D12: three lines are enough, and closed is what was not opened", () => {
  assert.deepEqual(read(LEAST), {
    origin: "https://chat.example.org",
    listen: "127.0.0.1:8787",
    proxies: ["127.0.0.1", "::1"],
    data: "/var/lib/alcove",
    certificate: undefined,
    reach: ["public"],
    authorities: [],
    variables: { ALLOWED_DOMAINS: "example.org", XMPP_ENDPOINTS: "{}", XMPP_PORTS: "" },
  });
});

test("D12: the example in the documents is read, as it stands and with every line that is commented out", async () => {
  const text = await readFile(inProject("tools/serve/examples/alcove.toml"), "utf8");
  read(text);
  const all = read(text.replace(/^# (\[|\w+ = )/gm, "$1").replace("NAME =", "STAY ="));
  assert.equal(all.certificate?.key, "/etc/letsencrypt/live/chat.example.org/privkey.pem");
  assert.equal(all.variables["STAY"], "value");
});

test("paths begin at the file", () => {
  const { data, authorities, certificate } = read(
    'origin = "https://a.example"\nallowed_domains = "a.example"\ndata = "kept"\n' +
      '[network]\nauthorities = ["ca.pem"]\n[certificate]\nchain = "a.crt"\nkey = "/k/a.key"\n',
  );
  assert.deepEqual(
    [data, authorities, certificate],
    ["/etc/alcove/kept", ["/etc/alcove/ca.pem"], { chain: "/etc/alcove/a.crt", key: "/k/a.key" }],
  );
});

test("D12: private addresses need an explicit word", () => {
  assert.deepEqual(read(LEAST).reach, ["public"]);
  assert.deepEqual(read(`${LEAST}[network]\nallow = ["public", "local", "10.1.0.0/16", "10.2.0.1", "fd00::1"]`).reach, [
    ...["public", "local", "10.1.0.0/16", "10.2.0.1/32", "fd00::1/128"],
  ]);
});

test("D12: with a certificate of its own no proxy is believed unless it is named", () => {
  const own = `${LEAST}[certificate]\nchain = "a"\nkey = "b"\n`;
  assert.deepEqual(read(`listen = "*:443"\n${own}`).proxies, []);
  assert.deepEqual(read(`listen = "*:443"\ntrusted_proxies = ["10.0.0.1"]\n${own}`).proxies, ["10.0.0.1"]);
});

test("D12: each mistake has its own words, and all are said at once", () => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ["", /^origin: missing(?:.*\n)*?data: missing(?:.*\n)*?allowed_domains: missing/],
    ["origin = ", /^line 1, column \d+: /],
    [LEAST.replace("https", "http"), /^origin: browsers keep keys and cookies over https/],
    [LEAST.replace('example.org"', 'example.org/alcove"'), /^origin: ".*alcove" is no address of a whole site/],
    [LEAST.replace("https://chat.example.org", "chat.example.org"), /^origin: /],
    [`${LEAST}orign = "x"`, /^orign: there is no such key here\. There are: .*origin/],
    [`listen = "localhost:80"\n${LEAST}`, /^listen: "localhost:80" is no address with a port/],
    [`listen = "127.0.0.1:99999"\n${LEAST}`, /^listen: there is no port 99999/],
    [`listen = "*:8787"\n${LEAST}`, /^trusted_proxies: missing. At \*:8787 other machines come/],
    [`trusted_proxies = ["nginx"]\n${LEAST}`, /^trusted_proxies: "nginx" is neither an address nor a network/],
    [`new_accounts_a_day = -1\n${LEAST}`, /^new_accounts_a_day: a whole number/],
    [LEAST.replace('["example.org"]', '["a@b"]'), /^allowed_domains: "a@b" is no domain/],
    [LEAST.replace('["example.org"]', "7"), /^allowed_domains: a list of texts is wanted/],
    [LEAST.replace("/var/lib/alcove", `/${"x".repeat(90)}`), /^data: the path is longer than/],
    [`${LEAST}[certificate]\nchain = "x"`, /^certificate\.key: missing/],
    [`${LEAST}[xmpp.endpoints]\n"example.org" = "xmpp.example.org"`, /^xmpp\.endpoints\."example\.org": "xmpp/],
    [`${LEAST}[xmpp.endpoints]\n"example.org" = "ws://xmpp.example.org"`, /ws:\/\/ is for this machine alone/],
    [`${LEAST}[xmpp]\nports = ["http"]`, /^xmpp\.ports: "http" is neither a port nor a range/],
    [`${LEAST}[network]\nallow = ["everything"]`, /^network\.allow: "everything" is none of/],
    [`${LEAST}[variables]\nXMPP_PORTS = "1"`, /^variables\.XMPP_PORTS: this one has a key of its own/],
    [`${LEAST}[variables]\nNOPE = "1"`, /^variables\.NOPE: there is no such variable/],
    [`${LEAST}network = 1`, /^network: a table is wanted: a line \[network\]/],
  ];
  for (const [text, words] of rows) assert.match(problems(text), words, text);
});
