import { useState } from "preact/hooks";
import type { Failure } from "../../../worker/contract/failures.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { FailureNote } from "../parts/failure-note.tsx";
import { Leading, Note, Section, Switch } from "./rows.tsx";

/** What others are told; the account's, so it is the same in every browser. */
export function PrivacySettings() {
  const app = useApp();
  const settings = useValue(app.settings);
  const account = useValue(app.account) ?? "";
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  return (
    <Section name="privacy" title={text("settings--privacy")}>
      {(["receipts", "markers", "typing"] as const).map((name) => (
        <Switch
          key={name}
          name={name}
          label={text(`settings--${name}`)}
          about={text(`settings--${name}-about`)}
          on={settings[name]}
          onChange={(value) => drop(app.choose({ name, value }).then(setFailure))}
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
