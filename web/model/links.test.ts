import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { App } from "./app.ts";
import { startByLink } from "./links.ts";

const BOB = "bob@b.example" as BareJid;
const KEYS = `omemo-sid-7=${"5e".repeat(32)}`;

/** An app whose engine begins every conversation as bob's. */
function appWith(start: "begins" | "fails") {
  const asked: string[] = [];
  const engine = new Proxy(
    { onEvent: () => () => undefined },
    {
      get: (known: object, name: string) =>
        Reflect.get(known, name) ??
        (async (args: object) => {
          asked.push(`${name} ${Object.values(args).join(" ")}`);
          if (name === "contact") return { ok: true, value: { done: true } };
          // What the conversation asks for is no part of this.
          if (name !== "start") return new Promise(() => undefined);
          return start === "begins"
            ? { ok: true, value: { chat: BOB } }
            : { ok: false, error: { kind: "address-invalid" } };
        }),
    },
  );
  const app = new App(engine as ConstructorParameters<typeof App>[0], () => 0);
  return { app, asked: () => asked.filter((line) => /^(?:start|contact) /.test(line)) };
}

test("a code that was scanned adds its owner and has their devices compared at once", async () => {
  const { app, asked } = appWith("begins");
  const link = `xmpp:${BOB}?${KEYS}`;
  assert.equal(await startByLink(app, link, "scanned"), undefined);
  assert.deepEqual(asked(), [`start ${link}`, `contact ${BOB} add`]);
  assert.deepEqual(app.dialog.value, { kind: "verify-link", jid: BOB, link, compare: true });
});

test("a link that was pasted may be anybody's: it is compared only when the person says so", async () => {
  const { app, asked } = appWith("begins");
  const link = `https://conversations.im/i/${BOB}?${KEYS}`;
  await startByLink(app, link, "typed");
  assert.equal(asked()[0], `start xmpp:${BOB}?${KEYS}`);
  assert.deepEqual(app.dialog.value, { kind: "verify-link", jid: BOB, link, compare: false });
});

test("an address alone begins a conversation and nothing else, and one that is none is said to be", async () => {
  const { app, asked } = appWith("begins");
  await startByLink(app, BOB, "typed");
  assert.deepEqual([asked(), app.dialog.value], [[`start ${BOB}`], undefined]);
  const other = appWith("fails");
  assert.equal((await startByLink(other.app, `x?${KEYS}`, "scanned"))?.kind, "address-invalid");
  assert.equal(other.app.dialog.value, undefined);
});
