/** A new browser is let in by code or picture, and what an object that lies, or a thief of a session, gets out of it. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import { concat } from "../bytes.ts";
import { generateKeyPair } from "../omemo/curve.ts";
import type { JoiningView, LettingInView } from "../protocol/letting-in.ts";
import { type TestBrowser, until } from "../testing/browser.ts";
import { ALICE, Fixture } from "../testing/fixture.ts";
import type { Relayed } from "../testing/scripted-object.ts";

let fixture: Fixture;
let older: TestBrowser;
let newcomer: TestBrowser;

beforeEach(async () => {
  fixture = new Fixture();
  older = await fixture.browser(ALICE, "Firefox on Linux");
  newcomer = fixture.unsigned("Chrome on macOS");
});

afterEach(() => fixture.end());

const noticesOf = ({ engine }: TestBrowser) => engine.snapshot().notices;

function joining(browser: TestBrowser): JoiningView | undefined {
  return noticesOf(browser).find((notice) => notice.kind === "joining");
}

function sheet(browser: TestBrowser): LettingInView | undefined {
  return noticesOf(browser).find((notice) => notice.kind === "letting-in");
}

/** The new browser has signed in, and both show a code. */
async function bothShow(): Promise<{ readonly here: LettingInView; readonly there: JoiningView["by"][number] }> {
  await newcomer.signIn(ALICE, { allowed: false });
  await until(() => sheet(older)?.state === "code" && joining(newcomer)?.by[0]?.state === "code");
  const [here, there] = [sheet(older), joining(newcomer)?.by[0]];
  if (here === undefined || there === undefined) throw new Error("nothing is shown");
  return { here, there };
}

async function trustOf(browser: TestBrowser, of: TestBrowser): Promise<string | undefined> {
  const { devices } = await browser.engine.devices({ jid: undefined });
  return devices.find(({ device }) => device === of.device)?.trust;
}

const act = (browser: TestBrowser, args: Parameters<TestBrowser["engine"]["letIn"]>[0]) => browser.engine.letIn(args);

