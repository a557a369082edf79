import type { Instant } from "../../src/domain/instant.ts";
import type { Json } from "./json.ts";
import type { Naming } from "./people.ts";
import { readReference, type Name } from "./references.ts";
import type { When } from "./times.ts";
import { newestBody, type History } from "./versions.ts";

/** Everything held of one site, as it stands for one scan. */
export interface World {
  readonly zone: string;
  readonly now: Instant;
  /** The retention line: what is older "does not exist for relate and detect". */
  readonly line: Instant;
  readonly histories: ReadonlyMap<string, History>;
  readonly naming: Naming;
  /** Whether the site has a feed of this type. */
  has(type: string): boolean;
}

export function historiesOf(world: World, ...types: string[]): History[] {
  return [...world.histories.values()].filter((each) => types.includes(each.type));
}

/** "Events later than `now` do not exist for that scan"; nor do those older than the retention line. */
export function exists(world: World, when: When): boolean {
  return when.at <= world.now && when.at >= world.line;
}

/** The record that a reference names, as one canonical key. */
export function keyNamed(world: World, value: unknown, container?: Json): string | undefined {
  return world.naming.resolve(readReference(value, container));
}

export function keyOfName(world: World, name: Name): string | undefined {
  return world.naming.resolve(name);
}

/** The person that a reference to a patient means; nothing where it names none (a group, a device, nobody). */
export function patientNamed(world: World, value: unknown, container?: Json): string | undefined {
  const name = readReference(value, container);
  const key = world.naming.resolve(name);
  if (key === undefined) return undefined;
  if (/^[A-Z]/.test(key)) return key.startsWith("Patient/") ? world.naming.personOf(key) : undefined;
  return name.type === undefined || name.type === "Patient" ? key : undefined;
}

/** The patient of a record, of its newest version. */
export function patientOf(world: World, history: History): string | undefined {
  if (history.type === "Patient") return world.naming.personOf(history.key);
  const body = newestBody(history);
  for (const field of ["subject", "patient", "for"]) {
    const patient = patientNamed(world, body[field], body);
    if (patient !== undefined) return patient;
  }
  return undefined;
}
