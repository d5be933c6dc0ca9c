import { text } from "../../i18n/text.ts";
import { hueOf, initialOf } from "../../model/avatar-colour.ts";

type Properties = {
  readonly jid: string;
  readonly name: string;
  readonly available?: boolean;
  readonly known?: boolean;
};

/** An initial on the colour of the address. Somebody unknown has an outline only. */
export function Avatar({ jid, name, available = false, known = true }: Properties) {
  return (
    <span class={known ? "avatar" : "avatar avatar-unknown"} style={{ "--hue": String(hueOf(jid)) }} aria-hidden="true">
      {initialOf(name)}
      {available ? <span class="avatar-online" title={text("list--online")} /> : undefined}
    </span>
  );
}