describe("letting a new browser in", () => {
  it("both screens show one code; Allow there and Yes here make each the other's compared browser", async () => {
    const { here, there } = await bothShow();
    assert.match(here.code ?? "", /^[0-9]{6}$/);
    assert.equal(here.code, there.code);
    assert.deepEqual([here.name, there.name], ["Chrome on macOS", "Firefox on Linux"]);
    assert.equal(await trustOf(older, newcomer), "undecided");
    assert.deepEqual(await act(older, { act: "allow", device: newcomer.device, history: true }), {
      ok: true,
      value: { done: true },
    });
    await until(() => joining(newcomer)?.by[0]?.state === "asks");
    assert.equal(sheet(older)?.state, "allowed");
    assert.notEqual(await trustOf(newcomer, older), "verified", "not by the word of the line alone");
    await act(newcomer, { act: "same", device: older.device });
    await until(() => sheet(older) === undefined && joining(newcomer) === undefined);
    await until(() => !newcomer.awaiting);
    assert.deepEqual([await trustOf(older, newcomer), await trustOf(newcomer, older)], ["verified", "verified"]);
  });

  it("whoever presses twice has pressed once", async () => {
    await bothShow();
    const twice = async (browser: TestBrowser, args: Parameters<typeof act>[1]) => {
      for (const { ok } of await Promise.all([act(browser, args), act(browser, args)])) assert.equal(ok, true);
    };
    const allow = { act: "allow", device: newcomer.device, history: false } as const;
    await twice(older, allow);
    await until(() => joining(newcomer)?.by[0]?.state === "asks");
    await twice(newcomer, { act: "same", device: older.device });
    await until(() => sheet(older) === undefined && joining(newcomer) === undefined);
    assert.equal((await act(older, allow)).ok, true);
  });

  it("whoever asks twice for another code, or says twice that they differ, has done so once", async () => {
    const { there } = await bothShow();
    // Of another one that was asked for the first press has begun this one.
    await act(newcomer, { act: "again", device: older.device });
    await fixture.quiet();
    assert.deepEqual([joining(newcomer)?.by[0]?.code, sheet(older)?.code], [there.code, there.code]);
    const differs = { act: "differs", device: older.device } as const;
    for (const { ok } of await Promise.all([act(newcomer, differs), act(newcomer, differs)])) assert.equal(ok, true);
    assert.equal(joining(newcomer)?.by[0]?.state, "differs");
    assert.equal(await trustOf(newcomer, older), "distrusted");
  });

  it("a picture that the older browser scans needs no second word, nor does one that the new one scans", async () => {
    await bothShow();
    const card = joining(newcomer)?.card ?? "";
    await act(older, { act: "scanned", text: card });
    assert.equal(sheet(older)?.proven, true);
    await act(older, { act: "allow", device: newcomer.device, history: false });
    await until(() => joining(newcomer) === undefined);
    assert.equal(await trustOf(newcomer, older), "verified");
  });

  it("the new browser scans the older one's picture", async () => {
    const { here } = await bothShow();
    await act(newcomer, { act: "scanned", text: here.card ?? "" });
    await until(() => sheet(older)?.proven === true);
    await act(older, { act: "allow", device: newcomer.device, history: true });
    await until(() => joining(newcomer) === undefined && sheet(older) === undefined);
    assert.deepEqual([await trustOf(older, newcomer), await trustOf(newcomer, older)], ["verified", "verified"]);
  });

  it("an older browser that comes hours later shows a code, and so does one that was loaded anew", async () => {
    older.remote.unplug();
    await newcomer.signIn(ALICE, { allowed: false });
    await until(() => joining(newcomer) !== undefined);
    assert.equal(sheet(older), undefined);
    older.remote.plug();
    await until(() => sheet(older)?.state === "code");
    const before = sheet(older)?.code;
    await older.crash();
    await until(() => sheet(older)?.state === "code" && sheet(older)?.code === joining(newcomer)?.by[0]?.code);
    assert.notEqual(sheet(older)?.code, before);
    await newcomer.crash();
    await until(() => joining(newcomer)?.by[0]?.code !== undefined);
    await until(() => sheet(older)?.code === joining(newcomer)?.by[0]?.code);
  });

  it("of two older browsers one answers, and the other one closes its sheet", async () => {
    const second = await fixture.browser(ALICE, "Safari on macOS");
    await newcomer.signIn(ALICE, { allowed: false });
    await until(() => sheet(older)?.state === "code" && sheet(second)?.state === "code");
    await until(() => joining(newcomer)?.by.every(({ state }) => state === "code") === true);
    const codes = Object.fromEntries((joining(newcomer)?.by ?? []).map(({ name, code }) => [name, code]));
    assert.deepEqual(codes, { "Firefox on Linux": sheet(older)?.code, "Safari on macOS": sheet(second)?.code });
    await act(second, { act: "allow", device: newcomer.device, history: true });
    await until(() => joining(newcomer)?.by.some(({ state }) => state === "asks") === true);
    await act(newcomer, { act: "same", device: second.device });
    await until(() => sheet(older) === undefined && sheet(second) === undefined);
  });

  it("waits for nobody any more when those that could let it in are signed out", async () => {
    const second = await fixture.browser(ALICE, "Safari on macOS");
    await newcomer.signIn(ALICE, { allowed: false });
    await until(() => joining(newcomer)?.by.length === 2);
    const idOf = (device: number) => fixture.object(ALICE).browsers.find((one) => one.device === device)?.id;
    await newcomer.engine.revoke({ browser: idOf(second.device) ?? "others" });
    await until(
      () =>
        joining(newcomer)
          ?.by.map(({ device }) => device)
          .join() === String(older.device),
    );
    assert.equal(newcomer.awaiting, true);
    await newcomer.engine.revoke({ browser: "others" });
    await until(() => !newcomer.awaiting && joining(newcomer) === undefined);
  });

  it("Not me: it gets nothing, is told so, and is signed out", async () => {
    await bothShow();
    const device = newcomer.device;
    await act(older, { act: "refuse", device });
    await until(() => newcomer.engine.snapshot().session.state === "signed-out");
    assert.equal(fixture.object(ALICE).devices.includes(device), false);
    assert.equal(sheet(older), undefined);
  });

  it("No, another code: neither trusts the other, and both say why", async () => {
    await bothShow();
    await act(older, { act: "allow", device: newcomer.device, history: true });
    await until(() => joining(newcomer)?.by[0]?.state === "asks");
    await act(newcomer, { act: "differs", device: older.device });
    await until(() => sheet(older)?.state === "differs");
    assert.equal(joining(newcomer)?.by[0]?.state, "differs");
    assert.deepEqual([await trustOf(older, newcomer), await trustOf(newcomer, older)], ["distrusted", "distrusted"]);
    await act(older, { act: "close", device: newcomer.device });
    await until(() => sheet(older) === undefined);
  });

  it("whom a person has refused hears that when it is loaded anew, too", async () => {
    await bothShow();
    await act(older, { act: "allow", device: newcomer.device, history: true });
    await until(() => joining(newcomer)?.by[0]?.state === "asks");
    await act(newcomer, { act: "differs", device: older.device });
    await until(() => sheet(older)?.state === "differs");
    await newcomer.crash();
    await until(() => joining(newcomer)?.by[0]?.state === "refused");
  });

  it("a sheet that offers another code closes when it was decided by other means", async () => {
    await bothShow();
    await tooMany();
    const { device } = newcomer;
    const fingerprint = async () => {
      const { devices } = await older.engine.devices({ jid: undefined });
      return devices.find((one) => one.device === device)?.fingerprint ?? "";
    };
    const decision = { jid: ALICE, device, fingerprint: await fingerprint() } as const;
    assert.ok((await older.engine.decide({ ...decision, trust: "verified" })).ok);
    await until(() => sheet(older) === undefined);
  });

  it("Not me is said of the key, too, where no code stands any more", async () => {
    await bothShow();
    await tooMany();
    const { device } = newcomer;
    await act(older, { act: "refuse", device });
    assert.equal(await pinOf(device), "distrusted");
  });

  it("what is no picture of a browser, or of one that is not here, is said", async () => {
    await bothShow();
    const kindOf = async (text: string) => {
      const answer = await act(older, { act: "scanned", text });
      return answer.ok ? "ok" : answer.error.kind;
    };
    assert.equal(await kindOf("xmpp:alice@a.example"), "malformed");
    assert.equal(await kindOf(sheet(older)?.card ?? ""), "not-found");
  });
});

