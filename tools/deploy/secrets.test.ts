import assert from "node:assert/strict";
import { test } from "node:test";
import { type DeployedSecrets, decideSecrets, printOf, type SecretsWish } from "./secrets.ts";

const COPY = "a-secret-of-more-than-32-characters-from-a-copy";
const OTHER = "another-secret-of-more-than-32-characters-of-old";
const both: DeployedSecrets = { names: ["NAME_SECRET", "COOKIE_SECRET"], print: printOf(COPY) };
const unmarked: DeployedSecrets = { names: ["NAME_SECRET", "COOKIE_SECRET"], print: undefined };
const noCookie: DeployedSecrets = { names: ["NAME_SECRET"], print: undefined };
const noName: DeployedSecrets = { names: ["COOKIE_SECRET", "OTHER"], print: undefined };
const asked: SecretsWish = { replace: false, canKeep: true };
const alone: SecretsWish = { replace: false, canKeep: false };

const decisions: readonly {
  readonly name: string;
  readonly deployed: DeployedSecrets | undefined;
  readonly wish: SecretsWish;
  readonly made: readonly string[] | "refused";
  readonly goes?: string;
}[] = [
  { name: "the first makes both", deployed: undefined, wish: asked, made: ["NAME_SECRET", "COOKIE_SECRET"] },
  { name: "the first without a place for a copy makes none", deployed: undefined, wish: alone, made: "refused" },
  {
    name: "the first takes what a runner gives",
    deployed: undefined,
    wish: { ...alone, given: COPY },
    made: ["COOKIE_SECRET"],
    goes: COPY,
  },
  {
    name: "a second try takes what the first one made",
    deployed: undefined,
    wish: { ...asked, pending: COPY },
    made: ["COOKIE_SECRET"],
    goes: COPY,
  },
  { name: "a later one makes none", deployed: both, wish: alone, made: [] },
  {
    name: "a later one with the runner's copy uploads none",
    deployed: both,
    wish: { ...alone, given: COPY },
    made: [],
  },
  { name: "a copy of something else stops it", deployed: both, wish: { ...alone, given: OTHER }, made: "refused" },
  { name: "what cannot be compared is left", deployed: unmarked, wish: { ...alone, given: OTHER }, made: [] },
  { name: "a missing cookie secret is added", deployed: noCookie, wish: asked, made: ["COOKIE_SECRET"] },
  { name: "a Worker without NAME_SECRET gets no new one", deployed: noName, wish: asked, made: "refused" },
  { name: "a copy is put back", deployed: noName, wish: { ...asked, given: COPY }, made: [], goes: COPY },
  { name: "a truncated copy is refused", deployed: noName, wish: { ...asked, given: "short" }, made: "refused" },
  ...[undefined, both, noCookie, noName].map((deployed) => ({
    name: `NAME_SECRET is not replaced on demand (${JSON.stringify(deployed?.names)})`,
    deployed,
    wish: { ...asked, replace: true },
    made: "refused" as const,
  })),
];

for (const { name, deployed, wish, made, goes } of decisions) {
  test(`D3: ${name}`, () => {
    const decision = decideSecrets(deployed, wish);
    assert.deepEqual(decision.kind === "refuse" ? "refused" : decision.make, made);
    if (decision.kind === "deploy") assert.equal(decision.name, goes);
  });
}
