/** What a person does with the sealed copy. */
import type { CopyGeneration } from "../../../worker/contract/copy.ts";
import type { Result } from "../../../worker/contract/failures.ts";
import { toHex } from "../../../worker/shared/hex.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import type { Account } from "../account.ts";
import { type Bytes, randomBytes } from "../bytes.ts";
import type { CopyAct } from "../protocol/copy.ts";
import type { CopyRow } from "../store/schema.ts";
import { CommitError } from "../store/unit.ts";
import { copyKeyOf, RECOVERY_BYTES } from "./copy-key.ts";
import type { Holding } from "./holding.ts";
import { KeptCopy } from "./kept-copy.ts";

type Done = Result<{ readonly done: true }>;
const DONE: Done = { ok: true, value: { done: true } };
const NONE: Done = { ok: false, error: { kind: "copy", detail: "none" } };
const FORGED: Done = { ok: false, error: { kind: "copy", detail: "forged" } };
const FULL: Done = { ok: false, error: { kind: "storage-full" } };
const NO_KEY: Done = { ok: false, error: { kind: "malformed" } };

const GENERATION_BYTES = 16;

export type ActParts = {
  readonly account: Account;
  readonly holding: Holding;
  /** Another copy is held, or none: waits for what is under way, and forgets what was known. */
  readonly become: (row: CopyRow | undefined) => Promise<void>;
  /** It is looked at now; `whole`: everything that is here is compared with it. */
  readonly look: (whole: boolean) => void;
  readonly seen: () => Promise<void>;
};

/** Fails with `copy`, `offline`, and `storage-full` where this browser's disk takes no more. */
export async function actOnCopy(parts: ActParts, args: CopyAct): Promise<Done> {
  try {
    return await act(parts, args);
  } catch (error) {
    if (error instanceof CommitError) return FULL;
    throw error;
  }
}

async function act(parts: ActParts, args: CopyAct): Promise<Done> {
  const { act: what } = args;
  switch (what) {
    case "begin":
      return begin(parts, args.recovery, args.passkey);
    case "open":
      return open(parts, args.recovery);
    case "again":
      return readAgain(parts);
    case "end":
      return end(parts);
    case "keep":
      return keep(parts);
    case "seen":
      await parts.seen();
      return DONE;
    default:
      return missingCase(what);
  }
}

async function begin(parts: ActParts, recovery: Bytes, passkey: string | undefined): Promise<Done> {
  const { account, holding, become, look } = parts;
  const { self, remote, live } = account;
  if (recovery.length !== RECOVERY_BYTES) return NO_KEY;
  if (live.copy?.copy !== undefined) return { ok: false, error: { kind: "copy", detail: "exists" } };
  const key = await copyKeyOf(recovery, self.jid, newGeneration());
  const first = { number: 1, before: "", at: Date.now(), next: 1, chunks: [] };
  const { sealed, digest } = await new KeptCopy(remote, self.jid, key).sealManifest(first);
  await become({ name: "copy", ...key, number: 0, digest, begins: { manifest: sealed, passkey } });
  const failure = await holding.begin();
  look(false);
  if (failure === undefined) return DONE;
  // Whether the object has it is not known where nobody could be asked: it is begun by itself as soon as one can.
  if (failure.kind !== "offline") await become(undefined);
  return { ok: false, error: failure };
}

/** With the key of the copy that is there: it is read in, and from then on kept up from here as well. */
async function open({ account, become, look }: ActParts, recovery: Bytes): Promise<Done> {
  const { live, self, remote } = account;
  const generation = live.copy?.copy?.generation;
  if (generation === undefined) return NONE;
  if (recovery.length !== RECOVERY_BYTES) return NO_KEY;
  const key = await copyKeyOf(recovery, self.jid, generation);
  const answer = await new KeptCopy(remote, self.jid, key).manifest();
  if (!answer.ok) return answer;
  // Whoever shows the token has the key: what this key does not open was put there by somebody else.
  if (answer.value === undefined) return FORGED;
  await become({ name: "copy", ...key, number: 0, digest: "", reading: true });
  look(false);
  return DONE;
}

async function readAgain({ holding, look }: ActParts): Promise<Done> {
  if (holding.row === undefined) return NONE;
  // It is left alone, so that reading it in would never come to an end.
  if (holding.row.trouble === "forged") return FORGED;
  await holding.change((row) => ({ ...row, reading: true }));
  look(true);
  return DONE;
}

async function end({ account, holding, become }: ActParts): Promise<Done> {
  const { token } = holding;
  const answer = await account.remote.call("copyEnd", token === undefined ? {} : { token });
  if (!answer.ok) return answer;
  await become(undefined);
  return DONE;
}

async function keep({ account, holding }: ActParts): Promise<Done> {
  const { token } = holding;
  return token === undefined ? NONE : account.remote.call("copyKeep", { token });
}

function newGeneration(): CopyGeneration {
  return toHex(randomBytes(GENERATION_BYTES)) as CopyGeneration;
}
