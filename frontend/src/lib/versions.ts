/** Two versions of one thing in words, row by row, for a choice between them. */

export interface Row {
  label: string;
  mine: string;
  theirs: string;
}

type Told = readonly (readonly [label: string, text: string])[];

/** Both told in the same order. */
export const sideBySide = (mine: Told, theirs: Told): Row[] =>
  mine.map(([label, text], place) => ({ label, mine: text, theirs: theirs[place]?.[1] ?? "" }));
