/** Pages of a hostile world, really served and really fetched; only what a name stands for is replaced. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PREVIEW_LIMITS } from "../contract/preview.ts";
import { fromBase64 } from "../shared/base64.ts";
import { makeResolver } from "../network/resolver.ts";
import { makePreview, type Reached } from "./fetching.ts";
import { HOSTILE_PAGES, type HostileWorld, startHostileWorld } from "./testing/hostile-world.ts";
import { SITE } from "./testing/hostile-page.ts";

const OWN = "https://chat.alcove-corpus.net";
/** In the place of five seconds. */
const SHORT_MS = 300;
let world: HostileWorld;
let reach: Reached;

before(async () => {
  world = await startHostileWorld();
  const ask = (url: string, init: RequestInit) => {
    const { protocol, host, pathname, search } = new URL(url);
    assert.equal(protocol, "https:", "nothing leaves in the clear");
    return fetch(`${world.origin}/${host}${pathname}${search}`, init);
  };
  reach = { own: OWN, ask, resolver: makeResolver(ask) };
});
after(() => world.close());

const linkOf = (path: string) => (path.startsWith("/") ? `https://${SITE}${path}` : path);

for (const { what, path, shown, slow } of HOSTILE_PAGES)
  test(`S10: ${what}`, async () => {
    const { made, bytes } = await makePreview(linkOf(path), slow === true ? { ...reach, ms: SHORT_MS } : reach);
    const { picture, ...said } = typeof made === "string" ? { picture: undefined } : made;
    const seen = typeof made === "string" ? made : { ...said, ...(picture !== undefined && { picture: true }) };
    assert.deepEqual(seen, shown);
    // One piece of a body more than may be read, at most, of the page and of its picture.
    assert.ok(bytes <= PREVIEW_LIMITS.pageBytes + PREVIEW_LIMITS.pictureBytes);
  });

test("S10: nothing of all that was asked of a private place, and nothing says who asks", () => {
  assert.ok(world.asked.length > 40);
  for (const { place, headers } of world.asked) {
    assert.match(place, /^(?:site|other)\.alcove-corpus\.net\//);
    for (const name of ["cookie", "referer", "origin", "authorization"]) assert.equal(headers[name], undefined, name);
    assert.equal(headers["user-agent"], "Alcove-link-preview/1");
    assert.equal(headers["accept-encoding"], "identity");
  }
});

test("the deployment is not asked by itself, and http is asked over https", async () => {
  const own = { ...reach, own: `https://${SITE}` };
  assert.equal((await makePreview(`https://${SITE}/good`, own)).made, "address");
  const { made } = await makePreview(`http://${SITE}/good#part`, reach);
  assert.ok(typeof made !== "string" && made.picture !== undefined);
  assert.equal(fromBase64(made.picture)?.length, 70);
});
