import { useState } from "preact/hooks";
import { drop } from "../../../worker/shared/drop.ts";
import { text } from "../../i18n/aside.ts";
import { addressText } from "../../words/names.ts";
import { Address } from "../parts/address.tsx";
import { Icon } from "../parts/icon.tsx";

/** An address, whole, with a way to copy it. */
export function CopyAddress({ label, address }: { readonly label: string; readonly address: string }) {
  const [said, setSaid] = useState<"copied" | "not-copied" | undefined>(undefined);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      setSaid("copied");
    } catch {
      // Some browsers ask first and may be refused: it stands here, to be selected.
      setSaid("not-copied");
    }
  };
  return (
    <li class="device about-address">
      <span class="device-words">
        <span>{label}</span>
        <span class="about-whole" dir="ltr">
          <Address words={addressText(address)} />
        </span>
        <span role="status">{said === undefined ? "" : text(`person--${said}`)}</span>
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={text("person--copy")}
        title={text("person--copy")}
        onClick={() => drop(copy())}
      >
        <Icon name={said === "copied" ? "check" : "copy"} />
      </button>
    </li>
  );
}
