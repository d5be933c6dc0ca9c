import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { FileWork } from "../../engine/protocol/files.ts";
import { writeFileDetails } from "../../media/file-details.ts";
import {
  BOB,
  Browser,
  endAll,
  given,
  Kept,
  KEPT,
  photo,
  PREPARED,
  PUT,
  TINY,
  turn,
  URL_OF_IT,
} from "../testing/upload-browser.ts";

afterEach(endAll);

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

test("whoever tries again at once, and twice, is not held up by what is still noted of the failure, and sends it once", async () => {
  const notes: (() => void)[] = [];
  class SlowNotes extends Kept {
    override take(work: FileWork): Record<string, unknown> | undefined {
      if (work.kind !== "note" || work.failure === undefined) return super.take(work);
      notes.push(() => super.take(work));
      return undefined;
    }
  }
  const { sends, conversation, first, sent, asked, tellOf } = given({ kept: new SlowNotes() });
  await sends();
  const key = first()?.key ?? "";
  const putsOf = () => asked.filter(({ work }) => work.kind === "put").map(({ id }) => id);
  await tellOf(putsOf()[0] ?? 0, { failure: { kind: "file", detail: "server-quota" } });
  assert.equal(first()?.state, "failed");
  assert.equal(notes.length, 1, "the disk takes its time");
  await conversation.sending.retry(key);
  await conversation.sending.retry(key);
  await turn();
  assert.equal(putsOf().length, 2, "it is under way again, once");
  const noted = asked.find(({ work }) => work.kind === "note")?.id ?? 0;
  await tellOf(noted, { finished: true });
  await conversation.sending.retry(key);
  await tellOf(putsOf()[1] ?? 0, { put: PUT });
  assert.deepEqual([sent.length, putsOf().length], [1, 2]);
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

test("the row is over when the engine tells of its message", async () => {
  const { sends, conversation, answer, first } = given();
  await sends();
  const row = first();
  assert.ok(row);
  await answer({ put: PUT });
  conversation.sending.settle([{ ...row, position: 5 as never }]);
  assert.deepEqual(conversation.sending.items, []);
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
