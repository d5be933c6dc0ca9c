import { text } from "../../i18n/aside.ts";
import { fingerprintGroups } from "../../model/format.ts";

/** 64 hexadecimal digits as eight groups of eight (XEP-0384 §6). */
export function Fingerprint({ digits }: { readonly digits: string }) {
  return (
    <figure class="fingerprint" aria-label={text("devices--fingerprint")} dir="ltr">
      {fingerprintGroups(digits).map((group, index) => (
        <code key={index}>{group} </code>
      ))}
    </figure>
  );
}

/** The digits that two screens show, large enough to be read from one to the other. */
export function LargeCode({ digits, label }: { readonly digits: string; readonly label?: string }) {
  return (
    <p class="large-code">
      {label === undefined ? undefined : <span>{label}</span>}
      <code dir="ltr">{digits}</code>
    </p>
  );
}
