/** Where pages are fetched from: a stranger's link, so the public network over https at its own port and nothing else (S10). */
import { publicName } from "../network/names.ts";
import { isPublicHost, type Resolver } from "../network/resolver.ts";

/** As `PREVIEW_LIMITS.linkLength`, with what an international link becomes. */
const LINK_LENGTH = 6_144;

export type PageReach = {
  /** Origin of this deployment: it is never asked by itself. */
  readonly own: string;
  readonly resolver: Pick<Resolver, "addresses">;
};

/**
 * The address where it may be asked by its looks; undefined for any other. `http:` is asked over https: nothing leaves in
 * the clear. A fragment is nobody's business and goes.
 */
export function pageAddress(text: string, own: string, base?: URL): URL | undefined {
  const url = URL.parse(text, base?.href);
  if (url?.username !== "" || url.password !== "" || url.href.length > LINK_LENGTH) return undefined;
  if (url.protocol === "http:" && url.port === "") url.protocol = "https:";
  url.hash = "";
  const plain = url.protocol === "https:" && url.port === "" && publicName(url.hostname) === url.hostname;
  return plain && url.origin !== own ? url : undefined;
}

/** Whether DNS leads it to the public network now. */
export function leadsToPublicPage(url: URL, { resolver }: PageReach): Promise<boolean> {
  return isPublicHost(url.hostname, resolver);
}
