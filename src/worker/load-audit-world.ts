import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { AuditEventFacts, Key } from "../domain/facts.ts";
import type { UrgencyRules } from "../relate/urgency-rules.ts";
import { typeOf } from "../relate/world.ts";
import { Loading, type StoredWorld } from "./loading.ts";

/** AuditEvents say nothing of urgency. */
const noRules: UrgencyRules = { critical: new Set(), abnormal: new Set(), normal: new Set(), limits: [] };

/** An AuditEvent that need not be stored yet. */
export interface GivenAudit {
  readonly key: Key;
  readonly resourceKey: bigint;
  readonly facts: AuditEventFacts;
}

/**
 * What relating new AuditEvents may look at that name reports, Observations and patients only, each by its own name: the reports,
 * those that name the Observations, what tells whether these are results, and who is who. The events themselves are given: they
 * need not be stored.
 */
export async function loadAuditWorld(db: Kysely<Database>, site: string, audits: readonly GivenAudit[]): Promise<StoredWorld> {
  const loading = new Loading(db, site);
  for (const { key, resourceKey, facts } of audits) loading.give(key, resourceKey, facts);
  const asked = loading.names();
  const entities = audits.flatMap(({ facts }) => facts.entities);
  await loading.readNamed(entities.filter((entity) => typeOf(entity.key) === "DiagnosticReport"));
  const parts = new Set(entities.flatMap(({ key }) => (typeOf(key) === "Observation" ? [key] : [])));
  await loading.readSources([...parts], "part");
  // Where a report's category says that it is a result, its Observations are not asked.
  const unsaid = loading.names().flatMap((name) => {
    const reports = loading.versions(name).flatMap((version) => (version.type === "DiagnosticReport" && !version.deleted ? [version] : []));
    return reports.at(-1)?.nature === "result" ? [] : reports.flatMap((report) => report.results);
  });
  await loading.readNamed(unsaid);
  await loading.readPersonKeys();
  return loading.world(noRules, asked);
}
