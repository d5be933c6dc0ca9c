import { signal } from "@preact/signals-core";
import { useState } from "preact/hooks";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { MessageItem, RoomPerson } from "../../engine/protocol/conversations.ts";
import { text } from "../../i18n/aside.ts";
import { plainWords } from "../../model/message-words.ts";
import { nameOf } from "../../model/chats.ts";
import { actInRoom, moderate } from "../../model/room-running.ts";
import { isHard, type RoomAct as Act, wantsReason } from "../../model/room-powers.ts";
import { shownName } from "../../words/names.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Field } from "../parts/field.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";

type Properties = {
  readonly room: BareJid;
  readonly act: Act;
  readonly person: Pick<RoomPerson, "jid" | "nick">;
  readonly onClose: () => void;
};

/** Something about somebody in a room, once one knows what it means. */
export function RoomActDialog({ room, act, person, onClose }: Properties) {
  const app = useApp();
  const chats = useValue(app.chats);
  const [reason] = useState(() => signal(""));
  const closed = chats.get(room)?.encryption !== "open";
  const names = {
    name: person.nick === undefined && person.jid ? nameOf(person.jid, chats) : shownName(person.nick ?? "", "?"),
    room: nameOf(room, chats),
  };
  const lead = closed && (act === "kick" || act === "ban") ? (`room-act--${act}-lead-closed` as const) : undefined;
  return (
    <FormDialog
      title={text(`room-act--${act}-title`, names)}
      lead={text(lead ?? `room-act--${act}-lead`, names)}
      confirm={text(`room-act--${act}-confirm`)}
      busyLabel={text("profile--busy")}
      about={room}
      bad={isHard(act)}
      act={() => actInRoom(app, room, act, person, reason.peek())}
      onClose={onClose}
    >
      {() => (wantsReason(act) ? <Field label={text("room-act--reason")} kind="name" value={reason} /> : undefined)}
    </FormDialog>
  );
}

/** Takes somebody else's message out of everybody's sight. */
export function Moderate({ item, onClose }: { readonly item: MessageItem; readonly onClose: () => void }) {
  const app = useApp();
  const [reason] = useState(() => signal(""));
  const { body, author } = item;
  return (
    <FormDialog
      title={text("moderate--title", { name: shownName(author?.nick ?? "", "?") })}
      lead={text("moderate--lead")}
      confirm={text("moderate--confirm")}
      busyLabel={text("moderate--confirm")}
      about={item.chat}
      bad={true}
      act={() => moderate(app, item, reason.peek())}
      onClose={onClose}
    >
      {() => (
        <>
          {body.kind === "text" ? (
            <blockquote class="deleted-words" dir="auto">
              {plainWords(body.text)}
            </blockquote>
          ) : undefined}
          <Field label={text("room-act--reason")} kind="name" value={reason} />
        </>
      )}
    </FormDialog>
  );
}
