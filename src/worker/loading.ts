import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import type { AuditEventFacts, Facts, Key, ProvenanceFacts, Ref } from "../domain/facts.ts";
import { nameOf, recordKey } from "../domain/key.ts";
import { orderVersions } from "../domain/version-order.ts";
import { isRecordName, linksOf } from "../relate/links.ts";
import { refsOf } from "../relate/refs-of.ts";
import type { UrgencyRules } from "../relate/urgency-rules.ts";
import { typeOf, type World } from "../relate/world.ts";
import { anyOf } from "./any-of.ts";

/** A world read from the database, with what placing needs: who a patient is. */
export interface StoredWorld extends World {
  /** The key of a record (or of any other name), hashed once a name. */
  keyOf(name: Key): bigint;
  /** The key under which a person's events live: the least of those joined. */
  personKey(name: Key): bigint;
  /** The records asked for, by name. */
  readonly asked: ReadonlyMap<Key, bigint>;
}

/** Gathers what a batch of records may look at, round by round. */
export class Loading {
  readonly #db: Kysely<Database>;
  readonly #site: string;
  readonly #versions = new Map<Key, Facts[]>();
  readonly #keys = new Map<Key, bigint>();
  /** By another name: the records that bear it. */
  readonly #bearers = new Map<Key, Key[]>();
  readonly #persons = new Map<bigint, bigint>();
  readonly #patients = new Map<bigint, Key[]>();
  readonly #tried = new Set<Key>();
  /** Other names than records' that what is loaded names, and whose bearers have not been read. */
  readonly #unborne = new Set<Key>();

  constructor(db: Kysely<Database>, site: string) {
    this.#db = db;
    this.#site = site;
  }

  forget(name: Key): void {
    this.#keys.delete(name);
    this.#versions.delete(name);
  }

  /** A record's only version, which need not be stored; whoever it names by another name than a record's has been read already. */
  give(name: Key, key: bigint, facts: Facts): void {
    this.#keys.set(name, key);
    this.#versions.set(name, [facts]);
  }

  #add(name: Key, key: bigint, versions: Facts[]): void {
    this.#keys.set(name, key);
    this.#versions.set(name, versions);
    for (const facts of versions) {
      for (const ref of refsOf(facts)) {
        const named = nameOf(ref);
        if (!isRecordName(named) && !this.#bearers.has(named)) this.#unborne.add(named);
      }
    }
  }

