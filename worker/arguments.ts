/** Everything a browser sends is checked here, once, against the contract's shapes and limits; inside, types are trusted. */
import { FORM_LIMITS } from "./contract/forms.ts";
import * as v from "valibot";
import type { CallArguments, CallName } from "./contract/calls.ts";
import type { Choice } from "./contract/choices.ts";
import { copyArguments } from "./copy-arguments.ts";
import { LIMITS } from "./contract/limits.ts";
import { fileSlot, sharedFile } from "./media-arguments.ts";
import type {
  BareJid,
  BrowserId,
  ClientId,
  DeviceId,
  EntryId,
  PictureId,
  Position,
  RoadId,
  Seq,
} from "./contract/names.ts";
import { OMEMO_ID_MAX } from "./contract/omemo.ts";
import { PUSH_LIMITS } from "./contract/push.ts";
import type { InvitationArguments } from "./contract/invitation.ts";
import type { RegisterArguments, SubmitArguments } from "./contract/registration.ts";
import type { SignInArguments, SignInProof, SignOutArguments } from "./contract/sign-in.ts";
import { isChoice } from "./shared/choices.ts";
import { parseBareJid, peerOf } from "./shared/jid.ts";

/** In ASCII alone: the library's own check ignores case by the rules of Unicode, where `ſ` is an s and U+212A a k. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const base64 = (max: number) => v.pipe(v.string(), v.maxLength(max), v.regex(BASE64));
const integer = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

/** Browsers use the names they were given, so an address that is not in its normal form is a bug, not a typing error. */
const bareJid = v.pipe(
  v.string(),
  v.maxLength(LIMITS.addressLength),
  v.check((text) => parseBareJid(text) === text, "not a normalised bare JID"),
  v.transform((text) => text as BareJid),
);
/** The same, or a domain alone: a server or a service. */
const peer = v.pipe(
  v.string(),
  v.maxLength(LIMITS.addressLength),
  v.check((text) => !text.includes("/") && peerOf(text) === text, "not a normalised address"),
  v.transform((text) => text as BareJid),
);
/** A server or a service. */
const domain = v.pipe(
  v.string(),
  v.maxLength(LIMITS.addressLength),
  v.check((text) => !/[@/]/.test(text) && peerOf(text) === text, "not a normalised domain"),
);
const deviceId = v.pipe(
  integer(1, OMEMO_ID_MAX),
  v.transform((id) => id as DeviceId),
);
const keyId = integer(0, OMEMO_ID_MAX);
const position = v.pipe(
  integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  v.transform((n) => n as Position),
);
const clientId = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f-]{36}$/),
  v.transform((id) => id as ClientId),
);
const browserId = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f-]{36}$/),
  v.transform((id) => id as BrowserId),
);

const entryId = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f-]{36}$/),
  v.transform((id) => id as EntryId),
);
const road = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{32}$/),
  v.transform((id) => id as RoadId),
);
const pictureName = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{40}$/),
  v.transform((id) => id as PictureId),
);
const side = integer(1, LIMITS.ownPictureSide);
const picture = v.strictObject({
  type: v.picklist(["image/png", "image/jpeg", "image/webp"]),
  data: v.pipe(base64(LIMITS.ownPictureLength), v.minLength(4)),
  width: side,
  height: side,
});
const entryIds = v.pipe(v.array(entryId), v.maxLength(LIMITS.receipts));
const offset = integer(0, LIMITS.textLength);
const reply = v.strictObject({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.referenceLength)),
  to: v.optional(bareJid),
  quote: v.optional(v.strictObject({ start: offset, end: offset })),
});

const target = v.strictObject({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.referenceLength)),
  to: v.optional(bareJid),
});
const act = v.variant("kind", [
  v.strictObject({
    kind: v.literal("reactions"),
    of: target,
    emojis: v.pipe(
      v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.emojiLength))),
      v.maxLength(LIMITS.emojis),
    ),
  }),
  v.strictObject({ kind: v.literal("retraction"), of: target }),
]);

const omemo = v.strictObject({
  sid: deviceId,
  iv: base64(24),
  keys: v.pipe(
    v.array(v.strictObject({ rid: deviceId, prekey: v.boolean(), data: base64(LIMITS.keyLength) })),
    v.minLength(1),
    v.maxLength(LIMITS.keys),
  ),
  payload: v.optional(base64(LIMITS.payloadLength)),
  details: v.optional(base64(LIMITS.detailsLength)),
});

const bundle = v.strictObject({
  identityKey: base64(44),
  signedPreKey: v.strictObject({ id: keyId, key: base64(44), signature: base64(88) }),
  preKeys: v.pipe(v.array(v.strictObject({ id: keyId, key: base64(44) })), v.minLength(1), v.maxLength(LIMITS.preKeys)),
});

/** Whether this deployment has signed it shows later. */
const invitation = v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.invitationLength));

