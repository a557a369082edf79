import { sql } from "kysely";
import type { Key } from "../domain/facts.ts";
import { recordKey } from "../domain/key.ts";
import { FhirFailure, isAboutContent, isOfServer } from "../fhir/fhir-failure.ts";
import { searchIds } from "../fhir/search.ts";
import type { WindowName } from "../store/open-window.ts";
import { isFetchable, noteFailed, takeInGiven, type ServerPull } from "./server-pull.ts";

/** Of records that nobody has, so many are remembered: then some are asked for twice rather than kept in memory. */
const mostAskedFor = 50_000;
/** URLs stay short enough for every proxy. */
const idsAtOnce = 50;

/**
 * Fetches by id what is named and nobody has sent yet, what that names (a report its result, that its patient, that a
 * practitioner), and so on, once the feeds have been read that may bring it. A record that the server does not have is asked
 * for once a pull; one that it fails to give, by the next pull again. Empties `named`.
 * @throws FhirFailure where the server as a whole no longer answers
 */
export async function pullReferenced(pull: ServerPull, named: Set<Key>, owner?: WindowName): Promise<void> {
  await pull.earlierRead;
  while (named.size > 0) {
    const missing = await findMissing(pull, [...named]);
    named.clear();
    for (const [type, names] of Map.groupBy(missing, typeOfName)) {
      for (let start = 0; start < names.length; start += idsAtOnce) {
        const ids = names.slice(start, start + idsAtOnce).map((name) => name.slice(type.length + 1));
        await fetchIds(pull, { type, ids, named, owner });
      }
    }
  }
}

async function findMissing(pull: ServerPull, named: readonly Key[]): Promise<Key[]> {
  const { db, scope, askedFor } = pull;
  const names = named.filter((name) => isFetchable(pull, name) && !askedFor.has(name));
  if (names.length === 0) return [];
  const keys = names.map((name) => recordKey(scope.site.name, name));
  const { rows } = await sql<{ resource_key: bigint }>`
    select distinct resource_key from resource_version where resource_key = any(${keys}::bigint[])`.execute(db);
  const held = new Set(rows.map((row) => row.resource_key));
  // Another window may have begun to ask for some of them meanwhile.
  const missing = names.filter((name, index) => !held.has(keys[index] ?? 0n) && !askedFor.has(name));
  if (askedFor.size > mostAskedFor) askedFor.clear();
  for (const name of missing) askedFor.add(name);
  return missing;
}

interface ToFetch {
  readonly type: string;
  readonly ids: readonly string[];
  readonly named: Set<Key>;
  /** The window that is read when also these are. */
  readonly owner: WindowName | undefined;
}

/**
 * A list that fails is asked for in halves: one record that a server trips over must not hide the others. Not one that
 * takes too long, or is refused whole: that would be so for each part.
 */
async function fetchIds(pull: ServerPull, toFetch: ToFetch): Promise<void> {
  const { type, ids, named, owner } = toFetch;
  try {
    await takeInGiven(pull, `${type} by id`, searchIds(pull.server, type, ids), named, { owner });
  } catch (error) {
    if (!(error instanceof FhirFailure) || isOfServer(error)) throw error;
    const isCut = ids.length > 1 && error.kind !== "slow" && (isAboutContent(error) || error.status === 400);
    if (!isCut) {
      const asked = ids.map((id) => ({ what: "record" as const, name: `${type}/${id}` }));
      await noteFailed(pull, asked, error);
      return;
    }
    const middle = Math.ceil(ids.length / 2);
    await fetchIds(pull, { ...toFetch, ids: ids.slice(0, middle) });
    await fetchIds(pull, { ...toFetch, ids: ids.slice(middle) });
  }
}

function typeOfName(name: Key): string {
  return name.slice(0, name.indexOf("/"));
}
