/**
 * A few changes to a playbook of one's own, laid over it as its author wrote it: fields that stand for paths of the
 * document. What the document means, and whether it can be used, only the server says.
 */
import type { PlaybookDocument, RuleDocument } from "../api/playbooks";
import { inWords } from "../api/problem";
import type { ChannelCode, Distance, PlaybookRules, RuleInWords, Validation } from "../api/types";
import { words } from "../strings/playbooks";

type Problem = Validation["problems"][number];
export interface TypedDistance {
  count: number | null | undefined;
  unit: Distance["unit"];
  before: boolean;
}

export interface Sources {
  told: PlaybookRules;
  written: PlaybookDocument;
  whole: PlaybookDocument;
  /** What it extends, if it does. */
  base: PlaybookRules | null;
}

const PLUS: Record<Distance["unit"], (count: string) => string> = {
  minutes: (count) => `PT${count}M`,
  hours: (count) => `PT${count}H`,
  days: (count) => `P${count}D`,
  working_days: (count) => `P${count}D`,
  weeks: (count) => `P${count}W`,
};
const MOST_CITED = 12;

export class Adjusting {
  title = $state("");
  about = $state("");
  readonly distances = $state<Record<string, TypedDistance>>({});
  readonly channels = $state<Record<string, ChannelCode | "">>({});
  readonly most = $state<Record<string, number | null | undefined>>({});
  /** Rules and holds by id: whether they are in it. */
  readonly kept = $state<Record<string, boolean>>({});
  #problems = $state.raw<{ document: PlaybookDocument; all: readonly Problem[] }>({ document: { rules: [] }, all: [] });

  constructor(readonly sources: Sources) {
    const { told, written } = sources;
    this.title = told.title;
    this.about = written.about ?? "";
    for (const rule of told.rules) {
      for (const { path, count, unit, before } of rule.adjustable.distances) this.distances[at(rule.id, path)] = { count, unit, before };
      for (const { path, channel } of rule.adjustable.channels) this.channels[at(rule.id, path)] = channel ?? "";
      if (rule.adjustable.repeats) this.most[rule.id] = rule.adjustable.most;
    }
    for (const { id } of [...told.rules, ...told.holds]) this.kept[id] = true;
    for (const { id } of this.dropped) this.kept[id] = false;
  }

  /** What the playbook extends and it has left out. */
  get dropped(): { id: string; title: string }[] {
    const { told, base } = this.sources;
    const ids = new Set([...told.rules, ...told.holds].map(({ id }) => id));
    return base ? [...base.rules, ...base.holds].filter(({ id }) => !ids.has(id)) : [];
  }

  changed(rule: RuleInWords): boolean {
    return Object.keys(this.#adjusted(rule)).length > 0;
  }

  /** The playbook with what was typed, as it would be stored. */
  get document(): PlaybookDocument {
    const { told, written } = this.sources;
    const document: PlaybookDocument = { ...written, title: this.title, about: this.about || null, rules: [...written.rules] };
    for (const rule of told.rules) this.#write(rule, document);
    for (const { id } of [...told.rules, ...told.holds]) if (!this.kept[id]) this.#drop(id, document);
    for (const { id } of this.dropped) {
      if (this.kept[id]) document.without = (document.without ?? []).filter((each) => each !== id);
    }
    if (document.without?.length === 0) delete document.without;
    return document;
  }

  /** What was found wrong with a document of before. */
  note(document: PlaybookDocument, problems: readonly Problem[]): void {
    this.#problems = { document, all: problems };
  }

  /** What is wrong with one field of a rule. */
  problem(ruleId: string, path: string): string | undefined {
    const own = `rules.${this.#place(ruleId)}.${path}`;
    return this.#said((found) => found === own || found.startsWith(`${own}.`) || (isBelowRule(found) && own.startsWith(`${found}.`)))[0];
  }

  /** What is wrong with a rule and with none of its fields here. */
  problems(ruleId: string, paths: readonly string[]): string[] {
    const shown = new Set(paths.map((path) => this.problem(ruleId, path)));
    const place = `rules.${this.#place(ruleId)}`;
    const base = `${this.sources.written.extends}.${ruleId}`;
    const own = this.#said((found) => [place, base].some((path) => found === path || found.startsWith(`${path}.`)));
    return own.filter((message) => !shown.has(message));
  }

  /** What is wrong with the whole. */
  get others(): string[] {
    const ids = [...this.sources.told.rules, ...this.sources.told.holds].map(({ id }) => id);
    const ofRules = new Set(ids.flatMap((id) => this.problems(id, [])));
    return this.#said(() => true).filter((message) => !ofRules.has(message));
  }

  #place(ruleId: string): number {
    return this.#problems.document.rules.findIndex(({ id }) => id === ruleId);
  }

