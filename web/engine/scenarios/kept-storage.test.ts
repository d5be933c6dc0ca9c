/** What the person is told where the browser may throw away what is kept in it. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { until } from "../testing/browser.ts";
import { ALICE, Fixture } from "../testing/fixture.ts";

let fixture: Fixture;

beforeEach(() => {
  fixture = new Fixture();
});

afterEach(() => fixture.end());

describe("a browser that does not promise to keep what is stored in it", () => {
  it("is told of once, and no more after the person has seen it", async () => {
    const browser = await fixture.browser(ALICE);
    const told = () => browser.engine.snapshot().notices.map(({ kind }) => kind);
    await browser.engine.storage({ kept: false });
    await until(() => told().includes("storage-not-kept"));
    await browser.engine.dismiss({ notice: "storage-not-kept" });
    await until(() => told().length === 0);
    await browser.engine.storage({ kept: false });
    assert.deepEqual(told(), []);
  });

  it("is told of again when it had promised in between, and not while it does", async () => {
    const browser = await fixture.browser(ALICE);
    const told = () => browser.engine.snapshot().notices.map(({ kind }) => kind);
    await browser.engine.storage({ kept: true });
    assert.deepEqual(told(), []);
    await browser.engine.storage({ kept: false });
    await until(() => told().length === 1);
    await browser.engine.storage({ kept: true });
    await until(() => told().length === 0);
    await browser.engine.storage({ kept: false });
    await until(() => told().length === 1);
  });
});
