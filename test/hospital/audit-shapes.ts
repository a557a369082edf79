import type { Instant } from "../../src/domain/instant.ts";
import { drawSpelling, write } from "./moments.ts";
import { refer } from "./references.ts";
import { put, draw, tally, type Evidence, type Json, type Ward } from "./ward.ts";

/** Who did it, as an AuditEvent may tell: a key and how it is spelled. */
export interface AuditActor {
  readonly key: string;
  readonly spelling: "reference" | "identifier" | "alt-id" | "name" | "display" | "empty";
}

/** What an AuditEvent is about, before it takes the shape of a profile or FHIR version. */
export interface AuditSpec {
  readonly at: Instant;
  readonly codes: readonly string[];
  readonly action?: string;
  readonly actor: AuditActor;
  /** Keys of records, `Type/id` or `Type/id/_history/n`. */
  readonly entities: readonly string[];
  readonly query?: string;
  readonly patient?: string;
  readonly evidence?: Evidence | undefined;
}

const LIFECYCLE = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";
const RESTFUL = "http://hl7.org/fhir/restful-interaction";
const lifecycle: readonly string[] = ["verify", "attest", "access", "transmit"];
const coding = (code: string): Json => ({ system: lifecycle.includes(code) ? LIFECYCLE : RESTFUL, code });
const rest = { system: "http://terminology.hl7.org/CodeSystem/audit-event-type", code: "rest" };

const outcomes = { success: 12, absent: 6, minor: 1, serious: 1, major: 1 };
const outcomeCodes = { success: "0", absent: undefined, minor: "4", serious: "8", major: "12" };

export function putAudit(ward: Ward, id: string, spec: AuditSpec): void {
  const shape = draw(ward, "encoding:audit", {
    "r4-machine-first": 4,
    "r4-person-only": 5,
    "r4-iso-21089": 3,
    "r4-no-requestor": 2,
    r5: 3,
    stu3: 3,
  });
  const outcome = draw(ward, "outcome", outcomes);
  const flags = shape !== "r4-no-requestor";
  const agents = [tellActor(ward, spec.actor, shape, flags)];
  const machine: Json = {
    who: { reference: "Device/interface-engine" },
    requestor: flags ? false : undefined,
    type: { coding: [{ system: "http://dicom.nema.org/resources/ontology/DCM", code: "110153" }] },
  };
  if (shape === "r4-machine-first" || shape === "r4-no-requestor") agents.unshift(machine);
  const entities = tellEntities(ward, spec, shape);
  const body: Json = {
    resourceType: "AuditEvent",
    ...tellTimes(ward, spec.at, shape),
    action: ward.dice.chance(0.9) ? spec.action : undefined,
    agent: agents,
    source: { observer: { display: "EPR" } },
  };
  const codes = spec.codes.map(coding);
  if (shape === "r5") {
    const patient = spec.patient === undefined || ward.dice.chance(0.3) ? undefined : refer(ward, spec.patient, body);
    Object.assign(body, {
      category: [{ coding: [rest] }],
      code: { coding: codes },
      patient,
      entity: entities,
      outcome:
        outcome === "absent"
          ? undefined
          : { code: { system: "http://hl7.org/fhir/issue-severity", code: outcome === "success" ? "success" : "error" } },
    });
  } else {
    const typed = shape === "r4-iso-21089" && codes.length === 1;
    Object.assign(body, {
      type: typed ? codes[0] : rest,
      subtype: typed ? undefined : codes,
      outcome: outcomeCodes[outcome],
      entity: entities,
    });
  }
  if (draw(ward, "audit-id", { told: 11, absent: 1 }) === "told") body["id"] = id;
  const meta = draw(ward, "audit-meta", { whole: 6, none: 2, "no-version-id": 1 });
  if (meta !== "none")
    body["meta"] = {
      versionId: meta === "whole" ? "1" : undefined,
      lastUpdated: write(ward, spec.at + ward.dice.pick([1, 1_000, 90_000])),
    };
  put(ward, body, spec.evidence);
}

