import { text } from "../../i18n/text.ts";
import { colourOf, initialOf } from "../../model/avatar-colour.ts";

type Properties = {
  readonly jid: string;
  readonly name: string;
  readonly available?: boolean;
  readonly known?: boolean;
  /** A room, which has a shape of its own. */
  readonly room?: boolean;
};

/** An initial on the colour of the address. Somebody unknown has an outline only. */
export function Avatar({ jid, name, available = false, known = true, room = false }: Properties) {
  const { hue, tone } = colourOf(jid);
  return (
    <span
      class={`avatar${known ? (tone === 0 ? "" : " avatar-deep") : " avatar-unknown"}${room ? " avatar-room" : ""}`}
      style={{ "--hue": String(hue) }}
      aria-hidden="true"
    >
      {initialOf(name)}
      {available ? <span class="avatar-online" title={text("list--online")} /> : undefined}
    </span>
  );
}
