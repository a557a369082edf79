import { sql } from "kysely";
import type { Key } from "../domain/facts.ts";
import { recordKey } from "../domain/key.ts";
import { FhirFailure, isOfServer } from "../fhir/fhir-failure.ts";
import { readRecordHistory, type Given } from "../fhir/search.ts";
import { takeInGiven, type ServerPull } from "./server-pull.ts";

/** A record as a search gave it. */
interface Current {
  readonly id: string;
  readonly versionId: number;
}

/**
 * Fetches the earlier versions of records that a search gave in a later one, where they are not held already. What the
 * server does not give of them is no failure: a time that only they would tell is then not recorded.
 * @throws FhirFailure where the server as a whole no longer answers
 */
export async function pullVersions(pull: ServerPull, type: string, current: readonly Current[], named: Set<Key>): Promise<void> {
  for (const { id } of await withEarlier(pull, type, current)) {
    try {
      await takeInGiven(pull, `${type} history`, readRecordHistory(pull.server, type, id), named);
    } catch (error) {
      if (!(error instanceof FhirFailure) || isOfServer(error)) throw error;
    }
  }
}

/** Takes note of the records that are there in a later version than their first, as they pass. */
export async function* noteLaterVersions(given: AsyncIterable<Given>, later: Current[]): AsyncGenerator<Given> {
  for await (const each of given) {
    const { id, meta } = each.resource;
    const versionId = Number((meta as { versionId?: unknown } | undefined)?.versionId);
    if (typeof id === "string" && Number.isInteger(versionId) && versionId > 1) later.push({ id, versionId });
    yield each;
  }
}

async function withEarlier({ db, scope }: ServerPull, type: string, current: readonly Current[]): Promise<Current[]> {
  if (current.length === 0) return [];
  const keys = current.map(({ id }) => recordKey(scope.site.name, `${type}/${id}`));
  const { rows } = await sql<{ resource_key: bigint; versions: number }>`
    select resource_key, count(*)::integer as versions from resource_version where resource_key = any(${keys}::bigint[])
    group by resource_key`.execute(db);
  const held = new Map(rows.map((row) => [row.resource_key, row.versions]));
  return current.filter(({ versionId }, index) => (held.get(keys[index] ?? 0n) ?? 0) < versionId);
}
