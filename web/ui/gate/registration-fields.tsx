/** What a server asks for a new account: its fields, in its words where we have none. All of it is text, and never markup. */
import { useEffect, useId, useState } from "preact/hooks";
import type {
  RegistrationField,
  RegistrationForm,
  RegistrationRefusal,
} from "../../../worker/contract/registration.ts";
import { fromBase64 } from "../../../worker/shared/base64.ts";
import { drop } from "../../../worker/shared/drop.ts";
import { type TextKey, text } from "../../i18n/aside.ts";
import type { Registration } from "../../model/registration.ts";
import { useValue } from "../hooks/use-value.ts";
import { fetchLater } from "../page/later.ts";
import { Field } from "../parts/field.tsx";

type Properties = {
  readonly making: Registration;
  readonly form: RegistrationForm;
  readonly domain: string;
  readonly busy: boolean;
  /** What was wrong the last time. */
  readonly refused: RegistrationRefusal | undefined;
};

/** The fields that every server has. */
const OURS: Readonly<Record<string, TextKey>> = {
  username: "register--name",
  password: "register--password",
  email: "register--email",
  nick: "register--nick",
};

function labelOf({ name, label, picture }: RegistrationField): string {
  const ours = OURS[name];
  if (ours !== undefined) return text(ours);
  return label ?? (picture === undefined ? name : text("register--picture"));
}

export function RegistrationFields({ form, refused, ...rest }: Properties) {
  const asked = form.fields.filter(({ kind }) => kind !== "hidden");
  const wrong = (field: RegistrationField) =>
    (refused === "name-taken" && field.name === "username") || (refused === "picture" && field.picture !== undefined);
  return (
    <>
      {asked.map((field) => (
        <One key={field.name} field={field} wrong={wrong(field)} {...rest} />
      ))}
    </>
  );
}

type OneProperties = Pick<Properties, "making" | "domain" | "busy"> & {
  readonly field: RegistrationField;
  readonly wrong: boolean;
};

function One({ making, field, domain, busy, wrong }: OneProperties) {
  const value = making.value(field);
  const label = labelOf(field);
  switch (field.kind) {
    case "note":
      return <p class="gate-hint">{field.values.join(" ") || label}</p>;
    case "choice":
      return <Choice field={field} making={making} label={label} busy={busy} />;
    case "choices":
    case "yes-no":
      return <Ticks field={field} making={making} label={label} busy={busy} />;
    case "secret":
      return <Field label={label} kind="new-password" value={value} disabled={busy} />;
    default:
      return (
        <div class="register-field">
          {field.picture === undefined ? undefined : <Picture data={field.picture.data} />}
          <Field
            label={label}
            kind={field.name === "username" || field.picture !== undefined ? "new-address" : "name"}
            value={value}
            disabled={busy}
            wrong={wrong}
            focus={field.name === "username" && !wrong}
          />
          {field.name === "username" ? <Address making={making} field={field} domain={domain} /> : undefined}
          {field.picture === undefined ? undefined : (
            <button type="button" class="link" disabled={busy} onClick={() => void making.again()}>
              {text("register--other-picture")}
            </button>
          )}
        </div>
      );
  }
}

/** What the name makes: so a person sees what others will write to. */
function Address({ making, field, domain }: Pick<OneProperties, "making" | "field" | "domain">) {
  const name = useValue(making.value(field)).trim().toLowerCase();
  return <p class="gate-hint">{text("register--address", { address: `${name || "…"}@${domain}` })}</p>;
}

type ChoosingProperties = Pick<OneProperties, "making" | "field" | "busy"> & { readonly label: string };

function Choice({ making, field, label, busy }: ChoosingProperties) {
  const id = useId();
  const value = making.value(field);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        disabled={busy}
        value={useValue(value)}
        onChange={(event) => {
          value.value = event.currentTarget.value;
        }}
      >
        <option value="">{text("register--choose")}</option>
        {(field.options ?? []).map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

function Ticks({ making, field, label, busy }: ChoosingProperties) {
  const value = making.value(field);
  const chosen = useValue(value).split("\n");
  if (field.kind === "yes-no")
    return (
      <label class="register-tick">
        <input
          type="checkbox"
          disabled={busy}
          checked={chosen[0] === "1" || chosen[0] === "true"}
          onChange={(event) => {
            value.value = event.currentTarget.checked ? "1" : "0";
          }}
        />
        <span dir="auto">{label}</span>
      </label>
    );
  return (
    <fieldset class="register-servers">
      <legend>{label}</legend>
      {(field.options ?? []).map((option) => (
        <label key={option.value}>
          <input
            type="checkbox"
            disabled={busy}
            checked={chosen.includes(option.value)}
            onChange={(event) => {
              const rest = chosen.filter((one) => one !== option.value && one !== "");
              value.value = (event.currentTarget.checked ? [...rest, option.value] : rest).join("\n");
            }}
          />
          <span dir="auto">{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Undefined where it must not be drawn, or the script that looks at it cannot be had. */
async function blobOf(data: string): Promise<Blob | undefined> {
  try {
    await fetchLater("picture");
    const { drawablePicture } = await import("../../model/picture.ts");
    const bytes = fromBase64(data);
    return bytes && drawablePicture(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes that the server sent along: looked at before any decoder sees them, as pictures of people are. */
function Picture({ data }: { readonly data: string }) {
  const [shown, setShown] = useState<string | false | undefined>(undefined);
  useEffect(() => {
    let url: string | undefined;
    let gone = false;
    drop(
      blobOf(data).then((blob) => {
        if (gone) return;
        url = blob && URL.createObjectURL(blob);
        setShown(url ?? false);
      }),
    );
    return () => {
      gone = true;
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [data]);
  if (shown === false) return <p class="gate-hint">{text("register--no-picture")}</p>;
  return shown === undefined ? null : (
    <img class="register-picture" src={shown} alt={text("register--picture-alt")} draggable={false} />
  );
}
