/** Key messages that cost whoever tries them as much as can be and open nothing. */
import type { BareJid, DeviceId } from "../../../worker/contract/names.ts";
import type { OmemoBundle, OmemoKey, OmemoMessage } from "../../../worker/contract/omemo.ts";
import { fromBase64, toBase64 } from "../../../worker/shared/base64.ts";
import { type Bytes, randomBytes } from "../bytes.ts";
import { generateKeyPair } from "../omemo/curve.ts";
import type { TestBrowser } from "./browser.ts";
import { bytesField, messageOf, numberField } from "./key-message-fields.ts";
import type { ScriptedObject } from "./scripted-object.ts";

/** The furthest that a chain may be asked to walk. */
const COUNTER = 1_000;
const MAC_BYTES = 8;

async function freshKey(): Promise<Bytes> {
  return (await generateKeyPair()).publicKey;
}

/** Of a chain that nobody has. */
async function signalBytes(counter: number): Promise<Bytes> {
  const fields = [bytesField(1, await freshKey()), numberField(2, counter), numberField(3, 0)];
  return messageOf([...fields, bytesField(4, randomBytes(32))], randomBytes(MAC_BYTES));
}

/** One that makes its reader agree on a session first: with a pre-key that is there, of the identity that its maker has. */
async function preKeyBytes(to: OmemoBundle, identityKey: Bytes, counter: number): Promise<Bytes> {
  const preKey = to.preKeys[Math.floor(Math.random() * to.preKeys.length)];
  return messageOf([
    numberField(1, preKey?.id ?? 0),
    bytesField(2, await freshKey()),
    bytesField(3, identityKey),
    bytesField(4, await signalBytes(counter)),
    numberField(5, 1),
    numberField(6, to.signedPreKey.id),
  ]);
}

/** A message with so many of them for one device. */
export async function hostileMessage(
  by: TestBrowser,
  to: { readonly object: ScriptedObject; readonly device: DeviceId },
  keys: number,
  kind: "prekey" | "signal",
  counter = COUNTER,
): Promise<OmemoMessage> {
  const bundle = to.object.bundles.get(to.device);
  const own = fromBase64(by.remote.object.bundles.get(by.device)?.identityKey ?? "");
  if (bundle === undefined || own === undefined) throw new TypeError("nobody has published");
  const made = Array.from({ length: keys }, async (): Promise<OmemoKey> => {
    const bytes = kind === "prekey" ? await preKeyBytes(bundle, own, counter) : await signalBytes(counter);
    return { rid: to.device, prekey: kind === "prekey", data: toBase64(bytes) };
  });
  const [iv, payload] = [randomBytes(12), randomBytes(16)];
  return { sid: by.device, iv: toBase64(iv), keys: await Promise.all(made), payload: toBase64(payload) };
}

/** As it comes to an account. */
export function delivers(to: ScriptedObject, from: BareJid, omemo: OmemoMessage): void {
  to.deliver({ chat: from, sender: from, content: { kind: "omemo", omemo } });
}
