import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../worker/contract/names.ts";
import { formatTime, ownServerStamp, parseTime, plausibleTime } from "./delay.ts";
import { stanza } from "../testing/stanza.ts";

const NOW = Date.UTC(2026, 5, 30, 12);
const ACCOUNT = "me@a.example" as BareJid;

test("a moment is read in every zone and written in UTC", () => {
  const moment = Date.UTC(2002, 8, 10, 23, 8, 25);
  assert.equal(parseTime("2002-09-10T23:08:25Z"), moment);
  assert.equal(parseTime("2002-09-11T01:08:25+02:00"), moment);
  assert.equal(parseTime("2002-09-10T18:38:25-04:30"), moment);
  assert.equal(parseTime("2002-09-10T23:08:25.123456Z"), moment + 123);
  assert.equal(formatTime(moment), "2002-09-10T23:08:25.000Z");
});

test("T57: a leap second is the last second of its minute", () => {
  assert.equal(parseTime("2016-12-31T23:59:60Z"), Date.UTC(2016, 11, 31, 23, 59, 59));
});

test("T57: impossible moments are now, future ones too", () => {
  const claims = [
    "9999-12-31T23:59:59Z",
    "2026-06-30T12:00:01Z",
    "-1",
    "NaN",
    "",
    "0001-01-01T00:00:00Z",
    "1970-01-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:61Z",
    "2026-01-01",
    "2026-01-01T00:00:00",
    "20260101T00:00:00",
    undefined,
  ];
  for (const claim of claims) assert.equal(plausibleTime(claim, NOW), NOW, claim);
});

test("T57: only our own server's stamp counts on a live message", () => {
  const forged = "<delay xmlns='urn:xmpp:delay' from='eve@x.example' stamp='2020-01-01T00:00:00Z'/>";
  const nobody = "<delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/>";
  const ours = "<delay xmlns='urn:xmpp:delay' from='a.example' stamp='2026-06-30T10:00:00Z'/>";
  assert.equal(ownServerStamp(stanza(`<message>${forged}${nobody}</message>`), ACCOUNT), undefined);
  const inOurName = ours.replace("2026", "2020");
  assert.equal(ownServerStamp(stanza(`<message>${inOurName}${ours}</message>`), ACCOUNT), "2026-06-30T10:00:00Z");
  assert.equal(ownServerStamp(stanza(`<message>${forged}${ours}</message>`), ACCOUNT), "2026-06-30T10:00:00Z");
});
