/** What settings are made of: a card with a title, switches, choices between a few, rows that lead elsewhere. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";

/** Settings about one thing. */
export function Section(of: { readonly name: string; readonly title: string; readonly children: ComponentChildren }) {
  const id = useId();
  return (
    <section class="settings-section" aria-labelledby={id} data-section={of.name}>
      <h3 id={id} aria-level={2}>
        {of.title}
      </h3>
      <div class="settings-card">{of.children}</div>
    </section>
  );
}

/** Words that stand alone in a card. */
export function Note({ children, alert = false }: { readonly children: ComponentChildren; readonly alert?: boolean }) {
  return (
    <p class={alert ? "setting-note setting-alert" : "setting-note"} role={alert ? "alert" : undefined}>
      {alert ? <Icon name="alert" /> : undefined}
      <span>{children}</span>
    </p>
  );
}

/** On or off, and what that means. */
export function Switch(of: {
  readonly name: string;
  readonly label: string;
  readonly about: string;
  readonly on: boolean;
  readonly disabled?: boolean;
  readonly onChange: (on: boolean) => void;
}) {
  const id = useId();
  return (
    <label class="setting" data-setting={of.name}>
      <span class="setting-words">
        <b id={`${id}-name`}>{of.label}</b>
        <span id={id}>{of.about}</span>
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={of.on}
        aria-labelledby={`${id}-name`}
        aria-describedby={id}
        checked={of.on}
        disabled={of.disabled === true}
        onChange={(event) => {
          const { checked } = event.currentTarget;
          // It shows what is so: whether the change was taken is told from where it is kept.
          event.currentTarget.checked = of.on;
          of.onChange(checked);
        }}
      />
    </label>
  );
}

/** One of a few, all in sight. */
export function Choice<Value extends string>(of: {
  readonly name: string;
  readonly label: string;
  readonly about?: string;
  readonly value: Value;
  readonly values: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}) {
  const id = useId();
  return (
    <fieldset class="setting setting-choice" data-setting={of.name}>
      <legend>
        <b>{of.label}</b>
        {of.about === undefined ? undefined : <span>{of.about}</span>}
      </legend>
      <div class="segments">
        {of.values.map(({ value, label }) => (
          <label key={value} class="segment">
            <input
              type="radio"
              class="segment-input"
              name={id}
              value={value}
              checked={value === of.value}
              onChange={() => of.onChange(value)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A row that leads to a screen or a dialog. */
export function Leading(of: {
  readonly label: string;
  readonly about?: ComponentChildren;
  readonly bad?: boolean;
  readonly act: () => void;
}) {
  const id = useId();
  return (
    <div class={of.bad === true ? "setting setting-bad" : "setting"}>
      <span class="setting-words">
        {/* It takes a press anywhere on the row; what that means is no part of what it is called. */}
        <button
          type="button"
          class="setting-lead"
          aria-describedby={of.about === undefined ? undefined : id}
          onClick={of.act}
        >
          <b>{of.label}</b>
        </button>
        {of.about === undefined ? undefined : <span id={id}>{of.about}</span>}
      </span>
      <Icon name="next" />
    </div>
  );
}

/** Something that is so, with nothing to choose. */
export function Fact({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="setting">
      <span class="setting-words">
        <b>{label}</b>
        <span>{children}</span>
      </span>
    </div>
  );
}
