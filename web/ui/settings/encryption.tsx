import { useEffect, useState } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { useApp } from "../hooks/use-app.ts";
import { Leading, Section, Switch } from "./rows.tsx";

/** For whom this browser encrypts, and which devices read along. */
export function EncryptionSettings() {
  const app = useApp();
  const [only, setOnly] = useState<boolean | undefined>(undefined);
  useEffect(() => drop(app.engine.onlyVerified({}).then(setOnly)), [app]);
  return (
    <Section name="encryption" title={text("settings--encryption")}>
      <Switch
        name="only-verified"
        label={text("settings--only-verified")}
        about={text("settings--only-verified-about")}
        on={only === true}
        disabled={only === undefined}
        onChange={(on) => drop(app.engine.onlyVerified({ on }).then(setOnly))}
      />
      <Leading
        label={text("devices--title")}
        about={text("settings--devices-about")}
        act={() => app.go({ screen: "devices" })}
      />
    </Section>
  );
}
