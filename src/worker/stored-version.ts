import type { Facts, Key } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";
import { hashParts, recordKey } from "../domain/key.ts";
import { aliasesSaid, linksOf, type Link } from "../relate/links.ts";

/**
 * One usable resource version on its way into the database, as it is written: what it says stands ready as text, so that no
 * object of it outlives the reading of its line, and it can be made in another thread. What storing asks of it is told beside.
 */
export interface StoredVersion extends VersionRank {
  readonly resourceKey: bigint;
  readonly versionKey: bigint;
  readonly key: Key;
  readonly type: Facts["type"];
  /** JSON of its `Facts`, in UTF-8. */
  readonly facts: Buffer;
  /** The whole resource, as JSON in UTF-8. */
  readonly body: Buffer;
  readonly eventAt: Instant | undefined;
  readonly latestAt: Instant | undefined;
  /** The patient whom it names. */
  readonly patient: Key | undefined;
  readonly voided: boolean;
  readonly links: readonly KeyedLink[];
  readonly aliases: readonly Alias[];
  /** Whether it may tell who is who. */
  readonly mayJoinPeople: boolean;
  /**
   * Whether an AuditEvent can be related as it arrives: it names reports, Observations and people only, each by its own name, and
   * nothing depends on it.
   */
  readonly standsAlone: boolean;
}

export interface KeyedLink extends Link {
  readonly targetKey: bigint;
}

/** Another name of a record, as some version gives it. */
export interface Alias {
  readonly aliasKey: bigint;
  readonly nameKey: bigint;
  readonly name: Key;
}

/** What it says, to be looked into. */
export function factsOf({ facts }: Pick<StoredVersion, "facts">): Facts {
  return JSON.parse(facts.toString("utf8")) as Facts;
}

/** What a version is linked with, and the other names that it gives. */
export function namesOf(site: string, facts: Facts): Pick<StoredVersion, "links" | "aliases"> {
  return {
    links: linksOf(facts).map(({ target, role }) => ({ target, role, targetKey: recordKey(site, target) })),
    aliases: keyAliases(site, aliasesSaid(facts)),
  };
}

export function keyAliases(site: string, said: ReturnType<typeof aliasesSaid>): Alias[] {
  return said.map(({ alias, name }) => ({ aliasKey: recordKey(site, alias), nameKey: recordKey(site, name), name }));
}

export function versionKeyOf(versionId: string): bigint {
  return hashParts("version", versionId);
}

/** What decides between two contents of one version id: the later `lastUpdated`, then the greater content hash. */
export interface VersionRank {
  /** `-Infinity` where it says none. */
  readonly lastUpdated: Instant;
  readonly contentHash: string;
}

export function isNewer(one: VersionRank, other: VersionRank): boolean {
  return one.lastUpdated === other.lastUpdated ? one.contentHash > other.contentHash : one.lastUpdated > other.lastUpdated;
}
