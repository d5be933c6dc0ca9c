/**
 * What two browsers say to each other while one hands over what the other cannot read. The one that lacks something asks, message
 * by message, so nothing has to be remembered of how far it came: what is still missing is what is asked for, whatever was
 * closed in between, and whoever else has answered.
 */
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { Time } from "../../../worker/contract/names.ts";
import type { Bytes } from "../bytes.ts";
import { fieldsIn, type Fields, isSet, listIn, numberIn, textIn } from "../chunks/fields.ts";
import { packed, unpacked } from "../chunks/packed.ts";
import { type MessageText, readRecord, type RecordNames, writeRecord } from "../chunks/record.ts";

/** Messages that are asked for at once. */
export const ASKED = 300;
/** Questions that may be under way: what comes beyond them breaks the rules. */
export const UNDER_WAY = 4;

/** Bytes of one frame when it is unpacked: twenty texts of the longest kind are in one message that was corrected so often. */
const UNPACKED = 16 * 1_024 * 1_024;
/** What is still to come in the first byte may be told apart from this. */
const VERSION = 1;
const NAME = 2 * LIMITS.addressLength + LIMITS.referenceLength + 2;

/** `unknown`: no such message is here. `nothing`: it is, and cannot be read here either, or may not be given. */
export type Answer = MessageText | "unknown" | "nothing";

export type HandoverFrame =
  /** The first of both. `history`: whoever says it has been allowed to give all that it has; `since`: when its device was made. */
  | { readonly kind: "hello"; readonly history: boolean; readonly since: Time }
  /** So many are missing, and will be asked for. */
  | { readonly kind: "begin"; readonly of: number }
  | { readonly kind: "ask"; readonly ask: number; readonly names: readonly RecordNames[] }
  /** The answers to a question from its `from`th name on, in its order. */
  | { readonly kind: "answers"; readonly ask: number; readonly from: number; readonly answers: readonly Answer[] }
  /** Says nothing, and nothing is read in it: a road whose other end is not there any more ends by it. */
  | { readonly kind: "there" }
  /** The other one is to wait, or may go on. */
  | { readonly kind: "pause"; readonly on: boolean }
  /** `done`: all was asked for, `gaps` of it nobody could say. `cancelled`: a person wants no more of it. */
  | { readonly kind: "end"; readonly how: "done" | "cancelled"; readonly filled: number; readonly gaps: number };

/** Bytes of a frame: a version, then gzipped JSON. */
export async function writeFrame(frame: HandoverFrame): Promise<Bytes> {
  const body = await packed(jsonOf(frame));
  const bytes = new Uint8Array(body.length + 1);
  bytes[0] = VERSION;
  bytes.set(body, 1);
  return bytes;
}

/** Undefined: it is none, or one of a version that is not known here. */
export async function readFrame(bytes: Bytes): Promise<HandoverFrame | undefined> {
  if (bytes[0] !== VERSION) return undefined;
  const fields = fieldsIn(await unpacked(bytes.subarray(1), UNPACKED));
  return fields && frameIn(fields);
}

function jsonOf(frame: HandoverFrame): Fields {
  switch (frame.kind) {
    case "hello":
      return { ...frame, history: frame.history ? 1 : 0 };
    case "pause":
      return { ...frame, on: frame.on ? 1 : 0 };
    case "ask":
      return { ...frame, names: frame.names.map(({ id, archive, cipher }) => ({ i: id, a: archive, c: cipher })) };
    case "answers":
      return { ...frame, answers: frame.answers.map(jsonOfAnswer) };
    case "begin":
    case "end":
    case "there":
      return frame;
  }
}

function jsonOfAnswer(answer: Answer): unknown {
  if (answer === "unknown") return 0;
  return answer === "nothing" ? 1 : writeRecord(answer);
}

function frameIn(fields: Fields): HandoverFrame | undefined {
  const kind = textIn(fields, "kind", 10);
  const count = (name: string, most = Number.MAX_SAFE_INTEGER) => numberIn(fields, name, 0, most);
  switch (kind) {
    case "hello": {
      const since = count("since");
      return since === undefined ? undefined : { kind, since, history: isSet(fields, "history") };
    }
    case "begin": {
      const of = count("of");
      return of === undefined ? undefined : { kind, of };
    }
    case "pause":
      return { kind, on: isSet(fields, "on") };
    case "ask": {
      const [ask, names] = [count("ask"), listIn(fields, "names", ASKED, namesIn)];
      return ask === undefined || names === undefined ? undefined : { kind, ask, names };
    }
    case "answers": {
      const [ask, from] = [count("ask"), count("from", ASKED)];
      const answers = listIn(fields, "answers", ASKED, answerIn);
      const whole = ask !== undefined && from !== undefined && answers !== undefined;
      return whole ? { kind, ask, from, answers } : undefined;
    }
    case "end": {
      const [how, filled, gaps] = [textIn(fields, "how", 10), count("filled"), count("gaps")];
      if ((how !== "done" && how !== "cancelled") || filled === undefined || gaps === undefined) return undefined;
      return { kind, how, filled, gaps };
    }
    default:
      return undefined;
  }
}

/** A record that does not fit is the answer of somebody who does not have it: the others are none the worse for it. */
function answerIn(value: unknown): Answer {
  if (value === 0) return "unknown";
  return readRecord(value) ?? "nothing";
}

function namesIn(value: unknown): RecordNames | undefined {
  const fields = fieldsIn(value);
  if (fields === undefined) return undefined;
  const names = {
    id: textIn(fields, "i", LIMITS.referenceLength) as RecordNames["id"],
    archive: textIn(fields, "a", NAME),
    cipher: textIn(fields, "c", NAME),
  };
  return Object.values(names).some((name) => name !== undefined) ? names : undefined;
}
