import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Facts, Key } from "../domain/facts.ts";
import type { UrgencyRules } from "../relate/urgency-rules.ts";
import { typeOf } from "../relate/world.ts";
import { Loading, type StoredWorld } from "./loading.ts";
import type { StoredVersion } from "./stored-version.ts";

/** AuditEvents say nothing of urgency. */
const noRules: UrgencyRules = { critical: new Set(), abnormal: new Set(), normal: new Set(), limits: [] };

/** Where AuditEvents that need not be stored are looked at one after another: none is kept in mind longer than that. */
export interface AuditWorld extends StoredWorld {
  /** In the place of the one before. */
  readonly put: (audit: Pick<StoredVersion, "key" | "resourceKey">, facts: Facts) => void;
}

/**
 * What relating new AuditEvents may look at that name reports, Observations and patients only, each by its own name: the reports,
 * those that name the Observations, what tells whether these are results, and who is who.
 */
export async function loadAuditWorld(
  db: Kysely<Database>,
  site: string,
  audits: readonly Pick<StoredVersion, "links" | "patient">[],
): Promise<AuditWorld> {
  const loading = new Loading(db, site);
  const named = new Set(audits.flatMap(({ links }) => links.map(({ target }) => target)));
  const ofType = (type: string): Key[] => [...named].filter((name) => typeOf(name) === type);
  await loading.readNamed(ofType("DiagnosticReport").map((key) => ({ key })));
  await loading.readSources(ofType("Observation"), "part");
  // Where a report's category says that it is a result, its Observations are not asked.
  const unsaid = loading.names().flatMap((name) => {
    const reports = loading.versions(name).flatMap((version) => (version.type === "DiagnosticReport" && !version.deleted ? [version] : []));
    return reports.at(-1)?.nature === "result" ? [] : reports.flatMap((report) => report.results);
  });
  await loading.readNamed(unsaid);
  await loading.readPersonKeys(new Set(audits.flatMap(({ patient }) => patient ?? [])));
  let last: Key | undefined;
  return {
    ...loading.world(noRules, []),
    put: ({ key, resourceKey }, facts) => {
      if (last !== undefined) loading.forget(last);
      loading.give(key, resourceKey, facts);
      last = key;
    },
  };
}
