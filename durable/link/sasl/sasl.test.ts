import assert from "node:assert/strict";
import { test } from "node:test";
import { xml, type Element } from "@xmpp/xml";
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import { NS_SASL } from "../../xep/namespaces.ts";
import { chooseMechanism } from "./exchange.ts";
import { authenticate, type SaslStream } from "./sasl.ts";
import { clientFinal, readServerFirst } from "./scram.ts";
import { personWith, proofOf } from "../../testing/person.ts";

const ME = "me@a.org" as BareJid;
const PASSWORD = personWith("pencil");
const AGREED = personWith("pencil", { plain: true });
const SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";

const nonza = (name: string, text = "", ...children: Element[]): Element =>
  xml(name, { xmlns: NS_SASL }, text === "" ? "" : toBase64(new TextEncoder().encode(text)), ...children);
const decode = (element: Element): string => new TextDecoder().decode(fromBase64(element.getText()));

type Step = (sent: Element) => Element | Promise<Element>;

/** A server that answers one element after the other by this script, and keeps what it was told. */
function scripted(steps: readonly Step[], secure = true): SaslStream & { readonly told: Element[] } {
  const told: Element[] = [];
  const answers: (Element | Promise<Element>)[] = [];
  const left = [...steps];
  return {
    told,
    secure,
    send: (element) => {
      told.push(element);
      const step = left.shift();
      if (step) answers.push(step(element));
    },
    next: async (): Promise<Result<Element>> => {
      const element = await answers.shift();
      return element ? { ok: true, value: element } : { ok: false, error: { kind: "timed-out" } };
    },
  };
}

/** A server that knows the password `pencil`; in what it says at the end, SIGNATURE becomes its true signature. */
function honest(end: Step, ...rest: readonly Step[]): readonly Step[] {
  let first = "";
  let serverFirst = "";
  let clientNonce = "";
  const sign = async (): Promise<string> => {
    const server = readServerFirst(serverFirst, clientNonce);
    assert.ok(server.ok);
    const { salt, iterations } = server.value;
    const challenge = { mechanism: "SCRAM-SHA-256", salt, iterations } as const;
    const made = { kind: "scram", ...challenge, ...proofOf("pencil", challenge) } as const;
    return toBase64((await clientFinal(made, first, server.value)).signature);
  };
  return [
    (auth) => {
      first = decode(auth).slice("n,,".length);
      clientNonce = first.slice(first.indexOf("r=") + 2);
      serverFirst = `r=${clientNonce}server,s=${SALT},i=4096`;
      return nonza("challenge", serverFirst);
    },
    async (response) => {
      const answer = await end(response);
      return answer.getText() === ""
        ? answer
        : nonza(answer.getName(), decode(answer).replace("SIGNATURE", await sign()));
    },
    ...rest,
  ];
}

const offering = (...names: string[]): Element =>
  xml("features", {}, xml("mechanisms", { xmlns: NS_SASL }, ...names.map((name) => xml("mechanism", {}, name))));
const BOTH = offering("PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256");

const kindOf = (result: Result<unknown>): string => (result.ok ? "none" : result.error.kind);

test("an honest server is believed, whether the signature comes with success or as a challenge before it", async () => {
  const ways: readonly (readonly [Step, ...Step[]])[] = [
    [() => nonza("success", "v=SIGNATURE")],
    [() => nonza("challenge", "v=SIGNATURE"), () => nonza("success")],
  ];
  for (const finish of ways) {
    const result = await authenticate(scripted(honest(...finish)), BOTH, ME, PASSWORD);
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(result.value.mechanism, "SCRAM-SHA-256");
    const { keys } = result.value;
    assert.equal(keys?.kind === "scram" && keys.salt, SALT);
  }
});

test("success without the server's signature is a failure (CVE-2025-59432 class)", async () => {
  for (const end of [nonza("success"), nonza("success", "v=AAAA"), nonza("success", "x=SIGNATURE")]) {
    const stream = scripted(honest(() => end));
    assert.equal(kindOf(await authenticate(stream, BOTH, ME, PASSWORD)), "server-not-proven");
  }
});

test("success in answer to the first message is a failure", async () => {
  const stream = scripted([() => nonza("success", "v=AAAA")]);
  assert.equal(kindOf(await authenticate(stream, BOTH, ME, PASSWORD)), "server-error");
});

