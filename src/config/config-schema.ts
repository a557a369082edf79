import { z } from "zod";
import { accessKeys } from "./access-schema.ts";
import { defaultJoiningSystems } from "../domain/joining-systems.ts";
import { calendarSetting, signalSettings } from "../signals/site-settings.ts";
import {
  cronOrOff,
  eprLink,
  failures,
  fhirVersion,
  fixedDurationMs,
  httpUrl,
  identifierSystem,
  nonEmpty,
  origin,
  patient,
  requestsAtOnce,
  resourceId,
  resourceType,
  retention,
  serverUrl,
  shortName,
  teamMember,
  teamName,
  timeSpentMs,
  timeZone,
} from "./config-values.ts";

/** `group` belongs to level group, and only there: `sourceProblems` says so with the place. */
export const bulkSchema = z.strictObject({
  level: z.enum(["system", "patient", "group"], { error: "Write system (everything), patient (what is about patients) or group." }),
  group: resourceId.optional(),
  wait: fixedDurationMs.prefault("PT1H"),
  fileHosts: z.array(origin).default([]),
});

/** What is left out is as usual. */
const budgetSchema = z.strictObject({ time: timeSpentMs.optional(), failures: failures.optional() });

/** One of `folder` and `url`: `siteProblems` says so with the place, where it is neither or both. */
const source = z.strictObject({
  name: shortName,
  folder: nonEmpty.optional(),
  url: serverUrl.optional(),
  ...accessKeys,
  lag: fixedDurationMs.optional(),
  fhirVersion: fhirVersion.optional(),
  types: z.array(resourceType).optional(),
  bulk: bulkSchema.optional(),
  sideBySide: requestsAtOnce.optional(),
  budget: budgetSchema.optional(),
  counts: z.boolean({ error: "Write true or false." }).optional(),
  mirrors: nonEmpty.optional(),
});

/** What may be said for every site at once; a site's own goes over it. */
const signalKeys = {
  signals: signalSettings.default({}),
  ownSignals: nonEmpty.optional(),
  valueSets: nonEmpty.optional(),
  calendar: calendarSetting.optional(),
};

const schedule = z.union([
  z
    .literal("off", { error: "Write off, or keys with values (increment: …, reconcile: …), indented below." })
    .transform(() => ({ increment: "off", reconcile: "off" }) as const),
  z.strictObject({ increment: cronOrOff.prefault("0 * * * *"), reconcile: cronOrOff.prefault("30 1 * * *") }),
]);

export const siteSchema = z.strictObject({
  name: shortName,
  timeZone: timeZone.default("Europe/London"),
  sources: z.array(source).default([]),
  schedule: schedule.prefault({}),
  foreignBases: z.array(httpUrl).default([]),
  machineNames: z.array(nonEmpty).default([]),
  mapping: nonEmpty.optional(),
  joiningIdentifiers: z.array(identifierSystem).default([...defaultJoiningSystems]),
  blindAfter: fixedDurationMs.prefault("PT6H"),
  retention: retention.default("P2Y"),
  looksKept: retention.default("P8Y"),
  ...signalKeys,
  teams: z.record(teamName, z.array(teamMember)).default({}),
  testPatients: z.array(patient).default([]),
  eprLink: eprLink.optional(),
});

const allSites = z.strictObject(signalKeys);

export const configSchema = z.strictObject({ allSites: allSites.optional(), sites: z.array(siteSchema).default([]) });

export type SiteEntry = z.infer<typeof siteSchema>;
export type SignalsEntry = z.infer<typeof allSites>;
export type SourceEntry = z.infer<typeof source>;
