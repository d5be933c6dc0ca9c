/** Voice messages: alice speaks in one of her two browsers, bob listens, and another app of his reads what lies on the server. */
import assert from "node:assert/strict";
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { slotOf } from "../account/files.ts";
import { BOB as BOBS, browserOf } from "../account/people.ts";
import type { PythonPeer } from "../interop/python-peer.ts";
import { ALICE, BOB } from "../stack.ts";
import { filesBelow } from "./canaries.ts";
import { opusIn } from "./ogg.ts";
import type { Person } from "./person.ts";
import { Story } from "./story.ts";
import { until } from "./waiting.ts";

const story = Story.stage({ name: "voice", endpoint: "starttls" });
const ALICES = "alice@localhost";
const RECORD = "Record a voice message";

let a: Person;
let b: Person;
let bob: Person;
let python: PythonPeer;
/** How long the first message is, as alice has heard it before she sent it. */
let seconds: number;

/** The sounds on somebody's screen, the oldest first. */
const sounds = (who: Person) =>
  who.page.evaluate(() =>
    [...document.querySelectorAll(".bubble-file .sound")].map((sound) => {
      const bars = sound.querySelector(".sound-bars path")?.getAttribute("d") ?? "";
      return {
        state: sound.getAttribute("data-playing"),
        seconds: Number(sound.querySelector<HTMLInputElement>(".sound-seek")?.max),
        at: Number(sound.querySelector<HTMLInputElement>(".sound-seek")?.value),
        fresh: sound.querySelector(".sound-new") !== null,
        drawn: new Set(bars.match(/v[\d.]+/g)).size > 1,
        voice: sound.querySelector(".sound-play")?.getAttribute("aria-label") ?? "",
      };
    }),
  );
type Sounds = Awaited<ReturnType<typeof sounds>>;
const hears = (who: Person, what: string, look: (now: Sounds) => boolean) =>
  until(`${who.called}: ${what}`, async () => look(await sounds(who)), {
    describe: () => sounds(who),
  });
const bar = (who: Person) => who.page.evaluate(() => document.querySelector(".voice")?.getAttribute("data-voice"));
const isBar = (who: Person, state: string | undefined) =>
  until(`${who.called} has a bar that is ${state}`, async () => ((await bar(who)) ?? undefined) === state, {
    describe: () => bar(who),
  });
const spoken = (who: Person, least: string) =>
  until(`${who.called} has spoken for ${least}`, () =>
    who.page.evaluate((wanted) => (document.querySelector(".voice-time")?.textContent ?? "") >= wanted, least),
  );

story.test("alice speaks, listens to herself and sends it; bob and her other browser hear the same", async () => {
  [a, bob] = await Promise.all([
    story.signedIn(ALICE, { called: "alice in A", microphone: true }),
    story.signedIn(BOB, { called: "bob" }),
  ]);
  b = await story.signedIn(ALICE, { called: "alice in B" });
  python = await story.peer(BOB);
  await a.openChat("bob");
  await a.send("first a word");
  for (const [who, name] of [
    [bob, "alice"],
    [b, "bob"],
  ] as const) {
    await who.openChat(name);
    await who.sees("first a word");
  }
  await a.press(RECORD);
  // Long enough for whoever is slow to press what stops it.
  await spoken(a, "0:06");
  await story.looksAt(a);
  await a.press("Stop and listen");
  await isBar(a, "ready");
  await story.looksAt(a);
  await a.press("Play Voice message");
  await until("she hears it", () =>
    a.page.evaluate(() => Number(document.querySelector<HTMLInputElement>(".voice .sound-seek")?.value) > 1),
  );
  seconds = await a.page.evaluate(() => Number(document.querySelector<HTMLInputElement>(".voice .sound-seek")?.max));
  assert.ok(seconds > 5 && seconds < 300, `${seconds} s`);
  await a.press("Send the voice message");
  await isBar(a, undefined);
  for (const who of [a, bob, b])
    await hears(who, "it is there, with its bars", ([first]) => first?.drawn === true && first.seconds > 0);
  for (const who of [a, bob, b]) {
    const [first] = await sounds(who);
    assert.ok(Math.abs((first?.seconds ?? 0) - seconds) < 0.2, `${who.called}: ${first?.seconds} s of ${seconds}`);
    assert.match(first?.voice ?? "", /Voice message/);
  }
  assert.deepEqual(
    [(await sounds(bob))[0]?.fresh, (await sounds(a))[0]?.fresh, (await sounds(b))[0]?.fresh],
    [true, false, false],
  );
});

story.test("bob listens: it plays from where it was put, faster when he wants, and is heard from then on", async () => {
  await bob.press("Play Voice message");
  await hears(bob, "it plays", ([first]) => first?.state === "playing" && first.at > 0.3 && !first.fresh);
  // It lasts for six seconds: where it was over before somebody pressed, it is begun anew.
  await until("it waits", async () => {
    const [first] = await sounds(bob);
    if (first?.state === "paused") return true;
    await bob.page.evaluate(() => document.querySelector<HTMLElement>(".bubble-file .sound-play")?.click());
    return false;
  });
  await story.looksAt(bob);
  await bob.page.focus(".bubble-file .sound-seek");
  await bob.page.keyboard.press("Home");
  await hears(bob, "it is at its beginning", ([first]) => first?.at === 0);
  await bob.page.keyboard.press("ArrowRight");
  await hears(bob, "it is two seconds on", ([first]) => first?.at === 2);
  await bob.press("Speed: 1 times");
  await bob.press("Speed: 1.5 times");
  await bob.reload();
  await bob.openChat("alice");
  await hears(bob, "it was heard", ([first]) => first?.fresh === false && first.drawn);
  await until("and the speed is the one he likes", () =>
    bob.page.evaluate(() => document.querySelector(".sound-speed")?.textContent === "2×"),
  );
});

