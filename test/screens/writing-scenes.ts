/** Messages that are answered and changed: the composer, the menu, what stands in the conversation afterwards. */
import { selectionOf } from "../../web/model/conversation/selection.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { MessageItem } from "../../web/engine/protocol/conversations.ts";
import type { App } from "../../web/model/app.ts";
import { at, BOB, chat, message, mine, NOORS, RIDGE } from "./people.ts";
import { MEMBERS, RIDGE_ROOM, RIDGE_WALKS, room } from "./rooms.ts";
import { home, inRoom, MESSAGES, open, type Scene, withChat, withRoom } from "./scene.ts";

const quoteOf = ({ key, outgoing, body, author }: MessageItem): NonNullable<MessageItem["quote"]> => ({
  key,
  outgoing,
  ...(body.kind === "text" && { text: body.text }),
  ...(author && { author: author.nick }),
});

const SEVEN = message(BOB, at(0, "14:20"), "Meet at seven then, not at six", { edited: true });
const FINE = mine(BOB, at(0, "14:21"), "Seven is fine", { quote: quoteOf(SEVEN) });
const WHERE = mine(
  BOB,
  at(0, "14:24"),
  "Where exactly do we meat? The lower car park is closed until the end of the month",
);

const ANSWERED: readonly MessageItem[] = [
  ...RIDGE.slice(3, 7),
  SEVEN,
  FINE,
  message(BOB, at(0, "14:22"), "See you there", { quote: { outgoing: true } }),
  WHERE,
  message(BOB, at(0, "14:26"), "At the chapel, like last time. I will bring the thermos and the maps.", {
    quote: quoteOf(WHERE),
  }),
];

const correction = (of: MessageItem, text: string, more: Partial<MessageItem>) =>
  mine(BOB, at(0, "14:30"), text, { edits: of.key, ...more });

const [, , LONG_ONE] = NOORS;
const last = RIDGE.at(-1);
const IN_ROOM: readonly MessageItem[] = RIDGE_WALKS.map((item, index) => {
  const answered = RIDGE_WALKS[index === 7 ? 5 : 1];
  return (index === 7 || index === 2) && answered ? { ...item, quote: quoteOf(answered) } : item;
});

const writing = (jid: BareJid, act: (app: App) => void) => (app: App) => {
  open(jid)(app);
  act(app);
};
const answering = (item: MessageItem | undefined) =>
  item === undefined ? open(BOB) : writing(item.chat, (app) => app.conversation(item.chat).writing.answer(item));
const editing = (item: MessageItem | undefined) =>
  item === undefined ? open(BOB) : writing(item.chat, (app) => app.conversation(item.chat).writing.edit(item));
const withBob = (items: readonly MessageItem[], more: Partial<Scene> = {}): Scene =>
  home(
    // A correction on its way is no newest message.
    {
      chats: withChat(
        chat(
          BOB,
          "Bob Okafor",
          items.filter(({ edits }) => edits === undefined),
        ),
      ),
    },
    { act: open(BOB), messages: { ...MESSAGES, [BOB]: items }, ...more },
  );

export const WRITING_SCENES: Readonly<Record<string, Scene>> = {
  "writing-quotes": withBob(ANSWERED),
  "writing-answer": home({}, { act: answering(last), typed: [["Message", "They are beautiful!"]] }),
  "writing-answer-long": home({}, { act: answering(LONG_ONE) }),
  "writing-edit": home({}, { act: editing(RIDGE[6]) }),
  "writing-emoji": home({}, { act: open(BOB), press: "Emoji" }),
  "writing-emoji-name": home({}, { act: open(BOB), typed: [["Message", "well done :ta"]] }),
  "writing-forward": withBob(ANSWERED, {
    act: (app) => {
      open(BOB)(app);
      app.dialog.value = { kind: "forward", items: [SEVEN] };
    },
  }),
  "writing-select": withBob(ANSWERED, {
    act: (app) => {
      open(BOB)(app);
      const selection = selectionOf(app.conversation(BOB));
      for (const item of [SEVEN, WHERE]) selection.toggle(item);
    },
  }),
  "writing-delete-several": withBob(ANSWERED, {
    act: (app) => {
      open(BOB)(app);
      app.dialog.value = { kind: "delete-messages", items: [WHERE, SEVEN], all: true };
    },
  }),
  "writing-earlier": withBob(ANSWERED, {
    act: (app) => {
      open(BOB)(app);
      const earlier = [{ text: "Meet at six then", at: at(0, "14:12") }];
      app.dialog.value = { kind: "message-info", item: { ...SEVEN, earlier } };
    },
  }),
  "writing-mention": home(withRoom(room()), inRoom({ members: MEMBERS, typed: [["Message", "what do you think, @"]] })),
  "writing-menu": withBob(ANSWERED, { menuOf: WHERE.key }),
  "writing-menu-theirs": withBob(ANSWERED, { menuOf: SEVEN.key }),
  "writing-waiting": withBob([...ANSWERED, correction(WHERE, "Where exactly do we meet?", { state: "waiting" })]),
  "writing-failed": withBob([
    ...ANSWERED,
    correction(WHERE, "Where exactly do we meet?", { state: "failed", failure: { kind: "encryption-unavailable" } }),
  ]),
  "writing-room": home(
    withRoom(room()),
    inRoom({
      act: answering(RIDGE_WALKS[5]),
      messages: { ...MESSAGES, [RIDGE_ROOM]: IN_ROOM },
    }),
  ),
  "writing-info": withBob(ANSWERED, {
    act: (app) => {
      open(BOB)(app);
      app.dialog.value = { kind: "message-info", item: { ...FINE, archived: true } };
    },
  }),
  "writing-rtl": home({}, { act: answering(NOORS[0]) }),
};
