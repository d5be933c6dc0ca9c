import assert from "node:assert/strict";
import { test } from "node:test";
import { accountObject, askAccount, gatekeeper } from "./object.ts";

/** A namespace that says which object was asked for. */
function namespace(jurisdiction = "anywhere") {
  return {
    jurisdiction: (name: string) => namespace(name),
    idFromName: (name: string) => `${jurisdiction}/${name}`,
    get: (id: string, { locationHint }: { locationHint?: string } = {}) => ({ id, locationHint }),
  };
}

function asked(settings: Partial<Record<"JURISDICTION" | "LOCATION", string>>): readonly unknown[] {
  const env = { ACCOUNT: namespace(), GATEKEEPER: namespace(), ...settings } as unknown as Env;
  return [accountObject(env, "x"), gatekeeper(env)];
}

test("D8: without a jurisdiction objects are those that they always were", () => {
  const as = [
    { id: "anywhere/x", locationHint: undefined },
    { id: "anywhere/gatekeeper", locationHint: undefined },
  ];
  for (const settings of [{}, { JURISDICTION: "" }, { JURISDICTION: "none", LOCATION: "auto" }])
    assert.deepEqual(asked(settings), as);
});

test("D8: with a jurisdiction every object is within it, that which counts sign-ins too", () => {
  const as = [
    { id: "eu/x", locationHint: undefined },
    { id: "eu/gatekeeper", locationHint: undefined },
  ];
  assert.deepEqual(asked({ JURISDICTION: "eu" }), as);
  assert.deepEqual(asked({ JURISDICTION: "eu", LOCATION: "enam" }), as);
});

test("D8: a place is a wish, and the object the same", () => {
  assert.deepEqual(asked({ LOCATION: "weur" }), [
    { id: "anywhere/x", locationHint: "weur" },
    { id: "anywhere/gatekeeper", locationHint: "weur" },
  ]);
});

/** An object that ends at each question with this error, until it is told that its storage is full. */
function ending(message: string, reset: boolean) {
  const did: string[] = [];
  const object = {
    storageFull: async () => void did.push("told"),
    renew: async () => {
      did.push("asked");
      if (!did.includes("told")) throw Object.assign(new Error(message), { durableObjectReset: reset });
      return "answered";
    },
  };
  const env = { ACCOUNT: { idFromName: () => "x", get: () => object } } as unknown as Env;
  return { did, ask: () => askAccount(env, "x", (account) => account.renew({} as never)) };
}

test("S8: an object that has ended because its storage is full is told so before it is asked again", async () => {
  const { did, ask } = ending("database or disk is full: SQLITE_FULL", true);
  assert.equal(await ask(), "answered");
  assert.deepEqual(did, ["asked", "told", "asked"]);
});

test("S8: one that ended for another reason is only asked again, one that lives is not", async () => {
  const other = ending("Durable Object reset because its code was updated.", true);
  await assert.rejects(other.ask());
  assert.deepEqual(other.did, ["asked", "asked"]);
  const alive = ending("SQLITE_FULL: nothing is written before there is room", false);
  await assert.rejects(alive.ask());
  assert.deepEqual(alive.did, ["asked"]);
});
