import type { Key } from "../domain/facts.ts";
import { nameOf } from "../domain/key.ts";
import type { Db } from "./db.ts";
import { readNewestFacts, readShownNames, resolveNames } from "./newest-facts.ts";

/** Where a patient was seen. */
export interface EncounterPlace {
  /** The newest class of the encounter, as its code: `IMP`, `EMER`, `AMB` … */
  readonly classCode?: string;
  /** What the organisation that provided it is called, else its key. */
  readonly provider?: string;
}

/** By the encounters given; one that has not been read is absent. */
export async function readEncounterPlaces(db: Db, site: string, encounters: readonly Key[]): Promise<Map<Key, EncounterPlace>> {
  const facts = await readNewestFacts(db, site, [...new Set(encounters)]);
  const found = [...facts].flatMap(([name, version]) => (version.type === "Encounter" ? [{ name, version }] : []));
  const providers = await resolveNames(
    db,
    site,
    found.flatMap(({ version }) => version.serviceProvider ?? []),
  );
  const called = await readShownNames(
    db,
    site,
    [...providers.values()].filter((name) => name !== undefined),
  );
  return new Map(
    found.map(({ name, version: { classCode, serviceProvider } }) => {
      const provider = serviceProvider && providers.get(nameOf(serviceProvider));
      return [
        name,
        { ...(classCode !== undefined && { classCode }), ...(provider !== undefined && { provider: called.get(provider) ?? provider }) },
      ];
    }),
  );
}
