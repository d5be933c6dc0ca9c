/** What the scripted object answers to each call of the contract. */
import type { CallArguments, CallName, CallValue } from "../../../worker/contract/calls.ts";
import type { Result } from "../../../worker/contract/failures.ts";
import type { BrowserId } from "../../../worker/contract/names.ts";
import { LOST, type Network, type ScriptedObject } from "./scripted-object.ts";
import { refusedAs, ScriptedRoom } from "./scripted-room.ts";

/** Who asks. */
type Caller = {
  readonly network: Network;
  readonly object: ScriptedObject;
  readonly browser: BrowserId;
};

type Answers = {
  readonly [Name in CallName]: (
    args: CallArguments<Name>,
    by: Caller,
  ) => Result<CallValue<Name>> | Promise<Result<CallValue<Name>>>;
};

const DONE = { ok: true, value: { done: true } } as const;

export const ANSWERS: Answers = {
  send: async (args, { object, browser }) => {
    await new Promise((resolve) => setTimeout(resolve, object.delayOf(args)));
    const text = args.content.kind !== "omemo" || args.content.omemo.payload !== undefined;
    if (text && object.loseSends > 0) {
      object.loseSends -= 1;
      return LOST;
    }
    const reply = object.send(browser, args);
    if (!text || object.loseReplies === 0) return reply;
    object.loseReplies -= 1;
    return LOST;
  },
  devices: ({ jid }, { network, object }) => {
    if (!object.linked) return LOST;
    if (object.listFailure !== undefined) return { ok: false, error: object.listFailure };
    return { ok: true, value: { devices: [...network.object(jid).devices] } };
  },
  bundle: ({ jid, device }, { network, object }) => {
    if (!object.linked) return LOST;
    const value = network.object(jid).bundles.get(device);
    return value === undefined
      ? { ok: false, error: { kind: "not-found" } }
      : { ok: true, value: structuredClone(value) };
  },
  publish: ({ device, bundle }, { object, browser }) => {
    object.publish(browser, device, bundle);
    return { ok: true, value: { published: true } };
  },
  reading: ({ positions, ...receipts }, { object, browser }) => {
    for (const position of positions) object.append({ kind: "read", ...position });
    if (!object.linked) return { ok: true, value: { receipts: false } };
    for (const state of ["delivered", "read"] as const)
      for (const message of receipts[state]) object.receipts.push({ browser, message, state });
    return { ok: true, value: { receipts: true } };
  },
  receipt: ({ messages, state }, { object, browser }) => {
    if (!object.linked) return LOST;
    for (const message of messages) object.receipts.push({ browser, message, state });
    return DONE;
  },
  read: ({ chat, position }, { object }) => {
    object.append({ kind: "read", chat, position });
    return { ok: true, value: { position } };
  },
  choose: ({ choices, seen }, { object }) => object.choose(choices, seen),
  contact: () => DONE,
  inviteNewcomer: () => ({ ok: false, error: { kind: "peer-refused", detail: "service-unavailable" } }),
  changePassword: () => DONE,
  pushKey: () => ({ ok: true, value: { key: "B".repeat(87) } }),
  pushSubscribe: () => DONE,
  pushUnsubscribe: () => DONE,
  entries: ({ epoch, since }, { object, browser }) => object.entries(browser, epoch === object.epoch ? since : 0),
  lookFor: ({ jid }, { object }) =>
    object.linked ? { ok: true, value: object.absent.has(jid) ? { missing: "account" } : {} } : LOST,
  older: (_args, { object }) => object.older(),
  room: ({ jid, action, nick, password, name }, { network, object }) => {
    if (!object.linked) return LOST;
    const room = network.rooms.get(jid) ?? new ScriptedRoom(network, jid);
    if (room.members.size === 0 && name !== undefined) room.name = name;
    if (action === "join") return room.join(object.jid, nick, password);
    room.leave(object.jid, nick);
    return DONE;
  },
  renameRoom: ({ jid, name }, { network, object }) =>
    network.rooms.get(jid)?.rename(object.jid, name) ?? refusedAs("no such room"),
  affiliate: ({ room, jid, affiliation }, { network, object }) =>
    network.rooms.get(room)?.affiliate(object.jid, jid, affiliation) ?? refusedAs("no such room"),
  setRole: () => DONE,
  banned: () => ({ ok: true, value: { banned: [] } }),
  whisper: () => ({ ok: false, error: { kind: "offline" } }),
  setSubject: () => DONE,
  setRoomPassword: () => DONE,
  setRoomPicture: () => DONE,
  destroyRoom: () => DONE,
  moderate: () => DONE,
  renameContact: () => DONE,
  lastSeen: () => ({ ok: true, value: {} }),
  picture: () => ({ ok: false, error: { kind: "not-found" } }),
  setNick: () => DONE,
  setPicture: () => DONE,
  members: ({ jid }, { network, object }) => {
    if (!object.linked) return LOST;
    return network.rooms.get(jid)?.list(object.jid) ?? refusedAs("no such room");
  },
  invite: ({ room, jid }, { network, object }) =>
    network.rooms.get(room)?.invite(object.jid, jid) ?? refusedAs("no such room"),
  roomService: (_args, { object }) => (object.linked ? { ok: true, value: { service: "rooms.example" } } : LOST),
  findRooms: () => ({ ok: true, value: { service: "rooms.example", searches: false, rooms: [] } }),
  aboutRooms: ({ jids }) => ({ ok: true, value: { rooms: jids.map((jid) => ({ jid })) } }),
  savedRooms: () => ({ ok: true, value: { rooms: [], kept: true } }),
  forgetRoom: () => DONE,
  revoke: ({ browser: which }, { object, browser }) => {
    if (object.revoked.has(browser)) return { ok: false, error: { kind: "revoked" } };
    for (const { id } of [...object.browsers])
      if (id === which || (which === "others" && id !== browser)) object.revoke(id);
    return DONE;
  },
  renameBrowser: ({ browser, name }, { object }) => {
    object.rename(browser, name);
    return DONE;
  },
  removeDevice: ({ device }, { object }) => {
    object.removeForGood(device);
    return DONE;
  },
  relay: (args, { object, browser }) => object.relay(browser, args),
  stayOnline: ({ on }) => ({ ok: true, value: { on } }),
  copyBegin: (args, { object, browser }) => object.copy.begin(browser, args),
  copyRead: (args, { object }) => object.copy.read(args),
  copyWrite: (args, { object }) => object.copy.write(args),
  copyEnd: (args, { object, browser }) => object.copy.end(browser, args),
  copyKeep: (args, { object }) => object.copy.keep(args),
  fileService: () => ({ ok: false, error: { kind: "file", detail: "no-service" } }),
  fileSlot: () => ({ ok: false, error: { kind: "file", detail: "no-service" } }),
  unlock: (_args, { object, browser }) => ({
    ok: true,
    value: { unlocked: true, account: object.jid, browser },
  }),
  bindKey: () => ({ ok: true, value: { bound: true } }),
  reconnect: (_args, { object }) => ({ ok: true, value: { state: object.state } }),
};
