import type { BareJid } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/text.ts";
import type { ShownChat } from "../../model/chats.ts";
import { addressText } from "../../words/names.ts";
import { Icon } from "./icon.tsx";

/** Beside a name that does not say who it is: the address, which does; where it is not known, that the name does not. */
export function Alike({ address, why }: { readonly address?: BareJid | undefined; readonly why: string }) {
  return (
    <span class="alike" title={why}>
      <Icon name="alert" />
      <span class="unseen">{why}</span>
      {address === undefined ? text("name--alike-short") : <bdi dir="ltr">{addressText(address)}</bdi>}
    </span>
  );
}

/** The same for a conversation; of a stranger the name is the address already. */
export function AlikeAddress({ chat: { jid, name } }: { readonly chat: ShownChat }) {
  return <Alike address={name.startsWith(jid) ? undefined : jid} why={text("name--alike")} />;
}

/** Letters of the part before the @ that always stand; `names.css` keeps room for them. */
const LEAST_KEPT = 4;

/** A name on one line. An address gives way in its middle: the end of the domain says whose it is. */
export function Name({ chat: { jid, name } }: { readonly chat: ShownChat }) {
  const at = name.startsWith(jid) ? name.indexOf("@") : -1;
  if (at < 0) return <bdi>{name}</bdi>;
  return (
    <bdi class="address-name" dir="ltr">
      <span class={at > LEAST_KEPT ? undefined : "address-short"}>{name.slice(0, at)}</span>@
      <span>
        <bdi dir="ltr">{name.slice(at + 1)}</bdi>
      </span>
    </bdi>
  );
}
