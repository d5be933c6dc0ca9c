/**
 * The doctor in front of a real Prosody, in every configuration that stands between a domain and Alcove. DNS is a script; the
 * doctor is led to this machine by `--connect-to`.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, startWorld, type World } from "./world.ts";

let world: World;
before(async () => {
  world = await startWorld();
});
after(() => world?.stop());

type Told = { readonly level: string; readonly id: string; readonly words: string; readonly page?: string };

/** As programs get it: findings by level, `id`s alone. */
async function examined(host: string, more: readonly string[] = []) {
  const domain = `${host}.example.org`;
  const { code, printed } = await world.doctor(domain, ["--json", "--account", `alice@${domain}`, ...more]);
  const { groups } = JSON.parse(printed) as { readonly groups: readonly { readonly findings: readonly Told[] }[] };
  const findings = groups.flatMap((group) => group.findings);
  const of = (level: string) => [...new Set(findings.flatMap((one) => (one.level === level ? [one.id] : [])))];
  assert.equal(code, of("fault").length === 0 ? 0 : 1);
  return { findings, faults: of("fault"), warnings: of("warning"), fine: of("ok") };
}

const pageOf = (findings: readonly Told[], id: string): string => findings.find((one) => one.id === id)?.page ?? "";

test("D14: of a good server everything is good, over WebSocket, direct TLS and STARTTLS", async () => {
  const { faults, warnings, fine, findings } = await examined("good");
  assert.deepEqual([faults, warnings], [[], []]);
  const expected = [
    ...[
      "host-meta",
      "host-meta-address",
      "srv",
      "dnssec",
      "certificate",
      "reached",
      "mechanisms",
      "signed-in",
      "rounds",
    ],
    ...["management", "carbons", "archive", "client-state", "pep", "publish-options", "upload", "rooms"],
  ];
  assert.deepEqual(
    expected.filter((id) => !fine.includes(id)),
    [],
  );
  assert.equal(findings.filter(({ id, level }) => id === "certificate" && level === "ok").length, 3);
  assert.match(findings.find(({ id }) => id === "upload")?.words ?? "", /32 MB at most/);
});

test("D14: a server under another name is not believed without DNSSEC, and the page's words are those", async () => {
  const { faults, findings } = await examined("unsigned");
  assert.deepEqual(faults, ["srv-unproven", "reached"]);
  assert.match(pageOf(findings, "reached"), /cannot prove it speaks for unsigned\.example\.org/);
});

test("D14: a certificate for the domain alone is wrong where the record names another host", async () => {
  const { faults, findings } = await examined("wrong");
  assert.deepEqual(faults, ["certificate", "reached"]);
  assert.match(pageOf(findings, "reached"), /no certificate that is valid for xmpp\.wrong\.example\.org/);
});

test("D14: TLS that is out of use is a warning where there is newer", async () => {
  const { faults, warnings, fine } = await examined("old-tls");
  assert.deepEqual([faults, warnings], [[], ["old-tls"]]);
  assert.ok(fine.includes("certificate"));
});

test("D14: without PEP nobody can encrypt; all else is still told", async () => {
  const { faults, fine } = await examined("no-pep");
  assert.deepEqual(faults, ["pep"]);
  assert.ok(fine.includes("archive") && fine.includes("carbons"));
});

test("D14: a server with PLAIN alone gets the password by a word, and not without", async () => {
  const without = await examined("plain");
  assert.deepEqual([without.faults, without.warnings], [[], ["only-plain"]]);
  assert.ok(!without.fine.includes("signed-in"));
  const given = await examined("plain", ["--plain"]);
  assert.deepEqual([given.faults, given.warnings], [[], ["only-plain"]]);
  assert.ok(given.fine.includes("signed-in") && given.fine.includes("pep"));
});

