import { text } from "../../i18n/text.ts";
import { useApp } from "../hooks/use-app.ts";
import { type OpenRowMenu, rowMenu } from "../page/row-menu.ts";
import { chatItems } from "./chat-items.ts";
import { FloatingMenu } from "./floating-menu.tsx";

/** What a person can do with a conversation of the list. */
export function RowMenu({ menu: { jid, at, opener } }: { readonly menu: OpenRowMenu }) {
  const app = useApp();
  const chat = app.chats.peek().get(jid);
  if (chat === undefined) return null;
  return (
    <FloatingMenu
      label={text("chat--more")}
      items={chatItems(app, chat)}
      at={at}
      opener={opener}
      onClose={() => {
        rowMenu.value = undefined;
      }}
    />
  );
}
