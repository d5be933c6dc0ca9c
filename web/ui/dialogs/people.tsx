import { signal } from "@preact/signals-core";
import { useEffect, useId, useState } from "preact/hooks";
import type { ReportReason } from "../../../worker/contract/calls.ts";
import type { Failure } from "../../../worker/contract/failures.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { RowShapes } from "../parts/shapes.tsx";
import type { KeptAway } from "../../engine/protocol/conversations.ts";
import { text } from "../../i18n/aside.ts";
import { NOWHERE } from "../../model/places.ts";
import { nameOf } from "../../model/chats.ts";
import { addressText } from "../../words/names.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Address } from "../parts/address.tsx";
import { Avatar } from "../parts/avatar.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { NameDialog } from "../parts/name-dialog.tsx";
import { settle } from "../../model/asking.ts";

type Closing = { readonly onClose: () => void };
type Of = Closing & { readonly jid: BareJid };

/** What this account calls them. */
export function RenameContact({ jid, onClose }: Of) {
  const app = useApp();
  const name = nameOf(jid, useValue(app.chats));
  const [typed] = useState(() => signal(app.chats.peek().get(jid)?.name ?? ""));
  const own = app.chats.peek().get(jid)?.ownName !== undefined;
  return (
    <NameDialog
      title={text("rename-contact--title", { name })}
      lead={text("rename-contact--lead")}
      confirm={text("rename-contact--confirm")}
      busyLabel={text("rename-contact--busy")}
      about={jid}
      act={() =>
        settle(
          app,
          app.engine.ask({
            call: "renameContact",
            about: { jid, name: typed.peek().slice(0, LIMITS.nameLength).trim() },
          }),
        )
      }
      onClose={onClose}
      label={text("rename-contact--name")}
      value={typed}
      more={own ? <p>{text("rename-contact--own")}</p> : undefined}
    />
  );
}

/** Presence ends both ways, so it is asked first. */
export function RemoveContact({ jid, onClose }: Of) {
  const app = useApp();
  const name = nameOf(jid, useValue(app.chats));
  const remove = async () => {
    const failure = await app.answer(jid, "remove");
    if (failure === undefined) onClose();
    return failure;
  };
  return (
    <FormDialog
      title={text("remove-contact--title", { name })}
      lead={text("remove-contact--what")}
      confirm={text("remove-contact--confirm")}
      busyLabel={text("remove-contact--busy")}
      about={jid}
      bad={true}
      act={remove}
      onClose={onClose}
    />
  );
}

const REASONS = ["no-report", "report-spam", "report-abuse"] as const;
const REPORTS: Readonly<Record<(typeof REASONS)[number], ReportReason | undefined>> = {
  "no-report": undefined,
  "report-spam": "spam",
  "report-abuse": "abuse",
};

/** The server keeps them away, and is told why where the person wants that (XEP-0191, XEP-0377). */
export function Block({ jid, onClose }: Of) {
  const app = useApp();
  const name = nameOf(jid, useValue(app.chats));
  const [chosen] = useState(() => signal<(typeof REASONS)[number]>("no-report"));
  const reason = useValue(chosen);
  const group = useId();
  const block = async () => {
    const failure = await app.answer(jid, "block", REPORTS[chosen.peek()]);
    if (failure === undefined) onClose();
    return failure;
  };
  return (
    <FormDialog
      title={text("block--title", { name })}
      lead={text("block--what", { address: addressText(jid) })}
      confirm={text("block--confirm")}
      busyLabel={text("block--busy")}
      about={jid}
      bad={true}
      act={block}
      onClose={onClose}
    >
      {() => (
        <fieldset class="options">
          <legend>{text("block--why")}</legend>
          {REASONS.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name={group}
                checked={reason === one}
                onChange={() => {
                  chosen.value = one;
                }}
              />
              {text(`block--${one}`)}
            </label>
          ))}
        </fieldset>
      )}
    </FormDialog>
  );
}

/** In this browser alone. */
export function DeleteChat({ jid, onClose }: Of) {
  const app = useApp();
  const name = nameOf(jid, useValue(app.chats));
  const forget = async () => {
    const answer = await app.engine.deleteChat({ chat: jid });
    if (!answer.ok) return answer.error;
    onClose();
    if (app.openChat.peek() === jid) app.go(NOWHERE);
    return undefined;
  };
  return (
    <FormDialog
      title={text("delete-chat--title")}
      lead={text("delete-chat--what", { name })}
      confirm={text("delete-chat--confirm")}
      busyLabel={text("delete-chat--busy")}
      about={jid}
      bad={true}
      act={forget}
      onClose={onClose}
    />
  );
}

const BACK = {
  blocked: { words: "kept-away--unblock", of: "kept-away--unblock-of" },
  declined: { words: "kept-away--allow", of: "kept-away--allow-of" },
  waiting: { words: "kept-away--show", of: "kept-away--show-of" },
} as const;

/** Everybody who is kept away, and the way back for each. */
export function KeptAwayList({ onClose }: Closing) {
  const app = useApp();
  const [people, setPeople] = useState<readonly KeptAway[] | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  // Whoever is let back in goes from here a moment later, when the log says so; that changes their row, too.
  const chats = useValue(app.chats);
  useEffect(() => drop(app.engine.keptAway({}).then(setPeople)), [app, chats]);
  // What they have sent is there, and answered like any stranger's.
  const show = async (jid: BareJid) => {
    const failed = await app.choose({ chat: jid, name: "letIn", value: true });
    setFailure(failed);
    if (failed !== undefined) return;
    onClose();
    app.go({ screen: "chats", chat: jid });
  };
  const letBack = async ({ jid, how }: KeptAway) => {
    if (how === "waiting") return show(jid);
    const failed = await app.answer(jid, how === "blocked" ? "unblock" : "allow");
    setFailure(failed);
    if (failed === undefined) setPeople((before) => before?.filter((one) => one.jid !== jid));
  };
  return (
    <Dialog title={text("kept-away--title")} onClose={onClose}>
      <p>{text(people?.length === 0 ? "kept-away--none" : "kept-away--lead")}</p>
      {people === undefined ? <RowShapes /> : undefined}
      <ul class="people" aria-label={text("kept-away--title")}>
        {people?.map((person) => (
          <li key={person.jid} class="person" data-jid={person.jid}>
            <Avatar jid={person.jid} name={person.name} known={false} />
            <span class="person-words">
              <Address words={person.name} />
              <span>{text(`kept-away--${person.how}`)}</span>
            </span>
            <button
              type="button"
              class="button button-quiet"
              aria-label={text(BACK[person.how].of, { name: person.name })}
              onClick={() => drop(letBack(person))}
            >
              {text(BACK[person.how].words)}
            </button>
          </li>
        ))}
      </ul>
      <FailureNote failure={failure} address="" />
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" autofocus onClick={onClose}>
          {text("device--close")}
        </button>
      </div>
    </Dialog>
  );
}
