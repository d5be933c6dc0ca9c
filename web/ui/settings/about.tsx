import { text } from "../../i18n/aside.ts";
import { useApp } from "../hooks/use-app.ts";
import { Fact, Leading, Section } from "./rows.tsx";

/** What the build has written into the page (`vite.config.ts`). */
function told(name: "version" | "source"): string | undefined {
  return document.querySelector<HTMLMetaElement>(`meta[name="alcove-${name}"]`)?.content;
}

/** What of others is part of the page that is running here, and its licence. */
const PARTS = [
  ["Preact", "MIT"],
  ["Signals", "MIT"],
  ["idb", "ISC"],
  ["libsignal-protocol-typescript", "GPL-3.0"],
  ["qr", "MIT, Apache-2.0"],
] as const;

/** Which version this is, where its source is, under which terms. */
export function About() {
  const app = useApp();
  const source = told("source");
  return (
    <Section name="about" title={text("settings--about")}>
      <Leading
        label={text("shortcuts--title")}
        about={text("settings--shortcuts-about")}
        act={() => {
          app.dialog.value = { kind: "shortcuts" };
        }}
      />
      <Fact label={text("settings--version", { version: told("version") ?? "0" })}>
        {text("settings--licence")}{" "}
        {source === undefined ? (
          text("settings--source-ask")
        ) : (
          <a href={source} target="_blank" rel="noopener noreferrer">
            {text("settings--source")}
          </a>
        )}
      </Fact>
      <details class="setting setting-parts">
        <summary>{text("settings--parts")}</summary>
        <ul>
          {PARTS.map(([name, licence]) => (
            <li key={name}>
              <span>{name}</span> <span>{licence}</span>
            </li>
          ))}
        </ul>
      </details>
    </Section>
  );
}
