import { z } from "zod";
import { activity, actorKind, grade, kind, priority, reason, setting, urgency, verdict, via } from "./vocabulary.ts";
import { code, feed, instant, instantOrDay, oneOf, prose, record } from "./written-values.ts";

const flag = z.literal(true, { error: "Write true, or leave the line out." });

const reading = z.strictObject({ code: prose, limit: prose, side: oneOf(["low", "high"], "side"), value: z.number("Write a number.") });

/** A care event in the names that care events have everywhere; what is left out is what such an event usually says. */
const event = z.strictObject({
  at: instantOrDay,
  activity,
  subject: record,
  /** The record that says it; else the subject itself for its own life, or a record of the usual type. */
  saying: record.optional(),
  via: via.optional(),
  actor: record.optional(),
  actorKind: actorKind.optional(),
  grade: grade.optional(),
  precision: z
    .literal("upper-bound", { error: "Write upper-bound, or leave the line out: a date says by itself that it is one." })
    .optional(),
  urgency: urgency.optional(),
  possible: z.array(urgency).min(2, "Name at least two urgencies that the reading could give.").optional(),
  setting: setting.optional(),
  priority: priority.optional(),
  kind: kind.optional(),
  code: code.optional(),
  value: z.number("Write a number.").optional(),
  unit: prose.optional(),
  comparator: oneOf(["<", "<=", ">", ">="], "comparator").optional(),
  flag: oneOf(["high", "low"], "side").optional(),
  /** Numbers of its components, in the unit of its value. */
  parts: z.array(z.number("Write a number.")).optional(),
  answer: code.optional(),
  conclusion: code.optional(),
  age: z.int("Write whole years.").optional(),
  order: record.optional(),
  encounter: record.optional(),
  /** How a medicine is to be taken: any text, which differs where the dose does. */
  dose: prose.optional(),
  /** Orders that this one follows up or replaces. */
  follows: z.array(record).optional(),
  /** Another patient than the one of the example. */
  patient: record.optional(),
  /** When a look began, where it was over only at `at`. */
  startedAt: instant.optional(),
  due: instantOrDay.optional(),
  voided: flag.optional(),
  critical: z.array(reading).optional(),
  flagged: flag.optional(),
  performers: z.array(record).optional(),
  requesters: z.array(record).optional(),
  answers: z.array(record).optional(),
});

const expectation = z
  .strictObject({
    verdict,
    reason: reason.optional(),
    subject: record.optional(),
    openedAt: instant.optional(),
    dueAt: instant.optional(),
    metAt: instant.optional(),
  })
  .refine(({ verdict, reason }) => (verdict === "unknown") === (reason !== undefined), {
    when: ({ value }) => typeof value === "object" && value !== null,
    error: "A verdict of unknown is expected with its reason, and no other verdict has one.",
  });

const none = z.literal("none", {
  error: ({ input }) => {
    const write = "Write none, or a verdict such as { verdict: missed }.";
    return input === undefined ? write : `${JSON.stringify(input)} is no expectation. ${write}`;
  },
});

/** What is read as if the site had read it: all activities were seen there before, and all feeds are covered until now. */
export const exampleSchema = z.strictObject({
  name: prose,
  now: instant,
  events: z.array(event),
  /** Not covered, by feed; half-open. */
  gaps: z.partialRecord(feed, z.array(z.tuple([instant, instant]))).optional(),
  /** The feeds that the site has; else all that the signal needs. */
  feeds: z.array(feed).optional(),
  /** No closing evidence was ever held at the site. */
  "never-seen": flag.optional(),
  /** Whose role is whose, and in which organisation. */
  roles: z.array(z.strictObject({ role: record, person: record, organisation: record.optional() })).optional(),
  expect: z.union([expectation, z.array(expectation).min(1, "Write none where no loop is expected."), none]),
});

export type WrittenExample = z.infer<typeof exampleSchema>;
export type WrittenEvent = WrittenExample["events"][number];
