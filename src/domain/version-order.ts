import type { Facts } from "./facts.ts";
import type { Instant } from "./instant.ts";

/** Versions of one record, oldest first (`design.md`, Identity). */
export function orderVersions<T extends Facts>(versions: readonly T[]): T[] {
  return [...versions].sort(compareVersions);
}

/** By `lastUpdated` (those without it first), numeric version id, time of recording, rank of status, content hash. */
export function compareVersions(a: Facts, b: Facts): number {
  return (
    compareNumbers(a.lastUpdated, b.lastUpdated) ||
    compareNumbers(versionNumber(a), versionNumber(b)) ||
    compareNumbers(a.recordedAt, b.recordedAt) ||
    a.statusRank - b.statusRank ||
    (a.contentHash < b.contentHash ? -1 : a.contentHash > b.contentHash ? 1 : 0)
  );
}

function compareNumbers(a: number | undefined, b: number | undefined): number {
  return (a ?? -Infinity) === (b ?? -Infinity) ? 0 : (a ?? -Infinity) - (b ?? -Infinity);
}

/** The version id where it is a whole number. */
function versionNumber(version: Facts): number | undefined {
  return version.versionId !== undefined && /^\d{1,15}$/.test(version.versionId) ? Number(version.versionId) : undefined;
}

export interface VersionTime {
  readonly at: Instant;
  readonly precision: "instant" | "upper-bound";
}

/**
 * When a version came to be, by its `meta.lastUpdated`: exact only for version 1, or where the version before is held;
 * else what it says may have been true earlier (`design.md`, Imprecise times).
 */
export function versionTime(version: Facts, held: readonly Facts[]): VersionTime | undefined {
  if (version.lastUpdated === undefined) return undefined;
  const number = versionNumber(version);
  const exact = number !== undefined && (number === 1 || held.some((other) => versionNumber(other) === number - 1));
  return { at: version.lastUpdated, precision: exact ? "instant" : "upper-bound" };
}