  #said(wanted: (path: string) => boolean): string[] {
    return this.#problems.all.filter(({ path }) => wanted(path)).flatMap((problem) => Object.values(inWords([problem])));
  }

  #write(rule: RuleInWords, document: PlaybookDocument): void {
    const adjusted = this.#adjusted(rule);
    if (Object.keys(adjusted).length === 0 || !this.kept[rule.id]) return;
    const place = document.rules.findIndex(({ id }) => id === rule.id);
    const cite = this.#cited(rule);
    const entry = { ...(document.rules[place] ?? { id: rule.id }), ...adjusted, ...(cite ? { cite } : {}) };
    if (place < 0) document.rules.push(entry);
    else document.rules[place] = entry;
  }

  /** The keys of a rule that are other than they were; a key that is given replaces the whole key. */
  #adjusted(rule: RuleInWords): Record<string, unknown> {
    const whole = this.sources.whole.rules.find(({ id }) => id === rule.id);
    const changed: Record<string, unknown> = {};
    if (!whole) return changed;
    const open = (path: string) => {
      const key = path.split(".")[0] ?? path;
      changed[key] ??= structuredClone(whole[key]);
      return inside(changed, path);
    };
    for (const distance of rule.adjustable.distances) {
      const typed = this.distances[at(rule.id, distance.path)];
      if (typed && differs(distance, typed)) {
        if (distance.path === "repeat.every") open("repeat")["every"] = plusOf(typed);
        else setDistance(open(distance.path), typed);
      }
    }
    for (const { path, channel } of rule.adjustable.channels) {
      const typed = this.channels[at(rule.id, path)];
      if (typed && typed !== channel) lead(open(path), typed);
    }
    const most = this.most[rule.id] ?? null;
    if (rule.adjustable.repeats && most !== rule.adjustable.most) {
      const repeat = open("repeat");
      if (most === null) delete repeat["max"];
      else repeat["max"] = most;
    }
    return changed;
  }

  /** The rule's sources say what they said; that the figures are ours now is said beside them. */
  #cited(rule: RuleInWords): unknown[] | undefined {
    const whole = this.sources.whole.rules.find(({ id }) => id === rule.id);
    const cited = (whole?.["cite"] ?? []) as { locator?: string; source?: string }[];
    const { ownLocator: locator, ownFigures: says } = words.adjust;
    const source = this.sources.told.id;
    const known = cited.some((each) => each.source === source && each.locator === locator);
    if (known || cited.length >= MOST_CITED) return undefined;
    return [...cited, { source, locator, says, inferred: true, title: this.title }];
  }

  #drop(id: string, document: PlaybookDocument): void {
    const { base } = this.sources;
    document.rules = document.rules.filter((rule: RuleDocument) => rule.id !== id);
    const isExtended = base && [...base.rules, ...base.holds].some((each) => each.id === id);
    if (isExtended) document.without = [...(document.without ?? []), id];
  }
}

export const at = (ruleId: string, path: string) => `${ruleId} ${path}`;

const isBelowRule = (path: string) => path.split(".").length > 2;

/** A distance as it reads: "Due 24 hours after the interview ends". */
export function described(distance: Distance, typed: TypedDistance = distance): string {
  const way = typed.before ? words.adjust.before : words.adjust.after;
  return `${distance.name} ${typed.count ?? ""} ${words.adjust.unitOf(typed.unit)} ${way} ${distance.counted_from}`;
}

function differs(was: Distance, typed: TypedDistance): boolean {
  return was.count !== typed.count || was.unit !== typed.unit || was.before !== typed.before;
}

function plusOf({ count, unit, before }: TypedDistance): string {
  return `${before ? "-" : ""}${PLUS[unit](String(count ?? ""))}`;
}

function setDistance(point: Record<string, unknown>, typed: TypedDistance): void {
  point["plus"] = plusOf(typed);
  if (typed.unit === "working_days") point["working_days"] = true;
  else delete point["working_days"];
}

function lead(advice: Record<string, unknown>, channel: ChannelCode): void {
  const named = [advice["recommended"] ?? []].flat() as string[];
  advice["recommended"] = [channel, ...named.filter((each) => each !== channel)];
}

/** What a dotted path leads to. */
function inside(document: Record<string, unknown>, path: string): Record<string, unknown> {
  return path.split(".").reduce((found, step) => found[step] as Record<string, unknown>, document);
}
