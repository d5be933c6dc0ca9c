// XEP-0384: OMEMO Encryption, version 0.3.0. Bundles (§4.4): what others need to start a session with a device.

import xml, { type Element } from "@xmpp/xml";
import { LIMITS } from "../../worker/contract/limits.ts";
import type { Base64, DeviceId } from "../../worker/contract/names.ts";
import { OMEMO_ID_MAX, OMEMO_NAMESPACE, type OmemoBundle } from "../../worker/contract/omemo.ts";
import { byteLength, fromBase64, tidyBase64 } from "../../worker/shared/base64.ts";
import { attribute, child, children, integer } from "./element.ts";

/** The type byte in front of a Curve25519 u-coordinate, everywhere on the wire. */
const CURVE25519 = 0x05;
const PUBLIC_KEY_BYTES = 33;
const SIGNATURE_BYTES = 64;
const BASE64_LENGTH_MAX = 128;

/** Every device has a node of its own. */
export function bundleNode(device: DeviceId): string {
  return `${OMEMO_NAMESPACE}.bundles:${device}`;
}

/**
 * The payload of a bundle item. Pre-key ids may be 0. A broken or repeated pre-key is left out; undefined where nothing
 * is left of them, or where anything else is not a key of its size. Signatures are for the browser to verify.
 */
export function parseBundle(payload: Element | undefined): OmemoBundle | undefined {
  if (payload === undefined || !payload.is("bundle", OMEMO_NAMESPACE)) return undefined;
  const identityKey = publicKey(child(payload, "identityKey", OMEMO_NAMESPACE));
  const signedPreKey = preKey(child(payload, "signedPreKeyPublic", OMEMO_NAMESPACE), "signedPreKeyId");
  const signature = bytes(child(payload, "signedPreKeySignature", OMEMO_NAMESPACE), SIGNATURE_BYTES);
  const list = child(payload, "prekeys", OMEMO_NAMESPACE);
  const found = list === undefined ? [] : children(list, "preKeyPublic", OMEMO_NAMESPACE);
  const preKeys = distinct(found.flatMap((element) => preKey(element, "preKeyId") ?? []));
  if (identityKey === undefined || signedPreKey === undefined || signature === undefined || preKeys.length === 0) {
    return undefined;
  }
  return { identityKey, signedPreKey: { ...signedPreKey, signature }, preKeys };
}

/** The payload to publish. Exactly these elements in this order: clients in the field validate it by a schema. */
export function buildBundle({ identityKey, signedPreKey, preKeys }: OmemoBundle): Element {
  return xml(
    "bundle",
    { xmlns: OMEMO_NAMESPACE },
    xml("signedPreKeyPublic", { signedPreKeyId: signedPreKey.id }, signedPreKey.key),
    xml("signedPreKeySignature", {}, signedPreKey.signature),
    xml("identityKey", {}, identityKey),
    xml(
      "prekeys",
      {},
      preKeys.map(({ id, key }) => xml("preKeyPublic", { preKeyId: id }, key)),
    ),
  );
}

type PreKey = OmemoBundle["preKeys"][number];

function preKey(element: Element | undefined, idName: string): PreKey | undefined {
  const id = element && integer(attribute(element, idName), 0, OMEMO_ID_MAX);
  const key = publicKey(element);
  return id === undefined || key === undefined ? undefined : { id, key };
}

function publicKey(element: Element | undefined): Base64 | undefined {
  const key = bytes(element, PUBLIC_KEY_BYTES);
  return key !== undefined && fromBase64(key)?.[0] === CURVE25519 ? key : undefined;
}

function bytes(element: Element | undefined, count: number): Base64 | undefined {
  const text = element && tidyBase64(element.getText(), BASE64_LENGTH_MAX);
  return text !== undefined && byteLength(text) === count ? text : undefined;
}

function distinct(preKeys: readonly PreKey[]): readonly PreKey[] {
  return [...new Map(preKeys.map((key) => [key.id, key])).values()].slice(0, LIMITS.preKeys);
}