function tellActor(ward: Ward, actor: AuditActor, shape: string, flags: boolean): Json {
  tally(ward, `actor-spelling:${actor.spelling}`);
  const identifier = ward.identifiers.get(actor.key);
  const human = { coding: [{ system: "http://terminology.hl7.org/CodeSystem/extra-security-role-type", code: "humanuser" }] };
  const type = ward.dice.chance(0.3) && !/^(Device|Patient|RelatedPerson|Organization)/.test(actor.key) ? human : undefined;
  if (shape === "stu3") {
    const known: Record<AuditActor["spelling"], Json> = {
      reference: { reference: refer(ward, actor.key) },
      identifier: { userId: identifier ?? { value: actor.key } },
      "alt-id": { altId: actor.key.split("/")[1] },
      name: { name: actor.key },
      display: { reference: { display: actor.key } },
      empty: {},
    };
    return { ...known[actor.spelling], role: type && [type], requestor: true };
  }
  // R5 has neither `altId` nor `name`: what they said stands in `who`.
  const spelling =
    shape !== "r5" ? actor.spelling : actor.spelling === "alt-id" ? "identifier" : actor.spelling === "name" ? "display" : actor.spelling;
  const who: Record<AuditActor["spelling"], Json> = {
    reference: { who: refer(ward, actor.key) },
    identifier: { who: { identifier: identifier ?? { value: actor.key } } },
    "alt-id": { altId: actor.key.split("/")[1] },
    name: { name: actor.key },
    display: { who: { display: actor.key } },
    empty: { who: {} },
  };
  return { ...who[spelling], type, requestor: flags ? true : undefined };
}

function tellTimes(ward: Ward, at: Instant, shape: string): Json {
  const told = draw(ward, "audit-time", { recorded: 10, "period-and-recorded": 4, "period-alone": 1, "long-period": 1 });
  const recorded =
    told === "recorded"
      ? write(ward, at, drawSpelling(ward))
      : told === "period-alone"
        ? undefined
        : write(ward, at + ward.dice.pick([1, 5_000, 60_000]));
  if (told === "recorded") return { recorded };
  const period = { start: write(ward, at - (told === "long-period" ? 3_600_000 : 1_000)), end: write(ward, at) };
  return shape === "r5"
    ? { recorded, occurredPeriod: period }
    : shape === "stu3"
      ? { recorded: recorded ?? write(ward, at) }
      : { recorded, period };
}

function tellEntities(ward: Ward, spec: AuditSpec, shape: string): Json[] {
  const named = spec.entities.map((key): Json => (shape === "stu3" ? { reference: refer(ward, key) } : { what: refer(ward, key) }));
  const role = (code: string): Json => ({ role: shape === "r5" ? { coding: [{ code }] } : { code } });
  const entities = named.map((entity) => ({ ...entity, ...(ward.dice.chance(0.5) ? role("4") : {}) }));
  if (spec.query !== undefined)
    entities.push({ ...(ward.dice.chance(0.5) ? role("24") : {}), query: Buffer.from(spec.query).toString("base64") });
  if (spec.patient === undefined) return entities;
  const identifier = ward.identifiers.get(spec.patient);
  const patient: Json = shape === "stu3" ? { reference: { reference: spec.patient } } : { what: { reference: spec.patient } };
  const told = draw(ward, "audit-patient", { "role-1": 8, "role-4": 1, "no-role": 2, identifier: 1, name: 1, absent: 4 });
  const spelled: Record<typeof told, Json[]> = {
    "role-1": [{ ...patient, ...role("1") }],
    "role-4": [{ ...patient, ...role("4") }],
    "no-role": [patient],
    identifier: [shape === "stu3" ? { identifier, ...role("1") } : { what: { identifier }, ...role("1") }],
    name: [{ name: spec.patient, ...role("1") }],
    absent: [],
  };
  return [...entities, ...spelled[told]];
}
