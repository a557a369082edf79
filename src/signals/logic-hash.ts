import { hash } from "node:crypto";
import type { SeriesTemplate } from "../domain/series.ts";
import type { Limit, LoopTemplate, SequenceTemplate, Signal } from "../domain/signal.ts";

/**
 * A hash of what changes a verdict, and of nothing else: not of titles, bases and other prose, nor of the order in which
 * clauses and their values stand. The order of the limits counts, for the first row that matches does; so does that of steps.
 */
export function logicHash(signal: Pick<Signal, "loop" | "sequence">): string {
  const canonical = signal.loop ? canonicalLoop(signal.loop) : { sequence: signal.sequence satisfies SequenceTemplate | undefined };
  return hash("sha256", write(canonical), "hex").slice(0, 16);
}

function canonicalLoop(loop: LoopTemplate): object {
  return {
    opens: asSet(loop.opens),
    closes: asSet(loop.closes),
    cancels: asSet(loop.cancels),
    limits: loop.limits.map(withoutWords),
    unless: loop.unless && asSet(loop.unless),
    lapse: loop.lapse,
    grace: loop.grace,
    unlessToldWithinMs: loop.unlessToldWithinMs,
  };
}

/** The same of a series: not of what its rules rest on, nor of their order. */
export function seriesHash({ rules, ...series }: SeriesTemplate): string {
  return hash("sha256", write({ ...series, rules: asSet(rules.map(({ basis: _, ...rule }) => rule)).sort() }), "hex").slice(0, 16);
}

function withoutWords({ where, withinMs, working }: Limit): Pick<Limit, "where" | "withinMs" | "working"> {
  return { ...(where && { where }), ...(withinMs !== undefined && { withinMs }), ...(working && { working }) };
}

function asSet(clauses: readonly object[]): string[] {
  return clauses.map(write);
}

/** JSON with sorted keys and without what is undefined; lists of texts are sets, and sorted. */
function write(value: unknown): string {
  if (Array.isArray(value)) {
    const areTexts = value.every((each) => typeof each === "string");
    return `[${(areTexts ? value.toSorted() : value).map(write).join(",")}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`)
    .join(",")}}`;
}
