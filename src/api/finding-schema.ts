import { z } from "zod";
import { activities } from "../domain/activity.ts";
import { statuses, steps } from "../domain/status.ts";
import { priorities, reasons, tiers, urgencies, verdicts } from "../domain/verdict.ts";
import { id, time } from "./value-schemas.ts";

export const verdict = z.enum(verdicts);
export const status = z.enum(statuses);
export const step = z.enum(steps);
const why = z.enum(["not-covered", "outage", "silent", "unreadable", "quarantined"]);

const gap = z
  .object({ type: z.string().meta({ description: "Resource type of the feed" }), from: time, to: time, why })
  .meta({ id: "Gap", description: "A time of a feed that was not seen" });

const evidence = z
  .object({
    activity: z.enum(activities),
    at: time,
    actor: z.string().nullable().meta({ description: "Who; null where nothing says so, or where the viewer may not know" }),
    record: z.string().nullable().meta({ description: "The record that says so" }),
    grade: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).meta({ description: "3 direct … 0 the chart was opened" }),
    did: z.enum(["opened", "followed", "closed", "cancelled"]).optional(),
    atOrBefore: z.literal(true).optional().meta({ description: "Its time is known only as an upper bound" }),
  })
  .meta({ id: "Evidence" });

const restedOnDeleted = z
  .array(
    z
      .object({ record: z.string(), at: time.nullable().meta({ description: "When, or by when where the source tells no time" }) })
      .meta({ id: "DeletedRecord" }),
  )
  .meta({ description: "Of the records that it rested on, those that were deleted at their source: what they said counts no more" });

const edition = z.string().meta({
  description: "Of the definition that judged it: its version with the site's own limits, value sets and calendar",
});

const explanation = z.string().meta({
  description: "In one sentence: what was expected, what happened instead, what was looked for as an excuse, what would clear it",
});

const seenFinding = z.object({
  id,
  site: z.string(),
  signal: z.string(),
  signalVersion: z.int(),
  edition: edition.optional(),
  tier: z.enum(tiers),
  severity: z.enum(["high", "medium", "low"]),
  verdict,
  reason: z.enum(reasons).nullable().meta({ description: "Why the verdict is unknown" }),
  subject: z.string().meta({ description: "The record that it is about", examples: ["DiagnosticReport/dr-1"] }),
  case: z.string().meta({ description: "Key of its case: an order, or the record itself" }),
  title: z
    .string()
    .nullable()
    .meta({ examples: ["Potassium 7.1 mmol/L"] }),
  urgency: z.enum(urgencies).nullable(),
  priority: z.enum(priorities).nullable(),
  patient: z
    .string()
    .nullable()
    .meta({ examples: ["Patient/p-1"] }),
  encounter: z.string().nullable(),
  team: z.string().meta({ description: "`unassigned`: nobody's yet, so every team's" }),
  openedAt: time,
  dueAt: time.nullable().meta({ description: "Null of a sequence, which is due at no time" }),
  metAt: time.nullable(),
  limit: z.object({ duration: z.string(), basis: z.string() }),
  coverage: z.object({ complete: z.boolean(), gaps: z.array(gap) }),
  evidence: z.array(evidence).meta({ description: "What opened it, then by time" }),
  exclusions: z.array(z.object({ name: z.string(), outcome: z.enum(["met", "not-met", "no-data"]) })),
  explanation: explanation.optional(),
  cancellingGaps: z.array(gap).meta({ description: "Not seen of what may have cancelled it" }),
  evidenceLeftOut: z.int().meta({ description: "Looks at the patient's chart beyond those in `evidence`" }),
  // Reviews recorded before it was shown do not have it.
  restedOnDeleted: restedOnDeleted.optional(),
});

export const finding = seenFinding
  .extend({
    restedOnDeleted,
    edition,
    explanation,
    status,
    statusReason: z.string().nullable().meta({ description: "Why it is open again" }),
    reviews: z.int().meta({ description: "Recorded steps of its review" }),
    sealed: z.boolean().meta({
      description:
        "It is past the retention line: its evidence is a copy, for the records that it rested on may be gone, and no scan changes it",
    }),
  })
  .meta({ id: "Finding" });

export const review = z
  .object({
    id,
    finding: id,
    site: z.string(),
    signal: z.string(),
    subject: z.string(),
    openedAt: time,
    step,
    reason: z.string().nullable(),
    reviewer: z.string(),
    at: time,
    verdict: verdict.meta({ description: "What the scan said then" }),
    saw: seenFinding.meta({ id: "SeenFinding", description: "The finding as its reviewer saw it" }).nullable(),
    verdictNow: verdict.nullable().meta({ description: "What it says now; null where the loop is gone" }),
    noLongerApplies: z.string().nullable().meta({ description: "Why the review no longer applies; null where it does" }),
  })
  .meta({ id: "Review", description: "A recorded step: who, when, what and why" });

/** Where a finding stands, and what its reviewer can do next. */
export const standing = z
  .object({
    id,
    site: z.string(),
    subject: z.string(),
    signal: z.string(),
    verdict,
    status,
    statusReason: z.string().nullable(),
    possibleSteps: z.array(step),
  })
  .meta({ id: "Standing" });

export const counts = z
  .object({
    byVerdict: z.partialRecord(verdict, z.int()),
    unassigned: z.int().meta({ description: "Of those: nobody's yet" }),
    restricted: z.int().meta({ description: "Held back: on restricted records" }),
    testPatients: z.int().meta({ description: "Held back: of test patients" }),
  })
  .meta({ id: "Counts", description: "Over all pages" });
