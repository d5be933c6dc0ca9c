import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals-core";

const page = new EventTarget();
Object.assign(globalThis, {
  addEventListener: page.addEventListener.bind(page),
  removeEventListener: page.removeEventListener.bind(page),
});
const { holdPage } = await import("./hold-page.ts");

/** Whether the browser would ask somebody who leaves. */
const asks = () => !page.dispatchEvent(new Event("beforeunload", { cancelable: true }));

test("the browser asks before the page goes, for as long as a file is on its way in any conversation", () => {
  const [bobs, minas] = [signal<readonly string[]>([]), signal<readonly string[]>([])];
  holdPage(bobs);
  assert.ok(!asks(), "there is nothing to lose");
  bobs.value = ["one"];
  holdPage(bobs);
  minas.value = ["two"];
  holdPage(minas);
  holdPage(minas);
  assert.ok(asks());
  bobs.value = [];
  assert.ok(asks());
  minas.value = [];
  assert.ok(!asks());
  bobs.value = ["three"];
  holdPage(bobs);
  assert.ok(asks());
  bobs.value = [];
  assert.ok(!asks());
});
