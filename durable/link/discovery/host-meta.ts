/** XEP-0156 1.4: WebSocket addresses in a domain's host-meta, as JSON (RFC 7033 links) or XRD. */
import * as v from "valibot";

const RELATION = "urn:xmpp:alt-connections:websocket";

export const HOST_META_PATHS = ["/.well-known/host-meta.json", "/.well-known/host-meta"] as const;

/** The addresses in either form, in order; empty for anything else. Nothing about them is checked. */
export function readHostMeta(text: string): readonly string[] {
  return /^\s*\{/.test(text) ? readJson(text) : readXrd(text);
}

const webSocketLink = v.object({ rel: v.literal(RELATION), href: v.string() });
/** A web server that answers everything with a page is no host-meta. */
const hostMeta = v.pipe(v.string(), v.parseJson(), v.object({ links: v.array(v.unknown()) }));

function readJson(text: string): readonly string[] {
  const document = v.safeParse(hostMeta, text);
  if (!document.success) return [];
  return document.output.links.flatMap((link) => (v.is(webSocketLink, link) ? [link.href] : []));
}

/** Documents in the field have comments, entities and stylesheets, so the stream's strict parser is no use here. */
function readXrd(text: string): readonly string[] {
  return [...withoutComments(text).matchAll(/<(?:[\w-]+:)?Link\s([^<>]*?)\/?>/g)].flatMap(([, attributes = ""]) => {
    const href = attribute(attributes, "href");
    return attribute(attributes, "rel") === RELATION && href !== undefined ? [href] : [];
  });
}

/** Each is looked for once, also where none ends (S15); what follows one that does not end is part of it. */
function withoutComments(text: string): string {
  let [rest, at] = ["", 0];
  for (let open = text.indexOf("<!--"); open !== -1; open = text.indexOf("<!--", at)) {
    const end = text.indexOf("-->", open + "<!--".length);
    rest += text.slice(at, open);
    if (end === -1) return rest;
    at = end + "-->".length;
  }
  return rest + text.slice(at);
}

function attribute(attributes: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return (match?.[1] ?? match?.[2])?.replaceAll("&amp;", "&");
}
