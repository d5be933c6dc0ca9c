// XEP-0363: HTTP File Upload, version 1.2.0 (`urn:xmpp:http:upload:0`) and 0.2.5 (`urn:xmpp:http:upload`)

import xml, { type Element } from "@xmpp/xml";
import type { DiscoInfo } from "./disco.ts";
import { attribute, child, children } from "./element.ts";
import { iqGet } from "./stanzas.ts";

/** Newest first. */
const NAMESPACES = ["urn:xmpp:http:upload:0", "urn:xmpp:http:upload"] as const;
export type UploadNamespace = (typeof NAMESPACES)[number];

/** §5: of headers that a slot brings, these alone may be sent. */
const HEADERS: ReadonlySet<string> = new Set(["authorization", "cookie", "expires"]);
const HEADERS_MAX = 10;
const HEADER_LENGTH = 4_096;

/** `mostBytes`: the largest file (§4); undefined: it names none. */
export type UploadFeature = { readonly namespace: UploadNamespace; readonly mostBytes?: number };

export type WantedSlot = { readonly name: string; readonly size: number; readonly type: string };

/** Where the file is put, with which headers, and where it is then. Nothing about the addresses is checked. */
export type UploadSlot = {
  readonly put: string;
  readonly get: string;
  readonly headers: readonly (readonly [string, string])[];
};

/** Whether a service takes files, and how large (§4); undefined where it does not. */
export function parseUploadFeature({ features, forms }: DiscoInfo): UploadFeature | undefined {
  const namespace = NAMESPACES.find((one) => features.includes(one));
  if (namespace === undefined) return undefined;
  const form = forms.find(({ type }) => type === namespace);
  const [text = ""] = form?.fields.find(({ name }) => name === "max-file-size")?.values ?? [];
  const mostBytes = /^[0-9]{1,15}$/.test(text.trim()) ? Number(text) : 0;
  return { namespace, ...(mostBytes > 0 && { mostBytes }) };
}

/** A slot, please (§5). */
export function requestSlot(service: string, namespace: UploadNamespace, { name, size, type }: WantedSlot): Element {
  if (namespace === "urn:xmpp:http:upload:0")
    return iqGet(xml("request", { xmlns: namespace, filename: name, size, "content-type": type }), service);
  const request = xml(
    "request",
    { xmlns: namespace },
    xml("filename", {}, name),
    xml("size", {}, `${size}`),
    xml("content-type", {}, type),
  );
  return iqGet(request, service);
}

/** The answer; undefined where it is none. Other headers than those of §5 are left out, and so is every line break. */
export function parseSlot(iq: Element, namespace: UploadNamespace): UploadSlot | undefined {
  const slot = child(iq, "slot", namespace);
  const [put, get] = [slot && child(slot, "put", namespace), slot && child(slot, "get", namespace)];
  if (put === undefined || get === undefined) return undefined;
  const attributed = namespace === "urn:xmpp:http:upload:0";
  const [to, from] = [put, get].map((one) => (attributed ? attribute(one, "url") : one.getText().trim()));
  if (!to || !from) return undefined;
  return { put: to, get: from, headers: children(put, "header", namespace).slice(0, HEADERS_MAX).flatMap(readHeader) };
}

function readHeader(header: Element): readonly (readonly [string, string])[] {
  const name = withoutBreaks(attribute(header, "name") ?? "").toLowerCase();
  const value = withoutBreaks(header.getText()).trim();
  // What no header can hold (RFC 9110 §5.5) would make the whole request fail.
  const legal = value !== "" && value.length <= HEADER_LENGTH && /^[\t\x20-\x7e]+$/.test(value);
  return HEADERS.has(name) && legal ? [[name, value]] : [];
}

/** §5: "any newline characters MUST be stripped". */
function withoutBreaks(text: string): string {
  return text.replace(/[\r\n]+/g, "");
}
