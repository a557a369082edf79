import { sql } from "kysely";
import type { Key } from "../domain/facts.ts";
import { hashParts, recordKey } from "../domain/key.ts";
import { FhirFailure, isOfServer } from "../fhir/fhir-failure.ts";
import { readRecordHistory, type Given } from "../fhir/search.ts";
import type { WindowName } from "../store/open-window.ts";
import { workflowTypes } from "./pulled-types.ts";
import { noteFailed, takeInGiven, type ServerPull } from "./server-pull.ts";

/** A record as a search gave it. */
interface Current {
  readonly id: string;
  readonly versionId: number;
}

/**
 * Fetches the earlier versions of what a page gave, where they are wanted and not held: before the page is stored, for once
 * it is, nobody asks for them again.
 * @throws FhirFailure where the server as a whole no longer answers
 */
export async function pullMissingVersions(
  pull: ServerPull,
  type: string,
  page: readonly Given[],
  named: Set<Key>,
  owner?: WindowName,
): Promise<void> {
  if (!workflowTypes.has(type) || pull.capability.types.get(type)?.historyOfRecord !== true) return;
  const later = page.flatMap(({ resource: { id, meta } }): Current[] => {
    const versionId = Number((meta as { versionId?: unknown } | undefined)?.versionId);
    return typeof id === "string" && Number.isInteger(versionId) && versionId > 1 ? [{ id, versionId }] : [];
  });
  const missing = await withoutEarlier(pull, type, later);
  for (let start = 0; start < missing.length; start += pull.sideBySide) {
    const some = missing.slice(start, start + pull.sideBySide);
    const outcomes = await Promise.allSettled(some.map(({ id }) => pullVersions(pull, type, id, named, owner)));
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  }
}

/** Every version of one record. What fails is asked for again by the next pull; until then a time may be told by no version. */
export async function pullVersions(pull: ServerPull, type: string, id: string, named: Set<Key>, owner?: WindowName): Promise<void> {
  try {
    await takeInGiven(pull, `${type} history`, readRecordHistory(pull.server, type, id), named, { owner });
  } catch (error) {
    if (!(error instanceof FhirFailure) || isOfServer(error)) throw error;
    await noteFailed(pull, [{ what: "versions", name: `${type}/${id}` }], error);
  }
}

/** Those of which fewer versions are held than there were before this one, which itself may not be stored yet. */
async function withoutEarlier({ db, scope }: ServerPull, type: string, current: readonly Current[]): Promise<Current[]> {
  if (current.length === 0) return [];
  const keys = current.map(({ id }) => recordKey(scope.site.name, `${type}/${id}`));
  const versions = current.map(({ versionId }) => hashParts("version", String(versionId)));
  const { rows } = await sql<{ resource_key: bigint; versions: number }>`
    select held.resource_key, count(*)::integer as versions from resource_version as held
    join unnest(${keys}::bigint[], ${versions}::bigint[]) as given (resource_key, version_key)
      on given.resource_key = held.resource_key and given.version_key <> held.version_key
    group by held.resource_key`.execute(db);
  const held = new Map(rows.map((row) => [row.resource_key, row.versions]));
  return current.filter(({ versionId }, index) => (held.get(keys[index] ?? 0n) ?? 0) < versionId - 1);
}
