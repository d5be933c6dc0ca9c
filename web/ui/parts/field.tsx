import type { Signal } from "@preact/signals-core";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { text } from "../../i18n/text.ts";
import { useValue } from "../hooks/use-value.ts";
import { Icon } from "./icon.tsx";

type Properties = {
  readonly label: string;
  readonly kind: "address" | "new-address" | "password" | "new-password" | "name";
  readonly value: Signal<string>;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  /** Wrong, and the focus belongs here. */
  readonly wrong?: boolean;
  readonly focus?: boolean;
  readonly describedBy?: string;
  /** What fits is listed below it. */
  readonly suggests?: {
    readonly list: string;
    readonly active: string | undefined;
    readonly open: boolean;
    readonly onKeyDown: (event: KeyboardEvent) => void;
  };
};

const AUTOCOMPLETE = {
  address: "username",
  "new-address": "off",
  password: "current-password",
  "new-password": "new-password",
  name: "off",
} as const;

/** By the combobox pattern of WAI-ARIA. */
function combobox({ list, active, open, onKeyDown }: NonNullable<Properties["suggests"]>) {
  return {
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": open,
    "aria-controls": list,
    "aria-activedescendant": active,
    onKeyDown,
  } as const;
}

/** A labelled line of text. */
export function Field({
  label,
  kind,
  value,
  placeholder,
  disabled = false,
  wrong = false,
  focus = false,
  describedBy,
  suggests,
}: Properties) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  // In the turn that draws it: a dialog that opens gives it the focus at once, and a phone's keyboard asks then.
  useLayoutEffect(() => {
    // As an attribute: browsers with a property of this name take every word for "on".
    input.current?.setAttribute("autocorrect", "off");
  }, []);
  useEffect(() => {
    if (focus || wrong) input.current?.focus();
  }, [focus, wrong]);
  const shared = {
    ref: input,
    id,
    autocomplete: AUTOCOMPLETE[kind],
    autocapitalize: "none",
    spellcheck: false,
    required: true,
    placeholder,
    disabled,
    "aria-invalid": wrong,
    "aria-describedby": describedBy,
    value: useValue(value),
    onInput: (event: { readonly currentTarget: HTMLInputElement }) => {
      value.value = event.currentTarget.value;
    },
  } as const;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {kind === "password" || kind === "new-password" ? (
        <div class="secret">
          {shown ? <input {...shared} type="text" dir="auto" /> : <input {...shared} type="password" />}
          <button
            type="button"
            class="icon-button"
            aria-label={text("password--show")}
            aria-pressed={shown}
            disabled={disabled}
            onClick={() => setShown(!shown)}
          >
            <Icon name="eye" />
          </button>
        </div>
      ) : kind === "name" ? (
        <input {...shared} type="text" dir="auto" />
      ) : (
        <input {...shared} {...(suggests && combobox(suggests))} type="text" inputMode="email" dir="ltr" />
      )}
    </div>
  );
}
