import type { Instant } from "../domain/instant.ts";
import type { ExportOrder } from "../store/bulk-export.ts";
import type { ExportedFeed } from "../store/bulk-feed.ts";

/** What others name, and what changes seldom: it may be older than everything that is asked for. */
const namedTypes: ReadonlySet<string> = new Set([
  "Organization",
  "HealthcareService",
  "CareTeam",
  "Practitioner",
  "PractitionerRole",
  "Person",
  "RelatedPerson",
  "Patient",
  "Encounter",
]);

export interface ExportPlan {
  readonly level: string;
  /** Empty: whatever the server has. */
  readonly wanted: readonly string[];
  /** Those that can be had one by one. */
  readonly searchable: ReadonlySet<string>;
  readonly exported: readonly ExportedFeed[];
  /** From where on a type is asked for that never was; -Infinity: everything. */
  readonly since: Instant;
  /** How far before the end of the last export the next one begins. */
  readonly overlapMs: number;
  /** The server's clock. */
  readonly until: Instant;
}

/**
 * The exports that bring what is new: one, for all that was last exported together. A type that an export failed to bring
 * is asked for from where it was complete, in an export of its own, so that the others are not exported from there again;
 * and after them, so that one that breaks off each time does not keep them from being read.
 */
export function planExports(plan: ExportPlan): ExportOrder[] {
  const { level, wanted, exported } = plan;
  if (wanted.length === 0) {
    const starts = exported.map((feed) => nextSince(plan, feed));
    return [{ level, types: [], since: starts.length === 0 ? plan.since : Math.min(...starts) }];
  }
  const byType = new Map(exported.map((feed) => [feed.type, feed]));
  const starts = wanted
    .map((type) => ({ type, since: sinceOf(plan, type, byType.get(type)) }))
    .sort((a, b) => (a.since === b.since ? 0 : a.since - b.since));
  const orders: { level: string; types: string[]; since: Instant }[] = [];
  for (const { type, since } of starts) {
    const last = orders.at(-1);
    // What was exported minutes apart goes together from then on.
    if (last !== undefined && (since === last.since || since - last.since <= plan.overlapMs)) last.types.push(type);
    else orders.push({ level, types: [type], since });
  }
  return orders.reverse().map(({ types, ...order }) => ({ ...order, types: wanted.filter((type) => types.includes(type)) }));
}

function sinceOf(plan: ExportPlan, type: string, feed: ExportedFeed | undefined): Instant {
  if (feed !== undefined) return nextSince(plan, feed);
  return namedTypes.has(type) && !plan.searchable.has(type) ? -Infinity : plan.since;
}

function nextSince({ overlapMs, until }: ExportPlan, { since, exportedUntil }: ExportedFeed): Instant {
  // A server that has set back its clock dates anew what it writes.
  if (exportedUntil - until > overlapMs) return since;
  return Math.max(exportedUntil - overlapMs, since);
}
