// What has to be known about a room to read its stanzas

import type { BareJid } from "../../worker/contract/names.ts";
import type { Occupant } from "../../worker/contract/rooms.ts";

/** A room this account is in or wants to be in, as it is known now. */
export type RoomView = {
  readonly jid: BareJid;
  /** We are in it, or on the way: what it sends is for us. */
  readonly open: boolean;
  /** Our own name there. */
  readonly nick: string;
  /** The room's id of us (XEP-0421), once it has told. */
  readonly id?: string;
  /** It takes out what others write in its name: archive ids (XEP-0359 §6), occupant ids (XEP-0421 §4). */
  readonly guards: { readonly archiveIds: boolean; readonly occupantIds: boolean };
  /** Everybody may see everybody's address (XEP-0045 §4.2). */
  readonly nonAnonymous: boolean;
  readonly byNick: (nick: string) => Occupant | undefined;
  readonly byId: (id: string) => Occupant | undefined;
  /** Whether one of our own browsers sent something of this name to this room. */
  readonly sent: (originId: string) => boolean;
};
