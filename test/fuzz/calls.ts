/** The arguments of every call: the Worker's schemas, beside the same shapes by hand. */
import * as v from "valibot";
import { callArguments, signInArguments, signInProof, signOutArguments } from "../../worker/arguments.ts";
import type { Random } from "../faults/random.ts";
import { jsonText, parsed } from "./json.ts";
import { SHAPES } from "./shapes.ts";
import { REFUSED, TAKEN, type Target, wrong } from "./target.ts";

const SCHEMAS: Readonly<Record<string, v.GenericSchema>> = {
  ...callArguments,
  signIn: signInArguments,
  finishSignIn: signInProof,
  signOut: signOutArguments,
};
const UUID = "6f1c1a0e-6a52-4a4e-9f7e-0d4d5b2c9a11";
const JIDS = [
  "bob@example.org",
  "Bob@example.org",
  "a.example",
  "bob@a.example/x",
  "juliet@münchen.example",
  "@",
  "é@x.y",
];
const KEY = Buffer.alloc(33, 5).toString("base64");
const KEY_65 = Buffer.alloc(65, 4).toString("base64");

/** A good one of each; the addresses among them not always. */
const SAMPLES: Readonly<Record<string, (random: Random, jid: string) => unknown>> = {
  send: (random, jid) => ({
    client: UUID,
    number: random.between(1, 9),
    after: 0,
    chat: jid,
    content:
      random.between(0, 1) === 0
        ? { kind: "clear", text: "hello", exposed: false }
        : {
            kind: "omemo",
            omemo: { sid: 7, iv: "AAAA", keys: [{ rid: 9, prekey: true, data: KEY }], payload: "AA==" },
          },
    replaces: UUID,
    reply: { id: "x", to: "bob@example.org", quote: { start: 0, end: 4 } },
  }),
  devices: (_, jid) => ({ jid, fresh: true }),
  bundle: (_, jid) => ({ jid, device: 1 }),
  publish: () => ({
    device: 5,
    bundle: { identityKey: KEY, signedPreKey: { id: 0, key: KEY, signature: "AAA=" }, preKeys: [{ id: 1, key: KEY }] },
  }),
  reading: (_, jid) => ({ delivered: [UUID], read: [], positions: [{ chat: jid, position: -5 }] }),
  receipt: () => ({ messages: [UUID], state: "read" }),
  read: (_, jid) => ({ chat: jid, position: 12 }),
  contact: (_, jid) => ({ jid, action: "add" }),
  older: (_, jid) => ({ chat: jid }),
  room: (_, jid) => ({ jid, action: "join", nick: "me", password: "x", name: "Ridge" }),
  members: (_, jid) => ({ jid }),
  invite: (_, jid) => ({ room: jid, jid: "bob@example.org" }),
  roomService: () => ({}),
  revoke: (random) => ({ browser: random.pick([UUID, "others"]) }),
  removeDevice: () => ({ device: 2 ** 31 - 1 }),
  stayOnline: () => ({ on: true, looks: true }),
  pushUnsubscribe: () => ({}),
  entries: (random) => ({ epoch: "e.1", since: random.between(0, 9), at: UUID }),
  unlock: () => ({}),
  bindKey: () => ({ key: KEY_65 }),
  reconnect: () => ({}),
  signIn: (_, jid) => ({ address: jid, password: "p", name: "Firefox", kind: "phone", key: KEY_65, browser: UUID }),
  finishSignIn: () => ({ attempt: "a.b", clientKey: KEY, serverKey: KEY }),
  signOut: () => ({ erase: false }),
};
const NAMES = Object.keys(SAMPLES);

/** The name of the call, a space, its body. */
export const calls: Target<unknown> = {
  name: "calls",
  share: 0.2,
  make: (random) => {
    const name = random.pick(NAMES);
    return `${name} ${jsonText(random, SAMPLES[name]?.(random, random.pick(JIDS)))}`;
  },
  run: (input) => {
    const [schema, body] = [SCHEMAS[nameOf(input)], bodyOf(input)];
    const answer = schema && v.safeParse(schema, body);
    return answer?.success ? answer.output : undefined;
  },
  judge: (input, output) => {
    const body = bodyOf(input);
    const shape = SHAPES[nameOf(input)];
    if (output === undefined) return shape?.(body) ? wrong("was refused", false) : REFUSED;
    // What comes out counts: fields named as something of every object, and a list for nothing, are dropped on the way.
    if (!shape?.(output)) return wrong(`was taken as ${JSON.stringify(output)}`);
    return JSON.stringify(output) === JSON.stringify(Array.isArray(body) ? {} : known(body))
      ? TAKEN
      : wrong(`came out as ${JSON.stringify(output)}`);
  },
};

function nameOf(input: string): string {
  return input.slice(0, Math.max(0, input.indexOf(" ")));
}

function bodyOf(input: string): unknown {
  return parsed(input.slice(input.indexOf(" ") + 1));
}

function known(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.length === 0 ? value : value.map(known);
  const entries = Object.entries(value).filter(([key]) => !(key in Object.prototype));
  return Object.fromEntries(entries.map(([key, inner]) => [key, known(inner)]));
}
