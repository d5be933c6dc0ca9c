import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ChatChoices } from "../../worker/contract/choices.ts";
import type { Position } from "../../worker/contract/names.ts";
import { NOTHING_READ } from "../engine/protocol/conversations.ts";
import { isArchived, isMarkedUnread, isMuted, muteUntil, nextMuteEnd, placeOf } from "./chat-choices.ts";

const NOW = Date.parse("2026-11-27T21:10:00Z");
const at = (place: number) => place as Position;
const chosen = (choices: ChatChoices, newest?: number, readTo: number = NOTHING_READ) => ({
  choices,
  readTo: at(readTo),
  ...(newest !== undefined && { newest: at(newest) }),
});

describe("a muted conversation", () => {
  it("is so until then, or for good", () => {
    assert.equal(isMuted({}, NOW), false);
    assert.equal(isMuted(chosen({ muted: "always" }), NOW), true);
    assert.equal(isMuted(chosen({ muted: NOW + 1 }), NOW), true);
    assert.equal(isMuted(chosen({ muted: NOW }), NOW), false);
  });

  it("is told when the next silence ends", () => {
    const chats = [{}, chosen({ muted: NOW + 50 }), chosen({ muted: "always" }), chosen({ muted: NOW + 20 })];
    assert.equal(nextMuteEnd(chats, NOW), NOW + 20);
    assert.equal(nextMuteEnd(chats, NOW + 20), NOW + 50);
    assert.equal(nextMuteEnd(chats, NOW + 50), undefined);
  });

  it("can be so for an hour, for eight, until the next morning", () => {
    assert.equal(muteUntil("hour", NOW), NOW + 3_600_000);
    assert.equal(muteUntil("hours", NOW), NOW + 8 * 3_600_000);
    assert.equal(muteUntil("always", NOW), "always");
    const morning = (timeZone: string, now = NOW) =>
      new Date(muteUntil("tomorrow", now, { locale: "en", timeZone }) as number).toISOString();
    assert.equal(morning("UTC"), "2026-11-28T08:00:00.000Z");
    assert.equal(morning("Asia/Kolkata"), "2026-11-29T02:30:00.000Z");
    // The night in which clocks go forward.
    assert.equal(morning("Europe/Berlin", Date.parse("2026-03-28T12:00:00Z")), "2026-03-29T07:00:00.000Z");
  });
});

describe("an archived conversation", () => {
  it("comes back with what is newer, unless it is muted", () => {
    assert.equal(isArchived(chosen({ archived: at(7) }, 7), NOW), true);
    assert.equal(isArchived(chosen({ archived: at(7) }, 8), NOW), false);
    assert.equal(isArchived(chosen({ archived: at(7), muted: "always" }, 8), NOW), true);
    assert.equal(isArchived(chosen({ archived: at(7), muted: NOW - 1 }, 8), NOW), false);
    assert.equal(isArchived(chosen({}, 8), NOW), false);
  });

  it("stays so with nothing in it, and with an own message that has failed", () => {
    assert.equal(isArchived(chosen({ archived: at(7) }), NOW), true);
    assert.equal(placeOf({}), Number.MAX_SAFE_INTEGER);
    const failed = { newest: at(7.25) };
    assert.equal(isArchived({ ...failed, choices: { archived: at(placeOf(failed)) } }, NOW), true);
  });
});

it("a conversation is marked until somebody has read on", () => {
  assert.equal(isMarkedUnread(chosen({ unread: at(7) }, 7, 7)), true);
  assert.equal(isMarkedUnread(chosen({ unread: at(7) }, 8, 8)), false);
  assert.equal(isMarkedUnread(chosen({}, 7, 7)), false);
});
