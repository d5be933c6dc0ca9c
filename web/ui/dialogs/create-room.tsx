import { type Signal, signal } from "@preact/signals-core";
import { useEffect, useState } from "preact/hooks";
import type { Result } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import type { ShownChat } from "../../model/chats.ts";
import { addressOfNew, membersOfNew, NO_MEMBER } from "../../model/new-room.ts";
import { makeRoom } from "../../model/room-running.ts";
import { meantAddress, suggestPeople } from "../../model/suggest.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Icon } from "../parts/icon.tsx";
import type { MadePicture } from "../page/own-picture.ts";
import { PictureFile, PicturePreview } from "../parts/picture-choice.tsx";
import { addressText } from "../../words/names.ts";
import { PersonField } from "./person-field.tsx";
import { Field } from "../parts/field.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";

type Service = Result<{ readonly service: string; readonly pictures?: true }>;

const useText = (): Signal<string> => useState(() => signal(""))[0];

type Member = Pick<ShownChat, "jid" | "name">;

/** Who will be in it from the beginning. */
function Members(of: { readonly members: readonly Member[]; readonly onRemove: (jid: BareJid) => void }) {
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

/** How it will look, for everybody in it. */
function RoomPicture(of: {
  readonly made: MadePicture | undefined;
  readonly onPick: (made: MadePicture | undefined) => void;
}) {
  const { made } = of;
  return (
    <PictureFile picked={of.onPick}>
      {(choose) => (
        <div class="new-picture">
          {made?.kind === "made" ? <PicturePreview made={made} room={true} /> : undefined}
          <button type="button" class="button button-quiet" onClick={choose}>
            {text(made?.kind === "made" ? "create-room--other-picture" : "profile--choose")}
          </button>
          {made?.kind === "made" ? (
            <button type="button" class="button button-quiet" onClick={() => of.onPick(undefined)}>
              {text("profile--remove")}
            </button>
          ) : undefined}
          {made === undefined || made.kind === "made" ? undefined : (
            <p class="field-note" role="status">
              {text(`profile--${made.kind}`)}
            </p>
          )}
        </div>
      )}
    </PictureFile>
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
  const [members, setMembers] = useState<readonly Member[]>([]);
  const [made, setMade] = useState<MadePicture | undefined>(undefined);
  const picture = made?.kind === "made" ? made.picture : undefined;
  const add = (member: Member) => {
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
    const chosen = new Set(members.map(({ jid }) => jid));
    const typed = person.peek().trim();
    const meant = typed === "" ? "" : meantAddress(typed, suggestPeople(app.chats.peek().values(), typed, chosen));
    const all = membersOfNew([...chosen], meant);
    if (!all.ok) return all.error;
    // Whoever is quick presses before the server has said where rooms are made.
    const known = await asked;
    const written = address.peek().trim();
    const to = written === "" ? addressOfNew(name.peek(), known, elsewhere.peek()) : written;
    if (to === "" && !known.ok && known.error.kind !== "not-found") return known.error;
    if (to === "" && !known.ok) return { kind: "not-found", detail: "no room service" } as const;
    const called = name.peek().trim().slice(0, LIMITS.roomNameLength);
    return makeRoom(app, to, { name: called, members: all.value, picture });
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
          {answer?.ok && answer.value.pictures ? <RoomPicture made={made} onPick={setMade} /> : undefined}
          <Members members={members} onRemove={(jid) => setMembers(members.filter((one) => one.jid !== jid))} />
          <PersonField
            label={text("create-room--members")}
            value={person}
            without={new Set(members.map(({ jid }) => jid))}
            focus={false}
            wrong={failure?.detail === NO_MEMBER.detail}
            describedBy={note}
            onPick={add}
            onAddress={(jid) => add({ jid, name: addressText(jid) })}
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
            wrong={failure !== undefined && !["no room service", NO_MEMBER.detail].includes(failure.detail ?? "")}
            describedBy={note}
          />
        </>
      )}
    </FormDialog>
  );
}
