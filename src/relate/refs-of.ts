import type { Facts, Ref } from "../domain/facts.ts";

/** Every reference of a version, wherever it stands. */
export function refsOf(facts: Facts): Ref[] {
  const found: Ref[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (isRef(value)) found.push(value);
    else for (const each of Object.values(value)) visit(each);
  };
  visit(facts);
  return found;
}

function isRef(value: object): value is Ref {
  return "key" in value && typeof value.key === "string" && !("joins" in value);
}
