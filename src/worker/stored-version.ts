import type { Facts, Key } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";
import { hashParts, recordKey } from "../domain/key.ts";

/** One usable resource version on its way into the database. */
export interface Arrival {
  readonly key: Key;
  readonly facts: Facts;
  /** The whole resource, as JSON text. */
  readonly body: string;
  readonly eventAt: Instant | undefined;
  readonly latestAt: Instant | undefined;
}

export interface StoredVersion extends Arrival {
  readonly resourceKey: bigint;
  readonly versionKey: bigint;
}

/** Versions are told apart by their id; without one, by `lastUpdated` and content. */
export function toStoredVersion(site: string, arrival: Arrival): StoredVersion {
  const { facts } = arrival;
  const versionKey =
    facts.versionId === undefined
      ? hashParts("content", String(facts.lastUpdated ?? ""), facts.contentHash)
      : versionKeyOf(facts.versionId);
  return { ...arrival, resourceKey: recordKey(site, arrival.key), versionKey };
}

export function versionKeyOf(versionId: string): bigint {
  return hashParts("version", versionId);
}

/** What decides between two contents of one version id: the later `lastUpdated`, then the greater content hash. */
export interface VersionRank {
  readonly lastUpdated: Instant;
  readonly contentHash: string;
}

export function rankOf({ facts }: Arrival): VersionRank {
  return { lastUpdated: facts.lastUpdated ?? -Infinity, contentHash: facts.contentHash };
}

export function isNewer(one: VersionRank, other: VersionRank): boolean {
  return one.lastUpdated === other.lastUpdated ? one.contentHash > other.contentHash : one.lastUpdated > other.lastUpdated;
}
