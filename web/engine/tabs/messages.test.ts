import assert from "node:assert/strict";
import { test } from "node:test";
import type { Engine } from "../protocol/engine.ts";
import { perform, type Request } from "./messages.ts";

const engine = { older: async () => ({ ok: true, value: { complete: true } }) } as unknown as Engine;
const asked = (name: string) => perform(engine, { id: "1", name, args: { chat: "bob@b.example" } } as Request);

test("a page of a later release that asks for what this engine does not have is told so, as a value", async () => {
  assert.deepEqual(await asked("older"), { ok: true, value: { complete: true } });
  assert.deepEqual(await asked("callOfTheNextRelease"), { ok: false, error: { kind: "other-release" } });
});
