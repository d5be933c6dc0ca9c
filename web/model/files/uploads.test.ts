import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid, ClientId } from "../../../worker/contract/names.ts";
import type { Engine } from "../../engine/protocol/engine.ts";
import { writeFileDetails } from "../../media/file-details.ts";
import type { FileReply, FileRequest, FileWork, KeptUpload, PageId } from "../../engine/protocol/files.ts";
import { Conversation } from "../conversation/conversation.ts";
import { Files } from "./files.ts";
import type { Told } from "./upload-row.ts";
import { type Tabs, Uploads } from "./uploads.ts";

const BOB = "bob@example.org" as BareJid;
const ALICE = "alice@example.org" as BareJid;
const URL_OF_IT = "https://files.example/9f2c/a.jpg";
const TINY = new Uint8Array([1, 2, 3]);
const PREPARED = {
  tiny: TINY,
  seen: { kind: "image", type: "image/jpeg", size: 900, width: 40, height: 30 },
  file: new Blob([new Uint8Array(900)]),
} as const;
const photo = () => new File([new Uint8Array(1_000)], "Ferien.JPG", { type: "image/jpeg" });

type Sent = Parameters<Engine["send"]>[0];

const ends: (() => void)[] = [];
afterEach(async () => {
  // Whatever was under way asks its last, and begins the worker for it.
  await turn();
  for (const end of ends.splice(0)) end();
});

const PUT = { url: URL_OF_IT, text: "aesgcm://x", size: 900 };
const FINISHED = { finished: true };
const KEPT = { kept: true };
const turn = () => new Promise((resolve) => setTimeout(resolve));

/** The tabs of one browser: one lock of each name, and what one says the others hear. */
class Browser {
  readonly #heard = new Map<object, (told: Told) => void>();
  readonly #turns = new Map<string, Promise<void>>();
  /** Locks that somebody has. */
  held = 0;

  tab(): Tabs & { close(): void } {
    const me = {};
    let open = true;
    let die: () => void = () => undefined;
    const dead = new Promise<void>((resolve) => {
      die = resolve;
    });
    const end = () => {
      open = false;
      this.#heard.delete(me);
      die();
    };
    return {
      alone: async (name, job, signal) => {
        const before = this.#turns.get(name);
        const mine = (before ?? Promise.resolve()).then(async () => {
          if (!open || signal.aborted) return;
          this.held += 1;
          await Promise.race([job(), dead]);
          this.held -= 1;
        });
        this.#turns.set(name, mine);
        await mine;
      },
      say: (told) => {
        for (const [who, heard] of this.#heard) if (who !== me) queueMicrotask(() => heard(told));
      },
      hear: (heard) => void this.#heard.set(me, heard),
      end,
      close: end,
    };
  }
}

/** What a browser keeps of the files on their way, as `web/engine/media/uploading.ts` does. */
class Kept {
  rows: readonly KeptUpload[] = [];
  /** The disk takes its time, or refuses: nothing is deleted. */
  stuck = false;

  change(client: ClientId, change: Partial<KeptUpload>): void {
    this.rows = this.rows.map((row) => (row.client === client ? { ...row, ...change } : row));
  }