story.test(
  "another app decrypts what lies there by XEP-0454: it is Opus in Ogg, as long as it was spoken",
  async () => {
    const link = await until("it has the link", () => python.texts(ALICES).find((text) => text.startsWith("aesgcm:")));
    const [, place = "", digits = ""] = /^aesgcm:\/\/(\S+)#([0-9a-f]{88})$/.exec(link) ?? [];
    assert.match(place, /\.ogg$/, link.replace(/#.*/s, "#…"));
    const sealed = Buffer.from(await (await fetch(`http://${place}`)).arrayBuffer());
    const [iv, key] = [Buffer.from(digits.slice(0, 24), "hex"), Buffer.from(digits.slice(24), "hex")];
    const open = createDecipheriv("aes-256-gcm", key, iv);
    open.setAuthTag(sealed.subarray(-16));
    const plain = Buffer.concat([open.update(sealed.subarray(0, -16)), open.final()]);
    const opus = opusIn(plain);
    assert.ok(Math.abs(opus.seconds - seconds) < 0.1, `${opus.seconds} s in the file, ${seconds} s on the screen`);
    assert.ok(opus.packets > 20);
    assert.ok(!/chrome|mozilla|libwebm/i.test(plain.toString("latin1")), "nothing about the browser");
    const stored = (await filesBelow(story.stack.xmpp.state)).filter((path) => path.includes("http_file_share"));
    for (const path of stored) {
      const bytes = await readFile(path);
      for (const canary of ["OpusHead", "OggS", "voice-message"])
        assert.ok(!bytes.includes(canary), `${path}: ${canary}`);
    }
  },
);

story.test("a second one, sent without listening, plays by itself after the first", async () => {
  await a.press(RECORD);
  await spoken(a, "0:02");
  await a.press("Send the voice message");
  await hears(bob, "both are there", (now) => now.length === 2 && now.every(({ drawn }) => drawn));
  assert.deepEqual(
    (await sounds(bob)).map(({ fresh }) => fresh),
    [false, true],
  );
  await bob.press("Play Voice message");
  await hears(bob, "the second plays, and the first does not", ([first, second]) =>
    Boolean(first?.state === null && (second?.state === "playing" || second?.fresh === false)),
  );
});

story.test(
  "whoever leaves while they speak finds it where they spoke, also after the page was loaded anew; what is thrown away is gone",
  async () => {
    await a.press(RECORD);
    await spoken(a, "0:01");
    await a.press("Account menu");
    await a.press("Settings");
    await a.seesTitle("Settings");
    await a.openChat("bob");
    await isBar(a, "ready");
    await a.reads(/The recording ended when you left this chat/);
    await a.reads(/Not sent yet: it is kept in this browser/);
    await a.reload();
    await a.isConnected();
    await a.openChat("bob");
    await isBar(a, "ready");
    await a.reads(/This page was closed before it was sent/);
    await a.press("Throw away");
    await isBar(a, undefined);
    assert.equal((await sounds(a)).length, 2);
  },
);

story.test("a browser without a microphone says so, and one that was refused it says that", async () => {
  await bob.press(RECORD);
  await bob.reads(/There is no microphone on this device/);
  await story.looksAt(bob);
  await bob.press("Close");
  await isBar(bob, undefined);
  await bob.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
  });
  await bob.press(RECORD);
  await bob.reads(/This page may not use the microphone/);
  await bob.press("Close");
});

story.test("what another app has recorded into WebM, without a length, has one here and is played", async () => {
  const webm = await readFile(new URL("../vectors/voice/chromium.webm", import.meta.url));
  const [iv, key] = [randomBytes(12), randomBytes(32)];
  const seal = createCipheriv("aes-256-gcm", key, iv);
  const sealed = Buffer.concat([seal.update(webm), seal.final(), seal.getAuthTag()]);
  const script = await browserOf(story.stack, BOBS);
  const { ticket, url } = await slotOf(script, { size: sealed.length, ending: "webm" });
  const answer = await script.putFile(ticket, new Uint8Array(sealed));
  assert.ok(answer.ok, JSON.stringify(answer));
  await python.send(ALICES, `${url.replace(/^https?:/, "aesgcm:")}#${Buffer.concat([iv, key]).toString("hex")}`);
  const presses = async () => {
    await a.page.evaluate(() => {
      const buttons = [...document.querySelectorAll<HTMLButtonElement>(".bubble-file .file-act .link")];
      buttons.find(({ textContent }) => textContent === "Play")?.click();
    });
    return (await sounds(a)).length === 3;
  };
  await until("it is a sound", presses, { describe: () => sounds(a) });
  await hears(a, "it says how long it is", (now) => now[2]?.seconds === 2.1 && now[2].drawn);
});
