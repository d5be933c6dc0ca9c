import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals-core";
import type { MessageItem } from "../engine/protocol/conversations.ts";
import type { App } from "./app.ts";
import { offersReactions, react } from "./reacting.ts";

const OURS = [{ own: true, emojis: ["👍"] }];

/** `sends`: what the engine is asked for; `asks`: what a dialog is opened for. */
const ROWS = [
  { situation: "the first to an encrypted message is asked about", reactions: "unsaid", asks: ["👍"], offered: true },
  { situation: "once somebody knows, it is sent", reactions: "on", sends: ["👍"], offered: true },
  {
    situation: "without encryption there is nothing to ask",
    reactions: "unsaid",
    encrypted: false,
    sends: ["👍"],
    offered: true,
  },
  { situation: "whoever does without is offered none", reactions: "off", asks: ["👍"], offered: false },
  { situation: "but where nothing is encrypted", reactions: "off", encrypted: false, sends: ["👍"], offered: true },
  { situation: "one that was given is taken back unasked", reactions: "off", before: OURS, sends: [], offered: false },
] as const;

for (const { situation, ...row } of ROWS) {
  test(`reactions: ${situation}`, () => {
    const sent: unknown[] = [];
    const app = {
      settings: signal({ reactions: row.reactions }),
      dialog: signal<{ readonly emojis: readonly string[] } | undefined>(undefined),
      engine: { react: async ({ emojis }: { readonly emojis: unknown }) => sent.push(emojis) },
      orSay: async () => undefined,
    };
    const { encrypted = true, before = [] } = { encrypted: undefined, before: undefined, ...row };
    const item = { key: "a", encrypted, reactions: before } as unknown as MessageItem;
    react(app as unknown as App, item, "👍");
    assert.deepEqual(sent, "sends" in row ? [row.sends] : []);
    assert.deepEqual(app.dialog.value?.emojis, "asks" in row ? row.asks : undefined);
    assert.equal(offersReactions(app as unknown as App, item), row.offered);
  });
}
