import { detectActor } from "../detect/detect-actor.ts";
import { detectPatient } from "../detect/detect-patient.ts";
import type { FeedView, Persons, SiteView } from "../detect/detection.ts";
import { isByActor } from "../domain/by-actor.ts";
import type { Interval } from "../domain/instant.ts";
import { subtract } from "../domain/interval.ts";
import type { Loop } from "../domain/loop.ts";
import { madeFrom } from "../domain/made-from.ts";
import type { Example, Expected } from "./compile-example.ts";
import type { SignalFile } from "./parse-signal.ts";
import { allRequiredFeeds } from "./required-feeds.ts";

export interface ExampleResult {
  readonly passed: boolean;
  readonly expected: readonly Expected[];
  readonly actual: readonly Loop[];
  /** What was expected and what detection said, a line a loop. */
  readonly explanation: string;
}

/** Lets detection itself judge an example: the same code that judges a hospital. */
export function runExample(file: Pick<SignalFile, "signal">, example: Example): ExampleResult {
  const loops = isByActor(file.signal) ? loopsByActor(file, example) : loopsOfPatient(file, example);
  const actual = [...loops].sort((a, b) => a.openedAt - b.openedAt || (a.subject < b.subject ? -1 : 1));
  const passed =
    actual.length === example.expect.length && example.expect.every((expected, index) => isAsExpected(expected, actual[index]));
  return { passed, expected: example.expect, actual, explanation: explain(example.expect, actual) };
}

function loopsOfPatient(file: Pick<SignalFile, "signal">, example: Example): Loop[] {
  const { events } = example;
  const patient = { events, persons: personsOf(example), quarantined: { bySubject: new Map(), ofPatient: [] } };
  return detectPatient(viewOf(file, example), patient, example.now).loops;
}

/** Person by person, as a site's are. */
function loopsByActor(file: Pick<SignalFile, "signal">, example: Example): Loop[] {
  const persons = personsOf(example);
  const acts = Map.groupBy(example.events, ({ actor }) => (actor === undefined ? undefined : persons.personOf(actor)));
  acts.delete(undefined);
  return [...acts.values()].flatMap((events) => detectActor(viewOf(file, example), events, example.now).map(({ loop }) => loop));
}

function viewOf({ signal }: Pick<SignalFile, "signal">, example: Example): SiteView {
  // The scan has everything up to its own now; a gap that reaches now is therefore data still awaited.
  const sinceEver: Interval = { from: -8.64e15, to: example.now };
  const feeds = (example.feeds ?? allRequiredFeeds(signal)).map((type): [string, FeedView] => [
    type,
    { covered: subtract([sinceEver], example.gaps[type] ?? []), outages: [], silent: [], unreadable: [] },
  ]);
  return {
    site: "example",
    feeds: new Map(feeds),
    madeFrom,
    watchFrom: sinceEver.from,
    blindAfterMs: 6 * 3_600_000,
    closingSeen: new Set(example.neverSeen ? [] : [signal.id]),
    signals: [{ id: signal.id, versions: [{ from: sinceEver.from, signal }] }],
  };
}

function personsOf({ roles }: Example): Persons {
  return {
    personOf: (actor) => roles.find(({ role }) => role === actor)?.person ?? actor,
    organisationsOf: (person) =>
      roles.flatMap((each) => (each.person === person && each.organisation !== undefined ? [each.organisation] : [])),
  };
}

function isAsExpected(expected: Expected, loop: Loop | undefined): boolean {
  return loop !== undefined && Object.entries(expected).every(([field, value]) => loop[field as keyof Expected] === value);
}

function explain(expected: readonly Expected[], actual: readonly Loop[]): string {
  const lines = (loops: readonly string[]) => (loops.length === 0 ? ["  no loop"] : loops.map((loop) => `  ${loop}`));
  return ["expected:", ...lines(expected.map(describeExpected)), "detected:", ...lines(actual.map(describeLoop))].join("\n");
}

function describeExpected({ subject, openedAt, verdict, reason, dueAt, metAt }: Expected): string {
  const parts = [subject, timed("opened", openedAt), timed("due", dueAt), timed("met", metAt)];
  return [...parts.filter((part) => part !== undefined), said(verdict, reason)].join(", ");
}

function describeLoop(loop: Loop): string {
  const { subject, openingActivity, openedAt, dueAt, limit, metAt, cancelledAt, verdict, reason, gaps, explanation } = loop;
  const parts = [
    subject,
    `${timed("opened", openedAt) ?? ""} by ${openingActivity}`,
    ...(limit.duration === "" ? [] : [`${timed("due", dueAt) ?? ""} (${limit.duration}, ${limit.basis})`]),
    limit.duration === ""
      ? undefined
      : metAt === undefined
        ? "not met"
        : `${timed("met", metAt) ?? ""} by ${explanation.metBy ?? "nothing"}`,
    timed("cancelled", cancelledAt),
    explanation.voided && "voided",
    ...gaps.map((gap) => `${gap.type} not seen ${timed("from", gap.from) ?? ""} ${timed("to", gap.to) ?? ""}`),
  ];
  return `${parts.filter((part) => part !== undefined).join(", ")}: ${said(verdict, reason)}`;
}

function timed(word: string, at: number | undefined): string | undefined {
  return at === undefined ? undefined : `${word} ${new Date(at).toISOString().replace(/:00\.000Z$/, "Z")}`;
}

function said(verdict: string, reason: string | undefined): string {
  return reason === undefined ? verdict : `${verdict} (${reason})`;
}
