// XEP-0115: Entity Capabilities, version 1.6.0

import xml, { type Element } from "@xmpp/xml";
import { toBase64 } from "../../worker/shared/base64.ts";
import { NS_CAPS, type DiscoInfo, type Identity } from "./disco.ts";
import type { Form } from "./forms.ts";

/** A URI that stands for this software (§4). */
export const CAPS_NODE = "urn:uuid:1b0a3f8e-7d0c-4f5a-9a55-2c8f6c1d9e47";

/** The `<c/>` for our presence: contacts that know the hash do not ask. */
export async function buildCaps(info: DiscoInfo): Promise<Element> {
  return xml("c", { xmlns: NS_CAPS, hash: "sha-1", node: CAPS_NODE, ver: await capsVersion(info) });
}

/** The hash of what somebody can do, in base64 (§5.1). SHA-1 names a set of features here; nothing is kept safe by it. */
export async function capsVersion(info: DiscoInfo): Promise<string> {
  return toBase64(await crypto.subtle.digest("SHA-1", new TextEncoder().encode(verificationString(info))));
}

/** §5.1: identities, features and forms, each sorted, each closed by `<`. */
function verificationString({ identities, features, forms }: DiscoInfo): string {
  return [...identities.map(identityLine).sort(), ...[...features].sort(), ...forms.map(formLines).sort().flat()]
    .map((line) => `${line}<`)
    .join("");
}

function identityLine({ category, type, lang = "", name = "" }: Identity): string {
  return `${category}/${type}/${lang}/${name}`;
}

/** FORM_TYPE, then every field with its values. */
function formLines({ type = "", fields }: Form): readonly string[] {
  const sorted = [...fields].sort((one, other) => (one.name < other.name ? -1 : 1));
  return [type, ...sorted.flatMap(({ name, values }) => [name, ...[...values].sort()])];
}
