import type { App } from "../../model/app.ts";
import type { Conversation } from "../../model/conversation/conversation.ts";
import type { ShownItem } from "../../model/conversation/corrections.ts";
import { actionsOf, canReact, type MessageAction, type Writable } from "../../model/conversation/message-actions.ts";
import { QUICK_REACTIONS, toggled } from "../../model/conversation/reactions.ts";
import { plainWords } from "../../model/message-words.ts";
import type { Point } from "../../model/menu-place.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { missingCase } from "../../../worker/shared/missing-case.ts";
import { text, type TextKey } from "../../i18n/text.ts";
import { FloatingMenu } from "../parts/floating-menu.tsx";
import type { IconName } from "../parts/icon.tsx";
import { useApp } from "../hooks/use-app.ts";

// biome-ignore lint/performance/noBarrelFile: both menus come together, for they share what they are shown in
export { RowMenu } from "../parts/row-menu.tsx";

/** The menu of a message that is open: whose, where, and what gets the focus back. */
export type OpenMenu = { readonly item: ShownItem; readonly at: Point; readonly opener: HTMLElement };

const ENTRIES = {
  answer: { icon: "reply", label: "message--answer" },
  edit: { icon: "pencil", label: "message--edit" },
  copy: { icon: "copy", label: "message--copy" },
  info: { icon: "info", label: "message--info" },
  delete: { icon: "bin", label: "message--delete-for-all" },
} as const satisfies Record<MessageAction, { readonly icon: IconName; readonly label: TextKey }>;

type Properties = {
  readonly menu: OpenMenu;
  readonly conversation: Conversation;
  readonly writable: Writable;
  readonly onClose: () => void;
};

/** What can be done with one message. */
export function MessageMenu({ menu: { item, at, opener }, conversation, writable, onClose }: Properties) {
  const app = useApp();
  const items = actionsOf(item, writable).map((action) => ({
    icon: ENTRIES[action].icon,
    label: text(ENTRIES[action].label),
    act: () => perform(app, conversation, item, action),
  }));
  const own = item.reactions?.find((one) => one.own)?.emojis ?? [];
  const choices = QUICK_REACTIONS.map((emoji) => ({
    label: emoji,
    chosen: own.includes(emoji),
    act: () => drop(app.engine.react({ key: item.key, emojis: toggled(item, emoji) })),
  }));
  return (
    <FloatingMenu
      label={text("message--actions")}
      items={items}
      {...(canReact(item, writable) && { choices })}
      at={at}
      opener={opener}
      onClose={onClose}
    />
  );
}

function perform(app: App, { writing }: Conversation, item: ShownItem, action: MessageAction): void {
  switch (action) {
    case "answer":
      writing.answer(item);
      return;
    case "edit":
      writing.edit(item);
      return;
    case "copy":
      drop(copy(app, item));
      return;
    case "info":
      app.dialog.value = { kind: "message-info", item };
      return;
    case "delete":
      app.dialog.value = { kind: "delete-message", item };
      return;
    default:
      missingCase(action);
  }
}

async function copy(app: App, { body }: ShownItem): Promise<void> {
  if (body.kind !== "text") return;
  try {
    await navigator.clipboard.writeText(plainWords(body.text));
    app.announcement.value = text("message--copied");
  } catch {
    // A browser may refuse, by its settings or because the page is not looked at.
    app.announcement.value = text("message--not-copied");
  }
}
