import { listOf, objectOf, objectsWithin, isObject, textOf, type Json } from "./json.ts";
import { identifierKey, readReference, type Name } from "./references.ts";
import { newestOf, type History } from "./versions.ts";

/** Which records one name names, and which records are one person. */
export interface Naming {
  /** The canonical key that a name stands for: a record, an unread identifier, or nothing. */
  resolve(name: Name): string | undefined;
  /** The key of the person or the patient that a record is; the record itself for everything else. */
  personOf(key: string): string;
}

const registers = ["gmc-number", "nmc-number", "gdc-number", "hcpc-number"];
/** "The NHS number and the GMC, NMC, GDC and HCPC numbers." */
const joiningSystems = [
  "https://fhir.nhs.uk/Id/nhs-number",
  ...["https://fhir.hl7.org.uk/Id/", "https://fhir.nhs.uk/Id/"].flatMap((base) => registers.map((each) => base + each)),
];
/** Patients are joined with patients, staff with staff. */
const peopleTypes: Readonly<Record<string, string>> = { Patient: "patient", Practitioner: "staff", Person: "staff" };

export function nameEverything(histories: ReadonlyMap<string, History>, bodies: readonly Json[]): Naming {
  const bearers = bearersOfIdentifiers(histories, bodies);
  const joins = newJoins();
  for (const group of bearersThatJoin(histories).values()) {
    // "More than five ids on one identifier join none."
    if (group.length <= 5) for (const each of group) joins.join(group[0] ?? each, each);
  }
  for (const history of histories.values()) {
    if (history.type !== "Patient") continue;
    for (const link of linksOf(history)) {
      const other = resolve(link, bearers, joins.leastOf);
      if (other !== undefined) joins.join(history.key, other);
    }
  }
  return {
    resolve: (name) => resolve(name, bearers, joins.leastOf),
    personOf: (key) => {
      const resolvedKey = resolve({ ...readReference(undefined), key }, bearers, joins.leastOf) ?? key;
      return joins.leastOf(practitionerOf(resolvedKey, histories, (name) => resolve(name, bearers, joins.leastOf)));
    },
  };
}

/** "A PractitionerRole and its Practitioner are one person once the role is read." */
function practitionerOf(key: string, histories: ReadonlyMap<string, History>, find: (name: Name) => string | undefined): string {
  const role = histories.get(key);
  if (role?.type !== "PractitionerRole") return key;
  const { body } = newestOf(role);
  return find(readReference(body["practitioner"], body)) ?? key;
}

function resolve(name: Name, bearers: ReadonlyMap<string, ReadonlySet<string>>, leastOf: (key: string) => string): string | undefined {
  const { key } = name;
  if (key === undefined || !(key.startsWith("identifier:") || key.startsWith("urn:"))) return key;
  const all = [...(bearers.get(key) ?? [])].filter((each) => name.type === undefined || each.startsWith(`${name.type}/`));
  if (all.length === 0) return key;
  // "Borne by two people who are not joined, it names neither"; "borne by two ids of another type names neither".
  const [first = "", ...others] = all.sort();
  return others.every((each) => leastOf(each) === leastOf(first)) ? first : undefined;
}

/** "The resource itself, once read", and "a reference and an identifier side by side". */
function bearersOfIdentifiers(histories: ReadonlyMap<string, History>, bodies: readonly Json[]): Map<string, Set<string>> {
  const bearers = new Map<string, Set<string>>();
  const add = (identifier: string | undefined, key: string) => {
    if (identifier !== undefined) bearers.set(identifier, (bearers.get(identifier) ?? new Set()).add(key));
  };
  for (const history of histories.values()) {
    for (const each of currentIdentifiers(history)) {
      add(identifierKey(each), history.key);
      if (textOf(each["system"]) === "urn:ietf:rfc3986") add(textOf(each["value"])?.toLowerCase(), history.key);
    }
    // A `urn:uuid` is the record of that id, where the ids of the source are UUIDs.
    if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(history.id)) add(`urn:uuid:${history.id.toLowerCase()}`, history.key);
  }
  for (const body of bodies) {
    for (const each of objectsWithin(body)) {
      if (typeof each["reference"] !== "string" || !isObject(each["identifier"])) continue;
      const { key } = readReference({ reference: each["reference"] });
      if (key !== undefined && /^[A-Z]/.test(key)) add(identifierKey(each["identifier"]), key);
    }
  }
  return bearers;
}

function currentIdentifiers(history: History): Json[] {
  const newest = newestOf(history);
  if (newest.deleted) return [];
  return listOf(newest.body["identifier"])
    .map(objectOf)
    .filter((each) => !["old", "temp"].includes(textOf(each["use"]) ?? ""));
}

function bearersThatJoin(histories: ReadonlyMap<string, History>): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const history of histories.values()) {
    const group = peopleTypes[history.type];
    if (group === undefined) continue;
    for (const identifier of currentIdentifiers(history)) {
      const key = identifierKey(identifier);
      if (key === undefined || !joiningSystems.includes(textOf(identifier["system"]) ?? "") || !isCheckDigitRight(key)) continue;
      const held = groups.get(`${group} ${key}`) ?? [];
      if (!held.includes(history.key)) groups.set(`${group} ${key}`, [...held, history.key]);
    }
  }
  return groups;
}

/** NHS numbers carry a modulus-11 check digit; the registers' numbers carry none. */
function isCheckDigitRight(key: string): boolean {
  const [system = "", value = ""] = key.slice("identifier:".length).split("|");
  if (!system.endsWith("/nhs-number")) return true;
  if (!/^\d{10}$/.test(value)) return false;
  const sum = Array.from(value.slice(0, 9)).reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
  const check = (11 - (sum % 11)) % 11;
  return check !== 10 && check === Number(value[9]);
}

/** "`Patient.link` (`replaces`, `replaced-by`) in its newest version." */
function linksOf(history: History): Name[] {
  const newest = newestOf(history);
  if (newest.deleted) return [];
  return listOf(newest.body["link"])
    .map(objectOf)
    .filter((link) => ["replaces", "replaced-by"].includes(textOf(link["type"]) ?? ""))
    .map((link) => readReference(link["other"], newest.body))
    .filter((name) => name.type === undefined || name.type === "Patient");
}

function newJoins() {
  const groups = new Map<string, Set<string>>();
  return {
    join: (a: string, b: string): void => {
      const all = new Set([...(groups.get(a) ?? [a]), ...(groups.get(b) ?? [b])]);
      for (const each of all) groups.set(each, all);
    },
    leastOf: (key: string): string => {
      return [...(groups.get(key) ?? [key])].sort()[0] ?? key;
    },
  };
}
