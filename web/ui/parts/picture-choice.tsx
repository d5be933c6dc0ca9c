import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { NewPicture } from "../../../worker/contract/calls.ts";
import type { Failure } from "../../../worker/contract/failures.ts";
import type { PictureId } from "../../../worker/contract/names.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { makePicture, type MadePicture } from "../page/own-picture.ts";
import { FailureNote } from "./failure-note.tsx";

export type Made = MadePicture & { readonly kind: "made" };
type Said = "saved" | "removed" | "unreadable" | "too-large";

/** What was picked, before it is published. */
export function PicturePreview({ made, room = false }: { readonly made: Made; readonly room?: boolean }) {
  const [address, setAddress] = useState<string | undefined>(undefined);
  useEffect(() => {
    const url = URL.createObjectURL(made.blob);
    setAddress(url);
    return () => URL.revokeObjectURL(url);
  }, [made]);
  return (
    <span class={room ? "avatar avatar-room" : "avatar"} aria-hidden="true">
      {address === undefined ? undefined : <img class="avatar-picture" src={address} alt="" />}
    </span>
  );
}

/** The file that is to become a picture; `picked`: what it has become. */
export function PictureFile({
  picked,
  children,
}: {
  readonly picked: (answer: MadePicture) => void;
  readonly children: (choose: () => void) => ComponentChildren;
}) {
  const file = useRef<HTMLInputElement>(null);
  const take = async (blob: Blob | undefined) => {
    if (blob !== undefined) picked(await makePicture(blob));
  };
  return (
    <>
      <input
        ref={file}
        type="file"
        accept="image/png,image/jpeg,image/gif,image/webp"
        class="unseen"
        tabIndex={-1}
        aria-label={text("profile--choose")}
        onChange={(event) => {
          drop(take(event.currentTarget.files?.[0]));
          event.currentTarget.value = "";
        }}
      />
      {children(() => file.current?.click())}
    </>
  );
}

type Properties = {
  /** What stands there now. */
  readonly avatar: ComponentChildren;
  readonly picture: PictureId | undefined;
  readonly room?: boolean;
  /** What a failure is about. */
  readonly about: string;
  readonly failed?: Failure | undefined;
  /** Undefined: there is to be none any more. */
  readonly publish: (picture: NewPicture | undefined) => Promise<Failure | undefined>;
};

/** A picture that everybody sees: chosen or dropped, looked at, published, taken back. */
export function PictureChoice({ avatar, picture, room = false, about, failed, publish }: Properties) {
  const [made, setMade] = useState<Made | undefined>(undefined);
  const [said, setSaid] = useState<Said | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(failed);
  /** It is shown to nobody any more, and its bytes could not be taken away: that can be tried again. */
  const [left, setLeft] = useState(false);
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const take = (answer: MadePicture) => {
    setFailure(undefined);
    setSaid(answer.kind === "made" ? undefined : answer.kind);
    setMade(answer.kind === "made" ? answer : undefined);
  };
  const save = async (published: Made | undefined) => {
    setBusy(true);
    setSaid(undefined);
    const failure = await publish(published?.picture);
    setBusy(false);
    setFailure(failure);
    setLeft(published === undefined && failure !== undefined);
    if (failure !== undefined) return;
    setMade(undefined);
    setSaid(published === undefined ? "removed" : "saved");
  };
  const dropped = async (blob: Blob | undefined) => {
    if (blob !== undefined) take(await makePicture(blob));
  };
  return (
    <section
      class={over ? "about profile-picture profile-over" : "about profile-picture"}
      aria-label={text("profile--picture")}
      data-picture={picture}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        drop(dropped(event.dataTransfer?.files[0]));
      }}
    >
      {made === undefined ? avatar : <PicturePreview made={made} room={room} />}
      <PictureFile picked={take}>
        {(choose) =>
          made === undefined ? (
            <>
              <div class="profile-actions">
                <button type="button" class="button" disabled={busy} onClick={choose}>
                  {text("profile--choose")}
                </button>
                {picture === undefined && !left ? undefined : (
                  <button
                    type="button"
                    class="button button-quiet"
                    disabled={busy}
                    onClick={() => drop(save(undefined))}
                  >
                    {text(busy ? "profile--busy" : left ? "profile--remove-again" : "profile--remove")}
                  </button>
                )}
              </div>
              <p class="profile-drop">{text("profile--drop")}</p>
            </>
          ) : (
            <>
              <p>{text("profile--preview")}</p>
              <div class="profile-actions">
                <button type="button" class="button button-quiet" disabled={busy} onClick={() => setMade(undefined)}>
                  {text("dialog--cancel")}
                </button>
                <button type="button" class="button" disabled={busy} onClick={() => drop(save(made))}>
                  {text(busy ? "profile--busy" : "profile--use")}
                </button>
              </div>
            </>
          )
        }
      </PictureFile>
      <p role="status">{said === undefined ? "" : text(`profile--${said}`)}</p>
      <FailureNote failure={failure} address={about} />
    </section>
  );
}
