/** What a picture is taken of: what the engine says and what the person does. */
import type { Result } from "../../worker/contract/failures.ts";
import type { InvitationView } from "../../worker/contract/invitation.ts";
import type { BareJid } from "../../worker/contract/names.ts";
import type { ConnectionView, SessionView } from "../../web/engine/protocol/account.ts";
import type { ChatSummary } from "../../web/engine/protocol/conversations.ts";
import type { Snapshot } from "../../web/engine/protocol/engine.ts";
import type { App } from "../../web/model/app.ts";
import {
  ALICE,
  BOB,
  BOBS_DEVICES,
  CHATS,
  HARBOUR,
  LINDQVISTS,
  MINA,
  NOOR,
  NOORS,
  OWN_DEVICES,
  RIDGE,
  RUI,
  RUIS,
  STRANGER,
} from "./people.ts";
import { RIDGE_ROOM, RIDGE_WALKS } from "./rooms.ts";
import type { EngineScript } from "./scripted-engine.ts";
import type { SearchScript } from "./scripted-search.ts";
import type { Notifying } from "../../web/model/notifications.ts";
import type { DialogView } from "../../web/model/places.ts";

export type Scene = EngineScript & {
  /** The page was opened with an invitation, which says this of itself. */
  readonly invitation?: Result<InvitationView>;
  /** The page was opened with this link of a server's invitation. */
  readonly join?: string;
  /** What the deployment answers whoever is not signed in, by route; "never": it does not. */
  readonly answers?: Readonly<Record<string, unknown>>;
  readonly act?: (app: App) => void;
  readonly search?: SearchScript;
  /** Into fields, by their labels. */
  readonly typed?: readonly (readonly [field: string, words: string])[];
  /** The label of what is clicked, or of several, one after the other. */
  readonly press?: string | readonly string[];
  /** Into fields that are there once it was clicked. */
  readonly typedThen?: Scene["typed"];
  /** The browser lets notifications be shown, and this was chosen for them; undefined: neither. */
  readonly notifying?: Notifying;
  /** What is fetched later cannot be had. */
  readonly unfetched?: boolean;
  /** The message whose menu is opened. */
  readonly menuOf?: string;
};

const SIGNED_IN: SessionView = { state: "signed-in", account: ALICE };
export const LIVE: ConnectionView = { socket: "open", link: { state: "live", caughtUp: true }, encryption: "ready" };
export const MESSAGES = { [BOB]: RIDGE, [MINA]: HARBOUR, [RUI]: RUIS, [NOOR]: NOORS, [STRANGER]: LINDQVISTS };

export const open = (jid: BareJid) => (app: App) => app.go({ screen: "chats", chat: jid });

export const dialog = (view: DialogView) => (app: App) => {
  app.dialog.value = view;
};
export const withRoom = (row: ChatSummary): Partial<Snapshot> => ({ chats: [row, ...CHATS] });
export const inRoom = (scene: Partial<Scene> = {}): Partial<Scene> => ({
  act: open(RIDGE_ROOM),
  messages: { ...MESSAGES, [RIDGE_ROOM]: RIDGE_WALKS },
  ...scene,
});

/** Alice is signed in, with everything as usual; `more` is what the engine says else. */
export function home(more: Partial<Snapshot> = {}, scene: Partial<Scene> = {}): Scene {
  return {
    snapshot: { session: SIGNED_IN, connection: LIVE, chats: CHATS, notices: [], gaps: [], ...more },
    messages: MESSAGES,
    devices: { [ALICE]: OWN_DEVICES, [BOB]: BOBS_DEVICES },
    ...scene,
  };
}

export const gate = (session: SessionView, scene: Partial<Scene> = {}): Scene => home({ session, chats: [] }, scene);
export const withChat = (changed: ChatSummary): readonly ChatSummary[] =>
  CHATS.map((row) => (row.jid === changed.jid ? changed : row));
