/** The list as a person has arranged it. */
import type { ChatChoices } from "../../worker/contract/choices.ts";
import type { BareJid, Position } from "../../worker/contract/names.ts";
import { CHATS, MINA, NOOR, NOW, RUI } from "./people.ts";
import { RIDGE_ROOM, room } from "./rooms.ts";
import { dialog, home, type Scene } from "./scene.ts";

const PLACE = 1_000 as Position;

const CHOSEN: Readonly<Record<BareJid, ChatChoices>> = {
  [NOOR]: { pinned: true },
  [RIDGE_ROOM]: { muted: "always" },
  [MINA]: { muted: NOW + 60_000 },
  [RUI]: { unread: PLACE },
};

const chosen = [room({}, { unread: 12, mentions: 2, readTo: 0 as Position }), ...CHATS].map((row) => {
  const choices = CHOSEN[row.jid];
  return { ...row, newest: PLACE, ...(choices && { choices }) };
});
const archived = chosen.map((row, n) => (n > 3 ? { ...row, choices: { archived: PLACE } } : row));

export const LIST_SCENES: Readonly<Record<string, Scene>> = {
  "list-chosen": home({ chats: chosen }),
  "list-archived": home(
    { chats: archived },
    {
      act: (app) => {
        app.list.archiveOpen.value = true;
      },
    },
  ),
  "list-unread": home(
    { chats: chosen },
    {
      act: (app) => {
        app.list.view.value = "unread";
      },
    },
  ),
  "list-no-rooms": home(
    {},
    {
      act: (app) => {
        app.list.view.value = "rooms";
      },
    },
  ),
  "list-menu": home(
    { chats: chosen },
    {
      act: () => {
        const press = () => {
          const row = document.querySelector(`[role=option][data-jid="${RUI}"]`);
          if (row === null) return void requestAnimationFrame(press);
          const { left, top } = row.getBoundingClientRect();
          const place = { clientX: left + 120, clientY: top + 30 };
          row.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true, ...place }));
        };
        press();
      },
    },
  ),
  "mute-room": home({ chats: chosen }, { act: dialog({ kind: "mute", jid: RIDGE_ROOM }) }),
  mute: home({}, { act: dialog({ kind: "mute", jid: MINA }) }),
  "not-chosen": home({}, { act: dialog({ kind: "not-chosen", failure: { kind: "too-large", detail: "choices" } }) }),
};
