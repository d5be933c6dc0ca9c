import type { ComponentChildren } from "preact";
import { text } from "../../i18n/text.ts";
import { calledName, isAway, pictureOf, type ShownChat } from "../../model/chats.ts";
import { typingWords } from "../../model/typing.ts";
import { useTyping } from "../hooks/use-typing.ts";
import { useApp } from "../hooks/use-app.ts";
import { Address } from "./address.tsx";
import { AlikeAddress } from "./alike.tsx";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icon.tsx";
import { Menu, type MenuItem, useMenuId } from "./menu.tsx";

type Properties = {
  readonly chat: ShownChat;
  /** A person's presence; a room has none. */
  readonly available?: boolean;
  readonly known?: boolean;
  /** To the page behind the name. */
  readonly about: () => void;
  /** What can be done with the conversation; without any there is no menu. */
  readonly items: readonly MenuItem[];
  /** Below the name: how it stands. */
  readonly children: ComponentChildren;
};

/** Beside how safe it is, which nothing ever covers. */
function Typing({ chat: { jid, name } }: { readonly chat: ShownChat }) {
  const words = typingWords(useTyping(jid), name);
  return words === undefined ? null : (
    <p class="head-typing">
      <bdi>{words}</bdi>
    </p>
  );
}

/** The head of a conversation, whoever it is with. */
export function Head({ chat, available, known, about, items, children }: Properties) {
  const { jid, name } = chat;
  const app = useApp();
  const menu = useMenuId();
  return (
    <header class="head">
      <div class="column">
        <button
          type="button"
          class="icon-button head-back"
          aria-label={text("dialog--back")}
          onClick={() => app.go({ screen: "chats" })}
        >
          <Icon name="back" />
        </button>
        <button
          type="button"
          class="head-about"
          aria-label={text("chat--about", { name: calledName(chat) })}
          onClick={about}
        >
          <Avatar
            jid={jid}
            name={name}
            room={chat.room !== undefined}
            away={isAway(chat)}
            picture={pictureOf(chat)}
            {...(available !== undefined && { available })}
            {...(known !== undefined && { known })}
          />
        </button>
        <div class="head-words">
          <h2 title={jid} aria-level={1}>
            {name.startsWith(jid) ? <Address class="whole-address" words={name} /> : <bdi>{name}</bdi>}
          </h2>
          {chat.alike === true ? <AlikeAddress chat={chat} /> : undefined}
          <div class="head-line">
            {children}
            <Typing chat={chat} />
          </div>
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
      </div>
    </header>
  );
}
