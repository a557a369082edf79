import type { Facts } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";
import { hashText } from "./content-hash.ts";
import type { Normalised } from "./normalised.ts";
import { highestRank } from "./status-rank.ts";

const noRecord = { actor: { kind: "unidentified" }, agentKinds: [] } as const;
const act = { code: { codings: [] }, basedOn: [], names: [] } as const;
const happening = { code: { codings: [] }, basedOn: [] } as const;
const party = { links: [] } as const;
const order = { intent: "", code: { codings: [] }, basedOn: [], names: [] } as const;

type Unsaid = { [T in Facts["type"]]: object };

/** What a version of each type says when it says nothing. */
const unsaid: Unsaid = {
  DiagnosticReport: {
    code: { codings: [] },
    nature: "unsaid",
    results: [],
    contained: {},
    performers: [],
    basedOn: [],
    forms: [],
    conclusionCritical: false,
    newsHash: "",
  },
  Observation: { categories: [], readings: [], members: [], basedOn: [] },
  ServiceRequest: order,
  MedicationRequest: order,
  Task: { intent: "", review: "absent", basedOn: [], names: [], outputs: [] },
  AuditEvent: { ...noRecord, success: false, operation: "other", entities: [], searched: [] },
  Provenance: { ...noRecord, targets: [], attests: false },
  Communication: act,
  Appointment: act,
  Procedure: act,
  CarePlan: act,
  Condition: happening,
  ImagingStudy: happening,
  Specimen: happening,
  DocumentReference: happening,
  Composition: happening,
  MedicationAdministration: happening,
  Encounter: { classHistory: [] },
  Patient: party,
  Practitioner: party,
  PractitionerRole: party,
  Person: party,
  RelatedPerson: party,
  Organization: party,
  CareTeam: party,
  HealthcareService: party,
};

export function isUsedType(type: string): type is Facts["type"] {
  return Object.hasOwn(unsaid, type);
}

/** A FHIR deletion (`_history`, bulk `deleted`): the record is voided, and nothing else is known of that version. */
export function normaliseDeletion(type: string, id: string, lastUpdated?: Instant, versionId?: string): Normalised {
  if (!isUsedType(type)) return { kind: "skipped", type };
  const facts = {
    ...unsaid[type],
    type,
    status: "",
    statusRank: highestRank,
    contentHash: hashText(`deleted ${type}/${id}`),
    voided: true,
    deleted: true,
    ...(lastUpdated === undefined ? {} : { lastUpdated }),
    ...(versionId === undefined ? {} : { versionId }),
  } as unknown as Facts;
  const key = `${type}/${id}`;
  if (lastUpdated === undefined) return { kind: "facts", key, facts, times: [] };
  return { kind: "facts", key, facts, times: [lastUpdated], eventAt: lastUpdated, latestAt: lastUpdated };
}
