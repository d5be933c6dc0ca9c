/**
 * Project Wycheproof's vectors through our own curve and cipher modules. Runs wherever WebCrypto is: no Node, no page.
 * What OMEMO has no use for (other key and IV lengths, additional data) must be refused.
 */
import { type Bytes, concat, fromHex } from "../../web/engine/bytes.ts";
import { toHex } from "../../worker/shared/hex.ts";
import {
  clamp,
  edwardsSignatureValid,
  importScalar,
  sharedSecret,
  signatureValid,
} from "../../web/engine/omemo/curve.ts";
import { hkdf } from "../../web/engine/omemo/hkdf.ts";
import { FileCipher, sameTag } from "../../web/engine/media/gcm.ts";
import { openPayload } from "../../web/engine/omemo/message.ts";

/** Names of the files, without `_test.json`. */
export const SETS = ["x25519", "ed25519", "aes_gcm", "hkdf_sha256"] as const;
export type SetName = (typeof SETS)[number];

type Test = {
  readonly tcId: number;
  readonly result: "valid" | "acceptable" | "invalid";
  readonly flags: readonly string[];
} & Readonly<Record<string, string | number | readonly string[]>>;

type Group = { readonly tests: readonly Test[]; readonly publicKey?: { readonly pk: string } };

/** One file as Wycheproof publishes it (testvectors_v1). */
export type VectorFile = { readonly numberOfTests: number; readonly testGroups: readonly Group[] };

export type Tally = {
  readonly name: string;
  readonly vectors: number;
  /** Gave exactly what the vector says. */
  readonly accepted: number;
  /** Were refused, as they must be. */
  readonly refused: number;
  /** `tcId`s that were neither. */
  readonly wrong: readonly number[];
};

/** `accept`: this and nothing else must come out; `either`: this or nothing; `refuse`: nothing may. */
type Expected = { readonly kind: "accept" | "either"; readonly value: string } | { readonly kind: "refuse" };
type Case = { readonly id: number; readonly expected: Expected; readonly run: () => Promise<string | undefined> };

const ACCEPTED = "valid";
const REFUSE: Expected = { kind: "refuse" };

/** Runs all vectors of all files, one after the other. */
export async function runVectors(files: Readonly<Record<SetName, VectorFile>>): Promise<readonly Tally[]> {
  return [
    await tally("X25519", casesOf(files.x25519, agreement)),
    await tally("Ed25519", casesOf(files.ed25519, signature)),
    await tally("Ed25519 in legacy OMEMO's form", casesOf(files.ed25519, legacySignature)),
    await tally("AES-GCM", casesOf(files.aes_gcm, sealed)),
    await tally("AES-256-GCM of files", casesOf(files.aes_gcm, filed)),
    await tally("HKDF-SHA-256", casesOf(files.hkdf_sha256, derived)),
  ];
}

function casesOf(file: VectorFile, make: (test: Test, group: Group) => Case | undefined): readonly Case[] {
  return file.testGroups.flatMap((group) => group.tests.flatMap((test) => make(test, group) ?? []));
}

async function tally(name: string, cases: readonly Case[]): Promise<Tally> {
  let accepted = 0;
  let refused = 0;
  const wrong: number[] = [];
  for (const { id, expected, run } of cases) {
    const got = await run();
    if (expected.kind !== "accept" && got === undefined) refused += 1;
    else if (expected.kind !== "refuse" && got === expected.value) accepted += 1;
    else wrong.push(id);
  }
  return { name, vectors: cases.length, accepted, refused, wrong };
}

/**
 * "Acceptable" are points of the twist, which RFC 7748 takes, and keys not reduced, which it takes and Firefox in part
 * refuses (no honest key is one). An all-zero result must be refused (§6.1).
 */
function agreement(test: Test): Case {
  const zero = test.flags.includes("ZeroSharedSecret");
  const kind = test.flags.includes("NonCanonicalPublic") ? "either" : "accept";
  return {
    id: test.tcId,
    expected: zero || test.result === "invalid" ? REFUSE : { kind, value: textOf(test, "shared") },
    run: async () => {
      const scalar = await importScalar(clamp(bytesOf(test, "private")));
      return unlessRefused(RangeError, async () => toHex(await sharedSecret(bytesOf(test, "public"), scalar)));
    },
  };
}

