/** The settings as somebody types them, and what of them is sent. */
import type { Account, AccountChange } from "../api/types";
import { words } from "../strings/settings";

export type Weekday = Account["working_days"][number];
export type TypedAccount = { name: string; zone: string; days: Weekday[]; holidays: string; from: string; until: string };
type Row = { label: string; mine: string; theirs: string };

export const weekdays = Object.keys(words.weekdays) as Weekday[];

export function typedAccount(account: Account): TypedAccount {
  return {
    name: account.name,
    zone: account.time_zone,
    days: [...account.working_days],
    holidays: account.holidays ?? "",
    from: account.contact_from,
    until: account.contact_until,
  };
}

export function changeOf(typed: TypedAccount): AccountChange {
  return {
    name: typed.name,
    time_zone: typed.zone,
    working_days: typed.days,
    holidays: typed.holidays.trim() || null,
    contact_from: typed.from,
    contact_until: typed.until,
  };
}

/** Both versions in words, field by field. */
export function rowsOf(mine: TypedAccount, theirs: TypedAccount): Row[] {
  const told = ({ name, zone, days, holidays, from, until }: TypedAccount) => [
    name,
    zone,
    weekdays.flatMap((day) => (days.includes(day) ? words.weekdays[day] : [])).join(", "),
    holidays.trim(),
    `${from} – ${until}`,
  ];
  const labels = [words.name, words.zone, words.days, words.holidays, words.hours];
  const [here, elsewhere] = [told(mine), told(theirs)];
  return labels.map((label, index) => ({ label, mine: here[index] ?? "", theirs: elsewhere[index] ?? "" }));
}

/** What a change of settings did, in words. */
export function savedWords(before: Account, after: Account): string {
  if (before.time_zone !== after.time_zone) return words.savedZone(after.time_zone);
  const calendar = (account: Account) =>
    JSON.stringify([account.working_days, account.holidays, account.contact_from, account.contact_until]);
  return calendar(before) === calendar(after) ? words.saved : words.savedCalendar;
}
