import { type Signal, signal } from "@preact/signals-core";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { NOWHERE } from "../../model/places.ts";
import { nameOfAddress } from "../../words/names.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { makePicture, type MadePicture } from "../page/own-picture.ts";
import { Avatar } from "../parts/avatar.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Field } from "../parts/field.tsx";
import { Notices } from "../parts/notices.tsx";
import { Action } from "./action.tsx";
import { CopyAddress } from "./copy-address.tsx";
import { PageHead } from "../parts/page-head.tsx";

type Made = MadePicture & { readonly kind: "made" };
type Said = "saved" | "removed" | "unreadable" | "too-large";

/** What was picked, before it is published. */
function Preview({ made }: { readonly made: Made }) {
  const [address, setAddress] = useState<string | undefined>(undefined);
  useEffect(() => {
    const url = URL.createObjectURL(made.blob);
    setAddress(url);
    return () => URL.revokeObjectURL(url);
  }, [made]);
  return (
    <span class="avatar" aria-hidden="true">
      {address === undefined ? undefined : <img class="avatar-picture" src={address} alt="" />}
    </span>
  );
}

function Picture() {
  const app = useApp();
  const account = useValue(app.account);
  const { nick, picture } = useValue(app.profile);
  const file = useRef<HTMLInputElement>(null);
  const [made, setMade] = useState<Made | undefined>(undefined);
  const [said, setSaid] = useState<Said | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  if (account === undefined) return null;
  const take = async (picked: Blob | undefined) => {
    if (picked === undefined) return;
    const answer = await makePicture(picked);
    setFailure(undefined);
    setSaid(answer.kind === "made" ? undefined : answer.kind);
    setMade(answer.kind === "made" ? answer : undefined);
  };
  const publish = async (published: Made | undefined) => {
    setBusy(true);
    setSaid(undefined);
    const answer = await app.engine.ask({
      call: "setPicture",
      about: published === undefined ? {} : { picture: published.picture },
    });
    setBusy(false);
    setFailure(answer.ok ? undefined : answer.error);
    if (!answer.ok) return;
    setMade(undefined);
    setSaid(published === undefined ? "removed" : "saved");
  };
  return (
    <section
      class={over ? "about profile-picture profile-over" : "about profile-picture"}
      aria-label={text("profile--picture")}
      data-picture={picture}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        drop(take(event.dataTransfer?.files[0]));
      }}
    >
      {made === undefined ? (
        <Avatar
          jid={account}
          name={nick ?? nameOfAddress(account)}
          picture={picture === undefined ? undefined : { jid: account, id: picture }}
        />
      ) : (
        <Preview made={made} />
      )}
      <input
        ref={file}
        type="file"
        accept="image/png,image/jpeg,image/gif,image/webp"
        class="unseen"
        tabIndex={-1}
        aria-label={text("profile--choose")}
        onChange={(event) => {
          drop(take(event.currentTarget.files?.[0]));
          event.currentTarget.value = "";
        }}
      />
      {made === undefined ? (
        <>
          <div class="profile-actions">
            <button type="button" class="button" disabled={busy} onClick={() => file.current?.click()}>
              {text("profile--choose")}
            </button>
            {picture === undefined ? undefined : (
              <button
                type="button"
                class="button button-quiet"
                disabled={busy}
                onClick={() => drop(publish(undefined))}
              >
                {text(busy ? "profile--busy" : "profile--remove")}
              </button>
            )}
          </div>
          <p class="profile-drop">{text("profile--drop")}</p>
        </>
      ) : (
        <>
          <p>{text("profile--preview")}</p>
          <div class="profile-actions">
            <button type="button" class="button button-quiet" disabled={busy} onClick={() => setMade(undefined)}>
              {text("dialog--cancel")}
            </button>
            <button type="button" class="button" disabled={busy} onClick={() => drop(publish(made))}>
              {text(busy ? "profile--busy" : "profile--use")}
            </button>
          </div>
        </>
      )}
      <p role="status">{said === undefined ? "" : text(`profile--${said}`)}</p>
      <FailureNote failure={failure} address={account} />
    </section>
  );
}

function Name({ typed }: { readonly typed: Signal<string> }) {
  const app = useApp();
  const account = useValue(app.account);
  const nick = useValue(app.profile).nick ?? "";
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [said, setSaid] = useState(false);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    // Another own browser may change it while this screen is open.
    typed.value = nick;
  }, [typed, nick]);
  const unchanged = useValue(typed).trim() === nick;
  const save = async () => {
    setBusy(true);
    setSaid(false);
    const answer = await app.engine.ask({
      call: "setNick",
      about: { nick: typed.peek().trim().slice(0, LIMITS.nameLength) },
    });
    setBusy(false);
    setFailure(answer.ok ? undefined : answer.error);
    setSaid(answer.ok);
  };
  return (
    <form
      class="device profile-name"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!unchanged) drop(save());
      }}
    >
      <Field
        label={text("profile--name")}
        kind="name"
        value={typed}
        placeholder={account === undefined ? "" : nameOfAddress(account)}
        disabled={busy}
      />
      <button type="submit" class="button" disabled={busy || unchanged}>
        {text(busy ? "profile--busy" : "profile--save")}
      </button>
      <p role="status">{said && unchanged ? text("profile--saved") : ""}</p>
      <FailureNote failure={failure} address={account ?? ""} />
    </form>
  );
}

/** What contacts see of us: a name, a picture, an address. */
export function ProfileScreen() {
  const app = useApp();
  const account = useValue(app.account);
  const [typed] = useState(() => signal(app.profile.peek().nick ?? ""));
  return (
    <main class="pane">
      <PageHead title={text("profile--title")} back={NOWHERE} />
      <Notices />
      <div class="devices profile" data-scrolls>
        <Picture />
        <p class="devices-lead">{text("profile--lead")}</p>
        <div class="device-list">
          <Name typed={typed} />
        </div>
        <ul class="device-list device-others">
          {account === undefined ? undefined : <CopyAddress label={text("profile--address")} address={account} />}
          <Action
            icon="qr"
            note={text("profile--code-text")}
            act={() => {
              app.dialog.value = { kind: "invite-somebody" };
            }}
          >
            {text("profile--code")}
          </Action>
        </ul>
      </div>
    </main>
  );
}
