import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { isMuted } from "../../model/chat-choices.ts";
import type { ShownChat } from "../../model/chats.ts";
import { fullDayAndTime } from "../../model/format.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Action } from "./action.tsx";

/** Whether a conversation makes itself noticed, and until when not. */
export function MuteAction({ chat }: { readonly chat: ShownChat }) {
  const app = useApp();
  const muted = isMuted(chat, useValue(app.list.clock));
  const until = chat.choices?.muted;
  const ends = muted && typeof until === "number" ? text("mute--ends", { day: fullDayAndTime(until) }) : undefined;
  const note = ends ?? (muted ? text("list--muted") : undefined);
  return (
    <Action
      icon={muted ? "muted" : "bell"}
      note={note}
      act={() => {
        if (muted) drop(app.chooseOrSay({ chat: chat.jid, name: "muted" }));
        else app.dialog.value = { kind: "mute", jid: chat.jid };
      }}
    >
      {text(muted ? "chat-act--unmute" : "chat-act--mute")}
    </Action>
  );
}
