/** XEP-0386 1.0.0: binding a resource within the sign-in, with what a session wants from its first moment on. */
import { xml, type Element } from "@xmpp/xml";
import { NS_CARBONS } from "../../xep/carbons.ts";
import { NS_BIND2, NS_CLIENT_STATE, NS_MANAGEMENT } from "../../xep/namespaces.ts";

/** Stands in the resource, which contacts see. */
const TAG = "Alcove";

export type BindOffer = { readonly carbons: boolean; readonly management: boolean; readonly clientState: boolean };

/** Of the `<inline/>` of SASL 2; undefined where a resource cannot be bound this way. */
export function readBindOffer(inline: Element | undefined): BindOffer | undefined {
  const bind = inline?.getChild("bind", NS_BIND2);
  if (!bind) return undefined;
  const features = bind.getChild("inline")?.getChildren("feature") ?? [];
  const offered = new Set(features.map(({ attrs }) => attrs["var"]));
  return {
    carbons: offered.has(NS_CARBONS),
    management: offered.has(NS_MANAGEMENT),
    clientState: offered.has(NS_CLIENT_STATE),
  };
}

/** Active at first (XEP-0352): nothing may be held back while the archive is read. */
export function buildBind({ carbons, management, clientState }: BindOffer): Element {
  return xml(
    "bind",
    { xmlns: NS_BIND2 },
    xml("tag", {}, TAG),
    carbons ? xml("enable", { xmlns: NS_CARBONS }) : undefined,
    management ? xml("enable", { xmlns: NS_MANAGEMENT, resume: "true" }) : undefined,
    clientState ? xml("active", { xmlns: NS_CLIENT_STATE }) : undefined,
  );
}
