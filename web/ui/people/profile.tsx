import { type Signal, signal } from "@preact/signals-core";
import { useEffect, useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import { LIMITS } from "../../../worker/contract/limits.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { NOWHERE } from "../../model/places.ts";
import { nameOfAddress } from "../../words/names.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { Avatar } from "../parts/avatar.tsx";
import { FailureNote } from "../parts/failure-note.tsx";
import { Field } from "../parts/field.tsx";
import { Notices } from "../parts/notices.tsx";
import { PictureChoice } from "../parts/picture-choice.tsx";
import { Action } from "./action.tsx";
import { CopyAddress } from "./copy-address.tsx";
import { PageHead } from "../parts/page-head.tsx";

function Picture() {
  const app = useApp();
  const account = useValue(app.account);
  const { nick, picture } = useValue(app.profile);
  if (account === undefined) return null;
  return (
    <PictureChoice
      avatar={
        <Avatar
          jid={account}
          name={nick ?? nameOfAddress(account)}
          picture={picture === undefined ? undefined : { jid: account, id: picture }}
        />
      }
      picture={picture}
      about={account}
      publish={async (chosen) => {
        const about = chosen === undefined ? {} : { picture: chosen };
        const answer = await app.engine.ask({ call: "setPicture", about });
        return answer.ok ? undefined : answer.error;
      }}
    />
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
