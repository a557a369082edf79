import type { Outcome } from "./outcome.ts";

type Row = Readonly<Record<string, unknown>>;

const mostShown = 12;
/** What tells one row of each list from the others. */
const identities: Readonly<Record<keyof Outcome, readonly string[]>> = {
  loops: ["loop_id"],
  findings: [],
  counts: ["team", "signal", "verdict", "status", "urgency"],
  closingSeen: ["patient_key", "signal"],
  wakes: ["patient_key"],
  events: ["event_id"],
  queued: ["what", "key"],
};

/** Where two outcomes differ, one sentence each, the columns that differ by name; none where they are the same. */
export function outcomeDifferences(when: string, expected: Outcome, actual: Outcome): string[] {
  const lists = Object.keys(identities) as (keyof Outcome)[];
  const found = lists.flatMap((list) => listDifferences(`${when}, ${list}`, expected[list], actual[list], identities[list]));
  return found.length <= mostShown ? found : [...found.slice(0, mostShown), `${when}: and ${found.length - mostShown} more`];
}

function listDifferences(where: string, expected: readonly unknown[], actual: readonly unknown[], identity: readonly string[]): string[] {
  const texts = { expected: expected.map((row) => JSON.stringify(row)), actual: actual.map((row) => JSON.stringify(row)) };
  const missing = expected.filter((_, place) => !texts.actual.includes(texts.expected[place] ?? ""));
  const extra = actual.filter((_, place) => !texts.expected.includes(texts.actual[place] ?? ""));
  const isSame = (one: unknown, other: unknown): boolean =>
    identity.length > 0 && identity.every((name) => (one as Row)[name] === (other as Row)[name]);
  const changed = missing.flatMap((row) => extra.filter((other) => isSame(row, other)).map((other) => [row as Row, other as Row] as const));
  return [
    ...(missing.length + extra.length === 0 && expected.length !== actual.length
      ? [`${where}: ${expected.length} rows, then ${actual.length}`]
      : []),
    ...changed.map(([row, other]) => `${where}: ${nameOf(row)}: ${changedColumns(row, other)}`),
    ...missing.filter((row) => !changed.some(([one]) => one === row)).map((row) => `${where}: only expected: ${JSON.stringify(row)}`),
    ...extra.filter((row) => !changed.some(([, other]) => other === row)).map((row) => `${where}: only found: ${JSON.stringify(row)}`),
  ];
}

function nameOf(row: Row): string {
  return ["signal", "activity", "subject", "subject_key", "patient_key"]
    .flatMap((name) => (row[name] === undefined ? [] : [JSON.stringify(row[name])]))
    .join(" ");
}

function changedColumns(row: Row, other: Row): string {
  const names = Object.keys(row).filter((name) => JSON.stringify(row[name]) !== JSON.stringify(other[name]));
  return names.map((name) => `${name} ${JSON.stringify(row[name])}, then ${JSON.stringify(other[name])}`).join("; ");
}
