import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { type BookmarkStep, bookmarkStep } from "./bookmark-step.ts";

const jid = "room@chat.example" as BareJid;
const on = { jid, autojoin: true, nick: "me" } as const;
const off = { jid, autojoin: false } as const;
const here = { wanted: true, nick: "me" } as const;
const out = { wanted: false, nick: "me" } as const;

type Case = readonly [string, ...Parameters<typeof bookmarkStep>, BookmarkStep];
const cases: readonly Case[] = [
  ["another client has entered", undefined, on, undefined, "enter"],
  ["another client has entered again", off, on, out, "enter"],
  ["it is remembered alone", undefined, off, undefined, "nothing"],
  ["we were put out of it, and it says what it said before", on, on, out, "nothing"],
  ["everybody is in", on, on, here, "nothing"],
  ["another client has left", on, off, here, "leave"],
  ["another client has taken it off", on, undefined, here, "leave"],
  ["we have entered, and nobody knows", undefined, undefined, here, "tell"],
  ["we have entered what was remembered alone", off, off, here, "tell"],
  ["we have left, and the server did not hear it", { ...off, owes: true }, on, out, "tell"],
  ["we have entered, and the server did not hear it", { ...on, owes: true }, off, here, "tell"],
  ["we have left what is remembered nowhere", { ...off, owes: true }, undefined, out, "nothing"],
  ["another client has another name for us", on, { ...on, nick: "you" }, here, "rename"],
  ["the room has given us another name than we asked for", on, on, { ...here, nick: "me_" }, "nothing"],
  ["we are on the way in", undefined, on, { ...here, tentative: true }, "nothing"],
];
for (const [what, known, told, room, step] of cases)
  test(`${what}: ${step}`, () => {
    assert.equal(bookmarkStep(known, told, room), step);
  });
