import { type Signal, signal } from "@preact/signals-core";
import { useEffect, useId, useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { BareJid } from "../../../worker/contract/names.ts";
import type { RoomDetails } from "../../../worker/contract/rooms.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { plural, text } from "../../i18n/aside.ts";
import { type Entering, enterOrAsk } from "../../model/room-actions.ts";
import { type Finding, matchingRooms, RoomFinder, typedOf } from "../../model/room-finder.ts";
import { addressText, shownName } from "../../words/names.ts";
import { withoutDirections } from "../../words/visible.ts";
import { useApp } from "../hooks/use-app.ts";
import { useGrowing } from "../hooks/use-growing.ts";
import { useValue } from "../hooks/use-value.ts";
import { Address } from "../parts/address.tsx";
import { Avatar } from "../parts/avatar.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Field } from "../parts/field.tsx";
import { RowShapes } from "../parts/shapes.tsx";

/** How it is entered, and by how many it was. */
function facts({ people, membersOnly, password, missing }: Omit<RoomDetails, "jid">): string {
  if (missing) return text("find-room--missing");
  const how = membersOnly ? "members" : password ? "password" : membersOnly === false ? "free" : undefined;
  return [people === undefined ? undefined : plural("find-room--people", people), how && text(`find-room--${how}`)]
    .filter((word) => word !== undefined)
    .join(" · ");
}

type RowProperties = {
  readonly room: RoomDetails;
  readonly onFailure: (failure: Failure | undefined, room: BareJid) => void;
  /** Under which name and with which password it is entered, where somebody has said so. */
  readonly entering?: Entering;
  /** It is remembered: it can be taken off. */
  readonly onForget?: () => Promise<Failure | undefined>;
};

function Row({ room, entering = {}, onFailure, onForget }: RowProperties) {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const { jid, description, missing } = room;
  const inside = useValue(app.chats).get(jid)?.room?.state === "joined";
  const address = addressText(jid);
  const name = shownName(room.name ?? "", address);
  const press = async () => {
    if (inside) {
      app.dialog.value = undefined;
      app.go({ screen: "chats", chat: jid });
      return;
    }
    setBusy(true);
    onFailure(undefined, jid);
    const failure = await enterOrAsk(app, jid, entering);
    setBusy(false);
    onFailure(failure, jid);
  };
  const forget = async () => onFailure(await onForget?.(), jid);
  const words = facts(room);
  return (
    <li class="person found-room" data-jid={jid}>
      <Avatar jid={jid} name={name} room={true} />
      <span class="person-words">
        <Address class="found-name" words={name} />
        {name === address ? undefined : (
          <span dir="ltr">
            <Address words={address} />
          </span>
        )}
        {description === undefined ? undefined : (
          <span class="found-about" dir="auto">
            {withoutDirections(description)}
          </span>
        )}
        {words === "" ? undefined : <span>{words}</span>}
        {onForget === undefined ? undefined : (
          <button
            type="button"
            class="link found-forget"
            aria-label={text("find-room--forget-name", { name })}
            onClick={() => drop(forget())}
          >
            {text("find-room--forget")}
          </button>
        )}
      </span>
      <button
        type="button"
        class="button found-join"
        disabled={busy || missing === true}
        aria-label={text(inside ? "find-room--open-name" : "find-room--join-name", { name })}
        onClick={() => drop(press())}
      >
        {text(busy ? "join-room--busy" : inside ? "find-room--go" : "find-room--join")}
      </button>
    </li>
  );
}

type ListProperties = Pick<RowProperties, "onFailure"> & {
  readonly finder: RoomFinder;
  readonly finding: Extract<Finding, { readonly state: "here" }>;
  readonly words: string;
};

/** As much of the list as is looked at; what those rooms are is asked as they come into sight. */
function Found({ finder, finding, words, onFailure }: ListProperties) {
  const details = useValue(finder.details);
  const rooms = finding.searches ? finding.rooms : matchingRooms(finding.rooms, details, words);
  const { shown, end } = useGrowing(rooms.length);
  const drawn = rooms.slice(0, shown);
  useEffect(() => finder.describe(drawn), [finder, drawn.length, drawn[0]?.jid, words]);
  // Words are looked for in all that there is, so all of it has to be here.
  const wants = finding.more && (shown >= rooms.length || words.trim() !== "");
  useEffect(() => {
    if (wants) drop(finder.more());
  }, [finder, wants, finding]);
  return (
    <>
      <ul class="people" aria-label={text("find-room--on", { service: addressText(finding.service as BareJid) })}>
        {drawn.map((room) => (
          <Row key={room.jid} room={{ ...room, ...details.get(room.jid) }} onFailure={onFailure} />
        ))}
        {shown < rooms.length ? <li key={shown} ref={end} class="rows-end" role="presentation" /> : undefined}
      </ul>
      <p role="status">
        {rooms.length > 0 || wants ? "" : text(words.trim() === "" ? "find-room--none" : "find-room--no-match")}
      </p>
    </>
  );
}

/** Rooms that the account remembers and is not in. */
function Saved({ finder, words, onFailure }: Pick<ListProperties, "finder" | "words" | "onFailure">) {
  const { rooms, kept } = useValue(finder.saved);
  const details = useValue(finder.details);
  const shown = matchingRooms(rooms, details, words);
  return (
    <>
      {shown.length === 0 ? undefined : (
        <section class="found-part">
          <h3>{text("find-room--saved")}</h3>
          <ul class="people" aria-label={text("find-room--saved")}>
            {shown.map(({ jid, name }) => (
              <Row
                key={jid}
                room={{ jid, ...(name !== undefined && { name }) }}
                onFailure={onFailure}
                onForget={() => finder.forget(jid)}
              />
            ))}
          </ul>
        </section>
      )}
      {kept ? undefined : <p class="found-note">{text("find-room--not-kept")}</p>}
    </>
  );
}

function SearchField({ typed, onInput }: { readonly typed: Signal<string>; readonly onInput: () => void }) {
  const field = useId();
  return (
    <label class="field" for={field}>
      <span>{text("find-room--field")}</span>
      <input
        id={field}
        type="search"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        dir="auto"
        autofocus
        value={typed.peek()}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
          onInput();
        }}
      />
    </label>
  );
}

