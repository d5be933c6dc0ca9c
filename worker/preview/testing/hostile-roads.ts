import { gzipSync } from "node:zlib";
import { type HostilePage, MEGABYTE, moves, SITE } from "./hostile-page.ts";

/** Where links lead, and bodies that are no pages. */
export const HOSTILE_ROADS: readonly HostilePage[] = [
  {
    what: "a redirect to a name of a private network",
    path: "/r1",
    answer: moves("https://inside.alcove-corpus.net/"),
    shown: "address",
  },
  {
    what: "one to the metadata of a cloud",
    path: "/r2",
    answer: moves("https://metadata.alcove-corpus.net/"),
    shown: "address",
  },
  {
    what: "one to a name with one private address of two",
    path: "/r3",
    answer: moves("https://half.alcove-corpus.net/"),
    shown: "address",
  },
  { what: "one to an address in numbers", path: "/r4", answer: moves("https://127.0.0.1/"), shown: "address" },
  { what: "one to numbers in another spelling", path: "/r5", answer: moves("https://0x7f.1/"), shown: "address" },
  { what: "one to an IPv6 address", path: "/r6", answer: moves("https://[::ffff:127.0.0.1]/"), shown: "address" },
  { what: "one to another port", path: "/r7", answer: moves(`https://${SITE}:8443/`), shown: "address" },
  { what: "one to a file", path: "/r8", answer: moves("file:///etc/passwd"), shown: "address" },
  { what: "one to a script", path: "/r9", answer: moves("javascript:alert(1)"), shown: "address" },
  { what: "one to a data: URL", path: "/r10", answer: moves("data:text/html,<title>x</title>"), shown: "address" },
  { what: "one with a name and a password", path: "/r11", answer: moves(`https://a:b@${SITE}/good`), shown: "address" },
  { what: "one without end", path: "/loop", answer: moves("/loop"), shown: "address" },
  { what: "four redirects", path: "/0of4", answer: moves("/1of4"), shown: "address" },
  { what: "three redirects, by way of another host", path: "/zero", answer: moves("/one"), shown: { title: "There" } },
  { what: "a link to a private name", path: "https://inside.alcove-corpus.net/", shown: "address" },
  { what: "a link to a name that there is not", path: "https://none.alcove-corpus.net/", shown: "address" },
  { what: "a link to this machine", path: "https://localhost/", shown: "address" },
  { what: "a link with another port", path: `https://${SITE}:8443/`, shown: "address" },
  {
    what: "a body without end",
    path: "/endless",
    answer: { body: "<head><title>Endless</title>", endless: "x".repeat(64_000) },
    shown: { title: "Endless" },
  },
  {
    what: "a head without end",
    path: "/head",
    answer: { endless: "<meta name=a content=b>".repeat(3_000) },
    shown: "nothing",
  },
  {
    what: "a tag without end",
    path: "/tag",
    answer: { body: "<title>Before</title><meta ", endless: "a=b ".repeat(10_000) },
    shown: { title: "Before" },
  },
  { what: "silence", path: "/silence", answer: { waitMs: 60_000 }, shown: "slow", slow: true },
  {
    what: "a body that stands still",
    path: "/still",
    answer: { body: "<title>Half", waitMs: -1 },
    shown: "slow",
    slow: true,
  },
  { what: "an answer that is none", path: "/broken", answer: { status: 0 }, shown: "unreachable" },
  {
    what: "a gzip bomb",
    path: "/bomb",
    answer: {
      headers: { "content-encoding": "gzip" },
      body: gzipSync(Buffer.concat([Buffer.from("<title>Bomb</title>"), Buffer.alloc(50 * MEGABYTE, 32)])),
    },
    shown: { title: "Bomb" },
  },
];