  names(): Key[] {
    return [...this.#versions.keys()];
  }

  versions(name: Key): readonly Facts[] {
    return this.#versions.get(name) ?? [];
  }

  /** Every record named by what is loaded so far, itself loaded or not. */
  mentioned(): Key[] {
    const refs = [...this.#versions.values()].flat().flatMap(refsOf);
    return [...new Set([...this.names(), ...refs.map((ref) => this.#resolve(ref)).filter((name) => name !== undefined)])];
  }

  async readRecords(keys: readonly bigint[]): Promise<void> {
    if (keys.length === 0) return;
    const rows = await this.#db
      .selectFrom("resource_version")
      .innerJoin("record", "record.resource_key", "resource_version.resource_key")
      .select(["resource_version.resource_key", "record.type", "record.id", "resource_version.facts"])
      .where("resource_version.resource_key", "=", anyOf(keys))
      .execute();
    for (const [key, versions] of Map.groupBy(rows, (row) => row.resource_key)) {
      const [first] = versions;
      if (!first) continue;
      this.#add(`${first.type}/${first.id}`, key, orderVersions(versions.map((row) => row.facts)));
    }
    await this.#readBearers();
  }

  /** Records that references name, by whatever name. */
  async readNamed(refs: readonly Ref[]): Promise<void> {
    const names = refs.map((ref) => this.#resolve(ref)).filter((name) => name !== undefined);
    await this.readRecords(this.#untried(names));
  }

  /** Records that refer to these in a role, by any of their names. */
  async readSources(names: readonly Key[], role: string): Promise<void> {
    if (names.length === 0) return;
    const keys = names.map((name) => this.#keyOf(name));
    const rows = await sql<{ source_key: bigint }>`select distinct source_key from link
      where role = ${role} and target_key = any(array(select unnest(${keys}::bigint[]) union select alias_key from alias where resource_key = any(${keys}::bigint[])))`.execute(
      this.#db,
    );
    const loaded = new Set(this.names().map((name) => this.#keyOf(name)));
    await this.readRecords(rows.rows.map((row) => row.source_key).filter((key) => !loaded.has(key)));
  }

  async #readBearers(): Promise<void> {
    const unread = [...this.#unborne];
    if (unread.length === 0) return;
    this.#unborne.clear();
    for (const name of unread) this.#bearers.set(name, []);
    const byKey = new Map(unread.map((name) => [this.#keyOf(name), name]));
    const rows = await this.#db
      .selectFrom("alias")
      .select(["alias_key", "name", "resource_key"])
      .distinct()
      .where("alias_key", "=", anyOf([...byKey.keys()]))
      .execute();
    await this.#readPersonsOf(rows.map((row) => row.resource_key));
    for (const row of rows) this.#bearers.get(byKey.get(row.alias_key) ?? "")?.push(row.name);
    for (const name of unread) this.#bearers.get(name)?.sort();
  }

  /** The persons of every patient that is named, and of some more. */
  async readPersonKeys(patients = new Set<Key>()): Promise<Set<Key>> {
    for (const [name, versions] of this.#versions) {
      if (typeOf(name) === "Patient") patients.add(name);
      for (const { patient } of versions) {
        const resolved = this.#resolve(patient);
        if (resolved !== undefined) patients.add(resolved);
      }
    }
    await this.#readPersonsOf(Array.from(patients, (name) => this.#keyOf(name)));
    return patients;
  }

  /** The same, and every Patient that is one of them. */
  async readPersons(): Promise<void> {
    const names = await this.readPersonKeys();
    const persons = [...new Set(Array.from(names, (name) => this.#personKey(name)))];
    const { rows: members } = await sql<{
      person_key: bigint;
      name: string;
    }>`select person.person_key, 'Patient/' || record.id as name from person
        join record on record.resource_key = person.resource_key where person.person_key = any(${persons}::bigint[]) and record.type = 'Patient'
      union select resource_key, 'Patient/' || id from record where resource_key = any(${persons}::bigint[]) and type = 'Patient'`.execute(
      this.#db,
    );
    for (const row of members) this.#patients.set(row.person_key, [...(this.#patients.get(row.person_key) ?? []), row.name]);
    await this.readRecords(this.#untried(members.map((row) => row.name)));
  }

  async #readPersonsOf(keys: readonly bigint[]): Promise<void> {
    const rows = await this.#db
      .selectFrom("person")
      .select(["resource_key", "person_key"])
      .where("resource_key", "=", anyOf(keys))
      .execute();
    for (const row of rows) this.#persons.set(row.resource_key, row.person_key);
  }

  #untried(names: readonly Key[]): bigint[] {
    const fresh = [...new Set(names)].filter((name) => !this.#versions.has(name) && !this.#tried.has(name));
    for (const name of fresh) this.#tried.add(name);
    return fresh.map((name) => this.#keyOf(name));
  }

  #personKey(name: Key): bigint {
    const key = this.#keyOf(name);
    return this.#persons.get(key) ?? key;
  }

  /** Hashed once a name: a record is looked at many times. */
  #keyOf(name: Key): bigint {
    let key = this.#keys.get(name);
    if (key === undefined) this.#keys.set(name, (key = recordKey(this.#site, name)));
    return key;
  }

  /** A name borne by two who are not one person names neither; one that nobody bears stands for itself. */
  #resolve(ref: Ref | undefined): Key | undefined {
    if (!ref) return undefined;
    const name = nameOf(ref);
    if (isRecordName(name)) return name;
    const bearers = this.#bearers.get(name) ?? [];
    const [first] = bearers;
    if (first === undefined) return name;
    const person = this.#personKey(first);
    return bearers.every((bearer) => this.#personKey(bearer) === person) ? first : undefined;
  }

  world(rules: UrgencyRules, asked: readonly Key[]): StoredWorld {
    const resolve = (ref: Ref | undefined): Key | undefined => this.#resolve(ref);
    const reportsOf = this.#indexParts();
    const evidenceOn = this.#indexEvidence();
    return {
      rules,
      versions: (name) => this.versions(name),
      resolve,
      patientsOf: (patient) => [...new Set([patient, ...(this.#patients.get(this.#personKey(patient)) ?? [])])],
      reportsOf: (part) => reportsOf.get(part) ?? [],
      evidenceOn: (name) => evidenceOn.get(name) ?? [],
      keyOf: (name) => this.#keyOf(name),
      personKey: (name) => this.#personKey(name),
      asked: new Map(asked.map((name) => [name, this.#keyOf(name)])),
    };
  }

  #indexParts(): Map<Key, Key[]> {
    const reports = new Map<Key, Key[]>();
    for (const [name, versions] of this.#versions) {
      const named = versions.flatMap((version) =>
        version.type === "DiagnosticReport" && !version.deleted ? [...version.results, ...version.forms] : [],
      );
      const parts = new Set(named.map((ref) => this.#resolve(ref)));
      for (const part of parts) if (part !== undefined) reports.set(part, [...(reports.get(part) ?? []), name].sort());
    }
    return reports;
  }

  #indexEvidence(): Map<Key, (AuditEventFacts | ProvenanceFacts)[]> {
    const evidence = new Map<Key, (AuditEventFacts | ProvenanceFacts)[]>();
    for (const versions of this.#versions.values()) {
      const newest = versions.at(-1);
      if (!newest || newest.voided || (newest.type !== "AuditEvent" && newest.type !== "Provenance")) continue;
      const targets = new Set(
        linksOf(newest)
          .filter((link) => link.role === "who")
          .map((link) => this.#resolve({ key: link.target })),
      );
      for (const target of targets) if (target !== undefined) evidence.set(target, [...(evidence.get(target) ?? []), newest]);
    }
    return evidence;
  }
}
