/** The worker of files in a scene: what is asked for is drawn here, by the name in its link. */
import type { FileReply, FileRequest, FileWork, FileWorker, SeenFile } from "../../web/engine/protocol/files.ts";

type Answer = FileReply extends infer One ? (One extends unknown ? Omit<One, "id"> : never) : never;

/** By the last part of a link; anything else is a picture of a mountain. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  "gone.jpg": { failure: { kind: "file", detail: "gone" } },
  "damaged.jpg": { failure: { kind: "file", detail: "damaged" } },
  "large.jpg": { failure: { kind: "file", detail: "large" }, size: 31_400_000 },
  "half.jpg": { done: 1_300_000, total: 4_200_000 },
};
const SIZES: Readonly<Record<string, readonly [number, number]>> = {
  "tall.jpg": [900, 1_600],
  "wide.jpg": [1_600, 500],
};

/** What is answered whatever it is about. */
const WORKING: Partial<Record<FileWork["kind"], Answer>> = {
  put: { done: 1_900_000, total: 4_200_000 },
  begin: { finished: true },
  keep: { finished: true },
  note: { finished: true },
  drop: { finished: true },
  uploads: { uploads: [] },
  storage: { storage: { bytes: 48_300_000, files: 37, most: 256_000_000 } },
};

export function scriptedFiles(): FileWorker {
  const listeners: ((event: { readonly data: FileReply }) => void)[] = [];
  const answer = async (work: FileWork): Promise<Answer> => {
    const known = WORKING[work.kind];
    if (known !== undefined) return known;
    if (work.kind === "preview") return previewOf(work.url);
    if (work.kind === "recorded") return { prepared: soundOf() };
    const name = work.kind === "show" ? (work.source.url.split("/").at(-1) ?? "") : "mountain.jpg";
    const answered = ANSWERS[name];
    if (answered !== undefined) return answered;
    if (name.endsWith(".ogg")) return { shown: soundOf() };
    if (work.kind === "prepare" && !work.file.type.startsWith("image/")) {
      const seen = { kind: "file", type: "application/octet-stream", size: work.file.size } as const;
      return { prepared: { seen, file: work.file } };
    }
    const [width, height] = SIZES[name] ?? [1_600, 1_200];
    const file = await mountain(width, height);
    const seen: SeenFile = { kind: "image", type: "image/jpeg", size: 2_340_000, width, height };
    return work.kind === "show" ? { shown: { seen, file } } : { prepared: { seen, file, picture: file } };
  };
  return {
    postMessage(request: FileRequest) {
      if ("end" in request) return;
      const say = (data: FileReply) => {
        for (const listener of listeners) listener({ data });
      };
      answer(request.work).then((told) => say({ id: request.id, ...told } as FileReply), reportError);
    },
    addEventListener(type: string, listener: unknown) {
      if (type === "message") listeners.push(listener as (typeof listeners)[number]);
    },
    terminate: () => undefined,
  };
}

async function mountain(width: number, height: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const brush = canvas.getContext("2d");
  if (brush === null) throw new Error("there is no canvas");
  const paint = (colour: string, points: readonly (readonly [number, number])[]) => {
    brush.fillStyle = colour;
    brush.beginPath();
    for (const [x, y] of points) brush.lineTo(x * width, y * height);
    brush.fill();
  };
  const sky = brush.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, "#6fa6c9");
  sky.addColorStop(1, "#f3d9b8");
  brush.fillStyle = sky;
  brush.fillRect(0, 0, width, height);
  paint("#7d8ea3", [
    [0, 0.75],
    [0.3, 0.35],
    [0.55, 0.7],
    [0.75, 0.45],
    [1, 0.8],
    [1, 1],
    [0, 1],
  ]);
  paint("#f6f6f2", [
    [0.24, 0.43],
    [0.3, 0.35],
    [0.37, 0.45],
    [0.31, 0.42],
  ]);
  paint("#3f5a4c", [
    [0, 0.9],
    [0.4, 0.68],
    [0.7, 0.86],
    [1, 0.72],
    [1, 1],
    [0, 1],
  ]);
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 });
}

/** Ten seconds of somebody who says syllables (RIFF WAVE). */
function soundOf(): { readonly seen: SeenFile; readonly file: Blob } {
  const [rate, seconds] = [8_000, 10];
  const length = rate * seconds;
  const bytes = new DataView(new ArrayBuffer(44 + length));
  const text = (at: number, words: string) => {
    for (let i = 0; i < words.length; i += 1) bytes.setUint8(at + i, words.charCodeAt(i));
  };
  text(0, "RIFF");
  bytes.setUint32(4, 36 + length, true);
  text(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, rate, true);
  bytes.setUint32(28, rate, true);
  bytes.setUint16(32, 1, true);
  bytes.setUint16(34, 8, true);
  text(36, "data");
  bytes.setUint32(40, length, true);
  for (let at = 0; at < length; at += 1) {
    const loud = Math.abs(Math.sin(at / 2_900) * Math.sin(at / 11_000));
    bytes.setUint8(44 + at, 128 + Math.round(100 * loud * Math.sin(at / 6)));
  }
  const file = new Blob([bytes], { type: "audio/wav" });
  return { seen: { kind: "audio", type: "audio/wav", size: file.size, seconds }, file };
}

async function previewOf(url: string): Promise<Answer> {
  if (url.includes("none")) return { failure: { kind: "file", detail: "nothing" } };
  const picture = new Uint8Array(await (await mountain(120, 120)).arrayBuffer());
  const description = "Beds for forty, soup for all, and a new stove in the old room.";
  return { preview: { title: "Ridge hut opens for the season", description, picture } };
}