/** 65 bytes: whether they are a point of the curve shows when it is first used. */
const browserKey = v.pipe(v.string(), v.length(88), v.regex(BASE64));

/** Of any name: a page may be newer than this Worker. */
const choice = v.pipe(
  v.strictObject({
    chat: v.optional(peer),
    name: v.pipe(v.string(), v.maxLength(LIMITS.choiceLength), v.regex(/^[a-z][A-Za-z0-9-]*$/)),
    value: v.optional(v.union([v.boolean(), v.pipe(v.number(), v.finite()), v.string()])),
  }),
  v.check((chosen) => isChoice(chosen as Choice), "not of its kind"),
);

/** Of a server's invitation: what it may look like is for that server to say. */
const serverToken = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(FORM_LIMITS.serverTokenLength),
  v.regex(/^[\x21-\x7e]+$/),
);
const formText = (max: number) => v.pipe(v.string(), v.maxLength(max));

const nothing = v.strictObject({});
const reason = v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.reasonLength)));

/** One schema a call; a missing or mistyped one does not compile. */
export const callArguments = {
  send: v.strictObject({
    client: clientId,
    number: integer(1, Number.MAX_SAFE_INTEGER),
    after: integer(0, Number.MAX_SAFE_INTEGER),
    chat: peer,
    content: v.variant("kind", [
      v.strictObject({ kind: v.literal("omemo"), omemo }),
      v.strictObject({
        kind: v.literal("clear"),
        text: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.textLength)),
        exposed: v.boolean(),
        file: v.optional(sharedFile),
      }),
      v.strictObject({ kind: v.literal("none") }),
    ]),
    replaces: v.optional(clientId),
    reply: v.optional(reply),
    act: v.optional(act),
  }),
  devices: v.strictObject({ jid: peer, fresh: v.boolean() }),
  bundle: v.strictObject({ jid: peer, device: deviceId }),
  publish: v.strictObject({ device: deviceId, bundle }),
  reading: v.strictObject({
    delivered: entryIds,
    read: entryIds,
    positions: v.pipe(v.array(v.strictObject({ chat: bareJid, position })), v.maxLength(LIMITS.receipts)),
  }),
  receipt: v.strictObject({
    messages: v.pipe(v.array(entryId), v.minLength(1), v.maxLength(LIMITS.receipts)),
    state: v.picklist(["delivered", "read"]),
  }),
  read: v.strictObject({ chat: peer, position }),
  choose: v.strictObject({
    choices: v.pipe(v.array(choice), v.minLength(1), v.maxLength(LIMITS.choices)),
    seen: integer(0, Number.MAX_SAFE_INTEGER / 2),
  }),
  contact: v.strictObject({
    jid: peer,
    action: v.picklist(["add", "accept", "decline", "allow", "remove", "block", "unblock"]),
    report: v.optional(v.picklist(["spam", "abuse"])),
    token: v.optional(serverToken),
  }),
  renameContact: v.strictObject({ jid: peer, name: v.pipe(v.string(), v.maxLength(LIMITS.nameLength)) }),
  lastSeen: v.strictObject({ jid: peer }),
  picture: v.strictObject({
    jid: peer,
    nick: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.addressLength))),
    id: pictureName,
  }),
  setNick: v.strictObject({ nick: v.pipe(v.string(), v.maxLength(LIMITS.nameLength)) }),
  setPicture: v.strictObject({ picture: v.optional(picture) }),
  lookFor: v.strictObject({ jid: bareJid }),
  older: v.strictObject({ chat: peer }),
  room: v.strictObject({
    jid: bareJid,
    action: v.picklist(["join", "leave"]),
    nick: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.nickLength)),
    password: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.roomNameLength))),
    name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.roomNameLength))),
  }),
  renameRoom: v.strictObject({
    jid: bareJid,
    name: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.roomNameLength)),
  }),
  members: v.strictObject({ jid: bareJid }),
  invite: v.strictObject({ room: bareJid, jid: bareJid }),
  roomService: nothing,
  findRooms: v.strictObject({
    service: v.optional(domain),
    text: v.optional(v.pipe(v.string(), v.maxLength(LIMITS.roomNameLength))),
    after: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.addressLength))),
  }),
  aboutRooms: v.strictObject({
    jids: v.pipe(v.array(bareJid), v.minLength(1), v.maxLength(LIMITS.roomsAsked)),
  }),
  savedRooms: nothing,
  forgetRoom: v.strictObject({ jid: bareJid }),
  affiliate: v.strictObject({
    room: bareJid,
    jid: peer,
    affiliation: v.picklist(["owner", "admin", "member", "none", "outcast"]),
    reason,
  }),
  setRole: v.strictObject({
    room: bareJid,
    // As the room has told it: whatever others call themselves.
    nick: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.addressLength)),
    role: v.picklist(["moderator", "participant", "visitor", "none"]),
    reason,
  }),
  whisper: v.strictObject({
    room: bareJid,
    nick: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.addressLength)),
    occupant: v.optional(v.pipe(v.string(), v.maxLength(LIMITS.addressLength))),
    client: clientId,
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.textLength)),
  }),
  banned: v.strictObject({ jid: bareJid }),
  setSubject: v.strictObject({ jid: bareJid, subject: v.pipe(v.string(), v.maxLength(LIMITS.subjectLength)) }),
  setRoomPassword: v.strictObject({ jid: bareJid, password: v.pipe(v.string(), v.maxLength(LIMITS.roomNameLength)) }),
  setRoomPicture: v.strictObject({ jid: bareJid, picture: v.optional(picture) }),
  destroyRoom: v.strictObject({ jid: bareJid, reason, instead: v.optional(bareJid) }),
  moderate: v.strictObject({ chat: bareJid, message: entryId, reason }),
  revoke: v.strictObject({ browser: v.union([browserId, v.literal("others")]) }),
  renameBrowser: v.strictObject({
    browser: browserId,
    name: v.pipe(v.string(), v.maxLength(LIMITS.browserNameLength)),
  }),
  removeDevice: v.strictObject({ device: deviceId }),
  relay: v.strictObject({ to: deviceId, road, bytes: v.pipe(base64(LIMITS.relayLength), v.minLength(4)) }),
  stayOnline: v.strictObject({ on: v.boolean(), looks: v.optional(v.boolean()) }),
  inviteNewcomer: nothing,
  changePassword: v.strictObject({ password: v.pipe(formText(LIMITS.passwordLength), v.minLength(1)) }),
  fileService: nothing,
  fileSlot,
  ...copyArguments,
  unlock: nothing,
  bindKey: v.strictObject({ key: browserKey }),
  pushKey: nothing,
  pushSubscribe: v.strictObject({
    endpoint: v.pipe(v.string(), v.minLength(1), v.maxLength(PUSH_LIMITS.endpointLength)),
    key: v.pipe(v.string(), v.regex(/^[\w-]{87}$/)),
    auth: v.pipe(v.string(), v.regex(/^[\w-]{22}$/)),
    origin: v.pipe(
      v.string(),
      v.maxLength(PUSH_LIMITS.originLength),
      v.check((text) => /^https?:/.test(text) && URL.parse(text)?.origin === text, "not an origin"),
    ),
    quiet: v.optional(
      v.strictObject({ from: integer(0, PUSH_LIMITS.lastMinute), to: integer(0, PUSH_LIMITS.lastMinute) }),
    ),
  }),
  pushUnsubscribe: nothing,
  entries: v.strictObject({
    epoch: v.pipe(v.string(), v.maxLength(LIMITS.referenceLength)),
    since: v.pipe(
      integer(0, Number.MAX_SAFE_INTEGER),
      v.transform((seq) => seq as Seq),
    ),
    at: v.optional(entryId),
  }),
  reconnect: nothing,
} satisfies { readonly [Name in CallName]: v.GenericSchema<unknown, CallArguments<Name>> };

