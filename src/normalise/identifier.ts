import type { Identifier, Key } from "../domain/facts.ts";
import { nhsNumberSystem } from "../domain/joining-systems.ts";
import { asObject, listObjects, textOf } from "./loose-json.ts";

/** `system|value`; none without a system, for a bare number names something else at every source. */
export function identifierKey(value: unknown): Key | undefined {
  const identifier = asObject(value);
  const system = textOf(identifier?.["system"]);
  const text = textOf(identifier?.["value"]);
  return system === undefined || text === undefined ? undefined : joinKey(system, text);
}

/** NHS numbers are written with spaces and without: one number, one key. */
export function joinKey(system: string, value: string): Key {
  return `${system}|${system === nhsNumberSystem ? value.replace(/[\s-]/g, "") : value}`;
}

/** The identifiers of a person or organisation that have a system and a value. */
export function readIdentifiers(value: unknown, joiningSystems: readonly string[]): Identifier[] {
  const identifiers: Identifier[] = [];
  for (const each of listObjects(value)) {
    const key = identifierKey(each);
    if (key === undefined) continue;
    const system = textOf(each["system"]) ?? "";
    const use = textOf(each["use"])?.toLowerCase();
    const usable = use !== "old" && use !== "temp";
    const text = key.slice(system.length + 1);
    identifiers.push({
      key,
      system,
      value: text,
      usable,
      joins: usable && joiningSystems.includes(system) && hasRightCheckDigit(system, text),
    });
  }
  return identifiers;
}

/** Only NHS numbers among the defaults have a published check digit (modulus 11, NHS Data Dictionary). */
function hasRightCheckDigit(system: string, value: string): boolean {
  if (system !== nhsNumberSystem) return true;
  if (!/^\d{10}$/.test(value)) return false;
  let sum = 0;
  for (let place = 0; place < 9; place += 1) sum += Number(value[place]) * (10 - place);
  return (11 - (sum % 11)) % 11 === Number(value[9]);
}
