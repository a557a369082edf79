import type { TruthLoop } from "../../src/simulate/truth/loop.ts";

/** A loop as the scan left it in the database; instants are epoch milliseconds. */
export interface FoundLoop {
  readonly signal: string;
  readonly subject: string;
  readonly verdict: string;
  readonly reason: string | null;
  readonly openedAt: number;
  readonly dueAt: number | null;
  readonly metAt: number | null;
  /** The finding says that what may have called it off was not read. */
  readonly namesCancellingGap: boolean;
}

/**
 * How a scan's word stands to the truth:
 * `agree`; `unknown`, the scan says that it cannot tell; `named`, wrong, but the finding itself names the gap in which
 * the cancelling evidence was lost (design.md, invariant 3); `unseen`, a loop that the scan has not; `extra`, one that it has and
 * nobody expected, but that is no finding; `awaited`, not yet due, or due so lately that data are awaited (`blindAfter`), and what closed or
 * cancelled it not read; `quiet`, a finding on neither side; `overdue`, missed for the scan and late in truth: done after it was due, when
 * coverage is asked for no more (design.md, verdict 5); `undone`, met for the scan, which did not read that what met it was taken
 * back afterwards (design.md, verdict 2, asks for no coverage); `unlearnt`, it turned out entered in error after it was due, and the
 * scan did not read that ("whenever that is learnt"); `wrong`, anything else.
 */
export type Standing =
  "agree" | "unknown" | "named" | "unseen" | "extra" | "awaited" | "quiet" | "overdue" | "undone" | "unlearnt" | "wrong";

const settled: readonly string[] = ["met", "pending", "cancelled"];
const blindAfterMs = 6 * 3_600_000;

export interface Comparison {
  readonly signal: string;
  readonly subject: string;
  readonly standing: Standing;
  readonly truth: string | undefined;
  readonly found: string | undefined;
  readonly why: string | undefined;
  /** The instant that the truth says it opened at. */
  readonly openedAt: string | undefined;
  /** Whether due, and the time it was met, are the truth's to the millisecond. */
  readonly isExact: boolean;
}

/** Every loop that either side knows, once. The loops of one record and signal are paired in order of their opening. */
export function compareLoops(truth: readonly TruthLoop[], found: readonly FoundLoop[]): Comparison[] {
  const told = Map.groupBy(truth, keyOf);
  const seen = Map.groupBy(found, keyOf);
  return [...new Set([...told.keys(), ...seen.keys()])].flatMap((key) => pair(told.get(key) ?? [], seen.get(key) ?? []));
}

function keyOf({ signal, subject }: { readonly signal: string; readonly subject: string }): string {
  return `${signal} ${subject}`;
}

function pair(told: readonly TruthLoop[], seen: readonly FoundLoop[]): Comparison[] {
  const left = [...seen];
  const take = (fits: (loop: FoundLoop) => boolean): FoundLoop | undefined => {
    const place = left.findIndex(fits);
    return place < 0 ? undefined : left.splice(place, 1)[0];
  };
  // At the same instant first; what is left is paired by order, for clocks may be off.
  const exact = told.map((loop) => take(({ openedAt }) => openedAt === Date.parse(loop.openedAt)));
  const pairs = told.map((loop, place) => compare(loop, exact[place] ?? take(() => true)));
  return [...pairs, ...left.map((loop) => compare(undefined, loop))];
}

function compare(truth: TruthLoop | undefined, found: FoundLoop | undefined): Comparison {
  const { signal, subject } = (truth ?? found) as TruthLoop | FoundLoop;
  return {
    signal,
    subject,
    standing: standingOf(truth, found),
    truth: truth?.verdict,
    found: found === undefined ? undefined : `${found.verdict}${found.reason === null ? "" : ` (${found.reason})`}`,
    why: truth?.why,
    openedAt: truth?.openedAt,
    isExact: truth !== undefined && found !== undefined && isExact(truth, found),
  };
}

function standingOf(truth: TruthLoop | undefined, found: FoundLoop | undefined): Standing {
  if (found === undefined) return "unseen";
  if (found.verdict === truth?.verdict) return "agree";
  if (found.verdict === "unknown") return "unknown";
  if (truth === undefined && settled.includes(found.verdict)) return "extra";
  if (truth !== undefined && found.verdict === "pending" && isAwaited(truth)) return "awaited";
  if (truth !== undefined && settled.includes(found.verdict) && settled.includes(truth.verdict)) return "quiet";
  if (found.verdict === "missed" && truth?.verdict === "late") return "overdue";
  if (found.verdict === "met" && truth?.undoneAt !== undefined && (found.metAt ?? Infinity) <= Date.parse(truth.undoneAt)) return "undone";
  if (truth?.voidedAt !== undefined && Date.parse(truth.voidedAt) >= (found.dueAt ?? Infinity)) return "unlearnt";
  return found.namesCancellingGap && (truth === undefined || truth.verdict === "cancelled") ? "named" : "wrong";
}

/** design.md, "Verdict at now": what is not due is pending, whatever was read; a feed that is behind is waited for. */
function isAwaited({ verdict, dueAt, now }: TruthLoop): boolean {
  const isLate = verdict === "missed" || verdict === "late";
  return !isLate || Date.parse(now) - Date.parse(dueAt ?? now) < blindAfterMs;
}

function isExact(truth: TruthLoop, found: FoundLoop): boolean {
  const isMet = truth.verdict === "met" || truth.verdict === "late";
  return same(truth.openedAt, found.openedAt) && isDue(truth, found) && (!isMet || same(truth.metAt, found.metAt));
}

/** A sequence is due at no time. */
function isDue(truth: TruthLoop, found: FoundLoop): boolean {
  return truth.verdict === "occurred" || same(truth.dueAt, found.dueAt);
}

function same(text: string | null, at: number | null): boolean {
  return (text === null ? null : Date.parse(text)) === at;
}
