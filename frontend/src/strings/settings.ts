/** The words of the settings. */

export const words = {
  title: "Settings",
  account: "Account",
  name: "Name of the account",
  nameHint: "Share links carry it, unless it is still the beginning of your address.",
  zone: "Time zone",
  zoneHint: "A change reckons every window anew.",
  days: "Days on which people can be written to",
  weekdays: {
    mon: "Monday",
    tue: "Tuesday",
    wed: "Wednesday",
    thu: "Thursday",
    fri: "Friday",
    sat: "Saturday",
    sun: "Sunday",
  },
  holidays: "Public holidays of",
  holidaysHint: "A country or one of its regions, like US or US-CA. Empty: none.",
  hours: "Hours in which people can be written to",
  from: "From",
  until: "Until",
  send: "Save",
  saved: "Saved.",
  savedZone: (zone: string) => `Saved. Every window is reckoned in ${zone} now.`,
  savedCalendar: "Saved. Every window is reckoned by it now.",

  playbook: "Playbook",
  playbookNow: "Unless an opportunity has a playbook of its own, the advice follows this one:",
  playbookChoose: "Look at the playbooks",

  leave: "This device",
} as const;
