import assert from "node:assert/strict";
import { test } from "node:test";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { FileReply, FileRequest, PageId } from "../../engine/protocol/files.ts";
import type { FileView } from "./file-view.ts";
import { Files } from "./files.ts";

const ALICE = "alice@example.org" as BareJid;
const PAGE = "page" as unknown as PageId;
const SEEN = { kind: "image", type: "image/png", size: 5, width: 2, height: 2 } as const;
const VIEW: FileView = { source: { url: "https://files.example/a.png" }, kind: "image", name: "a.png" };
const SHOWN = { shown: { seen: SEEN, file: new Blob(["plain"]) } };

function given() {
  const asked: FileRequest[] = [];
  const noted: unknown[] = [];
  let begun = 0;
  let tell: (event: { readonly data: FileReply }) => void = () => undefined;
  let breaks: (event: { preventDefault(): void }) => void = () => undefined;
  const start = () => {
    begun += 1;
    return {
      postMessage: (request: FileRequest) => void asked.push(request),
      addEventListener: (type: string, listener: unknown) => {
        if (type === "message") tell = listener as typeof tell;
        else breaks = listener as typeof breaks;
      },
      terminate: () => undefined,
    };
  };
  const noteFile = async (args: unknown) => {
    noted.push(args);
    return { ok: true, value: { done: true } } as const;
  };
  const files = new Files({ noteFile }, { account: ALICE, page: PAGE, start });
  const answer = (reply: object) => tell({ data: { id: asked.at(-1)?.id ?? 0, ...reply } as FileReply });
  return { files, asked, noted, answer, begun: () => begun, breaks: () => breaks({ preventDefault: () => undefined }) };
}

test("a file comes once, says how far it is, and what it was found to be is noted", () => {
  const { files, asked, noted, answer } = given();
  files.load({ key: "m1" }, VIEW, "ahead");
  files.load({ key: "m1" }, VIEW, "asked");
  assert.equal(asked.length, 1);
  answer({ done: 3, total: 5 });
  const now = files.of("m1").value;
  assert.deepEqual([now.state, "done" in now && now.done], ["loading", 3]);
  answer(SHOWN);
  assert.equal(files.of("m1").value.state, "here");
  assert.deepEqual(noted, [{ key: "m1", seen: SEEN }]);
  files.load({ key: "m2", seen: SEEN }, VIEW, "ahead");
  answer(SHOWN);
  assert.equal(noted.length, 1, "what is known is not noted again");
  files.end();
});

test("what was learned of a sound is noted, and stays when it comes again", () => {
  const { files, noted, answer } = given();
  const sound = { kind: "audio", type: "audio/ogg", size: 5, seconds: 2 } as const;
  const levels = Uint8Array.of(1, 2);
  files.learn("m1", { levels });
  files.load({ key: "m1" }, VIEW, "asked");
  answer({ shown: { seen: sound, file: new Blob(["plain"]) } });
  files.learn("m1", { levels });
  files.learn("m1", { played: true });
  files.learn("m1", { played: true });
  const all = { ...sound, levels, played: true } as const;
  assert.deepEqual(noted.slice(1), [
    { key: "m1", seen: { ...sound, levels } },
    { key: "m1", seen: all },
  ]);
  files.load({ key: "m2", seen: all }, VIEW, "asked");
  answer({ shown: { seen: sound, file: new Blob(["plain"]) } });
  const again = files.of("m2").value;
  assert.deepEqual(again.state === "here" && again.seen, all);
  assert.equal(noted.length, 3);
  files.end();
});

test("what is larger than comes by itself waits for a press; what has failed, too", () => {
  const { files, asked, answer } = given();
  files.load({ key: "m1" }, VIEW, "ahead");
  answer({ failure: { kind: "file", detail: "large" }, size: 40_000_000 });
  assert.deepEqual(files.of("m1").value, { state: "resting", large: 40_000_000 });
  files.load({ key: "m1" }, VIEW, "ahead");
  assert.equal(asked.length, 1);
  files.load({ key: "m1" }, VIEW, "asked");
  assert.equal(asked.length, 2);
  answer({ failure: { kind: "file", detail: "gone" } });
  assert.deepEqual(files.of("m1").value, { state: "failed", failure: { kind: "file", detail: "gone" } });
  files.load({ key: "m1" }, VIEW, "ahead");
  assert.equal(asked.length, 2);
  files.end();
});

test("what nobody waits for any more is ended, and can be asked for again", () => {
  const { files, asked, answer } = given();
  files.load({ key: "m1" }, VIEW, "asked");
  files.stop("m1");
  assert.deepEqual(asked.at(-1), { id: 1, end: true });
  answer(SHOWN);
  assert.equal(files.of("m1").value.state, "resting");
  files.load({ key: "m1" }, VIEW, "asked");
  assert.equal(files.of("m1").value.state, "loading");
  files.end();
});

test("what is on the screen stays in memory, of the rest the newest", () => {
  const { files, answer } = given();
  const ends: (() => void)[] = [];
  for (let at = 0; at < 100; at += 1) {
    files.load({ key: `m${at}`, seen: SEEN }, VIEW, "ahead");
    answer(SHOWN);
    ends.push(files.use(`m${at}`));
  }
  assert.equal(files.of("m0").value.state, "here");
  for (const end of ends) end();
  assert.equal(files.of("m99").value.state, "here");
  assert.equal(files.of("m0").value.state, "resting");
  files.end();
});

test("what lies on the disk for this page is closed when nobody looks at it any more, also where it came too late", () => {
  const { files, asked, answer } = given();
  const large = (opened: string) => ({ shown: { ...SHOWN.shown, opened } });
  const closed = () => asked.flatMap((one) => ("work" in one && one.work.kind === "close" ? [one.work.opened] : []));
  for (let at = 0; at < 61; at += 1) {
    const end = files.use(`m${at}`);
    files.load({ key: `m${at}`, seen: SEEN }, VIEW, "asked");
    answer(large(`file ${at}`));
    end();
  }
  assert.deepEqual(closed(), ["file 0"]);
  assert.ok(asked.every((one) => "end" in one || one.page === PAGE));
  files.load({ key: "late" }, VIEW, "asked");
  files.stop("late");
  answer(large("late"));
  assert.deepEqual(closed(), ["file 0", "late"]);
  files.end();
});

test("a worker that could not be had says so, and the next question begins another one", () => {
  const { files, breaks, begun, answer } = given();
  files.load({ key: "m1" }, VIEW, "asked");
  breaks();
  assert.deepEqual(files.of("m1").value, { state: "failed", failure: { kind: "not-loaded" } });
  files.load({ key: "m1" }, VIEW, "asked");
  assert.equal(begun(), 2);
  answer(SHOWN);
  assert.equal(files.of("m1").value.state, "here");
  files.end();
});
