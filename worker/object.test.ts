import assert from "node:assert/strict";
import { test } from "node:test";
import { accountObject, gatekeeper } from "./object.ts";

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
