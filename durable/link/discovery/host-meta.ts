/** XEP-0156 1.4: WebSocket addresses in a domain's host-meta, as JSON (RFC 7033 links) or XRD. */
const RELATION = "urn:xmpp:alt-connections:websocket";

export const HOST_META_PATHS = ["/.well-known/host-meta.json", "/.well-known/host-meta"] as const;

/** The addresses in either form, in order; empty for anything else. Nothing about them is checked. */
export function readHostMeta(text: string): readonly string[] {
  return /^\s*\{/.test(text) ? readJson(text) : readXrd(text);
}

function readJson(text: string): readonly string[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // A web server that answers everything with a page is no host-meta.
    return [];
  }
  const links = isRecord(document) && Array.isArray(document["links"]) ? (document["links"] as readonly unknown[]) : [];
  return links.flatMap((link) =>
    isRecord(link) && link["rel"] === RELATION && typeof link["href"] === "string" ? [link["href"]] : [],
  );
}

/** Documents in the field have comments, entities and stylesheets, so the stream's strict parser is no use here. */
function readXrd(text: string): readonly string[] {
  const withoutComments = text.replace(/<!--[\s\S]*?-->/g, "");
  return [...withoutComments.matchAll(/<(?:[\w-]+:)?Link\s([^<>]*?)\/?>/g)].flatMap(([, attributes = ""]) => {
    const href = attribute(attributes, "href");
    return attribute(attributes, "rel") === RELATION && href !== undefined ? [href] : [];
  });
}

function attribute(attributes: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  return (match?.[1] ?? match?.[2])?.replaceAll("&amp;", "&");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
