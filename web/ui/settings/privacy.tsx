import { useState } from "preact/hooks";
import type { ReadonlySignal } from "@preact/signals-core";
import { SETTINGS } from "../../../worker/contract/choices.ts";
import type { Failure } from "../../../worker/contract/failures.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { menus } from "../conversation/later-menus.ts";
import { FailureNote } from "../parts/failure-note.tsx";
import { FetchedPart } from "../parts/fetched.tsx";
import type { LinkChoice } from "../page/link-choice.ts";
import { Choice, Leading, Note, Section, Switch } from "./rows.tsx";

const WRITERS = SETTINGS.writesFirst;

/** What others are told, and who may turn to us; the account's, so it is the same in every browser. */
export function PrivacySettings() {
  const app = useApp();
  const settings = useValue(app.settings);
  const account = useValue(app.account) ?? "";
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  return (
    <Section name="privacy" title={text("settings--privacy")}>
      {(["receipts", "markers", "typing", "lastSeen"] as const).map((name) => (
        <Switch
          key={name}
          name={name}
          label={text(`settings--${name}`)}
          about={text(`settings--${name}-about`)}
          on={settings[name]}
          onChange={(value) => drop(app.choose({ name, value }).then(setFailure))}
        />
      ))}
      <Switch
        name="reactions"
        label={text("settings--reactions")}
        about={text("settings--reactions-about")}
        on={settings.reactions !== "off"}
        onChange={(on) => drop(app.choose({ name: "reactions", value: on ? "on" : "off" }).then(setFailure))}
      />
      <Choice
        name="writesFirst"
        label={text("settings--writes-first")}
        about={text(`settings--writes-first-${settings.writesFirst}-about`)}
        value={settings.writesFirst}
        values={WRITERS.map((value) => ({ value, label: text(`settings--writes-first-${value}`) }))}
        onChange={(value) => drop(app.choose({ name: "writesFirst", value }).then(setFailure))}
      />
      <FetchedPart later={menus}>{({ links }) => <LinkPreviews {...links} />}</FetchedPart>
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

type LinkProperties = { readonly choice: ReadonlySignal<LinkChoice>; readonly choose: (on: boolean) => void };

/** Of this browser, unlike the others: no account says what leaves it. */
function LinkPreviews({ choice, choose }: LinkProperties) {
  const on = useValue(choice) === "on";
  return (
    <Switch
      name="links"
      label={text("settings--links")}
      about={text("settings--links-about")}
      on={on}
      onChange={choose}
    />
  );
}
