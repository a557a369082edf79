import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { caseKeyOf, restsOn, type CaseWorld } from "../domain/case-key.ts";
import type { Facts, Key, Ref } from "../domain/facts.ts";
import { nameOf, recordKey } from "../domain/key.ts";
import { isRecordName, readNewestOfSites, resolveOfSites, type NamesBySite } from "./newest-facts.ts";

/** Longer chains of records that rest on one another are not followed: none that people write are. */
const mostSteps = 10;

/** Everything that the cases of these records depend on, read in as many rounds as the longest chain has records. */
export async function readCaseWorlds(db: Kysely<Database>, records: NamesBySite): Promise<Map<string, CaseWorld>> {
  const worlds = new Map([...records.keys()].map((site) => [site, new HeldWorld(site)]));
  let frontier = new Map([...records].map(([site, names]) => [site, [...new Set(names)]]));
  for (let step = 0; step < mostSteps && frontier.size > 0; step += 1) {
    const facts = await readNewestOfSites(db, frontier);
    const refs = new Map([...facts].map(([site, ofSite]) => [site, [...ofSite.values()].flatMap(restsOn)]));
    const resolved = await resolveOfSites(db, refs);
    const next = [...frontier].map(([site, names]) => {
      const found = worlds.get(site)?.take(names, facts.get(site), resolved.get(site)) ?? [];
      return [site, found] as const;
    });
    frontier = new Map(next.filter(([, names]) => names.length > 0).map(([site, names]) => [site, [...names]]));
  }
  return worlds;
}

export async function readCaseWorld(db: Kysely<Database>, site: string, records: readonly Key[]): Promise<CaseWorld> {
  return (await readCaseWorlds(db, new Map([[site, records]]))).get(site) ?? new HeldWorld(site);
}

class HeldWorld implements CaseWorld {
  readonly #held = new Map<Key, Facts | undefined>();
  readonly #resolved = new Map<Key, Key | undefined>();
  readonly #site: string;

  constructor(site: string) {
    this.#site = site;
  }

  /** Takes in what was read of these records, and returns those that they rest on and that are not held yet. */
  take(names: readonly Key[], facts: ReadonlyMap<Key, Facts> = new Map(), resolved: ReadonlyMap<Key, Key | undefined> = new Map()): Key[] {
    for (const name of names) this.#held.set(name, facts.get(name));
    for (const [name, record] of resolved) this.#resolved.set(name, record);
    const refs = [...facts.values()].flatMap(restsOn);
    return [...new Set(refs.map((ref) => this.resolve(ref)))].filter((name) => name !== undefined && !this.#held.has(name)) as Key[];
  }

  newest(name: Key): Facts | undefined {
    return this.#held.get(name);
  }

  resolve(ref: Ref): Key | undefined {
    return this.#resolved.get(nameOf(ref));
  }

  keyOf(name: Key): bigint {
    return recordKey(this.#site, name);
  }
}

/** The records of each case, by site: those whose case key it is. */
export async function listCaseRecords(db: Kysely<Database>, cases: NamesBySite): Promise<Map<string, Map<Key, Key[]>>> {
  const candidates = new Map([...cases].map(([site, keys]) => [site, new Set(keys)]));
  let frontier: NamesBySite = cases;
  for (let step = 0; step < mostSteps && frontier.size > 0; step += 1) {
    const linking = await listLinking(db, frontier);
    const next = new Map<string, Key[]>();
    for (const [site, names] of linking) {
      const known = candidates.get(site);
      const found = names.filter((name) => !known?.has(name));
      for (const name of found) known?.add(name);
      if (found.length > 0) next.set(site, found);
    }
    frontier = next;
  }
  const worlds = await readCaseWorlds(db, new Map([...candidates].map(([site, names]) => [site, [...names]])));
  return new Map(
    [...cases].map(([site, keys]) => {
      const records = new Map<Key, Key[]>(keys.map((key) => [key, []]));
      const world = worlds.get(site);
      for (const name of candidates.get(site) ?? []) if (world) records.get(caseKeyOf(world, name))?.push(name);
      return [site, records];
    }),
  );
}

/** Reports, orders and Tasks that name these records, by any of their names. */
async function listLinking(db: Kysely<Database>, names: NamesBySite): Promise<Map<string, Key[]>> {
  const keys = [...names].flatMap(([site, ofSite]) => ofSite.filter(isRecordName).map((name) => recordKey(site, name)));
  const { rows } = await sql<{ site: string; name: Key }>`
    with linking as materialized (
      select distinct source_key from link where role = 'about' and target_key = any(array(
        select unnest(${keys}::bigint[]) union select alias_key from alias where resource_key = any(${keys}::bigint[]))))
    select distinct site.name as site, record.type || '/' || record.id as name
    from linking join record on record.resource_key = linking.source_key join site on site.site_id = record.site_id
    where record.type in ('DiagnosticReport', 'ServiceRequest', 'MedicationRequest', 'Task')`.execute(db);
  return new Map([...Map.groupBy(rows, (row) => row.site)].map(([site, ofSite]) => [site, ofSite.map((row) => row.name)]));
}
