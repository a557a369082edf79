import type { Instant } from "../../src/domain/instant.ts";
import type { Dice } from "./dice.ts";

export type Json = Record<string, unknown>;

/** What a seed may leave out altogether, so that it is never seen at the site. */
export type Evidence = "acknowledged" | "communicated" | "actioned" | "resulted" | "completed";

/** A hospital while it is being made. Every generator of a kind adds to it through `put`. */
export interface Ward {
  readonly seed: number;
  readonly dice: Dice;
  readonly timeZone: string;
  /** The first opening is not before this; `span` milliseconds hold nearly all of them. */
  readonly start: Instant;
  readonly span: number;
  readonly silent: ReadonlySet<Evidence>;
  readonly resources: Json[];
  readonly counts: Record<string, number>;
  /** Openings and dues so far: what later times, coverage edges and scans crowd around. */
  readonly openings: Instant[];
  readonly dues: Instant[];
  /** The identifier that a record bears, by its key (`Type/id`): other spellings of a reference need it. */
  readonly identifiers: Map<string, { readonly system: string; readonly value: string }>;
}

export function tally(ward: Pick<Ward, "counts">, name: string): void {
  ward.counts[name] = (ward.counts[name] ?? 0) + 1;
}

/** Draws a key and counts it as `prefix:key`. */
export function draw<K extends string>(ward: Ward, prefix: string, table: Readonly<Record<K, number>>): K {
  const key = ward.dice.weigh(table);
  // Rows never drawn count as none, so that a table with a dead row shows.
  for (const row of Object.keys(table)) ward.counts[`${prefix}:${row}`] ??= 0;
  tally(ward, `${prefix}:${key}`);
  return key;
}

/** Adds one resource version; evidence that this seed is silent about is left out, and counted as such. */
export function put(ward: Ward, resource: Json, evidence?: Evidence): void {
  if (evidence !== undefined && ward.silent.has(evidence)) return tally(ward, `left-out:${evidence}`);
  ward.resources.push(withoutGaps(resource) as Json);
  tally(ward, `type:${String(resource["resourceType"])}`);
}

/** Drops what is undefined, so that generators may write a field as `chance ? value : undefined`. */
function withoutGaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((each) => each !== undefined).map(withoutGaps);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([key, each]) => [key, withoutGaps(each)]),
  );
}
