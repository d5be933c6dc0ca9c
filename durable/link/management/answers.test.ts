import assert from "node:assert/strict";
import { test } from "node:test";
import { xml } from "@xmpp/xml";
import { buildResume, readAcknowledged, readEnabled } from "./answers.ts";
import { NS_MANAGEMENT } from "../../xep/namespaces.ts";

const enabled = (attrs: Record<string, string>) => readEnabled(xml("enabled", { xmlns: NS_MANAGEMENT, ...attrs }));

test("an enabled stream tells how it can be resumed, for how long and where", () => {
  assert.deepEqual(enabled({ id: "s1", resume: "true", max: "600", location: "a.org:5222" }), {
    id: "s1",
    resumableMs: 600_000,
    location: "a.org:5222",
  });
  assert.deepEqual(enabled({ id: "s1", resume: "1" }), { id: "s1", resumableMs: 300_000, location: undefined });
});

test("without an id or the word for it there is nothing to resume", () => {
  assert.equal(enabled({ id: "s1" }), undefined);
  assert.equal(enabled({ resume: "true" }), undefined);
  assert.equal(enabled({ id: "s1", resume: "false" }), undefined);
  assert.equal(enabled({ id: "", resume: "true" }), undefined);
});

test("an absurd time is no time, an endless one is a day", () => {
  assert.equal(enabled({ id: "s", resume: "1", max: "-5" })?.resumableMs, 300_000);
  assert.equal(enabled({ id: "s", resume: "1", max: "x" })?.resumableMs, 300_000);
  assert.equal(enabled({ id: "s", resume: "1", max: "99999999" })?.resumableMs, 24 * 60 * 60_000);
});

test("counts are 32 bits wide and nothing else", () => {
  const read = (h?: string) =>
    readAcknowledged(xml("resumed", { xmlns: NS_MANAGEMENT, ...(h !== undefined && { h }) }));
  assert.equal(read("0"), 0);
  assert.equal(read("4294967295"), 4_294_967_295);
  for (const wrong of ["4294967296", "-1", "1.5", "", "1e3", undefined]) assert.equal(read(wrong), undefined);
});

test("a stream is asked for by its name and by what of it is stored", () => {
  const text = buildResume({ id: "s1", inbound: 7, jid: "me@a.org/x" }).toString();
  assert.equal(text, `<resume xmlns="${NS_MANAGEMENT}" h="7" previd="s1"/>`);
});
