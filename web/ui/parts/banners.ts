import { type ComponentType, createContext } from "preact";
import { useContext } from "preact/hooks";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { ChatSummary, RoomSummary } from "../../engine/protocol/conversations.ts";
import type { SignIn } from "../../model/sign-in.ts";
import type { LaterPart } from "../page/later.ts";

type InRoom = { readonly chat: ChatSummary; readonly room: RoomSummary };

/** What is said above a list or a conversation, or in place of a composer, now and then: part of what is fetched later (`aside.tsx`). */
export type Banners = {
  readonly Notices: ComponentType;
  readonly TrustBanner: ComponentType<{ readonly chat: ChatSummary }>;
  readonly Relation: ComponentType<{ readonly chat: ChatSummary }>;
  readonly PasswordAgain: ComponentType<{ readonly form: SignIn; readonly account: BareJid }>;
  readonly RoomNotices: ComponentType<InRoom>;
  readonly Stopped: ComponentType<{ readonly chat: ChatSummary }>;
  readonly StoppedRoom: ComponentType<InRoom>;
  readonly LeftRoom: ComponentType<InRoom>;
};

export const BannersContext = createContext<LaterPart<Banners> | undefined>(undefined);

export function useBanners(): LaterPart<Banners> {
  const banners = useContext(BannersContext);
  if (banners === undefined) throw new TypeError("A screen was rendered outside the shell");
  return banners;
}
