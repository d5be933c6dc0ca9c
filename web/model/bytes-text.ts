import { spokenLocale } from "../i18n/text.ts";

const UNITS = ["kilobyte", "megabyte", "gigabyte"] as const;
const STEP = 1_000;

/** So many bytes, as people say it: "12 MB". */
export function bytesText(bytes: number, locale = spokenLocale()): string {
  let [size, at] = [bytes / STEP, 0];
  while (size >= STEP && at < UNITS.length - 1) [size, at] = [size / STEP, at + 1];
  const unit = UNITS[at] ?? "gigabyte";
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: size < 10 && at > 0 ? 1 : 0,
  }).format(size);
}
