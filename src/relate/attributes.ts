import type { Actor, Key } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";
import type { Setting } from "../domain/verdict.ts";
import { currentVersion, newestVersion, type World } from "./world.ts";

const settings: Readonly<Record<string, Setting>> = {
  EMER: "emergency",
  IMP: "inpatient",
  ACUTE: "inpatient",
  NONAC: "inpatient",
  AMB: "outpatient",
  VR: "outpatient",
};

/** The class of an encounter in force at an instant: by its history, else its newest class; else, or not read, other. */
export function settingAt(world: World, encounter: Key | undefined, at: Instant): Setting {
  const facts = encounter === undefined ? undefined : currentVersion(world, encounter, "Encounter");
  const then = facts?.classHistory.findLast((each) => (each.from ?? -Infinity) <= at && at < (each.to ?? Infinity));
  return settings[(then?.code ?? facts?.classCode ?? "").toUpperCase()] ?? "other";
}

/** The role or organisation of the order's requester, else the encounter's provider, else `unassigned`. */
export function teamOf(world: World, orders: readonly Key[], encounter: Key | undefined): string {
  for (const order of orders) {
    const team = teamOfActor(world, newestVersion(world, order, "ServiceRequest", "MedicationRequest")?.requester);
    if (team !== undefined) return team;
  }
  const provider = encounter === undefined ? undefined : currentVersion(world, encounter, "Encounter")?.serviceProvider;
  return world.resolve(provider) ?? "unassigned";
}

/** The team that a role or an organisation stands for; a person alone stands for none. */
export function teamOfActor(world: World, actor: Actor | undefined): Key | undefined {
  const key = world.resolve(actor?.ref);
  return key !== undefined && (actor?.kind === "team" || key.startsWith("PractitionerRole/")) ? key : undefined;
}