test("a server with a weak or absurd work factor is left before the proof is sent", async () => {
  for (const iterations of [1, 4_095, 1_000_001]) {
    const weak: Step = (auth) =>
      nonza("challenge", `${decode(auth).slice(decode(auth).indexOf("r="))}x,s=${SALT},i=${iterations}`);
    const stream = scripted([weak]);
    assert.equal(kindOf(await authenticate(stream, BOTH, ME, PASSWORD)), "server-not-proven");
    assert.deepEqual(
      stream.told.map((element) => element.getName()),
      ["auth", "abort"],
    );
  }
});

test("A1: kept keys whose salt is gone ask for the password again, call it not wrong, and send no proof", async () => {
  const kept = await authenticate(scripted(honest(() => nonza("success", "v=SIGNATURE"))), BOTH, ME, PASSWORD);
  assert.ok(kept.ok && kept.value.keys?.kind === "scram");
  const stale = { ...kept.value.keys, salt: "AAAA" };
  const stream = scripted(honest(() => nonza("success")));
  assert.equal(kindOf(await authenticate(stream, BOTH, ME, stale)), "keys-unfit");
  assert.deepEqual(
    stream.told.map((element) => element.getName()),
    ["auth", "abort"],
  );
  assert.equal(kindOf(await authenticate(scripted([]), offering("SCRAM-SHA-1"), ME, stale)), "keys-unfit");
});

test("SCRAM is chosen before PLAIN, the stronger hash first", () => {
  const choose = (...offered: string[]) => chooseMechanism(offered, AGREED, true);
  assert.deepEqual(choose("SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN"), { ok: true, value: "SCRAM-SHA-512" });
  assert.deepEqual(choose("PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"), { ok: true, value: "SCRAM-SHA-256" });
  assert.deepEqual(choose("PLAIN", "SCRAM-SHA-1"), { ok: true, value: "SCRAM-SHA-1" });
  assert.deepEqual(choose("PLAIN"), { ok: true, value: "PLAIN" });
});

test("N2: a server with SCRAM-SHA-512 alone is no server with PLAIN alone", () => {
  assert.deepEqual(chooseMechanism(["PLAIN", "SCRAM-SHA-512"], PASSWORD, true), { ok: true, value: "SCRAM-SHA-512" });
});

test("a browser that gives no keys, or keys of another length, ends the exchange before a proof is sent", async () => {
  const asked: unknown[] = [];
  for (const [given, kind] of [
    [{ ok: false, error: { kind: "sign-in-lapsed" } }, "sign-in-lapsed"],
    [{ ok: true, value: { clientKey: "AAAA", serverKey: "AAAA" } }, "malformed"],
  ] as const) {
    const person = personWith("pencil", {
      keysFor: async (challenge) => {
        asked.push(challenge);
        return given;
      },
    });
    const stream = scripted(honest(() => nonza("success", "v=SIGNATURE")));
    assert.equal(kindOf(await authenticate(stream, BOTH, ME, person)), kind);
    assert.deepEqual(
      stream.told.map((element) => element.getName()),
      ["auth", "abort"],
    );
  }
  assert.deepEqual(asked[0], { mechanism: "SCRAM-SHA-256", salt: SALT, iterations: 4_096 });
});

test("PLAIN needs verified TLS and the person's word", () => {
  assert.equal(kindOf(chooseMechanism(["PLAIN"], PASSWORD, true)), "only-plain");
  assert.equal(kindOf(chooseMechanism(["PLAIN"], AGREED, false)), "no-mechanism");
  assert.equal(kindOf(chooseMechanism(["ANONYMOUS", "DIGEST-MD5", "SCRAM-SHA-1-PLUS"], AGREED, true)), "no-mechanism");
  assert.equal(kindOf(chooseMechanism([], AGREED, true)), "no-mechanism");
});

test("what the server says about the account has its own kind", async () => {
  for (const [condition, kind] of [
    ["not-authorized", "wrong-password"],
    ["account-disabled", "account-disabled"],
    ["temporary-auth-failure", "server-error"],
    ["encryption-required", "no-encryption"],
    ["invalid-mechanism", "no-mechanism"],
  ] as const) {
    const refuse = (): Element => nonza("failure", "", xml("text", {}, "no"), xml(condition));
    assert.equal(kindOf(await authenticate(scripted([refuse]), BOTH, ME, PASSWORD)), kind);
  }
});
