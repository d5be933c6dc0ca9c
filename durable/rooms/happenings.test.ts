import assert from "node:assert/strict";
import { test } from "node:test";
import type { RoomEvent } from "../ingest/stanza-event.ts";
import type { Room } from "../store/room.ts";
import { ROOM } from "../testing/room.ts";
import { happeningOf, renamed } from "./happenings.ts";

const IN: Room = { jid: ROOM, nick: "me", state: "joined", wanted: true, subject: "Broth", subjectTold: true };
const BOB = { nick: "bob", jid: "bob@b.example", affiliation: "member", role: "participant" } as never;
const here = (more: object, told: object = {}) =>
  ({
    kind: "room-here",
    room: ROOM,
    occupant: { ...(BOB as object), ...more },
    self: false,
    created: false,
    ...told,
  }) as RoomEvent;
const gone = (why: string | undefined, told: object = {}) =>
  ({ kind: "room-gone", room: ROOM, nick: "bob", self: false, ...(why && { why }), ...told }) as RoomEvent;
const subject = (text: string, more: object = {}): RoomEvent => ({
  kind: "room-subject",
  room: ROOM,
  subject: text,
  ...more,
});

test("somebody who becomes another than they were is one line, with who did it and why", () => {
  assert.deepEqual(happeningOf(here({ affiliation: "admin", role: "moderator" }, { by: "anna" }), IN, BOB), {
    ...{ change: "became", affiliation: "admin", nick: "bob", by: "anna" },
  });
  assert.deepEqual(happeningOf(here({ role: "visitor" }, { reason: "noise" }), IN, BOB), {
    ...{ change: "role", role: "visitor", nick: "bob", reason: "noise" },
  });
});

test("what we are told on the way in, and what was so before, is no news", () => {
  assert.equal(happeningOf(here({ affiliation: "admin" }), { ...IN, state: "joining" }, BOB), undefined);
  assert.equal(happeningOf(here({ affiliation: "admin" }), IN, undefined), undefined, "somebody comes in");
  assert.equal(happeningOf(here({ picture: "0".repeat(40) }), IN, BOB), undefined);
});

test("whoever is put out is named, whoever goes is not", () => {
  assert.deepEqual(happeningOf(gone("banned", { by: "anna", reason: "spam" }), IN, BOB), {
    ...{ change: "became", affiliation: "outcast", nick: "bob", by: "anna", reason: "spam" },
  });
  assert.deepEqual(happeningOf(gone("kicked"), IN, BOB), { change: "kicked", nick: "bob" });
  assert.deepEqual(happeningOf(gone("affiliation changed"), IN, BOB), {
    ...{ change: "became", affiliation: "none", nick: "bob" },
  });
  for (const why of [undefined, "destroyed", "connection problem", "shutdown"])
    assert.equal(happeningOf(gone(why), IN, BOB), undefined, why);
});

test("a topic is a line when it is new, not when it is told again or on the way in", () => {
  assert.deepEqual(happeningOf(subject("Newts", { by: "bob" }), IN, undefined), {
    ...{ change: "subject", text: "Newts", by: "bob" },
  });
  assert.deepEqual(happeningOf(subject(""), IN, undefined), { change: "subject", text: "" });
  assert.equal(happeningOf(subject("Broth"), IN, undefined), undefined);
  assert.equal(happeningOf(subject("Newts", { at: 1 }), IN, undefined), undefined);
  const { subjectTold: _, ...fresh } = IN;
  assert.equal(happeningOf(subject("Newts"), fresh, undefined), undefined);
});

test("what we did, and what was done to us, is told as ours: by the name that is ours at that moment", () => {
  const { byUs, ofUs } = happeningOf(here({ affiliation: "admin", role: "moderator" }, { by: "me" }), IN, BOB) ?? {};
  assert.deepEqual([byUs, ofUs], [true, undefined]);
  const own = here({ nick: "me", affiliation: "admin" }, { by: "anna", self: true });
  assert.deepEqual(happeningOf(own, IN, { ...(BOB as object), nick: "me" } as never), {
    ...{ change: "became", affiliation: "admin", nick: "me", by: "anna", ofUs: true },
  });
  assert.equal(happeningOf(subject("Newts", { by: "me" }), IN, undefined)?.byUs, true);
  const later: Room = { ...IN, nick: "me too" };
  assert.equal(
    happeningOf(subject("Newts", { by: "me" }), later, undefined)?.byUs,
    undefined,
    "the name of another now",
  );
});

test("a room that is called otherwise says so; a first name is no news", () => {
  assert.deepEqual(renamed("Coven", "Heath"), { change: "name", text: "Heath" });
  for (const [before, now] of [
    [undefined, "Coven"],
    ["Coven", undefined],
    ["Coven", "Coven"],
  ] as const)
    assert.equal(renamed(before, now), undefined);
});
