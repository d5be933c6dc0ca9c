/** What opens in a conversation and is on no first screen: one script of its own. */
import type { ComponentProps, RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { Writing } from "../../model/conversation/writing.ts";
import { type EmojiTable, tableOf } from "../../model/emoji.ts";
import { useValue } from "../hooks/use-value.ts";
import type { LaterPart } from "../page/later.ts";
import { FetchedDialog } from "../parts/fetched.tsx";
import { RowMenu as RowMenuShown } from "../parts/row-menu.tsx";
import { Completion as CompletionList } from "./completion.tsx";
import { EmojiPicker as Picker } from "./emoji-picker.tsx";
import { MessageMenu as Menu } from "./message-menu.tsx";
import { insertInto } from "./write-into.ts";

const tables = new WeakMap<readonly string[], EmojiTable>();

type Lines = { readonly lines: readonly string[] };
/** The table of emoji as it is stored, fetched when somebody wants it. */
type WithTable<Part> = Omit<Part, "table"> & { readonly emoji: LaterPart<Lines> };

/** Read once. */
function tableIn({ lines }: Lines): EmojiTable {
  const table = tables.get(lines) ?? tableOf(lines);
  tables.set(lines, table);
  return table;
}

/** See `message-menu.tsx`. */
export function MessageMenu(properties: ComponentProps<typeof Menu>) {
  return <Menu {...properties} />;
}

/** See `row-menu.tsx`. */
export function RowMenu(properties: ComponentProps<typeof RowMenuShown>) {
  return <RowMenuShown {...properties} />;
}

type PickerProperties = WithTable<Omit<ComponentProps<typeof Picker>, "onPick">> &
  (
    | Pick<ComponentProps<typeof Picker>, "onPick">
    // Into the composer.
    | { readonly area: RefObject<HTMLTextAreaElement | null>; readonly writing: Writing }
  );

/** See `emoji-picker.tsx`. */
export function EmojiPicker({ emoji, ...properties }: PickerProperties) {
  const pick = (chosen: string) => {
    if ("onPick" in properties) properties.onPick(chosen);
    else insertInto(properties.area.current, properties.writing, chosen);
  };
  return (
    <FetchedDialog later={emoji} onClose={properties.onClose}>
      {(part) => <Picker {...properties} onPick={pick} table={tableIn(part)} />}
    </FetchedDialog>
  );
}

/** See `completion.tsx`. */
export function Completion({ emoji, ...properties }: WithTable<ComponentProps<typeof CompletionList>>) {
  const now = useValue(emoji.now);
  const before = properties.conversation.writing.text.peek().slice(0, properties.caret);
  const named = before.lastIndexOf(":") > before.lastIndexOf("@");
  useEffect(() => {
    if (named) emoji.want();
  }, [named, emoji]);
  return <CompletionList {...properties} table={now.state === "here" ? tableIn(now.part) : undefined} />;
}
