import { useState } from "preact/hooks";
import { isLanguage, LANGUAGES } from "../../i18n/languages.ts";
import { text } from "../../i18n/text.ts";
import { useApp } from "../hooks/use-app.ts";
import { chooseLanguage, chosenLanguage } from "../page/language.ts";
import { Icon } from "./icon.tsx";

/** Each language by its own name, for whoever cannot read the one that is spoken. */
export function LanguageChoice() {
  const app = useApp();
  const [waits, setWaits] = useState(false);
  return (
    <>
      <label class="language">
        <Icon name="language" />
        <span class="unseen">{text("language--label")}</span>
        <select
          value={chosenLanguage() ?? ""}
          onChange={({ currentTarget: { value } }) =>
            setWaits(chooseLanguage(app, isLanguage(value) ? value : undefined) === "waits")
          }
        >
          <option value="">{text("language--of-browser")}</option>
          {Object.entries(LANGUAGES).map(([tag, { name }]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {waits ? <p role="status">{text("language--waits")}</p> : undefined}
    </>
  );
}
