/** The shapes of the contract's calls by hand, as questions: the slow reading beside the Worker's schemas. */
import { isBase64 } from "./plain-base64.ts";
import { isNormalJid } from "./plain-jid.ts";

export type Shape = (value: unknown) => boolean;

const ADDRESS = 3_071;
const TEXT = 20_000;
const ID_MAX = 2_147_483_647;
const SAFE = 9_007_199_254_740_991;

function text(least: number, most: number): Shape {
  return (value) => typeof value === "string" && value.length >= least && value.length <= most;
}

function whole(least: number, most: number): Shape {
  return (value) => typeof value === "number" && value % 1 === 0 && value >= least && value <= most;
}

function base64(most: number, least = 0): Shape {
  return (value) => text(least, most)(value) && isBase64(value as string);
}

function list(of: Shape, least: number, most: number): Shape {
  return (value) => Array.isArray(value) && value.length >= least && value.length <= most && value.every(of);
}

function one(...of: readonly unknown[]): Shape {
  return (value) => of.includes(value);
}

/** These and no others; a `?` behind its name: it may be missing. */
function exactly(fields: Readonly<Record<string, Shape>>): Shape {
  const names = Object.keys(fields).map((name) => name.replace("?", ""));
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const entries = new Map(Object.entries(value));
    if ([...entries.keys()].some((key) => !names.includes(key))) return false;
    return Object.entries(fields).every(([name, shape]) => {
      const key = name.replace("?", "");
      return entries.has(key) ? shape(entries.get(key)) : name.endsWith("?");
    });
  };
}

const bool = one(true, false);
const bare: Shape = (value) => text(0, ADDRESS)(value) && isNormalJid(value as string, "account");
const peer: Shape = (value) => text(0, ADDRESS)(value) && isNormalJid(value as string, "any");
const uuid: Shape = (value) =>
  typeof value === "string" &&
  value.length === 36 &&
  [...value].every((letter) => "0123456789abcdef-".includes(letter));
const device = whole(1, ID_MAX);
const keyId = whole(0, ID_MAX);
const position = whole(-SAFE, SAFE);
const uuids = list(uuid, 0, 200);
const publicKey: Shape = (value) => text(88, 88)(value) && isBase64(value as string);
const omemo = exactly({
  sid: device,
  iv: base64(24),
  keys: list(exactly({ rid: device, prekey: bool, data: base64(4_096) }), 1, 2_000),
  "payload?": base64(131_072),
});
const encrypted = exactly({ kind: one("omemo"), omemo });
const clear = exactly({ kind: one("clear"), text: text(1, TEXT), exposed: bool });
const bundle = exactly({
  identityKey: base64(44),
  signedPreKey: exactly({ id: keyId, key: base64(44), signature: base64(88) }),
  preKeys: list(exactly({ id: keyId, key: base64(44) }), 1, 200),
});

export const SHAPES: Readonly<Record<string, Shape>> = {
  send: exactly({
    client: uuid,
    number: whole(1, SAFE),
    after: whole(0, SAFE),
    chat: peer,
    content: (value) => encrypted(value) || clear(value),
    "replaces?": uuid,
    "reply?": exactly({
      id: text(1, 256),
      "to?": bare,
      "quote?": exactly({ start: whole(0, TEXT), end: whole(0, TEXT) }),
    }),
  }),
  devices: exactly({ jid: peer, fresh: bool }),
  bundle: exactly({ jid: peer, device }),
  publish: exactly({ device, bundle }),
  reading: exactly({ delivered: uuids, read: uuids, positions: list(exactly({ chat: bare, position }), 0, 200) }),
  receipt: exactly({ messages: list(uuid, 1, 200), state: one("delivered", "read") }),
  read: exactly({ chat: peer, position }),
  contact: exactly({ jid: peer, action: one("add", "accept", "decline", "remove") }),
  older: exactly({ chat: peer }),
  room: exactly({
    jid: bare,
    action: one("join", "leave"),
    nick: text(1, 100),
    "password?": text(1, 200),
    "name?": text(1, 200),
  }),
  members: exactly({ jid: bare }),
  invite: exactly({ room: bare, jid: bare }),
  roomService: exactly({}),
  revoke: exactly({ browser: (value) => uuid(value) || value === "others" }),
  removeDevice: exactly({ device }),
  stayOnline: exactly({ on: bool, "looks?": bool }),
  pushUnsubscribe: exactly({}),
  entries: exactly({ epoch: text(0, 256), since: whole(0, SAFE), "at?": uuid }),
  unlock: exactly({}),
  bindKey: exactly({ key: publicKey }),
  reconnect: exactly({}),
  signIn: exactly({
    address: text(1, ADDRESS),
    "password?": text(1, 1_024),
    name: text(1, 60),
    kind: one("computer", "phone", "tablet"),
    "key?": publicKey,
    "browser?": uuid,
  }),
  finishSignIn: exactly({ attempt: text(1, 200), clientKey: base64(88, 28), serverKey: base64(88, 28) }),
  signOut: exactly({ erase: bool }),
};