function signature(test: Test, group: Group): Case {
  const key = fromHex(group.publicKey?.pk ?? "");
  return {
    id: test.tcId,
    expected: test.result === "valid" ? { kind: "accept", value: ACCEPTED } : REFUSE,
    run: async () => verdict(await edwardsSignatureValid(key, bytesOf(test, "msg"), bytesOf(test, "sig"))),
  };
}

/** The key as a u-coordinate, its sign in the last bit of the signature. One that has this bit already cannot be said so. */
function legacySignature(test: Test, group: Group): Case | undefined {
  const key = fromHex(group.publicKey?.pk ?? "");
  const bytes = bytesOf(test, "sig");
  if (((bytes[63] ?? 0) & 0x80) !== 0) return undefined;
  const spelled = bytes.slice();
  if (spelled.length >= 64) spelled[63] = (spelled[63] ?? 0) | ((key[31] ?? 0) & 0x80);
  return {
    id: test.tcId,
    expected: test.result === "valid" ? { kind: "accept", value: ACCEPTED } : REFUSE,
    run: async () => verdict(await signatureValid(montgomery(key), bytesOf(test, "msg"), spelled)),
  };
}

/** OMEMO's payloads have 16-byte keys, IVs of 12 (or, old, 16) bytes and no additional data. */
function sealed(test: Test): Case {
  const [key, iv, tag] = [bytesOf(test, "key"), bytesOf(test, "iv"), bytesOf(test, "tag")];
  const ours = key.length === 16 && (iv.length === 12 || iv.length === 16) && textOf(test, "aad") === "";
  return {
    id: test.tcId,
    expected: ours && test.result === "valid" ? { kind: "accept", value: textOf(test, "msg") } : REFUSE,
    run: async () => {
      const plain = await openPayload(bytesOf(test, "ct"), iv, concat(key, tag));
      return plain && toHex(plain);
    },
  };
}

/** Files have 32-byte keys; whatever IV there is goes through the same lines. In pieces of one block, so that all is joined. */
function filed(test: Test): Case | undefined {
  const [key, iv, tag, ct] = [bytesOf(test, "key"), bytesOf(test, "iv"), bytesOf(test, "tag"), bytesOf(test, "ct")];
  if (key.length !== 32 || iv.length === 0 || textOf(test, "aad") !== "") return undefined;
  return {
    id: test.tcId,
    expected: test.result === "valid" ? { kind: "accept", value: textOf(test, "msg") } : REFUSE,
    run: async () => {
      const cipher = await FileCipher.of({ key, iv });
      let plain = "";
      for (let at = 0; at < ct.length; at += 16) {
        const piece = ct.slice(at, at + 16);
        await cipher.add(piece);
        plain += toHex(await cipher.crypt(piece, at));
      }
      return sameTag(await cipher.tag(), tag) ? plain : undefined;
    },
  };
}

function derived(test: Test): Case {
  const [input, salt, info] = [bytesOf(test, "ikm"), bytesOf(test, "salt"), bytesOf(test, "info")];
  return {
    id: test.tcId,
    expected: test.result === "valid" ? { kind: "accept", value: textOf(test, "okm") } : REFUSE,
    run: () => unlessRefused(DOMException, async () => toHex(await hkdf(input, salt, info, Number(test["size"])))),
  };
}

/** Undefined when it was refused in the way our modules refuse; any other failure is one of the test. */
async function unlessRefused(
  refusal: typeof RangeError | typeof DOMException,
  job: () => Promise<string>,
): Promise<string | undefined> {
  try {
    return await job();
  } catch (error) {
    if (error instanceof refusal) return undefined;
    throw error;
  }
}

function verdict(valid: boolean): string | undefined {
  return valid ? ACCEPTED : undefined;
}

function textOf(test: Test, field: string): string {
  return String(test[field] ?? "");
}

function bytesOf(test: Test, field: string): Bytes {
  return fromHex(textOf(test, field));
}

const P = 2n ** 255n - 19n;

/** u = (1 + y)/(1 − y) (RFC 7748 §4.1). */
function montgomery(edwards: Bytes): Bytes {
  const digits = toHex(edwards.toReversed());
  const y = BigInt(`0x${digits}`) & (2n ** 255n - 1n);
  let inverse = 1n;
  let square = (((1n - y) % P) + P) % P;
  for (let rest = P - 2n; rest > 0n; rest >>= 1n) {
    if (rest & 1n) inverse = (inverse * square) % P;
    square = (square * square) % P;
  }
  const u = ((1n + y) * inverse) % P;
  return fromHex(u.toString(16).padStart(64, "0")).reverse();
}
