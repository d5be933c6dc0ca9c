/**
 * A new browser and one that was there before make sure that nobody sits between them. The new one commits itself to its keys
 * and a random number, the other one shows its own, and only then is the commitment opened: so whoever stands between has to
 * choose before they know, and the code that comes of it all is a guess in a million for them. Each step is a function of what
 * came before it and the message that has come; nothing is stored.
 *
 *   new browser                         older browser
 *   commitment   ---------------------> Committed
 *                <--------------------- keys and number
 *   keys, number ---------------------> does it open the commitment?
 *   code                                code
 */
import type { DeviceId } from "../../../worker/contract/names.ts";
import { type Bytes, concat, randomBytes, sameBytes } from "../bytes.ts";
import { generateKeyPair, type KeyPair } from "../omemo/curve.ts";
import { type Agreed, agree, bindingOf, type Own, type Theirs } from "./agreement.ts";

const LABEL = "alcove letting in 1";
const COMMITMENT_BYTES = 32;
const KEY_BYTES = 33;
const NONCE_BYTES = 32;
const SHOWN_BYTES = 2 * KEY_BYTES + NONCE_BYTES;

/** What both know before a word is said. `road`: the name of this run. */
export type Run = { readonly own: Own; readonly peer: DeviceId; readonly road: string };

type Shown = Theirs & { readonly nonce: Bytes };

/** The new browser has committed itself. */
export type Committed = Run & {
  readonly ephemeral: KeyPair;
  readonly shown: Shown;
  readonly commitment: Bytes;
};

/** The older browser has shown what it has. */
export type Answered = Run & { readonly ephemeral: KeyPair; readonly shown: Shown; readonly commitment: Bytes };

export type Met = Agreed & { readonly theirs: Theirs; readonly ephemeral: Bytes };

/** `damaged`: no such message, or a key that can hide nothing. `not-committed`: keys that were chosen afterwards. */
export type Stopped = { readonly kind: "damaged" | "not-committed" };

export type Step<State> = { readonly kind: "next"; readonly state: State; readonly message: Bytes } | Stopped;

/** The new browser begins. `ephemeral` is the same for all runs of its life, the number is not. */
export async function commit(run: Run, ephemeral: KeyPair): Promise<Step<Committed> & { readonly kind: "next" }> {
  const shown = shownOf(run, ephemeral);
  const commitment = await commitmentOf(run, true, shown);
  return { kind: "next", state: { ...run, ephemeral, shown, commitment }, message: commitment };
}

/** The older browser takes a commitment, and shows its keys. */
export async function answer(run: Run, commitment: Bytes): Promise<Step<Answered>> {
  if (commitment.length !== COMMITMENT_BYTES) return { kind: "damaged" };
  const ephemeral = await generateKeyPair();
  const shown = shownOf(run, ephemeral);
  return { kind: "next", state: { ...run, ephemeral, shown, commitment }, message: bytesOf(shown) };
}

/** The new browser sees the other one's keys, and opens its commitment. */
export async function reveal(state: Committed, message: Bytes): Promise<Step<Met>> {
  const theirs = readShown(message);
  if (theirs === undefined) return { kind: "damaged" };
  const met = await meet(state, true, theirs);
  return met === undefined ? { kind: "damaged" } : { kind: "next", state: met, message: bytesOf(state.shown) };
}

/** The older browser looks whether these are the keys that were promised. */
export async function check(
  state: Answered,
  message: Bytes,
): Promise<{ readonly kind: "met"; readonly met: Met } | Stopped> {
  const theirs = readShown(message);
  if (theirs === undefined) return { kind: "damaged" };
  if (!sameBytes(await commitmentOf(state, false, theirs), state.commitment)) return { kind: "not-committed" };
  const met = await meet(state, false, theirs);
  return met === undefined ? { kind: "damaged" } : { kind: "met", met };
}

async function meet(
  { own, peer, road, ephemeral, shown, commitment }: Committed | Answered,
  newcomer: boolean,
  theirs: Shown,
): Promise<Met | undefined> {
  const here = [own.device, bytesOf(shown)] as const;
  const there = [peer, bytesOf(theirs)] as const;
  const said = newcomer ? [...here, ...there] : [...there, ...here];
  const binding = await bindingOf(LABEL, own.account, road, commitment, ...said);
  try {
    const agreed = await agree({ own, ephemeral, theirs, initiator: newcomer, binding });
    return { ...agreed, theirs, ephemeral: ephemeral.publicKey };
  } catch (error) {
    if (error instanceof RangeError || error instanceof DOMException) return undefined;
    throw error;
  }
}

/** Of the new browser's keys and number, for this peer in this run. */
function commitmentOf({ own, peer, road }: Run, here: boolean, shown: Shown): Promise<Bytes> {
  const devices = here ? [own.device, peer] : [peer, own.device];
  return bindingOf(`${LABEL}: commitment`, own.account, road, ...devices, bytesOf(shown));
}

function shownOf({ own }: Run, { publicKey }: KeyPair): Shown {
  return { identityKey: own.identityKey, ephemeral: publicKey, nonce: randomBytes(NONCE_BYTES) };
}

function bytesOf({ identityKey, ephemeral, nonce }: Shown): Bytes {
  return concat(identityKey, ephemeral, nonce);
}

function readShown(bytes: Bytes): Shown | undefined {
  if (bytes.length !== SHOWN_BYTES) return undefined;
  return {
    identityKey: bytes.slice(0, KEY_BYTES),
    ephemeral: bytes.slice(KEY_BYTES, 2 * KEY_BYTES),
    nonce: bytes.slice(2 * KEY_BYTES),
  };
}
