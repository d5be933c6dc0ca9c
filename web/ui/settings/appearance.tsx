import { text } from "../../i18n/aside.ts";
import { useValue } from "../hooks/use-value.ts";
import { chooseLook, LOOKS, look } from "../page/look.ts";
import { LanguageChoice } from "../parts/language-choice.tsx";
import { Choice, Section } from "./rows.tsx";

/** How the page looks on this device. */
export function Appearance() {
  const { theme, text: size, density } = useValue(look());
  return (
    <Section name="appearance" title={text("settings--appearance")}>
      <Choice
        name="theme"
        label={text("settings--theme")}
        value={theme}
        values={LOOKS.theme.map((value) => ({ value, label: text(`settings--theme-${value}`) }))}
        onChange={(value) => chooseLook({ theme: value })}
      />
      <Choice
        name="text"
        label={text("settings--text")}
        value={size}
        values={LOOKS.text.map((value) => ({ value, label: text(`settings--text-${value}`) }))}
        onChange={(value) => chooseLook({ text: value })}
      />
      <Choice
        name="density"
        label={text("settings--density")}
        value={density}
        values={LOOKS.density.map((value) => ({ value, label: text(`settings--density-${value}`) }))}
        onChange={(value) => chooseLook({ density: value })}
      />
      <div class="setting">
        <span class="setting-words" aria-hidden="true">
          <b>{text("language--label")}</b>
        </span>
        <LanguageChoice />
      </div>
    </Section>
  );
}
