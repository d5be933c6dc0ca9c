/** The operator's commands against a deployment, and everybody else who tries them, in real workerd with a real Prosody. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { ROUTES } from "../../worker/contract/routes.ts";
import { OPERATOR_HEADER } from "../../worker/shared/operator-proof.ts";
import { newNonce } from "../../worker/shared/proof.ts";
import { exportedLines } from "../../tools/accounts/export.ts";
import { Operator } from "../../tools/accounts/operator.ts";
import { signAsOperator } from "../../tools/accounts/sign.ts";
import { nameSecretIn } from "../../tools/accounts/secret.ts";
import { until } from "../e2e/waiting.ts";
import { type Stack, startStack } from "../stack.ts";
import { ALICE, BOB, browserOf, say } from "./people.ts";

const OTHER_SECRET = "another-secret-that-is-long-enough-to-be-one";
const MINUTE_MS = 60_000;

let stack: Stack;
let secret: string;
let operator: Operator;

before(async () => {
  stack = await startStack({ name: "operator", endpoint: "starttls" });
  secret = nameSecretIn(await readFile(stack.secrets, "utf8")) ?? "";
  operator = new Operator(stack.url, secret);
});
after(async () => stack?.stop());

type Request = {
  readonly command?: string;
  readonly signedWith?: string;
  readonly at?: number;
  readonly signedBody?: string;
  readonly signedUrl?: string;
  readonly header?: string;
};

const BODY = JSON.stringify({ address: ALICE });

async function headerOf({ command = "delete", signedWith = secret, at = Date.now(), ...of }: Request): Promise<string> {
  const url = of.signedUrl ?? `${stack.url}${ROUTES.operator}${command}`;
  return signAsOperator(signedWith, newNonce(at), url, of.signedBody ?? BODY);
}

/** What somebody gets who makes their requests themselves. */
async function forged(request: Request): Promise<{ readonly status: number; readonly text: string }> {
  const header = request.header ?? (await headerOf(request));
  const answer = await fetch(`${stack.url}${ROUTES.operator}${request.command ?? "delete"}`, {
    method: "POST",
    headers: { origin: stack.url, [OPERATOR_HEADER]: header },
    body: BODY,
  });
  return { status: answer.status, text: await answer.text() };
}

test("D13: list, counters and export tell the operator what is there, and nothing that signs in", async () => {
  const alice = await browserOf(stack, ALICE);
  await browserOf(stack, BOB);
  assert.ok((await say(alice, BOB, "to be exported")).ok);
  assert.ok((await alice.call("stayOnline", { on: true })).ok);

  const listed = await operator.ask("list", {});
  assert.ok(listed.kind === "so", JSON.stringify(listed));
  const { accounts, silent } = listed.value;
  assert.deepEqual(accounts.map(({ account }) => account).sort(), [ALICE, BOB]);
  assert.equal(silent, 0);
  const ofAlice = accounts.find(({ account }) => account === ALICE);
  assert.ok(ofAlice?.alarmAt !== undefined && ofAlice.bytes > 0);
  assert.deepEqual([ofAlice.browsers, ofAlice.attached, ofAlice.stayOnline], [1, 1, true]);

  const counted = await operator.ask("counters", {});
  assert.ok(counted.kind === "so");
  assert.equal(counted.value.accounts, 2);
  assert.deepEqual([counted.value.days[0]?.proved, counted.value.days[0]?.newAccounts], [2, 2]);

  const lines: string[] = [];
  for await (const line of exportedLines(operator, ALICE)) {
    assert.ok(line.kind === "so", JSON.stringify(line));
    lines.push(line.value);
  }
  const parsed = lines.map((line) => JSON.parse(line));
  assert.equal(parsed[0]?.account, ALICE);
  assert.equal(parsed.at(-1)?.rows, lines.length - 2, "whoever has a part of it can see that");
  assert.match(lines.join("\n"), /to be exported/);
  const [kept] = await stack.objectRows(ALICE, "select value from meta where key = 'sealing-key'");
  const [row] = await stack.objectRows(ALICE, "select secret_hash, wrapped_key from browsers");
  for (const secretValue of [kept?.["value"], row?.["secret_hash"], row?.["wrapped_key"]]) {
    assert.equal(typeof secretValue, "string");
    assert.ok(!lines.join("\n").includes(String(secretValue).replaceAll('"', "")), "what signs in is not in it");
  }
});

