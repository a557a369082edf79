import { sql } from "kysely";
import type { Key } from "../domain/facts.ts";
import { hashParts, recordKey } from "../domain/key.ts";
import { FhirFailure, isOfServer } from "../fhir/fhir-failure.ts";
import { readRecordHistory, type Given } from "../fhir/search.ts";
import { workflowTypes } from "./pulled-types.ts";
import { noteFailed, takeInGiven, type ServerPull } from "./server-pull.ts";

/** So many records are looked up together; more would be kept in memory while a busy window is read. */
const recordsAtOnce = 500;

/** A record as a search gave it. */
interface Current {
  readonly id: string;
  readonly versionId: number;
}

/**
 * Passes on what a search gave of a type whose versions are wanted, and fetches the earlier ones where they are not held.
 * @throws FhirFailure where the server as a whole no longer answers
 */
export async function* fetchingVersions(
  pull: ServerPull,
  type: string,
  given: AsyncIterable<Given>,
  named: Set<Key>,
): AsyncGenerator<Given> {
  const wantsVersions = workflowTypes.has(type) && pull.capability.types.get(type)?.historyOfRecord === true;
  let later: Current[] = [];
  for await (const each of given) {
    yield each;
    const { id, meta } = each.resource;
    const versionId = Number((meta as { versionId?: unknown } | undefined)?.versionId);
    if (wantsVersions && typeof id === "string" && Number.isInteger(versionId) && versionId > 1) later.push({ id, versionId });
    if (later.length < recordsAtOnce) continue;
    await pullMissing(pull, type, later, named);
    later = [];
  }
  await pullMissing(pull, type, later, named);
}

async function pullMissing(pull: ServerPull, type: string, later: readonly Current[], named: Set<Key>): Promise<void> {
  for (const { id } of await withoutEarlier(pull, type, later)) await pullVersions(pull, type, id, named);
}

/** Every version of one record. What fails is asked for again by the next pull; until then a time may be told by no version. */
export async function pullVersions(pull: ServerPull, type: string, id: string, named: Set<Key>): Promise<void> {
  try {
    await takeInGiven(pull, `${type} history`, readRecordHistory(pull.server, type, id), named);
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
