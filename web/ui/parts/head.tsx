import type { ComponentChildren } from "preact";
import type { BareJid } from "../../../worker/contract.ts";
import { text } from "../../i18n/text.ts";
import { useApp } from "../hooks/use-app.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";
import { Menu, type MenuItem, useMenuId } from "./menu.tsx";

type Properties = {
  readonly jid: BareJid;
  readonly name: string;
  /** A person's presence; a room has none. */
  readonly available?: boolean;
  readonly known?: boolean;
  /** What can be done with the conversation; without any there is no menu. */
  readonly items: readonly MenuItem[];
  /** Below the name: how it stands. */
  readonly children: ComponentChildren;
};

/** The head of a conversation, whoever it is with. */
export function Head({ jid, name, available, known, items, children }: Properties) {
  const app = useApp();
  const menu = useMenuId();
  return (
    <header class="head">
      <button
        type="button"
        class="icon-button head-back"
        aria-label={text("dialog--back")}
        onClick={() => app.go({ screen: "chats" })}
      >
        <Icon name="back" />
      </button>
      <Avatar
        jid={jid}
        name={name}
        {...(available !== undefined && { available })}
        {...(known !== undefined && { known })}
      />
      <div class="head-words">
        <h2 title={jid}>
          <bdi>{name}</bdi>
        </h2>
        {children}
      </div>
      {items.length === 0 ? undefined : (
        <>
          <button
            type="button"
            class="icon-button"
            popovertarget={menu}
            aria-label={text("chat--more")}
            title={text("chat--more")}
          >
            <Icon name="more" />
          </button>
          <Menu id={menu} place="below" items={items} />
        </>
      )}
    </header>
  );
}