export const signInArguments = v.strictObject({
  address: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.addressLength)),
  password: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.passwordLength))),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.browserNameLength)),
  kind: v.picklist(["computer", "phone", "tablet"]),
  key: v.optional(browserKey),
  browser: v.optional(browserId),
  invitation: v.optional(invitation),
}) satisfies v.GenericSchema<unknown, SignInArguments>;

export const invitationArguments = v.strictObject({ invitation }) satisfies v.GenericSchema<
  unknown,
  InvitationArguments
>;

const typedDomain = v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.addressLength));

export const registerArguments = v.strictObject({
  domain: typedDomain,
  token: v.optional(serverToken),
  invitation: v.optional(invitation),
}) satisfies v.GenericSchema<unknown, RegisterArguments>;

const answer = v.strictObject({
  name: v.pipe(formText(FORM_LIMITS.formText), v.minLength(1)),
  values: v.pipe(v.array(formText(FORM_LIMITS.formText)), v.maxLength(FORM_LIMITS.formOptions)),
});

export const submitArguments = v.strictObject({
  attempt: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.addressLength)),
  token: v.optional(serverToken),
  legacy: v.boolean(),
  answers: v.pipe(v.array(answer), v.maxLength(FORM_LIMITS.formFields)),
}) satisfies v.GenericSchema<unknown, SubmitArguments>;

/** The longest key is one of SHA-512: 64 bytes. */
const scramKey = v.pipe(base64(88), v.minLength(28));

export const signInProof = v.strictObject({
  attempt: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  clientKey: scramKey,
  serverKey: scramKey,
}) satisfies v.GenericSchema<unknown, SignInProof>;

export const signOutArguments = v.strictObject({
  erase: v.boolean(),
  deletes: v.optional(v.boolean()),
}) satisfies v.GenericSchema<unknown, SignOutArguments>;

/** Whether the contract has a call of this name. */
export function isCallName(name: string): name is CallName {
  return Object.hasOwn(callArguments, name);
}
