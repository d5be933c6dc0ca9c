import { signal } from "@preact/signals-core";
import { useState } from "preact/hooks";
import { text } from "../../i18n/text.ts";
import { colourOf, initialOf } from "../../model/avatar-colour.ts";
import { useApp } from "../hooks/use-app.ts";
import { useValue } from "../hooks/use-value.ts";
import { picturesOf, type WantedPicture } from "../page/pictures.ts";

type Properties = {
  readonly jid: string;
  readonly name: string;
  readonly available?: boolean;
  /** There, and away from the keyboard, or not to be disturbed. */
  readonly away?: boolean;
  readonly known?: boolean;
  /** A room, which has a shape of its own. */
  readonly room?: boolean;
  /** The picture that they have. */
  readonly picture?: WantedPicture | undefined;
};

const NONE = signal(undefined);

/** Over the initial, which stays in its place: nothing moves when it comes, or where it cannot be drawn. */
function Picture({ picture }: { readonly picture: WantedPicture }) {
  const address = useValue(picturesOf(useApp())?.of(picture) ?? NONE);
  const [broken, setBroken] = useState<string | undefined>(undefined);
  if (address === undefined || address === broken) return null;
  return <img class="avatar-picture" src={address} alt="" draggable={false} onError={() => setBroken(address)} />;
}

/** The picture of somebody, else an initial on the colour of the address. Somebody unknown has an outline only. */
export function Avatar({
  jid,
  name,
  available = false,
  away = false,
  known = true,
  room = false,
  picture,
}: Properties) {
  const { hue, tone } = colourOf(jid);
  return (
    <span
      class={`avatar${known ? (tone === 0 ? "" : " avatar-deep") : " avatar-unknown"}${room ? " avatar-room" : ""}`}
      style={{ "--hue": String(hue) }}
      aria-hidden="true"
    >
      {initialOf(name)}
      {picture === undefined ? undefined : <Picture picture={picture} />}
      {available ? (
        <span
          class={away ? "avatar-online avatar-away" : "avatar-online"}
          title={text(away ? "list--away" : "list--online")}
        />
      ) : undefined}
    </span>
  );
}