/** What the older one has stored of its key, also where it is on no list any more. */
async function pinOf(device: number): Promise<string | undefined> {
  const rows = await older.rows("pins");
  return rows.find((row) => row.device === device)?.trust;
}

/** The new one has shown all codes that it may without a person, and the older one says so. The codes. */
async function tooMany(): Promise<ReadonlySet<string>> {
  const codes = new Set<string>();
  for (let n = 0; n < 12; n++) {
    const code = joining(newcomer)?.by[0]?.code;
    if (code !== undefined) codes.add(code);
    const road = n.toString(16).padStart(32, "0") as Relayed["road"];
    const wanted = { from: older.device, to: newcomer.device, road, bytes: toBase64(Uint8Array.of(4)) };
    fixture.object(ALICE).hand(wanted);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  await until(() => joining(newcomer)?.by[0]?.state === "too-many");
  await act(newcomer, { act: "again", device: older.device });
  await until(() => sheet(older)?.state === "too-many");
  return codes;
}

/** Flips a bit of the nth piece of this kind. */
function flip(says: number, at: number): (said: Relayed) => readonly Relayed[] {
  return (said) => {
    const bytes = fromBase64(said.bytes);
    if (bytes?.[0] !== says || bytes.length <= at) return [said];
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return [{ ...said, bytes: toBase64(bytes) }];
  };
}

describe("an object that lies about a new browser", () => {
  it("S12: puts another identity key in the place of the older one's: the new browser says so and shows no code", async () => {
    fixture.object(ALICE).meddle = flip(2, 5);
    await newcomer.signIn(ALICE, { allowed: false });
    await until(() => joining(newcomer)?.by[0]?.state === "key-replaced");
    assert.equal(joining(newcomer)?.by[0]?.code, undefined);
    assert.equal(sheet(older), undefined);
  });

  it("S12: puts another key in the place of the new one's: the older browser says so and offers nothing", async () => {
    fixture.object(ALICE).meddle = flip(3, 5);
    await newcomer.signIn(ALICE, { allowed: false });
    await until(() => sheet(older)?.state === "broken");
    const answer = await act(older, { act: "allow", device: newcomer.device, history: true });
    assert.equal(answer.ok, false);
    assert.equal(await trustOf(older, newcomer), "undecided");
  });

  it("S12: changes a key of the occasion: two codes, and what is said under them does not arrive", async () => {
    fixture.object(ALICE).meddle = flip(2, 40);
    await newcomer.signIn(ALICE, { allowed: false });
    await until(() => joining(newcomer)?.by[0]?.code !== undefined && sheet(older)?.code !== undefined);
    assert.notEqual(joining(newcomer)?.by[0]?.code, sheet(older)?.code);
    await act(older, { act: "allow", device: newcomer.device, history: true });
    await until(() => joining(newcomer)?.by[0]?.state === "broken");
    assert.notEqual(await trustOf(newcomer, older), "verified");
  });

  it("S12: has as many guesses as codes were shown, and those are few until a person asks for more", async () => {
    await bothShow();
    const codes = await tooMany();
    assert.ok(codes.size > 0 && codes.size <= 3, [...codes].join());
    assert.notEqual(joining(newcomer)?.by[0]?.state, "code", "the other end asks a person, too");
    await act(older, { act: "again", device: newcomer.device });
    await until(() => joining(newcomer)?.by[0]?.state === "code" && sheet(older)?.state === "code");
  });

  it("S12: answers in an older browser's place, or repeats what one has said: nothing comes of it", async () => {
    await bothShow();
    const object = fixture.object(ALICE);
    for (const said of [...object.relayed]) object.hand(said);
    for (const said of [...object.relayed]) object.hand({ ...said, from: said.to, to: said.from });
    await until(() => sheet(older)?.code === joining(newcomer)?.by[0]?.code);
    await act(older, { act: "allow", device: newcomer.device, history: true });
    await until(() => joining(newcomer)?.by[0]?.state === "asks");
    for (const said of [...object.relayed]) object.hand(said);
    await act(newcomer, { act: "same", device: older.device });
    await until(() => sheet(older) === undefined);
    assert.equal(await trustOf(newcomer, older), "verified");
  });

  it("S12: a stolen session whose device nobody has allowed asks for a road: it is told that there is none", async () => {
    await bothShow();
    const object = fixture.object(ALICE);
    const { publicKey } = await generateKeyPair();
    const hail = concat(Uint8Array.of(5), publicKey, new Uint8Array(17));
    const road = "e".repeat(32) as Relayed["road"];
    const before = object.relayed.length;
    await newcomer.remote.call("relay", { to: older.device, road, bytes: toBase64(hail) });
    const answered = () => object.relayed.slice(before).filter(({ from }) => from === older.device);
    await until(() => answered().length > 0);
    assert.deepEqual(
      answered().map(({ bytes }) => [...(fromBase64(bytes) ?? [])]),
      [[8]],
    );
  });

  it("S12: asks an older browser, in the new one's place, to compare a code: it shows none to whom nobody has allowed", async () => {
    await bothShow();
    const object = fixture.object(ALICE);
    const before = object.relayed.length;
    const road = "d".repeat(32) as Relayed["road"];
    const said = { from: newcomer.device, to: older.device, road };
    object.hand({ ...said, bytes: toBase64(Uint8Array.of(4)) });
    // What comes after it is answered, so it was heard.
    object.hand({ ...said, bytes: toBase64(concat(Uint8Array.of(5), new Uint8Array(50))) });
    await until(() => object.relayed.slice(before).some(({ from }) => from === older.device));
    assert.equal(joining(older), undefined);
    assert.deepEqual(
      object.relayed.slice(before).map(({ bytes }) => fromBase64(bytes)?.[0]),
      [8],
    );
  });

  it("S12: offers a browser of its own that nobody listed: no sheet, and nothing is answered", async () => {
    await bothShow();
    const object = fixture.object(ALICE);
    const before = object.relayed.length;
    const commitment = toBase64(new Uint8Array(33).fill(1));
    const road = "f".repeat(32) as Relayed["road"];
    object.hand({ from: 4_711 as Relayed["from"], to: older.device, road, bytes: commitment });
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(object.relayed.length, before);
    assert.equal(noticesOf(older).filter(({ kind }) => kind === "letting-in").length, 1);
  });
});
