import type { Hospital } from "../hospital/hospital.ts";
import type { Outcome } from "./outcome.ts";

/** How often each thing that a property is about has occurred: what never occurs proves nothing. */
export type Tally = Map<string, number>;

const verdicts = ["met", "pending", "late", "missed", "unknown", "cancelled"];
const reasons = ["gap", "never-seen", "time-not-recorded", "observation-not-brought"];
/** Rows of a hospital's tables that are ways of writing one thing: every row that the generator knows is counted. */
const waysOfWriting = ["encoding", "reference", "actor-spelling", "time", "completion", "communication-names", "audit-time"];
/** What a hospital counts, by the name it has there. */
const happenings: Readonly<Record<string, readonly string[]>> = {
  merge: ["merge"],
  unmerge: ["unmerge"],
  "late version": ["late-version"],
  "version never seen": ["version-never-seen"],
  "changed due": ["changed:due"],
  "filled gap": ["filled-gap"],
};

/** A tally of every verdict, reason and happening, and of what else a property turns on, all at none. */
export function startTally(...others: readonly string[]): Tally {
  const names = [...verdicts.map(verdictRow), ...reasons.map(reasonRow), ...Object.keys(happenings), ...others];
  return new Map(names.map((name) => [name, 0]));
}

export function count(tally: Tally, name: string, by = 1): void {
  tally.set(name, (tally.get(name) ?? 0) + by);
}

export function countHospital(tally: Tally, { counts }: Pick<Hospital, "counts">): void {
  for (const [name, parts] of Object.entries(happenings)) for (const part of parts) count(tally, name, counts[part]);
  for (const [name, number] of Object.entries(counts)) if (waysOfWriting.includes(name.split(":")[0] ?? "")) count(tally, name, number);
}

export function countLoops(tally: Tally, { loops }: Pick<Outcome, "loops">): void {
  for (const loop of loops) {
    count(tally, verdictRow(loop.verdict));
    if (loop.reason !== null) count(tally, reasonRow(loop.reason));
  }
}

/** Prints the tally as a table, and returns what never occurred. */
export function printTally(title: string, tally: Tally): string[] {
  const rows = [...tally].map(([name, number]) => `  ${name.padEnd(40)} ${String(number).padStart(7)}`);
  console.log([title, ...rows].join("\n"));
  return [...tally].filter(([, number]) => number === 0).map(([name]) => name);
}

function verdictRow(verdict: string): string {
  return `verdict ${verdict}`;
}

function reasonRow(reason: string): string {
  return `reason ${reason}`;
}
