/** The calls of the sealed copy. Whoever has its key shows a token made of that; everybody is told what becomes of it. */
import type { CallArguments, CallName, CallValue } from "../../worker/contract/calls.ts";
import { COPY_REFUSALS, type CopyRefusal, type CopyToken } from "../../worker/contract/copy.ts";
import type { Result } from "../../worker/contract/failures.ts";
import { fromBase64, toBase64 } from "../../worker/shared/base64.ts";
import type { Browser } from "../store/browser-row.ts";
import { Refused } from "../store/sealed-copy.ts";
import type { LiveSockets, Stores } from "../store/stores.ts";

/**
 * What a browser that cannot show the token asks for takes so long: a stolen session deletes nothing before those who have the
 * key have seen that it wants to.
 */
export const COPY_ENDS_MS = 7 * 24 * 60 * 60 * 1_000;

type CopyCall = Extract<CallName, `copy${string}`>;
export type ServeCopy = {
  readonly [Name in CopyCall]: (
    browser: Pick<Browser, "id">,
    args: CallArguments<Name>,
  ) => Promise<Result<CallValue<Name>>>;
};

/** `most`: characters that are kept of one account. */
export function copyCalls(
  stores: Stores,
  browsers: Pick<LiveSockets, "broadcast">,
  most: number,
  now: () => number = Date.now,
): ServeCopy {
  const tell = () => browsers.broadcast({ type: "copy", ...stores.copy.told(most) });
  return {
    copyBegin: async ({ id }, args) => {
      const hash = await hashOf(args.token);
      return told(tell, () =>
        stores.turn(() => {
          stores.copy.settle(now());
          return stores.copy.begin(args, { browser: id, at: now(), hash, most });
        }),
      );
    },
    copyRead: async (_browser, { token, chunk }) => answered(stores.copy.read(await hashOf(token), chunk)),
    copyWrite: async (_browser, { token, ...args }) => {
      const hash = await hashOf(token);
      return told(tell, () => stores.turn(() => stores.copy.write(args, { hash, most })));
    },
    copyEnd: async ({ id }, { token }) => {
      const hash = token === undefined ? undefined : await hashOf(token);
      const end = { browser: id, now: now(), later: now() + COPY_ENDS_MS };
      const answer = told(tell, () => stores.turn(() => stores.copy.end(hash, end)));
      if (!answer.ok) return answer;
      const { ends } = answer.value;
      return { ok: true, value: ends === undefined ? {} : { ends } };
    },
    copyKeep: async (_browser, { token }) => {
      const hash = await hashOf(token);
      const answer = told(tell, () => stores.turn(() => stores.copy.keep(hash)));
      return answer.ok ? { ok: true, value: { done: true } } : answer;
    },
  };
}

function told<T>(tell: () => void, step: () => T | CopyRefusal): Result<T> {
  const answer = answered(attempted(step));
  if (answer.ok) tell();
  return answer;
}

function attempted<T>(step: () => T | CopyRefusal): T | CopyRefusal {
  try {
    return step();
  } catch (error) {
    if (error instanceof Refused) return error.why;
    throw error;
  }
}

function answered<T>(answer: T | CopyRefusal): Result<T> {
  if (isRefusal(answer)) return { ok: false, error: { kind: "copy", detail: answer } };
  return { ok: true, value: answer };
}

function isRefusal(answer: unknown): answer is CopyRefusal {
  return COPY_REFUSALS.some((why) => why === answer);
}

async function hashOf(token: CopyToken): Promise<string> {
  const bytes = fromBase64(token) ?? new Uint8Array(0);
  return toBase64(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

const MEGABYTE = 1024 * 1024;
const COPY_MEGABYTES = 50;

/** What the deployment keeps of one account, in characters; a variable that is no number stands for nothing. */
export function copySetting({ COPY_MEGABYTES: text }: Pick<Env, "COPY_MEGABYTES">): number {
  const number = text === undefined || text === "" ? COPY_MEGABYTES : Number(text);
  return Number.isFinite(number) && number > 0 ? Math.floor(number * MEGABYTE) : 0;
}
