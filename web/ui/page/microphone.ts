/** The microphone of this device, recorded by the browser; nothing of it is heard by anybody before it is sent. */
import { boundedSound } from "../../media/decoded.ts";
import { LEVELS, levelNow, levelsOf, loudness } from "../../media/levels.ts";
import type { Take } from "../../model/files/recording.ts";

/** Enough for speech, and an hour of it fits into 15 MB (RFC 7587 §3.1.1: 16 to 20 kbit/s wide, 28 to 40 full). */
const BITS_PER_S = 32_000;
/** As often as there is a piece: how large it is grows by it. */
const PIECE_MS = 500;
const LISTENED = 1_024;
/** What is decoded to draw its bars: more would be a lot of memory for a few of them. */
const DECODED_BYTES_MAX = 6 * 1024 * 1024;
const DECODED_RATE = 8_000;

const OPUS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus"];
/** Of Safari: it knows AAC best, and every phone does. */
const MP4 = ["audio/mp4;codecs=mp4a.40.2", "audio/mp4"];

/** The first that this browser records, Opus before others; where it plays no Ogg, what it plays. */
function recordedType(): string | undefined {
  if (typeof MediaRecorder !== "function") return undefined;
  const playsOgg = document.createElement("audio").canPlayType("audio/ogg; codecs=opus") !== "";
  return [...(playsOgg ? OPUS : []), ...MP4, ...OPUS].find((type) => MediaRecorder.isTypeSupported(type));
}

/** @throws a `DOMException` of `getUserMedia`, or `NotSupportedError` where this browser records nothing */
export async function openMicrophone(): Promise<Take> {
  const type = recordedType();
  if (type === undefined) throw new DOMException("no recorder", "NotSupportedError");
  const cleaned = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { ...cleaned, channelCount: 1 } });
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS_PER_S });
  const pieces: Blob[] = [];
  let bytes = 0;
  recorder.addEventListener("dataavailable", ({ data }) => {
    pieces.push(data);
    bytes += data.size;
    told(data);
  });
  let told: (piece: Blob) => void = () => undefined;
  const stopped = new Promise<void>((resolve) => recorder.addEventListener("stop", () => resolve()));
  const lost = new Promise<void>((resolve) => {
    for (const track of stream.getTracks()) track.addEventListener("ended", () => resolve());
    recorder.addEventListener("error", () => resolve());
  });
  const listener = listen(stream);
  const off = () => {
    for (const track of stream.getTracks()) track.stop();
    listener.end();
  };
  recorder.start(PIECE_MS);
  return {
    level: listener.level,
    size: () => bytes,
    onPiece: (listener) => {
      told = listener;
    },
    lost,
    stop: async () => {
      // Where the microphone has gone it has stopped by itself.
      if (recorder.state !== "inactive") recorder.stop();
      await stopped;
      off();
      return new Blob(pieces, { type: recorder.mimeType });
    },
    drop: () => {
      if (recorder.state !== "inactive") recorder.stop();
      off();
    },
  };
}

function listen(stream: MediaStream): { readonly level: () => number; readonly end: () => void } {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: LISTENED });
  context.createMediaStreamSource(stream).connect(analyser);
  // Without a press it may wait for one: its bars are flat until then, and what is recorded is not.
  void context.resume().catch(() => undefined);
  const samples = new Float32Array(LISTENED);
  return {
    level: () => {
      analyser.getFloatTimeDomainData(samples);
      return levelNow(loudness(samples));
    },
    end: () => void context.close().catch(() => undefined),
  };
}

let before: Promise<unknown> = Promise.resolve();

/**
 * How long a sound is and how loud, one after the other; undefined where this browser does not say, or it is too long for that.
 * `whose`: what others have sent is counted before it is decoded.
 */
export function listenTo(
  file: Blob,
  whose: "own" | "others",
): Promise<{ readonly seconds: number; readonly levels: Uint8Array<ArrayBuffer> } | undefined> {
  const own = before.then(async () => {
    if (file.size > DECODED_BYTES_MAX) return undefined;
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const bounded = whose === "own" ? bytes : boundedSound(bytes, file.type);
      if (bounded === undefined) return undefined;
      const decoder = new OfflineAudioContext(1, 1, DECODED_RATE);
      const sound = await decoder.decodeAudioData(bounded.buffer);
      return { seconds: sound.duration, levels: levelsOf(sound.getChannelData(0), LEVELS) };
    } catch {
      // No decoder for it: it is drawn without its bars.
      return undefined;
    }
  });
  before = own;
  return own;
}
