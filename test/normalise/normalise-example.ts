import type { Facts, OfType } from "../../src/domain/facts.ts";
import type { Instant } from "../../src/domain/instant.ts";
import { defaultJoiningSystems } from "../../src/domain/joining-systems.ts";
import { getDefaultMapping } from "../../src/normalise/read-mapping.ts";
import { normalise } from "../../src/normalise/normalise.ts";
import type { NormaliseContext, Normalised, Refused } from "../../src/normalise/normalise.ts";

export const context: NormaliseContext = {
  timeZone: "Europe/London",
  foreignBases: ["https://elsewhere.example/fhir"],
  machineNames: ["Integration Engine"],
  joiningSystems: defaultJoiningSystems,
  mapping: getDefaultMapping(),
};

/** The facts of one version; fails where there are none. */
export function factsOf<T extends Facts["type"]>(resourceType: T, members: object): OfType<T> {
  const result = normalise({ resourceType, id: "x", ...members }, context);
  if (result.kind !== "facts") throw new Error(`no facts: ${JSON.stringify(result)}`);
  return result.facts as OfType<T>;
}

export function refusalOf(resource: unknown): Refused {
  const result: Normalised = normalise(resource, context);
  if (result.kind !== "refused") throw new Error(`not refused: ${result.kind}`);
  return result;
}

export function at(text: string): Instant {
  return Date.parse(text);
}

export function exactly(text: string) {
  return { at: at(text), end: at(text), precision: "instant" };
}
