/** Times, and sizes, as words. Every function takes the present and the place, so that it is a pure function of its arguments. */
import type { Time } from "../../worker/contract/names.ts";
import { numberText, spokenLocale, text } from "../i18n/text.ts";

/** Where the reader is: a BCP 47 locale, undefined means that of the words; an IANA time zone, undefined means the browser's. */
export type Place = { readonly locale: string | undefined; readonly timeZone: string | undefined };

export const HERE: Place = { locale: undefined, timeZone: undefined };

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;

const QUARTER_MS = 15 * MINUTE_MS;
/** By quarters of an hour: each message is compared with its neighbours whenever one comes. */
const days = new Map<string, number>();

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: Time, place: Place, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify([place, options]);
  let known = formats.get(key);
  if (known === undefined) {
    known = new Intl.DateTimeFormat(place.locale ?? spokenLocale(), {
      ...options,
      ...(place.timeZone === undefined ? {} : { timeZone: place.timeZone }),
    });
    formats.set(key, known);
  }
  return known.format(at);
}

/** The calendar day as a number that grows by one from midnight to midnight, where the reader is. */
export function dayNumber(at: Time, place: Place = HERE): number {
  // Every zone's offset is a multiple of a quarter of an hour, so a day begins and ends with one.
  const slot = `${place.timeZone ?? ""}\n${Math.floor(at / QUARTER_MS)}`;
  let day = days.get(slot);
  if (day === undefined) {
    day = reckonDay(at, place);
    days.set(slot, day);
  }
  return day;
}

function reckonDay(at: Time, place: Place): number {
  const local = format(
    at,
    { locale: "en-CA", timeZone: place.timeZone },
    { year: "numeric", month: "2-digit", day: "2-digit" },
  );
  return Math.round(Date.parse(`${local}T00:00:00Z`) / DAY_MS);
}

const BYTE_UNITS = ["kilobyte", "megabyte", "gigabyte"] as const;
const BYTE_STEP = 1_000;

/** So many bytes, as people say it: "12 MB". */
export function bytesText(bytes: number, locale = spokenLocale()): string {
  let [size, at] = [bytes / BYTE_STEP, 0];
  while (size >= BYTE_STEP && at < BYTE_UNITS.length - 1) [size, at] = [size / BYTE_STEP, at + 1];
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: BYTE_UNITS[at] ?? "gigabyte",
    unitDisplay: "short",
    maximumFractionDigits: size < 10 && at > 0 ? 1 : 0,
  }).format(size);
}

/** Hours and minutes. */
export function clock(at: Time, place: Place = HERE): string {
  return format(at, place, { timeStyle: "short" });
}

/** For a row of the conversation list: the time today, the weekday within a week, else the date. */
export function rowTime(at: Time, now: Time, place: Place = HERE): string {
  const age = dayNumber(now, place) - dayNumber(at, place);
  if (age <= 0) return clock(at, place);
  if (age === 1) return text("time--yesterday");
  if (age < WEEK_DAYS) return format(at, place, { weekday: "short" });
  return format(
    at,
    place,
    sameYear(at, now, place) ? { day: "numeric", month: "short" } : { day: "numeric", month: "short", year: "numeric" },
  );
}

/** For the line between two days of a timeline. */
export function dayHeader(at: Time, now: Time, place: Place = HERE): string {
  const age = dayNumber(now, place) - dayNumber(at, place);
  if (age === 0) return text("time--today");
  if (age === 1) return text("time--yesterday");
  const options = { weekday: "long", day: "numeric", month: "long" } as const;
  return format(at, place, sameYear(at, now, place) ? options : { ...options, year: "numeric" });
}

/** Within a sentence: the date, with its year. */
export function fullDay(at: Time, place: Place = HERE): string {
  return format(at, place, { day: "numeric", month: "long", year: "numeric" });
}

/** Within a sentence: "just now", "today, …", or the date. */
export function seen(at: Time, now: Time, place: Place = HERE): string {
  if (now - at < MINUTE_MS) return text("time--now");
  const age = dayNumber(now, place) - dayNumber(at, place);
  const time = clock(at, place);
  if (age === 0) return text("time--today-at", { time });
  if (age === 1) return text("time--yesterday-at", { time });
  return text("time--day-at", { day: dayHeader(at, now, place), time });
}

const HOUR_MS = 60 * MINUTE_MS;

/** Within a sentence: "just now", "5 minutes ago", else as `seen`. */
export function ago(at: Time, now: Time, place: Place = HERE): string {
  const passed = now - at;
  if (passed < MINUTE_MS || passed >= HOUR_MS) return seen(at, now, place);
  return new Intl.RelativeTimeFormat(place.locale ?? spokenLocale()).format(-Math.floor(passed / MINUTE_MS), "minute");
}

/** A date on its own. */
export function date(at: Time, place: Place = HERE): string {
  return format(at, place, { dateStyle: "medium" });
}

/** A month on its own, with its year. */
export function monthText(at: Time, place: Place = HERE): string {
  return format(at, place, { month: "long", year: "numeric" });
}

/** Within a sentence: the date and the time until which something lasts. */
export function fullDayAndTime(at: Time, place: Place = HERE): string {
  return format(at, place, { dateStyle: "long", timeStyle: "short" });
}

/** Date and time in figures, for what is copied or written into a file. */
export function dateAndTime(at: Time, place: Place = HERE): string {
  return format(at, place, { dateStyle: "short", timeStyle: "short" });
}

/** Day, date and time in full, for a tooltip. */
export function fullTime(at: Time, place: Place = HERE): string {
  return format(at, place, { dateStyle: "full", timeStyle: "short" });
}

function sameYear(a: Time, b: Time, place: Place): boolean {
  return format(a, place, { year: "numeric" }) === format(b, place, { year: "numeric" });
}

const FINGERPRINT_GROUP = 8;

/** XEP-0384 (0.3.0) §6: a fingerprint is shown as groups of eight hexadecimal digits. */
export function fingerprintGroups(fingerprint: string): readonly string[] {
  const groups: string[] = [];
  for (let at = 0; at < fingerprint.length; at += FINGERPRINT_GROUP)
    groups.push(fingerprint.slice(at, at + FINGERPRINT_GROUP));
  return groups;
}

/** Groups of a fingerprint that are enough to find its device in a list. */
const START_GROUPS = 2;

/** The beginning of a fingerprint, where there is no room for all of it and nobody compares it. */
export function fingerprintStart(fingerprint: string): string {
  return `${fingerprintGroups(fingerprint).slice(0, START_GROUPS).join(" ")}…`;
}

/** A number of unread messages, as it is said everywhere: in a row, at the way down, in the title. */
export function countText(count: number): string {
  return count > 999 ? `${numberText(999)}+` : numberText(count);
}
