import type { ComponentChildren } from "preact";
import type { BareJid } from "../../../worker/contract/names.ts";
import { text } from "../../i18n/aside.ts";
import { useApp } from "../hooks/use-app.ts";
import { Icon, type IconName } from "./icon.tsx";

type Properties = {
  readonly icon: IconName;
  readonly title: string;
  readonly children: ComponentChildren;
  readonly actions: ComponentChildren;
  /** The state that stops it, for those who look for it. */
  readonly stopped?: string;
};

/** In place of the composer: why nothing can be written, and what can be done about it. */
export function NoWriting({ icon, title, children, actions, stopped }: Properties) {
  return (
    <section class="unavailable" data-stopped={stopped}>
      <Icon name={icon} />
      <div class="unavailable-words">
        <b>{title}</b>
        {children}
      </div>
      <div class="unavailable-actions">{actions}</div>
    </section>
  );
}

/** Leads to the question whether to write in clear all the same. */
export function WriteInClear({ chat }: { readonly chat: BareJid }) {
  const app = useApp();
  return (
    <button
      type="button"
      class="button button-quiet"
      onClick={() => {
        app.dialog.value = { kind: "expose", chat };
      }}
    >
      {text("unavailable--expose")}
    </button>
  );
}