test("D5: an account that stays online and whose alarm rings no more is woken by the watchman, nobody else is", async () => {
  const round = async () => {
    const answer = await operator.ask("look", {});
    assert.ok(answer.kind === "so", JSON.stringify(answer));
    return answer.value;
  };
  assert.deepEqual(await round(), { looked: 2, woken: 0 });
  await stack.loseAlarm(ALICE);
  await stack.loseAlarm(BOB);
  assert.equal(await stack.objectAlarm(ALICE), undefined);
  assert.deepEqual(await round(), { looked: 2, woken: 1 });
  assert.notEqual(await stack.objectAlarm(ALICE), undefined);
  assert.equal(await stack.objectAlarm(BOB), undefined, "whoever is not there sleeps on");
  await until("it is online again with no browser", async () => (await stack.xmpp.sessions(ALICE)).length > 0);
  assert.deepEqual(await round(), { looked: 2, woken: 0 });
});

test("D13: a wrong secret, a changed body, path or host, no signature: as if there were nothing", async () => {
  const nothing = await fetch(`${stack.url}/api/nothing-here`, {
    method: "POST",
    headers: { origin: stack.url },
    body: BODY,
  });
  const expected = { status: nothing.status, text: await nothing.text() };
  const tries: readonly Request[] = [
    { signedWith: OTHER_SECRET },
    { signedBody: JSON.stringify({ address: BOB }) },
    { signedUrl: `${stack.url}${ROUTES.operator}export` },
    { signedUrl: `https://elsewhere.example${ROUTES.operator}delete` },
    { header: "" },
    { header: secret },
    { command: "unheard-of" },
  ];
  for (const request of tries) assert.deepEqual(await forged(request), expected, JSON.stringify(request));
  const alice = await operator.ask("overview", { address: ALICE });
  assert.equal(alice.kind, "so", "the account is still there");
});

test("D13: a request that was there before, or is not of now, is not carried out", async () => {
  const header = await headerOf({ command: "overview" });
  assert.equal((await forged({ command: "overview", header })).status, 200);
  for (const request of [
    { command: "overview", header },
    { at: Date.now() - 3 * MINUTE_MS },
    { at: Date.now() + 3 * MINUTE_MS },
  ]) {
    const { status, text } = await forged(request);
    assert.equal(status, 401);
    assert.match(text, /"not-proven"/);
  }
  assert.equal((await operator.ask("overview", { address: ALICE })).kind, "so", "nothing was deleted");
});

test("D13: an account that nobody signed in to is said to be none, and leaves no trace", async () => {
  for (const command of ["overview", "delete", "export"] as const) {
    const answer = await operator.ask(command, { address: "nobody@localhost" });
    assert.ok(answer.kind === "refuse");
    assert.match(answer.words, /Nobody has signed in/);
  }
  const tables = "select name from sqlite_master where name not like '\\_cf\\_%' escape '\\'";
  assert.deepEqual(await stack.objectRows("nobody@localhost", tables), []);
  const other = await new Operator(stack.url, OTHER_SECRET).ask("list", {});
  assert.ok(other.kind === "refuse");
  assert.match(other.words, /NAME_SECRET is another one/);
});

test("D13: where the runtime keeps no history, to bring an account back changes nothing and says so", async () => {
  const answer = await operator.ask("restore", { address: BOB, to: Date.now() - MINUTE_MS });
  assert.deepEqual(answer, { kind: "so", value: { restored: false } });
  assert.equal((await operator.ask("overview", { address: BOB })).kind, "so");
});

test("D13: a deleted account: browsers are told, the alarm is gone, nothing is left, and it may come again", async () => {
  const alice = await browserOf(stack, ALICE);
  assert.notEqual(await stack.objectAlarm(ALICE), undefined);
  assert.deepEqual(await operator.ask("delete", { address: ALICE }), { kind: "so", value: { deleted: true } });
  await alice.until(() => alice.frames.some((frame) => frame.type === "bye" && frame.reason === "signed-out"));
  const tables = "select name from sqlite_master where name not like '\\_cf\\_%' escape '\\'";
  assert.equal(await stack.objectAlarm(ALICE), undefined);
  assert.deepEqual((await operator.ask("delete", { address: ALICE })).kind, "refuse");
  assert.deepEqual(await stack.objectRows(ALICE, tables), []);
  assert.equal((await stack.xmpp.sessions(ALICE)).length, 0, "the stream was ended in order");
  for (let again = 0; again < 2; again += 1) {
    const called = await alice.call("reconnect", {});
    assert.ok(!called.ok && called.error.kind === "not-signed-in", JSON.stringify(called));
  }
  await assert.rejects(alice.attach());
  assert.deepEqual(await stack.objectRows(ALICE, tables), [], "a browser that comes by leaves nothing either");
  await browserOf(stack, ALICE);
  const counted = await operator.ask("counters", {});
  assert.ok(counted.kind === "so" && counted.value.accounts === 2);
});
