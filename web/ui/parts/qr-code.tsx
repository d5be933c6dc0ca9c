import { useEffect, useState } from "preact/hooks";
import type { QrModules } from "../../model/qr.ts";
import { fetchLater } from "../page/later.ts";

/** Quiet modules around it (ISO/IEC 18004 §5.3.8). */
const QUIET = 4;

type Picture = "loading" | "none" | QrModules;

/** A text as a picture that a phone can scan: dark on light in either theme. Nothing where the text is too long. */
export function QrCode({ words, label }: { readonly words: string; readonly label: string }) {
  const [picture, setPicture] = useState<Picture>("loading");
  useEffect(() => {
    let current = true;
    const show = (modules: Picture = "none") => {
      if (current) setPicture(modules);
    };
    fetchLater("qr")
      .then(() => import("../../model/qr.ts"))
      .then(
        ({ qrOf }) => show(qrOf(words)),
        // Offline: the same text stands beside the picture, to be copied.
        () => show("none"),
      );
    return () => {
      current = false;
    };
  }, [words]);
  if (picture === "none") return null;
  const modules = picture === "loading" ? [] : picture;
  const size = modules.length + QUIET * 2;
  const path = modules
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "")))
    .join("");
  return (
    <svg class="qr-code" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`}>
      <rect class="qr-light" width={size} height={size} />
      <path class="qr-dark" d={path} />
    </svg>
  );
}
