/** The calls about rooms and those in them. */
import type { CallArguments, CallName, CallValue } from "../../worker/contract/calls.ts";
import type { Result } from "../../worker/contract/failures.ts";
import type { CurrentLink } from "../connection/current-link.ts";
import { inviteTo, membersOf, renameRoom } from "../rooms/administration.ts";
import type { RoomBookmarks } from "../rooms/bookmarks.ts";
import { aboutRooms, findRooms } from "../rooms/finding.ts";
import { moderate } from "../rooms/moderating.ts";
import type { RoomOccupancy } from "../rooms/occupancy.ts";
import { setRoomPicture } from "../rooms/picture.ts";
import { affiliate, banned, destroy, setPassword, setRole } from "../rooms/running.ts";
import { findRoomService } from "../rooms/service.ts";
import type { Stores } from "../store/stores.ts";
import { buildSubject } from "../xep/muc.ts";

type RoomCall =
  | "room"
  | "renameRoom"
  | "members"
  | "invite"
  | "roomService"
  | "findRooms"
  | "aboutRooms"
  | "savedRooms"
  | "forgetRoom"
  | "affiliate"
  | "setRole"
  | "banned"
  | "setSubject"
  | "setRoomPassword"
  | "setRoomPicture"
  | "destroyRoom"
  | "moderate";

export type ServeRooms = {
  readonly [Name in RoomCall & CallName]: (
    browser: unknown,
    args: CallArguments<Name>,
  ) => Promise<Result<CallValue<Name>>>;
};

type Parts = {
  readonly stores: Stores;
  readonly link: CurrentLink;
  readonly occupancy: RoomOccupancy;
  readonly bookmarks: RoomBookmarks;
};

const OFFLINE = { ok: false, error: { kind: "offline" } } as const;
const DONE = { ok: true, value: { done: true } } as const;

/** Each fails as `Contract` says. */
export function roomCalls({ stores, link, occupancy, bookmarks }: Parts): ServeRooms {
  return {
    room: async (_browser, { jid, action, ...entering }) => {
      if (action === "join") {
        const entered = await occupancy.join(jid, entering);
        if (entered.ok) bookmarks.entered(jid, entering.nick, entering.password);
        return entered;
      }
      const wanted = stores.rooms.get(jid)?.wanted === true;
      const left = await occupancy.leave(jid);
      if (left.ok && wanted) bookmarks.left(jid);
      return left;
    },

    renameRoom: (_browser, { jid, name }) => occupancy.configure(jid, (by) => renameRoom(by, jid, name)),

    members: (_browser, { jid }) => membersOf(link, jid),

    invite: (_browser, { room, jid }) => inviteTo(link, room, jid),

    roomService: () => findRoomService(link, stores.meta.account),

    findRooms: async (_browser, wanted) => (link.live ? findRooms(link, stores.meta.account, wanted) : OFFLINE),

    aboutRooms: async (_browser, { jids }) =>
      link.live ? { ok: true, value: { rooms: await aboutRooms(link, jids) } } : OFFLINE,

    savedRooms: async () => ({ ok: true, value: bookmarks.list() }),

    forgetRoom: (_browser, { jid }) => bookmarks.forget(jid),

    affiliate: async (_browser, wanted) => {
      const answer = await affiliate(link, wanted);
      // Whoever asks next whom to encrypt for asks the room again, whatever it tells by itself.
      if (answer.ok) stores.turn(() => stores.rooms.belongs(wanted.room, wanted.jid, wanted.affiliation));
      return answer;
    },

    setRole: (_browser, wanted) => setRole(link, wanted),

    banned: (_browser, { jid }) => banned(link, jid),

    setSubject: async (_browser, { jid, subject }) => {
      if (stores.rooms.get(jid)?.state !== "joined")
        return { ok: false, error: { kind: "peer-refused", detail: "not there" } };
      return link.send(buildSubject(jid, crypto.randomUUID(), subject)) ? DONE : OFFLINE;
    },

    setRoomPassword: async (_browser, { jid, password }) => {
      const answer = await occupancy.configure(jid, (by) => setPassword(by, jid, password));
      if (answer.ok) stores.turn(() => stores.rooms.setPassword(jid, password));
      return answer;
    },

    setRoomPicture: (_browser, { jid, picture }) => setRoomPicture(stores, link, jid, picture),

    destroyRoom: (_browser, wanted) => destroy(link, wanted),

    moderate: (_browser, wanted) => moderate(stores, link, wanted),
  };
}
