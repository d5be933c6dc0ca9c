import { text as late } from "../../i18n/aside.ts";
import { text } from "../../i18n/text.ts";
import { Field } from "../parts/field.tsx";

/** The address of somebody, in a dialog that asks for nothing else. */
export function AddressField(asked: Pick<Parameters<typeof Field>[0], "value" | "wrong" | "describedBy">) {
  return (
    <Field
      {...asked}
      label={text("sign-in--address")}
      kind="new-address"
      placeholder={late("new-chat--address-hint")}
      focus={true}
    />
  );
}
