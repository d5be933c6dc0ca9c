import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals-core";
import type { BareJid, PictureId } from "../../../worker/contract/names.ts";
import type { App } from "../../model/app.ts";
import { Pictures } from "./pictures.ts";

const ALICE = "alice@example.org" as BareJid;
const BOB = "bob@example.org" as BareJid;
const EVE = "eve@example.org" as BareJid;
const ID = "a".repeat(40) as PictureId;

test("whoever names a picture and does not hand it out keeps nobody else's away", async () => {
  const asked: string[] = [];
  const engine = {
    ask: async ({ about }: { readonly about: { readonly jid: BareJid } }) => {
      asked.push(about.jid);
      return { ok: false, error: { kind: "not-found" } };
    },
  };
  const pictures = new Pictures({ live: signal(true), engine } as unknown as App, ALICE);
  for (const jid of [EVE, EVE, BOB, EVE, BOB]) {
    pictures.of({ jid, id: ID });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.deepEqual(asked, [EVE, BOB], "each of them once");
  pictures.end();
});
