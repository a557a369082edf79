import { codingsOf, listOf, objectOf, textOf, type Json } from "./json.ts";
import { actingPerson, agentKinds, type Actor, type ActorKind } from "./actors.ts";
import { readReference } from "./references.ts";
import { exact, firstTime, readTime, type When } from "./times.ts";
import { isVoided, newestOf } from "./versions.ts";
import { historiesOf, keyOfName, patientNamed, type World } from "./world.ts";

interface Search {
  readonly type: string | undefined;
  readonly patients: readonly string[];
}

/** What one AuditEvent says, whichever FHIR version it speaks. */
export interface Audit {
  readonly body: Json;
  readonly when: When;
  readonly success: boolean;
  readonly actor: Actor;
  readonly agentKinds: readonly ActorKind[];
  readonly read: boolean;
  readonly searches: readonly Search[];
  readonly verifies: boolean;
  readonly change: "create" | "update" | "delete" | undefined;
  readonly entities: readonly { key: string; version: string | undefined }[];
}

export function readAudits(world: World): Audit[] {
  return historiesOf(world, "AuditEvent")
    .filter((history) => !isVoided(history))
    .map((history) => readAudit(world, newestOf(history).body))
    .filter((audit) => audit !== undefined);
}

function readAudit(world: World, body: Json): Audit | undefined {
  const { zone } = world;
  // "`period.end`, else `recorded`" (R5 `occurred[x]`).
  const when = firstTime(
    zone,
    objectOf(body["period"])["end"],
    objectOf(body["occurredPeriod"])["end"],
    body["occurredDateTime"],
    body["recorded"],
  );
  if (when === undefined) return undefined;
  const action = textOf(body["action"]);
  const subtypes = [...codingsOf(body["subtype"]), ...codingsOf(body["code"])];
  const types = [...codingsOf(body["type"]), ...codingsOf(body["category"]), ...subtypes];
  const says = (...codes: string[]) => subtypes.some((each) => codes.includes(each.code));
  const entities = listOf(body["entity"]).map(objectOf);
  // "With a `query` or a subtype `search…` it is a search."
  const isSearch = entities.some((each) => textOf(each["query"]) !== undefined) || subtypes.some((each) => each.code.startsWith("search"));
  const accesses = subtypes.some((each) => each.code === "access" && (each.system ?? "").includes("21089"));
  return {
    body,
    when,
    success: isSuccess(body),
    actor: actingPerson(world, body),
    agentKinds: agentKinds(world, body),
    read: !isSearch && (action === "R" || (action === undefined && (says("read", "vread") || accesses))),
    searches: isSearch ? readSearches(world, body, entities) : [],
    verifies: types.some((each) => ["verify", "attest"].includes(each.code) && (each.system ?? "").includes("21089")),
    change: isSearch ? undefined : changeOf(action, says),
    entities: entities.flatMap((entity) => {
      const name = readReference(whatOf(entity), body);
      const key = keyOfName(world, name);
      return key === undefined ? [] : [{ key, version: name.version }];
    }),
  };
}

/** "Success is `outcome` 0 or absent" (R5 `outcome.code`). */
function isSuccess(body: Json): boolean {
  const { outcome } = body;
  if (outcome === undefined || outcome === null) return true;
  const codes = typeof outcome === "object" ? codingsOf(objectOf(outcome)["code"]).map((each) => each.code) : [textOf(outcome) ?? "0"];
  return codes.every((code) => code === "0" || code === "success");
}

function changeOf(action: string | undefined, says: (...codes: string[]) => boolean): Audit["change"] {
  if (action === "C") return "create";
  if (action === "U") return "update";
  if (action === "D") return "delete";
  if (action !== undefined) return undefined;
  return says("create") ? "create" : says("update", "patch") ? "update" : says("delete") ? "delete" : undefined;
}

/** R4 `what`; STU3 `reference` or `identifier`. */
function whatOf(entity: Json): unknown {
  return entity["what"] ?? entity["reference"] ?? (entity["identifier"] === undefined ? undefined : { identifier: entity["identifier"] });
}

/** "Searches audited by query text (base64 in `entity.query`) are parsed: resource type and patient." */
function readSearches(world: World, body: Json, entities: readonly Json[]): Search[] {
  const patients = [...entities.map(whatOf), body["patient"]]
    .map((value) => patientNamed(world, value, body))
    .filter((each) => each !== undefined);
  const named = patients.filter((each) => each.startsWith("Patient/") || each.startsWith("identifier:"));
  const typeOfEntities = entities.map((each) => typeLevel(each)).find((each) => each !== undefined);
  const queries = entities.map((each) => textOf(each["query"])).filter((each) => each !== undefined);
  if (queries.length === 0) return [{ type: typeOfEntities, patients: named }];
  return queries.map(decodeQuery).map((query) => {
    const own = patientsOfQuery(world, query);
    return { type: typeOfQuery(query) ?? typeOfEntities, patients: own.length > 0 ? own : named };
  });
}

function decodeQuery(query: string): string {
  const decoded = Buffer.from(query, "base64").toString("utf8");
  const isText = /^[\x20-\x7e]+$/.test(decoded) && /[?=/]/.test(decoded);
  return isText ? decoded : query;
}

function typeOfQuery(query: string): string | undefined {
  const path = query.includes("=") && !query.includes("?") ? "" : (query.split("?")[0] ?? "");
  return path.split("/").findLast((each) => /^[A-Z][A-Za-z]+$/.test(each));
}

function typeLevel(entity: Json): string | undefined {
  const what = objectOf(whatOf(entity));
  const said = textOf(what["reference"]);
  const last = said?.split("?")[0]?.split("/").at(-1);
  return last !== undefined && /^[A-Z][A-Za-z]+$/.test(last) ? last : undefined;
}

function patientsOfQuery(world: World, query: string): string[] {
  const [path = "", text = query] = query.includes("?") ? query.split("?", 2) : query.includes("=") ? ["", query] : [query, ""];
  const compartment = /(?:^|\/)(Patient\/[A-Za-z0-9\-.]+)\//.exec(path)?.[1];
  const values = [...new URLSearchParams(text)].flatMap(([name, value]) => {
    if (["patient", "subject", "patient:Patient", "subject:Patient"].includes(name)) {
      return [value.includes("/") ? { reference: value } : { reference: `Patient/${value}` }];
    }
    if (
      ["patient.identifier", "subject.identifier", "patient:identifier", "subject:identifier", "subject:Patient.identifier"].includes(name)
    ) {
      return [{ type: "Patient", reference: `Patient?identifier=${encodeURIComponent(value)}` }];
    }
    return [];
  });
  return [...values, ...(compartment === undefined ? [] : [{ reference: compartment }])]
    .map((value) => patientNamed(world, value))
    .filter((each) => each !== undefined);
}

/** The time recorded, for "within 5 minutes of" comparisons. */
export function recordedAt(world: World, body: Json): When | undefined {
  const stated = readTime(body["recorded"], world.zone);
  return stated === undefined ? undefined : exact(stated);
}
