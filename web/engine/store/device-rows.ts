/** The rows of this browser's device and of the devices it knows: keys, ratchets, pins and device lists. */
import type { SessionType } from "@privacyresearch/libsignal-protocol-typescript";
import type { BareJid, DeviceId, Time } from "../../../worker/contract/names.ts";
import type { Bytes } from "../bytes.ts";
import type { Trust } from "../protocol/account.ts";

export type DeviceAddress = { readonly jid: BareJid; readonly device: DeviceId };

/** `jid.device`, unambiguous from the right; the ratchet library's own spelling of an address. */
export function addressOf(jid: BareJid, device: DeviceId): string {
  return `${jid}.${device}`;
}

export function isSameDevice(one: DeviceAddress, other: DeviceAddress): boolean {
  return one.jid === other.jid && one.device === other.device;
}

/** Handles of one seed: `signing` is its Ed25519 key, `agreement` its X25519 key; `publicKey` is 33 bytes (0x05 and u). */
export type IdentityKeys = { readonly signing: CryptoKey; readonly agreement: CryptoKey; readonly publicKey: Bytes };

export type IdentityRow = IdentityKeys & { readonly name: "self"; readonly device: DeviceId; readonly createdAt: Time };

/** `publicKey` is 33 bytes as on the wire, `privateKey` a handle that agrees (`deriveBits`) and cannot be exported. */
export type PreKey = { readonly id: number; readonly publicKey: Bytes; readonly privateKey: CryptoKey };

/** Signed over its 33 bytes, as legacy OMEMO has it. */
export type SignedPreKey = PreKey & { readonly signature: Bytes };

/** `withdrawn`: since when the published bundle no longer offers it, because it was used. */
export type PreKeyRow = PreKey & { readonly used?: Time; readonly withdrawn?: Time };

export type SignedPreKeyRow = SignedPreKey & { readonly createdAt: Time };

type Ratchet = SessionType["currentRatchet"];

/** A session of the ratchet library with the browser's own handle in the place of its private key. */
export type StoredSession = Omit<SessionType, "currentRatchet"> & {
  readonly currentRatchet: Omit<Ratchet, "ephemeralKeyPair"> & {
    readonly ephemeralKeyPair?: { readonly pubKey: ArrayBuffer; readonly privKey: CryptoKey };
  };
};

/** By base key, in the library's spelling. */
export type StoredSessions = { readonly [baseKey: string]: StoredSession };

export type SessionRow = {
  readonly address: string;
  readonly jid: BareJid;
  readonly device: DeviceId;
  /** With the private keys of their ratchets, which come and go with them. */
  readonly sessions: StoredSessions;
  /** A key transport is pending: it is sent once everything has been read. */
  readonly owed?: 1;
  /** The remote ratchet key (base64) for which a heartbeat has been sent or is pending. */
  readonly heartbeat?: string;
};

export type PinRow = {
  readonly address: string;
  readonly jid: BareJid;
  readonly device: DeviceId;
  readonly identityKey: Bytes;
  readonly firstSeen: Time;
  /** Missing in rows of releases that stored no trust: believed (`trustOf`). */
  readonly trust?: Trust;
  /** When the person has decided about it; `by`: in that browser of theirs, which has told it. */
  readonly decided?: { readonly at: Time; readonly by?: DeviceId };
  /** Something was encrypted to it in this browser. */
  readonly writtenTo?: true;
  /** It came after we had written to others of its owner, and the person has not seen that: nothing is encrypted to it. */
  readonly newcomer?: true;
  /** Another key that this device shows, about which nobody has decided here. */
  readonly shown?: Bytes;
  /** A key that this device has shown and that was refused, or replaced. */
  readonly refused?: Bytes;
  /** When something of this device was last decrypted. */
  readonly lastUsed?: Time;
};

export type DeviceListRow = { readonly jid: BareJid; readonly devices: readonly DeviceId[]; readonly at: Time };

type Attempt = DeviceAddress & { readonly at: Time };

/** Sessions that are to be replaced, kept in one row of `meta`: few devices are ever in it. */
export type Repairs = {
  readonly wanted: readonly DeviceAddress[];
  /** Of the last 24 hours. */
  readonly attempts: readonly Attempt[];
};
