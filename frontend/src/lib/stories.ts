/** Several playbooks' two weeks as one picture: for each kind a group, in it a lane for each playbook that speaks of it. */
import type { PlaybookStory } from "../api/types";
import { byInstant, runShare } from "./scale";

export type Line = PlaybookStory["lines"][number];
export interface Lane {
  playbook: string;
  lines: Line[];
}
export interface Group {
  kind: string;
  held: boolean;
  lanes: Lane[];
}

/** How much of the width the first day and a half have, so that hours can be seen. */
const FIRST_PART = 48;

export function placeIn(story: PlaybookStory): (instant: string) => number {
  return (instant) =>
    FIRST_PART * runShare(story.starts_at, story.turns_at, instant) +
    (100 - FIRST_PART) * runShare(story.turns_at, story.until, instant);
}

export function groupsOf(stories: readonly PlaybookStory[]): Group[] {
  const groups = new Map<string, Group>();
  const first = (group: Group) => group.lanes.flatMap((lane) => lane.lines.map((line) => line.opens_at)).toSorted(byInstant)[0] ?? "";
  for (const story of stories) {
    for (const line of story.lines) {
      const key = `${line.held} ${line.kind}`;
      const group = groups.get(key) ?? { kind: line.kind, held: line.held, lanes: [] };
      groups.set(key, group);
      const lane = group.lanes.find(({ playbook }) => playbook === story.id);
      if (lane) lane.lines.push(line);
      else group.lanes.push({ playbook: story.id, lines: [line] });
    }
  }
  return [...groups.values()].toSorted((one, other) => Number(one.held) - Number(other.held) || byInstant(first(one), first(other)));
}
