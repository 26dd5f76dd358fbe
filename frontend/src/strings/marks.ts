/** The words of the dialogs in which an action is put off, or done otherwise than advised. */
import type { SnoozeTime } from "../api/types";

const times: Record<SnoozeTime["time"], string> = {
  later_today: "Later today",
  tomorrow: "Tomorrow",
  next_working_day: "The next working day",
  day_it_is_due: "The day it is due",
  in_a_week: "In a week",
};

export const marks = {
  snooze: {
    title: "Snooze until",
    time: (code: SnoozeTime["time"]) => times[code] ?? code,
    until: "When should it come back?",
    another: "Another time",
    confirm: "Snooze",
  },
  done: {
    title: "Done, with details",
    at: "When?",
    atHint: "Left empty: just now.",
    channel: "How?",
    note: "Note, for yourself",
    confirm: "Save",
  },
} as const;
