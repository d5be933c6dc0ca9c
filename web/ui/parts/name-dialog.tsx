import type { Signal } from "@preact/signals-core";
import type { ComponentChildren } from "preact";
import { Field } from "./field.tsx";
import { FormDialog, type FormDialogProperties } from "./form-dialog.tsx";

type Properties = Omit<FormDialogProperties, "children"> & {
  readonly label: string;
  readonly value: Signal<string>;
  /** What has to be known beside it. */
  readonly more?: ComponentChildren;
};

/** A question that one line answers: what somebody or something is called. */
export function NameDialog({ label, value, more, ...form }: Properties) {
  return (
    <FormDialog {...form}>
      {(failure, note) => (
        <>
          <Field
            label={label}
            kind="name"
            value={value}
            focus={true}
            wrong={failure !== undefined}
            describedBy={note}
          />
          {more}
        </>
      )}
    </FormDialog>
  );
}
