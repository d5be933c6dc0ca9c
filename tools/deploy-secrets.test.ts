import assert from "node:assert/strict";
import { test } from "node:test";
import { type Deployed, decideSecrets, type SecretsWish } from "./deploy-secrets.ts";

const BACKUP = "a-secret-of-more-than-32-characters-from-a-backup";
const none: Deployed = { kind: "none" };
const both: Deployed = { kind: "secrets", names: ["NAME_SECRET", "COOKIE_SECRET"] };
const noCookie: Deployed = { kind: "secrets", names: ["NAME_SECRET"] };
const noName: Deployed = { kind: "secrets", names: ["COOKIE_SECRET", "OTHER"] };
const unknown: Deployed = { kind: "unknown", words: "offline" };
const plain: SecretsWish = { replace: false };
const restore: SecretsWish = { replace: false, restored: BACKUP };

const decisions: readonly {
  readonly name: string;
  readonly deployed: Deployed;
  readonly wish: SecretsWish;
  readonly made: readonly string[] | "refused";
}[] = [
  { name: "the first deployment makes both", deployed: none, wish: plain, made: ["NAME_SECRET", "COOKIE_SECRET"] },
  { name: "a later deployment makes none", deployed: both, wish: plain, made: [] },
  { name: "a missing cookie secret is added", deployed: noCookie, wish: plain, made: ["COOKIE_SECRET"] },
  { name: "a Worker without NAME_SECRET gets no new one", deployed: noName, wish: plain, made: "refused" },
  { name: "nothing is deployed over the unknown", deployed: unknown, wish: plain, made: "refused" },
  { name: "a backup is put back where it is missing", deployed: noName, wish: restore, made: [] },
  { name: "a backup starts a new deployment", deployed: none, wish: restore, made: ["COOKIE_SECRET"] },
  { name: "a backup is not put over a living secret", deployed: both, wish: restore, made: "refused" },
  {
    name: "a truncated backup is refused",
    deployed: noName,
    wish: { replace: false, restored: "short" },
    made: "refused",
  },
  ...[none, both, noCookie, noName, unknown].map((deployed) => ({
    name: `NAME_SECRET is not replaced on demand (${JSON.stringify(deployed)})`,
    deployed,
    wish: { replace: true },
    made: "refused" as const,
  })),
];

for (const { name, deployed, wish, made } of decisions) {
  test(name, () => {
    const decision = decideSecrets(deployed, wish);
    assert.deepEqual(decision.kind === "refuse" ? "refused" : decision.make, made);
    if (decision.kind === "deploy") assert.equal(decision.restore, wish.restored !== undefined);
  });
}
