import { z } from "zod";
import { measurable } from "../domain/series.ts";
import { headFields } from "./head-schema.ts";
import { code, duration, instant, instantOrDay, oneOf, oneOrMany, prose, record } from "./written-values.ts";

export const count = z.int({ error: "Write a whole number." }).positive("Write a number above 0.");
const factor = z.number({ error: "Write a number." }).positive("Write a number above 0.");
const side = oneOf(["high", "low"], "side").optional();

const events = {
  activity: oneOrMany(oneOf(measurable, "activity that a series may measure")),
  where: z.strictObject({ code: oneOrMany(prose) }).optional(),
};

const number = z.discriminatedUnion(
  "what",
  [
    z.strictObject({ what: z.literal("records") }),
    z.strictObject({ what: z.literal("share-without-value"), ...events }),
    z.strictObject({ what: z.literal("mean-value"), unit: prose, "molar-mass": factor.optional(), charge: count.optional(), ...events }),
    z.strictObject({ what: z.literal("repeats"), within: duration, ...events }),
  ],
  { error: "Write what is measured: records, share-without-value, mean-value or repeats." },
);

export const rule = z.discriminatedUnion(
  "rule",
  [
    z.strictObject({ rule: z.literal("silent"), busy: count, weeks: count, basis: prose }),
    z.strictObject({ rule: z.literal("below"), share: factor.max(1, "Write a share of 1, such as 0.5."), busy: count, basis: prose }),
    z.strictObject({ rule: z.literal("above"), times: factor, busy: count, basis: prose }),
    z.strictObject({ rule: z.literal("outside"), side, basis: prose }),
    z.strictObject({ rule: z.literal("shift"), side, basis: prose }),
    z.strictObject({ rule: z.literal("trend"), side, basis: prose }),
    z.strictObject({ rule: z.literal("outer-third"), side, basis: prose }),
  ],
  { error: "Write a rule: silent, below or above (by the hour of the week); outside, shift, trend or outer-third." },
);

const byTheHour: readonly string[] = ["silent", "below", "above"];

export const seriesTemplate = z
  .strictObject({
    number,
    per: oneOf(["hour", "day", "week"], "period"),
    against: oneOf(["hour-of-week", "itself"], "history"),
    history: duration,
    needs: count,
    fewest: count.optional(),
    settles: duration.optional(),
    rare: z.strictObject({ history: duration, needs: count }).optional(),
    rules: z.array(rule).min(1, "Give at least one rule."),
  })
  .refine(({ number: { what }, per, against }) => (what === "records") === (per === "hour" && against === "hour-of-week"), {
    error: "Records are counted per hour against hour-of-week; everything else per day or week against itself.",
  })
  .refine(({ number: { what }, settles }) => (what === "records") === (settles === undefined), {
    error: "Say how long a day or week is waited for (settles: PT24H); an hour of records is not.",
  })
  .refine(
    ({ number: { what }, per, rare }) => rare === undefined || (per === "day" && (what === "share-without-value" || what === "repeats")),
    {
      error: "Only what is counted per day can be rare.",
    },
  )
  .refine(({ against, rules }) => rules.every((each) => byTheHour.includes(each.rule) === (against === "hour-of-week")), {
    error: "silent, below and above are rules against hour-of-week; outside, shift, trend and outer-third against itself.",
  });

/** Numbers of periods in a row, or (`every: P7D`) of every seventh day's hour. What is not written is 0, or of a mean not known. */
const numbers = z.strictObject({
  from: instantOrDay,
  every: duration.optional(),
  values: z.array(z.number({ error: "Write a number." })).min(1, "Write at least one number."),
  /** The values again and again, this many times. */
  times: count.optional(),
});

const event = z.strictObject({
  at: instant,
  activity: oneOf(measurable, "activity that a series may measure"),
  patient: record.optional(),
  /** The same of so many patients. */
  patients: count.optional(),
  code: code.optional(),
  value: z.number({ error: "Write a number." }).optional(),
  unit: prose.optional(),
  comparator: oneOf(["<", "<=", ">", ">="], "comparator").optional(),
  /** Of an event without a value; else one is due, and missing. */
  valueless: oneOf(["not-due"], "reason for having no value").optional(),
  /** This many such events, a minute apart. */
  times: count.optional(),
});

const alarm = z.strictObject({ from: instantOrDay, breaks: oneOrMany(prose) });
const measured = z.strictObject({ from: instantOrDay, value: z.number({ error: "Write a number." }), "left-out": count.optional() });
const none = z.literal("none", { error: "Write none, or a list." });

/** Either numbers and the alarms that they raise, or events and the numbers that are made of them. */
const example = z
  .strictObject({
    name: prose,
    now: instant,
    numbers: z.array(numbers).optional(),
    /** How many of the events counted each day holds: its number as well. */
    counts: z.array(numbers).optional(),
    events: z.array(event).optional(),
    /** Not read; half-open. */
    gaps: z.array(z.tuple([instant, instant])).optional(),
    alarms: z.union([none, z.array(alarm).min(1, "Write none where no alarm is expected.")]).optional(),
    measured: z.union([none, z.array(measured).min(1, "Write none where no number is expected.")]).optional(),
  })
  .refine(
    ({ numbers: given, counts, alarms, events: happened, measured: made }) =>
      ((given ?? counts) === undefined) === (alarms === undefined) &&
      (happened === undefined) === (made === undefined) &&
      [given, counts, happened].filter((each) => each !== undefined).length === 1,
    { error: "An example has either numbers (or counts) and alarms, or events and measured." },
  );

/** A signal file of the template series, as it is written. */
export const seriesSchema = z
  .strictObject({
    ...headFields("What it means, to who runs the system.", "the rules"),
    series: seriesTemplate,
    examples: z.array(example).min(1, "Give at least one example that raises an alarm, and one that does not."),
  })
  .meta({ title: "A series signal of Followthrough" });

export type WrittenSeries = z.infer<typeof seriesSchema>;
export type WrittenSeriesExample = WrittenSeries["examples"][number];