/** Rooms on a service's list, and those that are remembered: entered with one press. */
export function FindRoom({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const [finder] = useState(() => new RoomFinder(app.engine));
  const [typed] = useState(() => signal(""));
  const [failed, setFailed] = useState<{ readonly failure: Failure; readonly about: string } | undefined>(undefined);
  const finding = useValue(finder.finding);
  const words = useValue(typed);
  const [nick] = useState(() => signal(""));
  const nickname = useValue(nick);
  const meant = typedOf(words);
  useEffect(() => {
    drop(finder.look());
    drop(finder.loadSaved());
    return () => finder.end();
  }, [finder]);
  const onFailure = (failure: Failure | undefined, about: BareJid) =>
    setFailed(failure === undefined ? undefined : { failure, about });
  return (
    <Dialog title={text("find-room--title")} onClose={onClose}>
      <SearchField typed={typed} onInput={() => finder.type(typed.peek())} />
      {meant.kind === "service" ? (
        <button type="button" class="choice" onClick={() => drop(finder.look(meant.service))}>
          <b>{text("find-room--look", { service: addressText(meant.service as BareJid) })}</b>
          <span>{text("find-room--look-what")}</span>
        </button>
      ) : undefined}
      {meant.kind === "room" ? (
        <>
          <ul class="people">
            <Row
              room={{ jid: meant.jid }}
              entering={{ nick: nickname.trim(), ...(meant.password !== undefined && { password: meant.password }) }}
              onFailure={onFailure}
            />
          </ul>
          <Field label={text("join-room--nick")} kind="name" value={nick} placeholder={text("join-room--nick-hint")} />
        </>
      ) : undefined}
      <FailureNote failure={failed?.failure} address={failed?.about ?? ""} />
      <Saved finder={finder} words={meant.kind === "words" ? words : ""} onFailure={onFailure} />
      <section class="found-part">
        <h3>
          {finding.state === "here"
            ? text("find-room--on", { service: addressText(finding.service as BareJid) })
            : text("find-room--public")}
        </h3>
        {finding.state === "looking" ? <RowShapes /> : undefined}
        {finding.state === "failed" ? (
          <>
            <FailureNote
              failure={finding.failure}
              address={words}
              {...(finding.failure.kind === "not-found" && { words: text("find-room--no-service") })}
            />
            <button type="button" class="button button-quiet" onClick={() => drop(finder.look())}>
              {text("find-room--again")}
            </button>
          </>
        ) : undefined}
        {finding.state === "here" ? (
          <Found
            key={finding.service}
            finder={finder}
            finding={finding}
            words={meant.kind === "words" ? words : ""}
            onFailure={onFailure}
          />
        ) : undefined}
      </section>
      <div class="dialog-actions">
        <button type="button" class="button button-quiet" onClick={onClose}>
          {text("device--close")}
        </button>
      </div>
    </Dialog>
  );
}
