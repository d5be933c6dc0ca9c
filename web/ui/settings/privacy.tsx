import { useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { Privacy } from "../../../worker/contract/state.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { FailureNote } from "../parts/failure-note.tsx";
import { Leading, Note, Section, Switch } from "./rows.tsx";

const ALL: Privacy = { delivered: true, read: true, typing: true };

/** What others are told; the account's, so it is the same in every browser. */
export function PrivacySettings() {
  const app = useApp();
  const { privacy } = useValue(app.connection);
  const account = useValue(app.account) ?? "";
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const choose = async (change: Partial<Privacy>) => {
    setBusy(true);
    const answer = await app.engine.privacy(change);
    setFailure(answer.ok ? undefined : answer.error);
    setBusy(false);
  };
  return (
    <Section name="privacy" title={text("settings--privacy")}>
      {(["delivered", "read", "typing"] as const).map((name) => (
        <Switch
          key={name}
          name={name}
          label={text(`settings--${name}`)}
          about={text(`settings--${name}-about`)}
          on={(privacy ?? ALL)[name]}
          disabled={privacy === undefined || busy}
          onChange={(on) => drop(choose({ [name]: on }))}
        />
      ))}
      <FailureNote failure={failure} address={account} />
      <Note>{text("settings--privacy-note")}</Note>
      <Leading
        label={text("kept-away--title")}
        about={text("settings--kept-away-about")}
        act={() => {
          app.dialog.value = { kind: "kept-away" };
        }}
      />
    </Section>
  );
}
