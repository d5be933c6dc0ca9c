import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "../parts/icon.tsx";

type Properties = {
  readonly icon: IconName;
  readonly bad?: boolean;
  readonly act: () => void;
  /** Below its name: what it is about. */
  readonly note?: string | undefined;
  /** It leads somewhere. */
  readonly leads?: boolean;
  /** What it shows or hides below stands open. */
  readonly open?: boolean;
  readonly children: ComponentChildren;
};

/** A whole row that leads to something else. */
export function Action({ icon, bad = false, act, note, leads = false, open, children }: Properties) {
  return (
    <li class={bad ? "device device-bad" : "device"}>
      <button type="button" class="device-row" aria-expanded={open} onClick={act}>
        <Icon name={icon} />
        <span class="device-words">
          <span class="device-name">{children}</span>
          {note === undefined ? undefined : <span>{note}</span>}
        </span>
        {leads || open !== undefined ? <Icon name="next" /> : undefined}
      </button>
    </li>
  );
}
