/** What a browser sends about the sealed copy, as `arguments.ts` checks it. */
import * as v from "valibot";
import type { CallArguments } from "./contract/calls.ts";
import type { CopyGeneration } from "./contract/copy.ts";
import { LIMITS } from "./contract/limits.ts";

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const sealed = (most: number) => v.pipe(v.string(), v.minLength(4), v.maxLength(most), v.regex(BASE64));
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER));
/** 32 bytes. */
const token = v.pipe(v.string(), v.length(44), v.regex(BASE64));
const manifest = sealed(LIMITS.copyManifestLength);

/** One schema a call. */
export const copyArguments = {
  copyBegin: v.strictObject({
    generation: v.pipe(
      v.string(),
      v.regex(/^[0-9a-f]{32}$/),
      v.transform((name) => name as CopyGeneration),
    ),
    token,
    manifest,
    passkey: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.copyPasskeyLength))),
  }),
  copyRead: v.strictObject({ token, chunk: v.optional(count) }),
  copyWrite: v.pipe(
    v.strictObject({
      token,
      after: count,
      number: count,
      manifest,
      add: v.pipe(
        v.array(v.strictObject({ chunk: count, bytes: sealed(LIMITS.copyChunkLength) })),
        v.maxLength(LIMITS.copyAdded),
      ),
      drop: v.pipe(v.array(count), v.maxLength(LIMITS.copyChunks)),
    }),
    v.check(({ after, number }) => number > after, "not a later number"),
  ),
  copyEnd: v.strictObject({ token: v.optional(token) }),
  copyKeep: v.strictObject({ token }),
} satisfies {
  readonly [Name in "copyBegin" | "copyRead" | "copyWrite" | "copyEnd" | "copyKeep"]: v.GenericSchema<
    unknown,
    CallArguments<Name>
  >;
};
