import { text } from "../../i18n/text.ts";
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

/** The digits that two screens show while one browser joins the other. */
export function Code({ label, digits }: { readonly label: string; readonly digits: string }) {
  return (
    <p class="device-code">
      {label} <code dir="ltr">{digits}</code>
    </p>
  );
}
