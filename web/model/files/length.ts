/** How long a sound is, as its player says it. */
import { spokenLocale } from "../../i18n/text.ts";

const MINUTE_S = 60;

/** Minutes and seconds: "0:07", "61:30". What is heard up to then, so never more than there is. */
export function lengthText(seconds: number, locale = spokenLocale()): string {
  const whole = Math.max(0, Math.floor(seconds));
  const digits = (value: number, least: number) =>
    new Intl.NumberFormat(locale, { minimumIntegerDigits: least, useGrouping: false }).format(value);
  return `${digits(Math.floor(whole / MINUTE_S), 1)}:${digits(whole % MINUTE_S, 2)}`;
}
