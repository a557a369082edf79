import { canonicalText } from "./json-value.ts";
import type { Unservable } from "./read-files.ts";
import type { DatedVersion, Version } from "./version.ts";

/** Every version that the server holds, in the orders in which it is asked for them. */
export interface Hospital {
  /** The newest version of each record that is not deleted, by `lastUpdated`, then id. */
  current(type: string): readonly Version[];
  /** Every version, newest first, deletions among them. */
  history(type: string): readonly Version[];
  /** The same of one record; empty where there is none. */
  versions(type: string, id: string): readonly Version[];
}

/** Identical versions are one. What cannot be told apart by its version id is one too: the later, and the other is a conflict. */
export function buildHospital(versions: readonly DatedVersion[]): { hospital: Hospital; conflicts: Unservable[] } {
  const conflicts: Unservable[] = [];
  const byType = new Map<string, Shelf>();
  for (const [type, ofType] of Map.groupBy(versions, (each) => each.type)) {
    const records = new Map<string, readonly Version[]>();
    for (const [id, ofRecord] of Map.groupBy(ofType, (each) => each.id)) {
      const kept = keepEachOnce(ofRecord, conflicts);
      records.set(id, kept.map(numberVersion).reverse());
    }
    const newest = [...records.values()].flatMap(([first]) => (first === undefined || first.deleted ? [] : [first]));
    byType.set(type, {
      records,
      current: newest.sort(byTimeThenId),
      // A stable sort: within one moment a record's versions stay newest first.
      history: [...records.values()].flat().sort((a, b) => b.lastUpdated - a.lastUpdated || compare(a.id, b.id)),
    });
  }
  const hospital: Hospital = {
    current: (type) => byType.get(type)?.current ?? [],
    history: (type) => byType.get(type)?.history ?? [],
    versions: (type, id) => byType.get(type)?.records.get(id) ?? [],
  };
  return { hospital, conflicts };
}

interface Shelf {
  readonly records: ReadonlyMap<string, readonly Version[]>;
  readonly current: readonly Version[];
  readonly history: readonly Version[];
}

/** Oldest first. */
function keepEachOnce(versions: DatedVersion[], conflicts: Unservable[]): DatedVersion[] {
  const oldestFirst = versions.sort(
    (a, b) => a.lastUpdated - b.lastUpdated || versionNumber(a) - versionNumber(b) || compare(a.body, b.body),
  );
  const kept = new Map<string, DatedVersion>();
  for (const each of oldestFirst) {
    const content = versions.length === 1 ? "" : contentOf(each);
    const key = each.versionId === undefined ? `content ${content}` : `version ${each.versionId}`;
    const before = kept.get(key);
    if (before !== undefined && contentOf(before) !== content) {
      conflicts.push({ ...before.place, reason: "Another content of the same record has its version id, and is newer." });
    }
    // Deleted first, so that the key stands where its newer version does.
    kept.delete(key);
    kept.set(key, each);
  }
  return [...kept.values()];
}

function contentOf({ deleted, body }: DatedVersion): string {
  return canonicalText({ deleted, resource: JSON.parse(body) as unknown });
}

/** A real server numbers the versions that it is given without a number. */
function numberVersion(version: DatedVersion, index: number): Version {
  return { ...version, versionId: version.versionId ?? String(index + 1) };
}

function versionNumber({ versionId = "" }: DatedVersion): number {
  return /^\d+$/.test(versionId) ? Number(versionId) : 0;
}

function byTimeThenId(a: Version, b: Version): number {
  return a.lastUpdated - b.lastUpdated || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
