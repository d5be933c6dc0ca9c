import assert from "node:assert/strict";
import { test } from "node:test";
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid, BrowserId } from "../../../worker/contract/names.ts";
import type { SignedIn, SignInArguments, SignInProof, SignInReply } from "../../../worker/contract/sign-in.ts";
import { provePassword } from "./proving.ts";

const REQUEST = { address: "alice@example.org", name: "Firefox on Linux", kind: "computer" } as const;
const SECRET = { password: "correct horse battery staple", plain: false };
const SIGNED_IN: SignedIn = { account: "alice@example.org" as BareJid, browser: "b" as BrowserId, epoch: "e" };
const ASKS: SignInReply = {
  step: "prove",
  attempt: "one",
  mechanism: "SCRAM-SHA-256",
  salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
  iterations: 4_096,
};

/** Answers in this order, and keeps what was said to it. */
function scripted(firsts: readonly Result<SignInReply>[], seconds: readonly Result<SignedIn>[] = []) {
  const said: (SignInArguments | SignInProof)[] = [];
  const [left, rest] = [[...firsts], [...seconds]];
  const next = <T>(answers: Result<T>[]) => answers.shift() ?? assert.fail("asked once too often");
  return {
    said,
    remote: {
      signIn: async (args: SignInArguments) => {
        said.push(args);
        return next(left);
      },
      finishSignIn: async (args: SignInProof) => {
        said.push(args);
        return next(rest);
      },
    },
  };
}

const failing = (kind: "malformed" | "sign-in-lapsed" | "only-plain" | "wrong-password") =>
  ({ ok: false, error: { kind } }) as const;

test("A12: the password is in nothing that leaves the browser", async () => {
  const { said, remote } = scripted([{ ok: true, value: ASKS }], [{ ok: true, value: SIGNED_IN }]);
  assert.deepEqual(await provePassword(remote, REQUEST, SECRET), { ok: true, value: SIGNED_IN });
  assert.deepEqual(said[0], REQUEST);
  assert.deepEqual(Object.keys(said[1] ?? {}).sort(), ["attempt", "clientKey", "serverKey"]);
  for (const form of [SECRET.password, Buffer.from(SECRET.password).toString("base64")])
    assert.doesNotMatch(JSON.stringify(said), new RegExp(form));
});

test("the password itself goes only where the person agreed, and is then the whole sign-in", async () => {
  const refused = scripted([failing("only-plain")]);
  assert.deepEqual(await provePassword(refused.remote, REQUEST, SECRET), failing("only-plain"));
  const agreed = scripted([{ ok: true, value: { step: "done", ...SIGNED_IN } }]);
  const answer = await provePassword(agreed.remote, REQUEST, { ...SECRET, plain: true });
  assert.equal(answer.ok && answer.value.browser, "b");
  assert.deepEqual(agreed.said, [{ ...REQUEST, password: SECRET.password }]);
});

test("A12: an object that was reset between the two steps is asked again once, then the person is told", async () => {
  const [asks, lapsed] = [{ ok: true, value: ASKS } as const, failing("sign-in-lapsed")];
  const once = scripted([asks, asks], [lapsed, { ok: true, value: SIGNED_IN }]);
  assert.ok((await provePassword(once.remote, REQUEST, SECRET)).ok);
  assert.equal(once.said.length, 4);
  const twice = scripted([asks, asks], [lapsed, lapsed]);
  assert.deepEqual(await provePassword(twice.remote, REQUEST, SECRET), lapsed);
});

test("a wrong password is not tried again", async () => {
  const { said, remote } = scripted([{ ok: true, value: ASKS }], [failing("wrong-password")]);
  assert.deepEqual(await provePassword(remote, REQUEST, SECRET), failing("wrong-password"));
  assert.equal(said.length, 2);
});

test("A12: an older Worker, which wants the password itself, is told apart from a wrong answer", async () => {
  const { said, remote } = scripted([failing("malformed")]);
  const answer = await provePassword(remote, REQUEST, SECRET);
  assert.deepEqual(answer, { ok: false, error: { kind: "other-release" } });
  assert.doesNotMatch(JSON.stringify(said), /correct horse/);
});

test("T55: an object that asks for too few rounds gets no keys", async () => {
  const { said, remote } = scripted([{ ok: true, value: { ...ASKS, iterations: 100 } }]);
  const answer = await provePassword(remote, REQUEST, SECRET);
  assert.equal(!answer.ok && answer.error.kind, "server-not-proven");
  assert.equal(said.length, 1);
});
