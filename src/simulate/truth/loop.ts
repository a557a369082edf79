import type { Chart, Order } from "../chart.ts";
import type { Instant } from "../london-time.ts";

type Verdict = "met" | "pending" | "late" | "missed" | "cancelled" | "occurred";

/** What was expected of somebody, and what came of it, as the simulator knows. */
export interface Expectation {
  readonly signal: string;
  /** The record that opened it, `Type/id`. */
  readonly subject: string;
  /** The activity that opened it. */
  readonly opens: string;
  readonly openedAt: Instant;
  readonly dueAt: Instant;
  /** The earliest that counts, at or after the opening. */
  readonly metAt?: Instant | undefined;
  /** The earliest that called it off; whether that was in time is judged here. */
  readonly cancelledAt?: Instant | undefined;
  /** Deaths call off from any time before due. */
  readonly diedAt?: Instant | undefined;
  /** Entered in error: it never was. */
  readonly isVoid?: boolean;
  /** When that was said. */
  readonly voidedAt?: Instant | undefined;
  /** When what had met it was withdrawn or turned out entered in error: who has not read that takes it for met. */
  readonly undoneAt?: Instant | undefined;
  /** What happened, for the sentence: without its full stop. */
  readonly because: string;
}

/** A line of truth.ndjson; times are RFC 3339 UTC. */
export interface TruthLoop {
  readonly signal: string;
  readonly subject: string;
  readonly patient: string;
  readonly opens: string;
  readonly openedAt: string;
  readonly dueAt: string | null;
  readonly metAt: string | null;
  readonly verdict: Verdict;
  /** When it was said to be entered in error, where that may be after it was due. */
  readonly voidedAt?: string;
  /** When what had met it was taken back, where something was. */
  readonly undoneAt?: string;
  /** The instant of the verdict: what lies at or after it has not happened. */
  readonly now: string;
  readonly why: string;
}

/** design.md, "Verdict at now", for somebody who sees everything: nothing is unknown. */
function judge(expected: Expectation, now: Instant): Verdict {
  const { dueAt, metAt, cancelledAt, diedAt, isVoid } = expected;
  const before = Math.min(dueAt, metAt ?? Infinity);
  if (isVoid || (cancelledAt !== undefined && cancelledAt < before) || (diedAt !== undefined && diedAt < before)) return "cancelled";
  if (metAt !== undefined) return metAt <= dueAt ? "met" : "late";
  return now < dueAt ? "pending" : "missed";
}

/** What should not have happened, and did: a sequence. */
export interface Occurrence {
  readonly signal: string;
  readonly subject: string;
  readonly opens: string;
  readonly openedAt: Instant;
  readonly because: string;
}

export function tellOccurrence(occurred: Occurrence, patient: string, now: Instant): TruthLoop {
  const { signal, subject, opens, openedAt, because } = occurred;
  const times = { openedAt: iso(openedAt), dueAt: null, metAt: null, now: iso(now) };
  return { signal, subject, patient, opens, ...times, verdict: "occurred", why: `${because}.` };
}

export function tell(expected: Expectation, patient: string, now: Instant): TruthLoop {
  const verdict = judge(expected, now);
  return {
    signal: expected.signal,
    subject: expected.subject,
    patient,
    opens: expected.opens,
    openedAt: iso(expected.openedAt),
    dueAt: iso(expected.dueAt),
    metAt: expected.metAt === undefined || verdict === "cancelled" ? null : iso(expected.metAt),
    verdict,
    ...(expected.isVoid && expected.voidedAt !== undefined && { voidedAt: iso(expected.voidedAt) }),
    ...(expected.undoneAt !== undefined && { undoneAt: iso(expected.undoneAt) }),
    now: iso(now),
    why: `${expected.because}; ${ends(expected, verdict)}.`,
  };
}

function ends(expected: Expectation, verdict: Verdict): string {
  const due = iso(expected.dueAt);
  const met = expected.metAt === undefined ? "" : iso(expected.metAt);
  const said: Record<Verdict, string> = {
    met: `done at ${met}, due at ${due}`,
    late: `done at ${met}, after it was due at ${due}`,
    missed: `nobody had by the time it was due, ${due}, nor since`,
    pending: `not done yet, and not due before ${due}`,
    cancelled: expected.isVoid ? "entered in error" : "called off before it was due or done",
    occurred: "it happened",
  };
  return said[verdict];
}

function iso(at: Instant): string {
  return new Date(at).toISOString().replace(".000Z", "Z");
}

/** The earliest of some instants at or after another. */
export function earliest(instants: readonly Instant[], from: Instant): Instant | undefined {
  const after = instants.filter((at) => at >= from);
  return after.length === 0 ? undefined : Math.min(...after);
}

/** A death calls off from any time before due. */
export function diedBefore({ patient }: Chart, now: Instant): Instant | undefined {
  return patient.diedAt !== undefined && patient.diedAt < now ? patient.diedAt : undefined;
}

export function isOrderVoid({ ended }: Order, now: Instant): boolean {
  return ended?.status === "entered-in-error" && ended.at < now;
}

export function revokedAt({ ended }: Order, now: Instant): Instant | undefined {
  return ended?.status === "revoked" && ended.at < now ? ended.at : undefined;
}
