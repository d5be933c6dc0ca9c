/** A device's bundle: as the object reads it from a stanza, and as the browser checks it before it builds a session. */
import xml from "@xmpp/xml";
import { parseBundle } from "../../durable/xep/omemo-bundle.ts";
import { OMEMO_ID_MAX, OMEMO_NAMESPACE, type OmemoBundle } from "../../worker/contract/omemo.ts";
import { checkBundle } from "../../web/engine/omemo/bundle.ts";
import type { Random } from "../faults/random.ts";
import { mutated } from "./mutation.ts";
import { decodedBase64 } from "./plain-base64.ts";
import { REFUSED, TAKEN, type Target, wrong } from "./target.ts";

/** Made once, so that the same seed is the same inputs; nobody has the private halves. */
const IDENTITY = "BTpt7AlN24uv/N4XZ1P/dj2mooQyAU3xSC+ErSHEv/c5";
const SIGNED = "BW6kLw527oI7vEHRprQEWB+SUtXyuVWOpNUMkkSh6QQn";
const SIGNATURE = "FgCnwqUM4bnQ7BMhBpchLYDp5A2fJlPdYmqVVwuJHSrwSYWEg+P/FslKDKdnv3ugv6dHYbNi5dUFcndZbWMdAg==";
const PRE_KEY = "BX1CTj13iYK57pn7EwWMCNqsJSS0RiZwMA9335RHcmQj";
const FIELDS = [IDENTITY, "1", SIGNED, SIGNATURE, "1", PRE_KEY, "2", PRE_KEY, "0", SIGNED];
const IDS = ["0", "-1", "1.5", "2147483647", "2147483648", "01", "1e3", "NaN", ""];
const TOKENS = ["=", "\n", "A", "/", "\u212a", "-", "_", IDENTITY, "BQ==", "\u0000", "Ag==", ...IDS];
const SEPARATOR = "|";
const PRE_KEYS_MAX = 200;

type Output = { readonly read: OmemoBundle | undefined; readonly checked: Awaited<ReturnType<typeof checkBundle>> };

/** Identity, id, key and signature of the signed pre-key, then ids and pre-keys, with `|` between them. */
export const bundles: Target<Output> = {
  name: "bundles",
  share: 0.2,
  make: (random) => {
    if (random.between(0, 9) === 0) return FIELDS.join(SEPARATOR);
    const at = random.between(0, FIELDS.length - 1);
    const field = FIELDS[at] ?? "";
    const other = random.between(0, 1) === 0 ? flipped(random, field) : mutated(random, field, TOKENS);
    const fields = FIELDS.with(at, other.replaceAll(SEPARATOR, ""));
    return fields.slice(0, random.between(0, 9) === 0 ? 4 : fields.length).join(SEPARATOR);
  },
  run: async (input) => {
    const raw = bundleOf(input);
    return { read: parseBundle(elementOf(input)), checked: await checkBundle(raw) };
  },
  judge: (input, { read, checked }) => {
    if (read !== undefined && !isRead(read)) return wrong(`was read as ${JSON.stringify(read)}`);
    const raw = bundleOf(input);
    const good = isSigned(raw) && raw.preKeys.some(isPreKey);
    if ((checked !== undefined) !== good) return wrong(good ? "was refused" : "was taken", !good);
    if (checked?.preKeys.some(({ id, key }) => !isPreKey({ id, key: Buffer.from(key).toString("base64") })))
      return wrong("a pre-key is none");
    if (checked && checked.preKeys.length !== raw.preKeys.filter(isPreKey).length) return wrong("pre-keys were lost");
    return checked === undefined ? REFUSED : TAKEN;
  },
};

/** The only three that fit each other: nobody can make another signature. */
function isSigned({ identityKey, signedPreKey: { id, key, signature } }: OmemoBundle): boolean {
  const same = (text: string, other: string) => decodedBase64(text)?.equals(Buffer.from(other, "base64")) ?? false;
  return same(identityKey, IDENTITY) && same(key, SIGNED) && same(signature, SIGNATURE) && isId(id);
}

function isRead({ identityKey, signedPreKey, preKeys }: OmemoBundle): boolean {
  const ids = preKeys.map(({ id }) => id);
  if (ids.length === 0 || ids.length > PRE_KEYS_MAX || new Set(ids).size !== ids.length) return false;
  const keys = [identityKey, signedPreKey.key, ...preKeys.map(({ key }) => key)];
  const signed = decodedBase64(signedPreKey.signature)?.length === 64;
  return signed && [signedPreKey.id, ...ids].every(isId) && keys.every((key) => isKey(decodedBase64(key)));
}

function isPreKey({ id, key }: { readonly id: number; readonly key: string }): boolean {
  const bytes = decodedBase64(key);
  return isId(id) && isKey(bytes) && (bytes[32] ?? 0) <= 127;
}

/** What the object lets through; the browser also refuses the spelling of a key that has its highest bit set. */
function isKey(bytes: Buffer | undefined): bytes is Buffer {
  return bytes?.length === 33 && bytes[0] === 5;
}

function isId(id: number): boolean {
  return id % 1 === 0 && id >= 0 && id <= OMEMO_ID_MAX;
}

function bundleOf(input: string): OmemoBundle {
  const [identityKey = "", id = "", key = "", signature = "", ...rest] = input.split(SEPARATOR);
  return { identityKey, signedPreKey: { id: Number(id), key, signature }, preKeys: pairsOf(rest) };
}

function elementOf(input: string) {
  const [identityKey = "", id = "", key = "", signature = "", ...rest] = input.split(SEPARATOR);
  const keys = rest.flatMap((preKeyId, at) =>
    at % 2 === 0 ? [xml("preKeyPublic", { preKeyId }, rest[at + 1] ?? "")] : [],
  );
  return xml(
    "bundle",
    { xmlns: OMEMO_NAMESPACE },
    xml("signedPreKeyPublic", { signedPreKeyId: id }, key),
    xml("signedPreKeySignature", {}, signature),
    xml("identityKey", {}, identityKey),
    xml("prekeys", {}, keys),
  );
}

function pairsOf(fields: readonly string[]): OmemoBundle["preKeys"] {
  return fields.flatMap((id, at) => (at % 2 === 0 ? [{ id: Number(id), key: fields[at + 1] ?? "" }] : []));
}

/** Base64 with one bit of its bytes turned over. */
function flipped(random: Random, text: string): string {
  const bytes = Buffer.from(text, "base64");
  const at = random.between(0, bytes.length - 1);
  if (bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.between(0, 7));
  return bytes.toString("base64");
}