test("D14: 200,000 rounds are done by the browser; more than a million are not", async () => {
  const { faults, warnings, findings } = await examined("rounds");
  assert.deepEqual([faults, warnings], [[], []]);
  assert.match(findings.find(({ id }) => id === "rounds")?.words ?? "", /^200,000 rounds/);
  const more = await examined("many-rounds");
  assert.deepEqual(more.faults, ["rounds"]);
  assert.match(pageOf(more.findings, "rounds"), /more rounds than a browser can be asked for/);
});

test("D14: ejabberd as it comes draws another salt for each sign-in; all that it does have is seen", async () => {
  const { faults, warnings, fine } = await examined("ejabberd");
  assert.deepEqual([faults, warnings], [[], ["salts"]]);
  for (const id of ["management", "carbons", "archive", "pep", "publish-options"]) assert.ok(fine.includes(id), id);
});

test("D14: XMPP that only ALPN finds, and XMPP behind the platform's proxy, are told as what they are", async () => {
  const shared = await examined("alpn");
  assert.deepEqual(shared.faults, ["alpn", "reached"]);
  const proxied = await examined("proxied");
  assert.deepEqual(proxied.faults, ["srv-proxy", "proxy", "reached"]);
  assert.match(pageOf(proxied.findings, "reached"), /stands behind Cloudflare’s proxy/);
});

test("D14: without an account, what is not looked at is named; faults come with a cure, the password never", async () => {
  const { code, printed } = await world.doctor("good.example.org");
  assert.equal(code, 0);
  assert.match(printed, /^ {2}- {8}rounds, archive, carbons, .*\n.*sign in by --account/m);
  const wrong = await world.doctor("wrong.example.org", ["--account", "alice@wrong.example.org"]);
  assert.match(
    wrong.printed,
    /^ {2}FAULT .*\n(?: {11,}.*\n)* {11}Cure: .*\n(?: {11,}.*\n)* {11}Prosody: .*\n(?: {11,}.*\n)* {11}ejabberd: /m,
  );
  for (const text of [printed, wrong.printed]) assert.ok(!text.includes(PASSWORD));
});

test("D14: the password is typed in the terminal and does not appear there", async () => {
  const { code, printed } = await world.doctorInTerminal("good.example.org", "alice@good.example.org", PASSWORD);
  assert.match(printed, /Password of alice@good\.example\.org: /);
  assert.match(printed, /signed in by SCRAM/);
  assert.ok(!printed.includes(PASSWORD));
  assert.equal(code, 0);
});

test("D14: a wrong password and a domain that does not exist are said as that", async () => {
  const { faults } = await examined("good", ["--account", "nobody@good.example.org"]);
  assert.deepEqual(faults, ["wrong-password"]);
  const nowhere = await world.doctor("nowhere.example.org");
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.printed, /No server was found for nowhere\.example\.org/);
});

test("D14: a server that the deployment names itself is looked at without a word to DNS", async () => {
  const near = await world.doctor("localhost", ["--endpoint", `starttls://localhost:${world.port}`]);
  assert.equal(near.code, 0);
  assert.match(near.printed, new RegExp(`reaches it at starttls://localhost:${world.port}`));
  assert.doesNotMatch(near.printed, /^Names$/m);
  const unnamed = await world.doctor("localhost");
  assert.match(unnamed.printed, /FAULT +localhost is no name of the public network/);
  const wrong = await world.doctor("localhost", ["--endpoint", "http://localhost"]);
  assert.match(wrong.printed, /FAULT +"http:\/\/localhost" is not dialled/);
});

test("D14: where nobody answers questions of DNS, that is the fault, and not the domain", async () => {
  const { code, printed } = await world.doctor("good.example.org", ["--resolver", "http://127.0.0.1:1/dns-query"]);
  assert.equal(code, 1);
  assert.match(
    printed,
    /cannot be looked up from here:\s+http:\/\/127\.0\.0\.1:1\/dns-query \(ECONNREFUSED\) says nothing/,
  );
  assert.match(printed, /good\.example\.org: 1 fault, 0 warnings\./);
});
