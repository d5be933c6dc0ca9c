import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import { hear, hearingOf } from "../../model/account-actions.ts";
import { FailureNote } from "../parts/failure-note.tsx";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { askToNotify, chooseNotifying, notifyChoice, notifyPermission } from "../page/notify-choice.ts";
import { type Ringing, ringing, ringNoMore } from "../page/ringing.ts";
import { playTone } from "../page/tone.ts";
import { hearsLabel, hearsText } from "./hears.ts";
import { QuietHoursSetting } from "./quiet-hours.tsx";
import { Choice, Note, Section, Switch } from "./rows.tsx";

const SHOWING = ["all", "who", "nothing"] as const;

/** Whether this device tells of what comes while nobody looks, and how much of it. */
export function NotificationSettings() {
  const { on, show, sound, ring } = useValue(notifyChoice);
  const permission = useValue(notifyPermission);
  const app = useApp();
  const rings = useValue(ringing);
  const works = on && permission === "granted";
  const choose = async (wanted: boolean) => {
    chooseNotifying({ on: wanted });
    if (!wanted) drop(ringNoMore(app));
    if (wanted) await askToNotify();
  };
  return (
    <Section name="notifications" title={text("settings--notifications")}>
      <Switch
        name="notify"
        label={text("settings--notify")}
        about={text("settings--notify-about")}
        on={works}
        disabled={permission === "unable" || permission === "denied"}
        onChange={(wanted) => drop(choose(wanted))}
      />
      {permission === "denied" ? <Note alert={true}>{text("settings--notify-denied")}</Note> : undefined}
      {permission === "unable" ? <Note>{text("settings--notify-unable")}</Note> : undefined}
      {on && permission === "default" ? <Note alert={true}>{text("settings--notify-waiting")}</Note> : undefined}
      {works ? (
        <>
          <Choice
            name="show"
            label={text("settings--show")}
            about={text(`settings--show-${show}-about`)}
            value={show}
            values={SHOWING.map((value) => ({ value, label: text(`settings--show-${value}`) }))}
            onChange={(value) => chooseNotifying({ show: value })}
          />
          <Switch
            name="sound"
            label={text("settings--sound")}
            about={text("settings--sound-about")}
            on={sound}
            onChange={(wanted) => {
              chooseNotifying({ sound: wanted });
              if (wanted) drop(playTone());
            }}
          />
          <QuietHoursSetting />
          <Switch
            name="ring"
            label={text("settings--ring")}
            about={text("settings--ring-about")}
            on={ring}
            disabled={rings === "unable"}
            onChange={(wanted) => {
              chooseNotifying({ ring: wanted });
              if (!wanted) drop(ringNoMore(app));
            }}
          />
          <RingNote rings={rings} wanted={ring} />
        </>
      ) : undefined}
    </Section>
  );
}

/** What stands against it, or how the account hears of anything while everything is closed. */
function RingNote({ rings, wanted }: { readonly rings: Ringing; readonly wanted: boolean }) {
  if (rings === "unable") return <Note>{text("settings--ring-unable")}</Note>;
  if (!wanted) return undefined;
  if (rings === "refused" || rings === "failed") return <Note alert={true}>{text(`settings--ring-${rings}`)}</Note>;
  return <HearingChoice />;
}

const HEARING = ["always", "sometimes", "never"] as const;

/** How the account hears of anything while everything is closed, what that means, and who could use the key that it takes. */
function HearingChoice() {
  const app = useApp();
  const connection = useValue(app.connection);
  const hearing = hearingOf(connection);
  const account = useValue(app.account) ?? "";
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  if (hearing === undefined) return undefined;
  return (
    <>
      <Choice
        name="hearing"
        label={text("settings--hearing")}
        about={hearsText(hearing, connection.pushed)}
        value={hearing}
        values={HEARING.map((value) => ({ value, label: hearsLabel(value, connection.pushed) }))}
        onChange={(value) => drop(hear(app, value).then(setFailure))}
      />
      {hearing === "never" ? undefined : <Note>{text("stay-online--who")}</Note>}
      {failure === undefined ? undefined : <FailureNote failure={failure} address={account} />}
    </>
  );
}
