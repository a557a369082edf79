import type { Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { Key, Ref } from "../domain/facts.ts";
import { nameOf } from "../domain/key.ts";
import { isRecordName } from "../relate/links.ts";
import { refsOf } from "../relate/refs-of.ts";
import { mostMemberLevels } from "../relate/urgency.ts";
import type { UrgencyRules } from "../relate/urgency-rules.ts";
import { typeOf } from "../relate/world.ts";
import { Loading, type StoredWorld } from "./loading.ts";

/** Whose versions tell something about what names them. */
const namedByAnything =
  "DiagnosticReport Observation ServiceRequest MedicationRequest Encounter Patient DocumentReference Composition".split(" ");
const namedByReports = "Observation ServiceRequest MedicationRequest Encounter Patient Specimen".split(" ");

/** Reads what relating these records may look at, in a fixed number of rounds whatever their number. */
export async function loadWorld(db: Kysely<Database>, site: string, rules: UrgencyRules, keys: readonly bigint[]): Promise<StoredWorld> {
  const loading = new Loading(db, site);
  await loading.readRecords(keys);
  const asked = loading.names();
  await loading.readNamed(forward([...asked], loading, namedByAnything));
  const made = [...asked].filter((name) => ["Task", "ServiceRequest", "MedicationRequest"].includes(typeOf(name)));
  await loading.readSources(made, "who");
  const parts = loading.mentioned().filter((name) => ["Observation", "Binary", "DocumentReference"].includes(typeOf(name)));
  await loading.readSources(parts, "part");
  const reports = loading.names().filter((name) => typeOf(name) === "DiagnosticReport");
  await loading.readNamed(forward(reports, loading, namedByReports));
  for (let level = 0; level < mostMemberLevels; level += 1) {
    const observations = loading.names().filter((name) => typeOf(name) === "Observation");
    await loading.readNamed(forward(observations, loading, ["Observation"]));
  }
  await loading.readPersons();
  return loading.world(rules, asked);
}

/** What the versions of some records name, of certain types (or by an identifier, which may be of any). */
function forward(names: readonly Key[], loading: Loading, types: readonly string[]): Ref[] {
  return names
    .flatMap((name) => loading.versions(name).flatMap(refsOf))
    .filter((ref) => !isRecordName(nameOf(ref)) || types.includes(typeOf(nameOf(ref))));
}
