/**
 * Instants and days in words, by Intl, in the zone that is asked for. Nothing is computed here: every instant shown was
 * given by the server or typed by a person.
 */
const language = navigator.languages.find((tag) => tag.startsWith("en")) ?? "en-GB";

// Browsers name some zones as they were called when they were first listed; people, and the server, call them so.
const RENAMED: Readonly<Record<string, string>> = {
  "Africa/Asmera": "Africa/Asmara",
  "America/Godthab": "America/Nuuk",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
};

const renamed = (zone: string) => RENAMED[zone] ?? zone;

export const browserZone = renamed(Intl.DateTimeFormat().resolvedOptions().timeZone);

let zones: readonly string[] | undefined;

/** All that the browser knows, and the given one. */
export function zonesWith(zone: string): readonly string[] {
  zones ??= [...new Set([browserZone, "UTC", ...Intl.supportedValuesOf("timeZone").map(renamed)])].sort();
  return zones.includes(zone) ? zones : [zone, ...zones];
}

type Parts = Intl.DateTimeFormatOptions;
const DAY: Parts = { weekday: "short", day: "numeric", month: "short" };
const TIME: Parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

const formatters = new Map<string, Intl.DateTimeFormat>();

function format(instant: string, zone: string, parts: Parts, tag = language): string {
  const key = JSON.stringify([zone, parts, tag]);
  const formatter = formatters.get(key) ?? new Intl.DateTimeFormat(tag, { ...parts, timeZone: zone });
  formatters.set(key, formatter);
  const date = new Date(instant);
  return isNaN(date.getTime()) ? instant : formatter.format(date);
}

export function dayAndTime(instant: string, zone: string): string {
  return `${dayOf(instant, zone)}, ${format(instant, zone, TIME)}`;
}

/** With its year, unless that is the present one. */
export function dayOf(instant: string, zone: string): string {
  const year: Parts = { year: "numeric" };
  const present = format(instant, zone, year) === format(rightNow(), zone, year);
  return format(instant, zone, present ? DAY : { ...DAY, ...year });
}

export function shortDay(instant: string, zone: string): string {
  return format(instant, zone, { day: "numeric", month: "short" });
}

export function weekday(instant: string, zone: string): string {
  return format(instant, zone, { weekday: "short" });
}

export function timeOf(instant: string, zone: string): string {
  return format(instant, zone, TIME);
}

/** A window's two ends, naming the day once when they share it. */
export function span(from: string, to: string, zone: string): string {
  const sameDay = dayOf(from, zone) === dayOf(to, zone);
  return sameDay ? `${dayAndTime(from, zone)} – ${timeOf(to, zone)}` : `${dayAndTime(from, zone)} – ${dayAndTime(to, zone)}`;
}

/** A calendar day without a time or zone, such as a promised decision date. */
export function calendarDay(day: string): string {
  return format(`${day}T12:00:00Z`, "UTC", { ...DAY, year: "numeric" });
}

/** "New York" for "America/New_York"; nothing where the reader is in that zone anyway. */
export function zoneNote(zone: string): string {
  return zone === browserZone ? "" : zoneName(zone);
}

export function zoneName(zone: string): string {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

/** What a datetime-local field holds for an instant, in the browser's own zone. */
export function fieldValue(instant: string): string {
  return format(instant, browserZone, { dateStyle: "short", timeStyle: "short" }, "sv-SE").replace(" ", "T");
}

/**
 * The instant that a person typed into a datetime-local field, read in the browser's own zone. What is no time, such as
 * one in a year of five digits, stays as it was typed: the server refuses it, and says so at its field.
 */
export function typedInstant(value: string): string {
  const date = new Date(value);
  return isNaN(date.getTime()) ? value : date.toISOString();
}

/** Whether whoever holds the device has gone to another zone since the app was opened. */
export function zoneHasChanged(): boolean {
  return renamed(Intl.DateTimeFormat().resolvedOptions().timeZone) !== browserZone;
}

/** The reading of the clock that only the edge may take. */
export function rightNow(): string {
  return new Date().toISOString();
}
