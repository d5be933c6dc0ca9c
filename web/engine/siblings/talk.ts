/** One talk with another browser of the account through the object: what is said is carried in order, again where it was lost. */
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { DeviceId, RoadId } from "../../../worker/contract/names.ts";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import { toHex } from "../../../worker/shared/hex.ts";
import { type Bytes, concat, randomBytes } from "../bytes.ts";
import type { Remote } from "../object/calls.ts";

/** What a piece of a talk is, in its first byte. The first three are of `letting-in.ts`. */
export const SAYS = {
  commitment: 1,
  keys: 2,
  opening: 3,
  /** An older browser would let this one in, and has heard no commitment. */
  wanted: 4,
  hail: 5,
  greeting: 6,
  record: 7,
  /** The other end knows nothing of this talk, or no more of it. */
  ended: 8,
  /** The other end will not try again before a person says so. */
  enough: 9,
  /** Asks for nothing: whoever knows of this talk no more says that it has ended. */
  there: 10,
  /** The person there has said that this browser is none of theirs. */
  refused: 11,
} as const;

export type Says = (typeof SAYS)[keyof typeof SAYS];

/** What one call may carry. */
export const PIECE_BYTES = (LIMITS.relayLength / 4) * 3;

/** The other end is tried again for so long, in steps that grow. */
const PATIENCE_MS = 30_000;
/** Whoever has said as much as the object hands on in a minute waits for the next minute, which is no fault of the other end. */
const BUSY_PATIENCE_MS = 90_000;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;

export type Piece = { readonly from: DeviceId; readonly road: RoadId; readonly says: Says; readonly body: Bytes };

const KNOWN: ReadonlySet<number> = new Set(Object.values(SAYS));

/** Undefined: nothing that this release knows. */
export function readPiece({
  from,
  road,
  bytes,
}: {
  readonly from: DeviceId;
  readonly road: RoadId;
  readonly bytes: string;
}): Piece | undefined {
  // The object is not believed: what no call could have carried is not unpacked.
  if (typeof bytes !== "string" || bytes.length > LIMITS.relayLength) return undefined;
  const piece = fromBase64(bytes);
  const says = piece?.[0];
  if (piece === undefined || says === undefined || !KNOWN.has(says)) return undefined;
  return { from, road, says: says as Says, body: piece.slice(1) };
}

export function newRoad(): RoadId {
  return toHex(randomBytes(16)) as RoadId;
}

type Post = Pick<Remote, "call">;

export class Talk {
  readonly peer: DeviceId;
  readonly road: RoadId;
  readonly #remote: Post;
  readonly #lost: () => void;
  #queue: Promise<unknown> = Promise.resolve();
  #over = false;

  /** `lost`: the other end could not be reached for a while; nothing more is carried. */
  constructor(remote: Post, to: { readonly peer: DeviceId; readonly road: RoadId }, lost: () => void) {
    this.#remote = remote;
    this.peer = to.peer;
    this.road = to.road;
    this.#lost = lost;
  }

  /** Resolves when the object has handed it over; false: it never will. Pieces arrive in the order of the calls. */
  say(says: Says, body: Bytes | Promise<Bytes> = new Uint8Array()): Promise<boolean> {
    const said = this.#queue.then(async () => this.#carry(toBase64(concat(Uint8Array.of(says), await body))));
    this.#queue = said;
    return said;
  }

  stop(): void {
    this.#over = true;
  }

  async #carry(bytes: string): Promise<boolean> {
    const since = Date.now();
    for (let wait = FIRST_WAIT_MS; !this.#over; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      const answer = await this.#remote.call("relay", { to: this.peer, road: this.road, bytes });
      if (answer.ok) return true;
      const passing = ["offline", "not-found", "too-busy"].includes(answer.error.kind);
      const patience = answer.error.kind === "too-busy" ? BUSY_PATIENCE_MS : PATIENCE_MS;
      if (!passing || Date.now() + wait > since + patience) {
        if (!this.#over) this.#lost();
        this.#over = true;
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    return false;
  }
}

/** Says one thing where there is no talk, once. False: the object has not handed it over. */
export async function sayOnce(
  remote: Post,
  to: { readonly peer: DeviceId; readonly road: RoadId },
  says: Says,
): Promise<boolean> {
  const bytes = toBase64(Uint8Array.of(says));
  return (await remote.call("relay", { to: to.peer, road: to.road, bytes })).ok;
}
