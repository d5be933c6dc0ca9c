import assert from "node:assert/strict";
import { test } from "node:test";
import { linkify } from "./linkify.ts";

const links = (message: string) => linkify(message).flatMap((part) => (part.kind === "link" ? [part.text] : []));

test("web, mail and chat addresses become links; the text around them stays", () => {
  const message = "see https://example.org/a?b=c, or mailto:bob@example.org and xmpp:room@muc.example.org?join!";
  assert.deepEqual(links(message), [
    "https://example.org/a?b=c",
    "mailto:bob@example.org",
    "xmpp:room@muc.example.org?join",
  ]);
  assert.equal(
    linkify(message)
      .map((part) => part.text)
      .join(""),
    message,
  );
});

test("a bracket belongs to the address only when it was opened inside", () => {
  assert.deepEqual(links("(https://en.example.org/wiki/Tent_(shelter))"), [
    "https://en.example.org/wiki/Tent_(shelter)",
  ]);
  assert.deepEqual(links("[https://example.org]"), ["https://example.org"]);
});

test("scripts, files, data and media keys are never links", () => {
  for (const bad of [
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "aesgcm://example.org/a#b",
    "https://",
    "xhttps://example.org",
  ]) {
    assert.deepEqual(links(bad), [], bad);
  }
});

test("M2: a mark at the end is the address's own, unless it stands before it, too", () => {
  for (const address of [
    "https://youtu.be/dQw4w9WgXc_",
    "https://example.org/~",
    "https://example.org/a'",
    "https://example.org/*",
    "https://example.org/a_b*c~d'",
  ]) {
    assert.deepEqual(links(`see ${address}`), [address]);
    assert.deepEqual(links(`(${address}).`), [address]);
  }
  for (const mark of ["_", "*", "~", "'", "`", "*_", "```"]) {
    const around = [...mark].reverse().join("");
    assert.deepEqual(links(`${mark}https://example.org/a${around}`), ["https://example.org/a"], mark);
    assert.deepEqual(links(`${mark}https://example.org/a${around}.`), ["https://example.org/a"], mark);
  }
  assert.deepEqual(links("*see https://example.org/a_*"), ["https://example.org/a_*"]);
});

test("P8: a place is a link; what only begins like one is not", () => {
  for (const place of ["geo:52.5200,13.4050", "geo:-33.86,151.2,10;u=35", "GEO:0,0"])
    assert.deepEqual(links(`here: ${place}.`), [place]);
  for (const bad of ["geo:", "geo:javascript", "geo:1", "geo:1,2?q=x"]) assert.deepEqual(links(bad), [], bad);
});

test("P8: the key of a file is in no link and no plain part, whatever stands before it", () => {
  const key = "0f".repeat(44);
  for (const file of [`aesgcm://up.example/a.jpg#${key}`, `AESGCM://up.example/a"b.jpg#${key}).`, `aesgcm:x#${key}`]) {
    for (const message of [file, `look: ${file} nice`, `x${file}`, `(${file})`, `"${file}"`, `${file}\n${file}`]) {
      const shown = linkify(message).flatMap((part) => (part.kind === "file" ? [] : [part.text]));
      assert.doesNotMatch(shown.join(), /0f0f/, message);
    }
  }
});

const leads = (message: string) => linkify(message).flatMap((part) => (part.kind === "link" ? [part.leadsTo] : []));

test("S18: where a host does not read as what it is, what it is stands beside", () => {
  const odd = [
    ["https://\u0430\u0440\u0440\u04cf\u0435.com/", "xn--80ak6aa92e.com"],
    ["https://p\u0430ypal.com/", "xn--pypal-4ve.com"],
    ["https://www.\u0440aypal.com:8443/x", "www.xn--aypal-uye.com:8443"],
    ["https://\uff45xample.org/", "example.org"],
    ["https://ex%61mple.org/", "example.org"],
    ["http://2130706433/", "127.0.0.1"],
    ["http://0x7f.1/", "127.0.0.1"],
    ["http:///evil.example/", "evil.example"],
    ["https://example\u3002org/", "example.org"],
    ["https://exa\u00admple.org/", "example.org"],
    ["https://exa\u200bmple.org/", "example.org"],
    ["mailto:bob@p\u0430ypal.com", "xn--pypal-4ve.com"],
    ["xmpp:bob@\u0430\u0440\u0440\u04cf\u0435.com?message", "xn--80ak6aa92e.com"],
  ] as const;
  for (const [address, host] of odd) assert.deepEqual(leads(address), [host], address);
});

test("S18: a host in one alphabet stands as it is, however long, also with a port and in capitals", () => {
  for (const address of [
    "https://example.org",
    "https://Example.ORG:443/a",
    "https://m\u00fcnchen.example/",
    "https://\u043a\u043d\u0438\u0433\u0438.example/",
    "https://\u4f8b\u3048.\u30c6\u30b9\u30c8/",
    "https://xn--80ak6aa92e.com/",
    "mailto:bob@example.org?subject=a@b",
    "xmpp:room@muc.example.org/nick?join",
  ])
    assert.deepEqual(leads(address), [undefined], address);
});

test("an address that hides where it leads is not a link", () => {
  assert.deepEqual(links("https://bank.example@evil.example/"), []);
  assert.deepEqual(links("https://example.org/\u202egpj.exe"), []);
});

test("a long run of brackets loses nothing and ends the link before it", () => {
  const address = "https://a.example/";
  const message = `${address}${")".repeat(20_000)}`;
  assert.deepEqual(links(message), [address]);
  assert.equal(
    linkify(message)
      .map(({ text }) => text)
      .join(""),
    message,
  );
});

test("an endless address is words", () => {
  const words = `https://a${".".repeat(16_390)}m.org`;
  assert.deepEqual(linkify(words), [{ kind: "text", text: words }]);
});

test("U22: addresses without a scheme are links, too: of the web by www, of people by their @", () => {
  const hrefs = (message: string) =>
    linkify(message).flatMap((part) => (part.kind === "link" ? [[part.text, part.href]] : []));
  assert.deepEqual(hrefs("Write to bob@example.org, or see www.example.com/a?b (today)."), [
    ["bob@example.org", "mailto:bob@example.org"],
    ["www.example.com/a?b", "https://www.example.com/a?b"],
  ]);
  for (const none of ["bob@", "@bob", "bob@localhost", "www.", "www.x", "a@b@c", "1@2"])
    assert.deepEqual(hrefs(none), [], none);
  const parts = linkify("www.раypal.com");
  assert.ok(
    parts.some((part) => part.kind === "link" && part.leadsTo?.startsWith("www.xn--")),
    "and it says where it leads",
  );
});

test("P8: an address that runs into an encrypted file ends before it", () => {
  for (const before of ["r@l.", "www.x.", "b@c.d"]) {
    const parts = linkify(`${before}aesgcm://up.example/a#0f0f`);
    assert.deepEqual(parts.at(-1), { kind: "file", text: "aesgcm://up.example/a#0f0f" }, before);
  }
});