  take(work: FileWork): Record<string, unknown> | undefined {
    switch (work.kind) {
      case "uploads":
        return { uploads: this.rows };
      case "begin":
        this.rows = [
          ...this.rows.filter(({ client }) => client !== work.upload.client),
          { ...work.upload, whole: false },
        ];
        return FINISHED;
      case "note": {
        this.change(work.client, { failure: work.failure } as Partial<KeptUpload>);
        return FINISHED;
      }
      case "drop":
        if (this.stuck) return undefined;
        this.rows = this.rows.filter(({ client }) => client !== work.client);
        return FINISHED;
      default:
        return undefined;
    }
  }
}

type Given = { readonly refuses?: (Failure | undefined)[]; readonly browser?: Browser; readonly kept?: Kept };

/** A worker that waits for its cues where bytes are moved, and an engine that takes what it is given. */
function given({ refuses = [], browser = new Browser(), kept = new Kept() }: Given = {}) {
  const asked: { readonly id: number; readonly work: FileWork }[] = [];
  const ended: number[] = [];
  const sent: Sent[] = [];
  const noted: unknown[] = [];
  let tell: (event: { readonly data: FileReply }) => void = () => undefined;
  const worker = {
    postMessage: (request: FileRequest) => {
      if ("end" in request) return void ended.push(request.id);
      const reply = kept.take(request.work);
      if (reply === undefined) asked.push(request);
      else queueMicrotask(() => tell({ data: { id: request.id, ...reply } as FileReply }));
    },
    addEventListener: (type: string, listener: unknown) => {
      if (type === "message") tell = listener as typeof tell;
    },
    terminate: () => undefined,
  };
  const engine = {
    send: async (args: Sent) => {
      sent.push(args);
      const refused = refuses.shift();
      return refused === undefined ? { ok: true, value: { client: args.client } } : { ok: false, error: refused };
    },
    noteFile: async (args: unknown) => {
      noted.push(args);
      return { ok: true, value: { done: true } };
    },
    typing: async () => undefined,
    draft: async () => undefined,
  } as unknown as Engine;
  const files = new Files(engine, { account: ALICE, page: "page" as unknown as PageId, start: () => worker });
  ends.push(() => files.end());
  const conversation = new Conversation(engine, BOB, () => 1_000);
  // Words that were given back are being written for a minute.
  ends.push(() => conversation.kept.close());
  const tabs = browser.tab();
  const uploads = new Uploads({ engine, files, now: () => 1_000, conversationOf: () => conversation, tabs });
  ends.unshift(() => uploads.end());
  const tellOf = async (id: number, reply: Record<string, unknown>) => {
    const work = asked.find((one) => one.id === id)?.work;
    if (work?.kind === "keep" && reply["kept"] === true)
      kept.change(work.upload.client, { ...work.upload, whole: true });
    if (work?.kind === "put" && "put" in reply) kept.change(work.client, { put: reply["put"] as never });
    tell({ data: { id, ...reply } as FileReply });
    await turn();
  };
  const answer = (reply: Record<string, unknown>) => tellOf(asked.at(-1)?.id ?? 0, reply);
  /** A photo, as far as its bytes are kept. */
  const sends = async (more: object = {}, encrypted = true, reply: Record<string, unknown> = KEPT) => {
    uploads.send(conversation, { file: photo(), prepared: PREPARED, quality: "smaller", ...more }, encrypted);
    await turn();
    await answer(reply);
  };
  const kinds = () => asked.map(({ work }) => work.kind);
  const first = () => conversation.sending.items[0];
  return { files, uploads, conversation, tabs, kept, asked, ended, sent, noted, answer, tellOf, sends, kinds, first };
}

test("a file has a bubble at once; what is made ready, how far it is and that it was sent happens in the same one", async () => {
  const browser = new Browser();
  const { uploads, files, asked, sent, noted, answer, first, kept, kinds, conversation } = given({ browser });
  uploads.send(conversation, { file: photo(), quality: "smaller" }, true);
  const row = first();
  assert.ok(row?.outgoing === true && row.state === "waiting");
  assert.equal(row.seen?.name, "Ferien.JPG");
  assert.equal(uploads.unkept.value.length, 1, "it is nowhere else");
  await turn();
  await answer({ prepared: PREPARED });
  const upload = { ...kept.rows[0], seen: { ...PREPARED.seen, name: "Ferien.JPG" }, tiny: TINY };
  const { whole: _not, ...wanted } = { ...upload, ending: "jpg", type: "image/jpeg" };
  assert.deepEqual(asked.at(-1)?.work, { kind: "keep", upload: wanted, file: PREPARED.file });
  assert.equal(files.of(row.key).value.state, "here", "it is seen before it has left");
  await answer(KEPT);
  assert.deepEqual(uploads.unkept.value, [], "the page may go");
  await answer({ done: 300, total: 916 });
  assert.deepEqual(uploads.of(row.key)?.value, { done: 300, total: 916 });
  await answer({ put: PUT });
  const details = writeFileDetails({
    name: "Ferien.JPG",
    type: "image/jpeg",
    size: 900,
    points: { width: 40, height: 30 },
    tiny: TINY,
  });
  assert.deepEqual(sent, [{ client: row.key, chat: BOB, text: "aesgcm://x", details }]);
  assert.deepEqual(noted, [{ key: row.key, seen: { ...PREPARED.seen, name: "Ferien.JPG" } }]);
  assert.deepEqual(kept.rows, [], "nothing of it is left");
  assert.equal(browser.held, 0, "and nobody holds it");
  assert.deepEqual(kinds(), ["prepare", "keep", "put"]);
});

test("in clear the message says what the file is and what it is called", async () => {
  const { sends, sent, answer } = given();
  await sends({}, false);
  await answer({ put: { url: URL_OF_IT, text: URL_OF_IT, size: 900 } });
  const file = {
    url: URL_OF_IT,
    name: "Ferien.JPG",
    type: "image/jpeg",
    size: 900,
    width: 40,
    height: 30,
    inline: true,
  };
  assert.deepEqual(sent[0]?.file, file);
  const spoken = { kind: "audio", type: "audio/ogg", size: 900, seconds: 2.5 } as const;
  await sends({ prepared: { seen: spoken, file: PREPARED.file }, said: { seconds: 2.5, voice: true } }, false);
  await answer({ put: { url: URL_OF_IT, text: URL_OF_IT, size: 900 } });
  assert.equal(sent[1]?.file?.length, 2_500, "of a voice how long it is (XEP-0446)");
});

test("what fails says why and is tried again from where it stopped: what the server has is not put there twice", async () => {
  const { sends, conversation, first, kept, sent, answer, kinds } = given({ refuses: [{ kind: "behind" }] });
  await sends();
  const key = first()?.key ?? "";
  await answer({ failure: { kind: "file", detail: "server-quota" } });
  assert.deepEqual(first()?.failure, { kind: "file", detail: "server-quota" });
  assert.deepEqual(kept.rows[0]?.failure, { kind: "file", detail: "server-quota" }, "it is known after the page, too");
  await conversation.sending.retry(key);
  assert.equal(first()?.state, "waiting");
  assert.equal(first()?.failure, undefined);
  await answer({ put: PUT });
  assert.deepEqual(first()?.failure, { kind: "behind" });
  await conversation.sending.retry(key);
  await turn();
  assert.deepEqual([kinds(), sent.length], [["keep", "put", "put"], 2]);
  assert.deepEqual(kept.rows, []);
});

test("several leave in the order in which they were chosen, whichever the server has first; one that fails holds up none", async () => {
  const { sends, asked, sent, tellOf } = given();
  for (const name of ["one", "two", "three"]) await sends({ file: new File(["x"], name) });
  const [one = 0, two = 0, three = 0] = asked.filter(({ work }) => work.kind === "put").map(({ id }) => id);
  await tellOf(three, { put: { ...PUT, text: "three" } });
  await tellOf(two, { failure: { kind: "offline" } });
  assert.deepEqual(sent, []);
  await tellOf(one, { put: { ...PUT, text: "one" } });
  assert.deepEqual(
    sent.map(({ text }) => text),
    ["one", "three"],
  );
});

test("words beside files go after the last of them, as a message of their own, and stand there meanwhile", async () => {
  const { sends, conversation, sent, answer } = given();
  await sends({ caption: "at the lake" });
  const [file, caption] = conversation.sending.items;
  assert.deepEqual([caption?.body, caption?.state], [{ kind: "text", text: "at the lake" }, "waiting"]);
  await answer({ put: PUT });
  assert.deepEqual(
    sent.map(({ client, text }) => [client, text]),
    [
      [file?.key, "aesgcm://x"],
      [caption?.key, "at the lake"],
    ],
  );
});

test("what is stopped is gone, and nothing of it is sent; its words are in the composer again", async () => {
  const { sends, conversation, ended, sent, answer, first, kept } = given();
  await sends({ caption: "at the lake" });
  await conversation.sending.discard(first()?.key ?? "");
  await turn();
  assert.deepEqual(conversation.sending.items, []);
  assert.deepEqual(kept.rows, []);
  assert.equal(ended.length, 1);
  assert.equal(conversation.writing.text.value, "at the lake");
  await answer({ put: PUT });
  assert.deepEqual(sent, []);
});

test("words that are left out do not go, and their file does", async () => {
  const { sends, conversation, sent, answer } = given();
  await sends({ caption: "at the lake" });
  await conversation.sending.discard(conversation.sending.items[1]?.key ?? "");
  assert.equal(conversation.sending.items.length, 1);
  await answer({ put: PUT });
  assert.deepEqual(
    sent.map(({ text }) => text),
    ["aesgcm://x"],
  );
});

test("words that are left out in another tab do not go either", async () => {
  const browser = new Browser();
  const kept = new Kept();
  const one = given({ browser, kept });
  const two = given({ browser, kept });
  await one.sends({ caption: "at the lake" });
  await turn();
  await two.conversation.sending.discard(two.conversation.sending.items[1]?.key ?? "");
  await turn();
  assert.deepEqual([one.conversation.sending.items.length, two.conversation.sending.items.length], [1, 1]);
  await one.answer({ put: PUT });
  assert.deepEqual(
    one.sent.map(({ text }) => text),
    ["aesgcm://x"],
  );
});

test("a file is stopped on its way also after its words were left out", async () => {
  const { sends, conversation, ended, asked } = given();
  await sends({ caption: "at the lake" });
  await conversation.sending.discard(conversation.sending.items[1]?.key ?? "");
  await turn();
  await conversation.sending.discard(conversation.sending.items[0]?.key ?? "");
  assert.deepEqual(ended, [asked.at(-1)?.id]);
});

test("bytes that no disk took and that went with their worker are kept again by the page that has them", async () => {
  const { sends, sent, answer, first, kinds } = given();
  await sends();
  await answer({ failure: { kind: "file", detail: "not-kept" } });
  assert.equal(first()?.failure, undefined);
  await answer({ kept: false });
  await answer({ put: PUT });
  assert.deepEqual([kinds(), sent.length], [["keep", "put", "keep", "put"], 1]);
});

test("where no disk has taken its bytes the page is held until its message has left", async () => {
  const { sends, uploads, answer } = given();
  await sends({}, true, { kept: false });
  assert.equal(uploads.unkept.value.length, 1);
  await answer({ put: PUT });
  assert.deepEqual(uploads.unkept.value, []);
});

test("what the server has is sent also where its bytes are nowhere any more", async () => {
  const kept = new Kept();
  const before = given({ kept });
  await before.sends({}, true, { kept: false });
  const key = before.first()?.key as ClientId;
  before.uploads.end();
  kept.change(key, { put: PUT });
  const { uploads, sent } = given({ kept });
  await uploads.resume();
  await turn();
  assert.deepEqual(
    sent.map(({ client }) => client),
    [key],
  );
});

test("the row is over when the engine tells of its message", async () => {
  const { sends, conversation, answer, first } = given();
  await sends();
  const row = first();
  assert.ok(row);
  await answer({ put: PUT });
  conversation.sending.settle([{ ...row, position: 5 as never }]);
  assert.deepEqual(conversation.sending.items, []);
});

test("another tab shows the file and how far it is, and what is pressed there is done by the one that brings it", async () => {
  const browser = new Browser();
  const kept = new Kept();
  const one = given({ browser, kept });
  const two = given({ browser, kept });
  await one.sends();
  await turn();
  const key = one.first()?.key ?? "";
  assert.equal(two.first()?.key, key);
  assert.equal(two.first()?.seen?.name, "Ferien.JPG");
  await one.answer({ done: 300, total: 916 });
  assert.deepEqual(two.uploads.of(key)?.value, { done: 300, total: 916 });
  await one.answer({ failure: { kind: "file", detail: "slow" } });
  await turn();
  assert.deepEqual(two.first()?.failure, { kind: "file", detail: "slow" });
  await two.conversation.sending.retry(key);
  await turn();
  assert.deepEqual([one.first()?.state, two.first()?.state], ["waiting", "waiting"]);
  assert.deepEqual(one.kinds(), ["keep", "put", "put"]);
  await two.conversation.sending.discard(key);
  await turn();
  await turn();
  assert.deepEqual([one.first(), two.first(), kept.rows], [undefined, undefined, []]);
  assert.ok(!two.kinds().includes("put"));
});

test("what is stopped is brought by no other tab, though its bytes are still kept", async () => {
  for (const stops of ["the tab that brings it", "the other one"] as const) {
    const browser = new Browser();
    const kept = new Kept();
    const one = given({ browser, kept });
    const two = given({ browser, kept });
    await one.sends();
    await turn();
    const key = one.first()?.key ?? "";
    kept.stuck = true;
    await (stops === "the other one" ? two : one).conversation.sending.discard(key);
    await turn();
    assert.deepEqual([one.first(), two.first()], [undefined, undefined], stops);
    // A disk that refuses is an answer, too.
    await one.answer({ failure: { kind: "storage-failed" } });
    await Promise.all([one.uploads.resume(), two.uploads.resume()]);
    await turn();
    assert.equal(kept.rows.length, 1);
    assert.deepEqual([one.first(), two.first()], [undefined, undefined], stops);
    assert.deepEqual([one.kinds(), two.kinds().filter((kind) => kind !== "look")], [["keep", "put", "drop"], []]);
    assert.equal(browser.held, 0);
  }
});

test("where the tab that brings a file goes, the next one goes on with the same bytes under the same name, once", async () => {
  const browser = new Browser();
  const kept = new Kept();
  const one = given({ browser, kept });
  const two = given({ browser, kept });
  await one.sends({ caption: "at the lake" });
  await turn();
  const key = one.first()?.key;
  one.tabs.close();
  await turn();
  await turn();
  assert.deepEqual(
    two.kinds().filter((kind) => kind !== "look"),
    ["put"],
    "nothing is encrypted again",
  );
  await two.answer({ put: PUT });
  await turn();
  assert.deepEqual(
    two.sent.map(({ client, text }) => [client, text]),
    [
      [key, "aesgcm://x"],
      [kept.rows[0]?.caption?.client ?? two.sent[1]?.client, "at the lake"],
    ],
  );
  assert.deepEqual([one.sent, kept.rows], [[], []]);
});

test("a page that begins later takes up what was left, what has failed waits for a press, and one without its bytes says so", async () => {
  const kept = new Kept();
  const before = given({ kept });
  await before.sends();
  await before.sends();
  const [left, failed] = before.conversation.sending.items;
  await before.answer({ failure: { kind: "file", detail: "too-large" } });
  before.uploads.send(before.conversation, { file: photo(), quality: "smaller" }, true);
  await turn();
  before.uploads.end();

  const { uploads, conversation, kinds, answer } = given({ kept });
  await uploads.resume();
  await turn();
  const rows = () => conversation.sending.items.map(({ key, state, failure }) => [key, state, failure?.detail]);
  assert.deepEqual(rows().slice(0, 2), [
    [left?.key, "waiting", undefined],
    [failed?.key, "failed", "too-large"],
  ]);
  assert.deepEqual(rows()[2]?.slice(1), ["failed", "not-kept"]);
  assert.deepEqual(
    kinds().filter((kind) => kind !== "look"),
    ["put"],
  );
  await conversation.sending.retry(failed?.key ?? "");
  await turn();
  assert.deepEqual(
    kinds().filter((kind) => kind !== "look"),
    ["put", "put"],
  );
  await answer({ put: PUT });
});

test("one whose message is with the engine already is told again under the same name, which is one message", async () => {
  const kept = new Kept();
  const before = given({ kept, refuses: [{ kind: "behind" }] });
  await before.sends();
  const key = before.first()?.key as ClientId;
  await before.answer({ put: PUT });
  before.uploads.end();
  kept.change(key, { failure: undefined } as never);
  const { uploads, sent, kinds } = given({ kept });
  await uploads.resume();
  await turn();
  assert.deepEqual(
    kinds().filter((kind) => kind !== "look"),
    [],
    "the server has it",
  );
  assert.deepEqual(
    sent.map(({ client }) => client),
    [key],
  );
  assert.deepEqual(kept.rows, []);
});

test("what has failed for want of a network goes on when there is one", async () => {
  const { sends, uploads, answer, first, kinds } = given();
  await sends();
  await answer({ failure: { kind: "offline" } });
  assert.equal(first()?.state, "failed");
  uploads.connected();
  await turn();
  assert.equal(first()?.state, "waiting");
  assert.deepEqual(kinds(), ["keep", "put", "put"]);
});
