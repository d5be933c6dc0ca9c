import { type Signal, signal } from "@preact/signals-core";
import { useEffect, useState } from "preact/hooks";
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import type { ShownChat } from "../../model/chats.ts";
import { addressOfNew } from "../../model/new-room.ts";
import { makeRoom } from "../../model/room-actions.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Icon } from "../parts/icon.tsx";
import { PersonField } from "./person-field.tsx";
import { Field } from "../parts/field.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";

type Service = Result<{ readonly service: string }>;

const useText = (): Signal<string> => useState(() => signal(""))[0];

/** Who will be in it from the beginning. */
function Members(of: { readonly members: readonly ShownChat[]; readonly onRemove: (jid: BareJid) => void }) {
  if (of.members.length === 0) return null;
  return (
    <ul class="chips" aria-label={text("suggest--chosen")}>
      {of.members.map(({ jid, name }) => (
        <li key={jid} class="chip" data-jid={jid}>
          <bdi>{name}</bdi>
          <button type="button" aria-label={text("suggest--remove", { name })} onClick={() => of.onRemove(jid)}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** A room for members alone. Its address follows the name until somebody writes another one. */
export function CreateRoom({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const name = useText();
  const address = useText();
  const elsewhere = useText();
  const [asked] = useState(() => app.engine.ask({ call: "roomService", about: {} }));
  const [answer, setAnswer] = useState<Service | undefined>(undefined);
  useEffect(() => drop(asked.then(setAnswer)), [asked]);
  // Its own server has no rooms: somebody else's may.
  const person = useText();
  const [members, setMembers] = useState<readonly ShownChat[]>([]);
  const add = (member: ShownChat) => {
    person.value = "";
    setMembers((before) => [...before, member]);
  };
  const homeless = answer?.ok === false && answer.error.kind === "not-found";
  const proposed = addressOfNew(useValue(name), answer, useValue(elsewhere));
  const [followed, setFollowed] = useState("");
  if (address.peek() === followed && followed !== proposed) {
    address.value = proposed;
    setFollowed(proposed);
  }
  const create = async () => {
    // Whoever is quick presses before the server has said where rooms are made.
    const known = await asked;
    const written = address.peek().trim();
    const to = written === "" ? addressOfNew(name.peek(), known, elsewhere.peek()) : written;
    if (to === "" && !known.ok && known.error.kind !== "not-found") return known.error;
    if (to === "" && !known.ok) return { kind: "not-found", detail: "no room service" } as const;
    const called = name.peek().trim().slice(0, LIMITS.roomNameLength);
    return makeRoom(app, to, { name: called, members: members.map(({ jid }) => jid) });
  };
  return (
    <FormDialog
      title={text("create-room--title")}
      lead={text("create-room--lead")}
      confirm={text("create-room--confirm")}
      busyLabel={text("create-room--busy")}
      about={useValue(address)}
      act={create}
      onClose={onClose}
    >
      {(failure, note) => (
        <>
          <Field
            label={text("create-room--name")}
            kind="name"
            value={name}
            placeholder={text("create-room--name-hint")}
            focus={true}
          />
          <Members members={members} onRemove={(jid) => setMembers(members.filter((one) => one.jid !== jid))} />
          <PersonField
            label={text("create-room--members")}
            value={person}
            without={new Set(members.map(({ jid }) => jid))}
            focus={false}
            onPick={add}
          />
          {homeless ? (
            <>
              <p class="field-note">{text("create-room--no-service")}</p>
              <Field
                label={text("create-room--service")}
                kind="new-address"
                value={elsewhere}
                placeholder={text("create-room--service-hint")}
                wrong={failure?.detail === "no room service"}
                describedBy={note}
              />
            </>
          ) : undefined}
          <Field
            label={text("create-room--address")}
            kind="new-address"
            value={address}
            placeholder={text("join-room--address-hint")}
            wrong={failure !== undefined && failure.detail !== "no room service"}
            describedBy={note}
          />
        </>
      )}
    </FormDialog>
  );
}
