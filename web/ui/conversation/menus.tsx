/** What opens in a conversation and is on no first screen: one script of its own. */
import type { ComponentProps, RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { App } from "../../model/app.ts";
import { fileStorage as storage, resumeUploads as resume } from "../../model/files/files-of.ts";
import type { Writing } from "../../model/conversation/writing.ts";
import { type EmojiTable, tableOf } from "../../model/emoji.ts";
import { useValue } from "../hooks/use-value.ts";
import type { LaterPart } from "../page/later.ts";
import { chooseLinks, linkChoice } from "../page/link-choice.ts";
import { FetchedDialog } from "../parts/fetched.tsx";
import { RowMenu as RowMenuShown } from "../parts/row-menu.tsx";
import { Completion as CompletionList } from "./completion.tsx";
import { EmojiPicker as Picker } from "./emoji-picker.tsx";
import { AddFiles as Add } from "./add-files.tsx";
import { CollectedPages as Collected } from "./collected-pages.tsx";
import { FileInMessage as File } from "./file-in-message.tsx";
import { FileTray as Tray, sendFiles as send } from "./file-tray.tsx";
import { FileViewer as Viewer } from "./file-viewer.tsx";
import { LinkCard as Card } from "./link-card.tsx";
import { LinkOffer as Offer } from "./link-offer.tsx";
import { MessageMenu as Menu } from "./message-menu.tsx";
import { NotDone as Undone } from "./not-done.tsx";
import { extendChosen as extend } from "../../model/conversation/selection.ts";
import { RoomLine as Line } from "./room-line.tsx";
import { SelectionBar as Bar } from "./selection-bar.tsx";
import { VoiceNote as Voice } from "./voice-note.tsx";
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

/** See `not-done.tsx`. */
export function NotDone(properties: ComponentProps<typeof Undone>) {
  return <Undone {...properties} />;
}

/** See `file-in-message.tsx`, as all that follow. */
export function FileInMessage(properties: ComponentProps<typeof File>) {
  return <File {...properties} />;
}

export function AddFiles(properties: ComponentProps<typeof Add>) {
  return <Add {...properties} />;
}

export function FileTray(properties: ComponentProps<typeof Tray>) {
  return <Tray {...properties} />;
}

export function VoiceNote(properties: ComponentProps<typeof Voice>) {
  return <Voice key={properties.conversation.chat} {...properties} />;
}

export function FileViewer(properties: ComponentProps<typeof Viewer>) {
  return <Viewer {...properties} />;
}

export function CollectedPages(properties: ComponentProps<typeof Collected>) {
  return <Collected {...properties} />;
}

export function LinkCard(properties: ComponentProps<typeof Card>) {
  return <Card {...properties} />;
}

export function LinkOffer(properties: ComponentProps<typeof Offer>) {
  return <Offer {...properties} />;
}

/** See `link-choice.ts`; for the settings, whose script shares none with this one. */
export const links = { choice: linkChoice, choose: chooseLinks } as const;

/** See `files-of.ts`. */
export function resumeUploads(app: App): Promise<void> {
  return resume(app);
}

export function fileStorage(...of: Parameters<typeof storage>): ReturnType<typeof storage> {
  return storage(...of);
}

export function sendFiles(...of: Parameters<typeof send>): void {
  send(...of);
}

/** See `selection.ts`. */
export function extendChosen(...of: Parameters<typeof extend>): void {
  extend(...of);
}

/** See `selection-bar.tsx`. */
export function SelectionBar(properties: ComponentProps<typeof Bar>) {
  return <Bar {...properties} />;
}

/** See `row-menu.tsx`. */
export function RowMenu(properties: ComponentProps<typeof RowMenuShown>) {
  return <RowMenuShown {...properties} />;
}

/** See `room-line.tsx`. */
export function RoomLine(properties: ComponentProps<typeof Line>) {
  return <Line {...properties} />;
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
