import assert from "node:assert/strict";
import { test } from "node:test";
import { Playing, type Player, type Sound } from "./playing.ts";

/** An element that plays when the test says so. */
class Fake implements Player {
  src = "";
  currentTime = 0;
  duration = 10;
  playbackRate = 1;
  refuses: DOMException | undefined;
  played: string[] = [];
  readonly #listeners = new Map<string, (() => void)[]>();
  async play(): Promise<void> {
    if (this.refuses !== undefined) throw this.refuses;
    this.played.push(this.src);
  }
  pause(): void {
    this.tell("pause");
  }
  load(): void {
    this.played.push("load");
  }
  addEventListener(type: string, listener: () => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }
  tell(type: string): void {
    for (const listener of this.#listeners.get(type) ?? []) listener();
  }
}

function given(remembered: string | null = null) {
  const fake = new Fake();
  const written: string[] = [];
  const held: string[] = [];
  const playing = new Playing(() => fake, { read: () => remembered, write: (speed) => void written.push(speed) });
  const sound = (key: string, more: Partial<Sound> = {}): Sound => ({
    key,
    url: `blob:${key}`,
    hold: () => {
      held.push(key);
      return () => held.splice(held.indexOf(key), 1);
    },
    ...more,
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { fake, playing, sound, written, held, settle };
}

test("one plays at a time, and each goes on where it was left", async () => {
  const { fake, playing, sound, held } = given();
  playing.play(sound("a"));
  fake.currentTime = 4;
  playing.play(sound("b"));
  assert.deepEqual([fake.src, fake.currentTime, playing.now.value?.key], ["blob:b", 0, "b"]);
  assert.deepEqual(held, ["b"]);
  assert.equal(playing.at("a"), 4);
  playing.play(sound("a"));
  assert.equal(fake.currentTime, 4);
  playing.pause();
  assert.deepEqual([playing.now.value?.state, playing.now.value?.at], ["paused", 4]);
  playing.stop();
  assert.deepEqual([playing.now.value, held], [undefined, []]);
});

test("where one ends the next one begins by itself; not after somebody has stopped", async () => {
  const { fake, playing, sound, settle } = given();
  let asked = 0;
  const next = async () => {
    asked += 1;
    return sound("b");
  };
  playing.play(sound("a", { next }));
  fake.currentTime = 10;
  fake.tell("ended");
  await settle();
  assert.deepEqual([playing.now.value?.key, playing.now.value?.state], ["b", "playing"]);
  assert.equal(playing.at("a"), 0, "it begins anew");
  playing.play(sound("a", { next }));
  fake.tell("ended");
  playing.pause();
  await settle();
  assert.deepEqual([asked, playing.now.value], [2, undefined]);
  playing.stop();
});

test("a speed is kept for what comes, and remembered", () => {
  const { fake, playing, sound, written } = given();
  playing.play(sound("a"));
  playing.changeSpeed();
  assert.deepEqual([fake.playbackRate, playing.speed.value], [1.5, 1.5]);
  playing.changeSpeed();
  playing.play(sound("b"));
  assert.equal(fake.playbackRate, 2);
  playing.changeSpeed();
  assert.deepEqual(written, ["1.5", "2", "1"]);
  playing.stop();
  assert.equal(given("1.5").playing.speed.value, 1.5);
  assert.equal(given("9").playing.speed.value, 1);
});

test("one goes to a place in what is played, and in what is not played yet", () => {
  const { fake, playing, sound } = given();
  playing.seek("a", 3);
  playing.play(sound("a"));
  assert.equal(fake.currentTime, 3);
  playing.seek("a", -2);
  assert.deepEqual([fake.currentTime, playing.now.value?.at], [0, 0]);
  playing.stop();
});

test("a film that begins makes it silent, and the other way round", () => {
  const { playing, sound } = given();
  let paused = 0;
  const film = {
    pause() {
      paused += 1;
    },
  };
  playing.play(sound("a"));
  playing.yieldTo(film);
  assert.deepEqual([playing.now.value?.state, paused], ["paused", 0]);
  playing.play(sound("a"));
  assert.equal(paused, 1);
  playing.stop();
});

test("what the browser wants to be pressed for once more waits; what it cannot play says so", async () => {
  const { fake, playing, sound, settle } = given();
  fake.refuses = new DOMException("", "NotAllowedError");
  playing.play(sound("a"));
  await settle();
  assert.equal(playing.now.value?.state, "paused");
  fake.refuses = new DOMException("", "NotSupportedError");
  playing.play(sound("a"));
  await settle();
  assert.equal(playing.now.value?.state, "failed");
  fake.refuses = undefined;
  playing.play(sound("a"));
  await settle();
  assert.equal(playing.now.value?.state, "playing", "once more");
  playing.stop();
});

test("somebody has listened once it is heard", async () => {
  const { playing, sound, settle } = given();
  const heard: string[] = [];
  playing.play(sound("a", { onHeard: () => heard.push("a") }));
  await settle();
  assert.deepEqual(heard, ["a"]);
  playing.stop();
});
