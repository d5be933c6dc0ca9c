/** What is recorded and played on this page. */
import { effect, signal } from "@preact/signals-core";
import { drop } from "../../../worker/shared/drop.ts";
import { usualEnding } from "../../media/file-name.ts";
import type { App } from "../../model/app.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import { filesOf } from "../../model/files/files-of.ts";
import { Playing } from "../../model/files/playing.ts";
import { isOn, Recording, type Voice } from "../../model/files/recording.ts";
import { voiceName } from "../../model/files/sounds-of.ts";
import { TakingUp } from "../../model/files/taking-up.ts";
import { isVisible } from "../../words/visible.ts";
import { holdPage } from "../page/hold-page.ts";
import { listenTo, openMicrophone } from "../page/microphone.ts";
import { rememberedSpeed } from "../page/speed.ts";

const playings = new WeakMap<App, Playing>();
const recordings = new WeakMap<Conversation, Recording>();
const takings = new WeakMap<Conversation, TakingUp>();
/** What would go with the page. */
const unsent = signal<readonly Recording[]>([]);

/** Silent as soon as another conversation is on the screen, or nobody is signed in. */
export function playingOf(app: App): Playing {
  const before = playings.get(app);
  if (before !== undefined) return before;
  const playing = new Playing(() => new Audio(), rememberedSpeed);
  playings.set(app, playing);
  let [account, chat]: readonly (string | undefined)[] = [];
  effect(() => {
    const place = app.place.value;
    const before = [account, chat];
    [account, chat] = [app.account.value, place.screen === "chats" ? place.chat : chat];
    if (account !== before[0] || chat !== before[1]) queueMicrotask(() => playing.stop());
  });
  return playing;
}

export function recordingOf(app: App, conversation: Conversation): Recording {
  const before = recordings.get(conversation);
  if (before !== undefined) return before;
  const recording = new Recording({
    open: () => {
      // What is being played would be heard by the microphone.
      playingOf(app).pause();
      return openMicrophone();
    },
    prepare: (file) =>
      new Promise((resolve, reject) => {
        const asking = filesOf(app)?.files.asking;
        if (asking === undefined) reject({ kind: "not-loaded" });
        asking?.ask({ kind: "recorded", file }, (reply) => {
          if ("prepared" in reply) resolve(reply.prepared);
          else if ("failure" in reply) reject(reply.failure);
        });
      }),
    listen: (file) => listenTo(file, "own"),
    most: async () => {
      const answer = await app.engine.ask({ call: "fileService", about: {} });
      return answer.ok ? answer.value.mostBytes : answer.error;
    },
    now: () => performance.now(),
    keep: () => filesOf(app)?.voices.begin(conversation.chat),
  });
  recordings.set(conversation, recording);
  const taking = new TakingUp({
    recording,
    left: async () => filesOf(app)?.voices.left(conversation.chat),
    isFree: () => isFree(app, conversation, recording),
  });
  takings.set(conversation, taking);
  const account = app.account.peek();
  const unfollow = effect(() => {
    if (app.account.value === account) return;
    // Nobody is signed in any more, or somebody else. What is kept waits for whoever signs in again, unless all was erased.
    queueMicrotask(() => {
      taking.end();
      recording.leave();
      unfollow();
    });
  });
  effect(() => {
    const now = recording.now.value;
    const spoken = isOn(now) || now.state === "finishing" || now.state === "ready";
    conversation.speaking.value = spoken;
    const others = unsent.peek().filter((one) => one !== recording);
    // What is kept is there when somebody comes back.
    const here = spoken && !(now.state === "ready" && now.voice.keeping?.kept === true);
    unsent.value = here ? [...others, recording] : others;
    if (here) holdPage(unsent);
  });
  return recording;
}

/** Nobody is in the middle of anything in the composer, in whose place it would stand. */
function isFree(app: App, { chat, writing, chosenFiles }: Conversation, recording: Recording): boolean {
  const written = isVisible(writing.text.peek()) || writing.mode.peek().kind !== "message";
  const here = app.openChat.peek() === chat && recording.now.peek().state === "idle";
  return here && !written && chosenFiles.peek().length === 0;
}

/** Somebody has come to this conversation: what they said here on a page that has gone comes up. */
export function takeUp(app: App, conversation: Conversation): void {
  recordingOf(app, conversation);
  const taking = takings.get(conversation);
  if (taking !== undefined) drop(taking.look());
}

/** `encrypted`: what the conversation is now. */
export function sendVoice(app: App, conversation: Conversation, voice: Voice, encrypted: boolean): void {
  const { prepared, seconds, keeping } = voice;
  const levels = voice.levels.length === 0 ? {} : { levels: voice.levels };
  const name = voiceName(usualEnding(prepared.seen.type) ?? "ogg");
  const sent = {
    file: new File([prepared.file], name, { type: prepared.seen.type }),
    prepared: { ...prepared, seen: { ...prepared.seen, seconds, ...levels } },
    quality: "original",
    said: { seconds, voice: true, ...levels },
    // It is kept as what is on its way from then on.
    safe: () => keeping?.drop(),
  } as const;
  const uploads = filesOf(app)?.uploads;
  if (uploads === undefined) return;
  uploads.send(conversation, sent, encrypted);
  holdPage(uploads.unkept);
  drop(conversation.jump());
}
