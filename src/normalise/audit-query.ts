import type { Ref } from "../domain/facts.ts";
import { resourceTypes } from "../domain/resource-types.ts";
import { joinKey } from "./identifier.ts";
import { readReferenceText } from "./reference.ts";
import type { Resource } from "./resource.ts";
import { readParameters } from "./search-parameters.ts";

/** What a search, audited by its text, looked for. */
export interface AuditQuery {
  readonly types: readonly string[];
  readonly patient?: Ref;
}

const types: ReadonlySet<string> = new Set(resourceTypes);
const longestQuery = 20_000;
const base64 = /^[A-Za-z0-9+/_-]{8,}={0,2}$/;
// eslint-disable-next-line no-control-regex -- text with other control characters was no text
const unprintable = /[\u0000-\u0008\u000e-\u001f\ufffd]/;
/** The end of a request's path: a type, perhaps `_search`; before it, perhaps a patient's compartment. */
const searchPath = /(?:^|\/)([A-Z][A-Za-z]+)(?:\/_search)?\/?$/;
const compartmentPath = /(?:^|\/)Patient\/([^/]+)\/(?:[A-Z$])/;
/** `Observation?patient=p1`: so most searches look, and to read parameters one by one costs ten times this. */
const ofPatient = /^([A-Z][A-Za-z]+)\?(?:patient|subject)=([A-Za-z0-9.-]+)$/;
const requestLine = /^(?:(?:GET|POST|HEAD)\s+)?(\S*)/i;

/** Base64 as the specification says, else the plain text that some servers write. */
export function parseAuditQuery(resource: Resource, value: unknown): AuditQuery {
  if (typeof value !== "string" || value.length > longestQuery) return { types: [] };
  const text = decodeQuery(value);
  const usual = ofPatient.exec(text);
  if (usual?.[1] !== undefined) {
    const known = knownType(usual[1]);
    return { types: known === undefined ? [] : [known], patient: { key: `Patient/${usual[2] ?? ""}` } };
  }
  const url = requestLine.exec(text)?.[1] ?? "";
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  // The parameters of a search by POST follow its header lines.
  const parameters = readParameters(`${mark < 0 ? "" : url.slice(mark + 1)}&${readBody(text)}`);
  const type = knownType(searchPath.exec(path)?.[1]);
  const searched = listTypes(type, path.endsWith("/$everything"), parameters);
  const compartment = compartmentPath.exec(path)?.[1];
  const patient = compartment === undefined ? findPatient(resource, type, parameters) : { key: `Patient/${compartment}` };
  return patient === undefined ? { types: searched } : { types: searched, patient };
}

function decodeQuery(value: string): string {
  const packed = value.replace(/\s+/g, "");
  if (!base64.test(packed)) return value.trim();
  const text = Buffer.from(packed, "base64").toString("utf8");
  return unprintable.test(text) ? value.trim() : text.trim();
}

function readBody(text: string): string {
  const lines = text.split(/\r?\n/);
  return lines.length < 2 ? "" : (lines.findLast((line) => line.includes("=") && !/^[\w-]+:/.test(line))?.trim() ?? "");
}

function listTypes(type: string | undefined, everything: boolean, parameters: URLSearchParams): string[] {
  const included = parameters.getAll("_revinclude").map((each) => each.split(":")[0]);
  const asked = [...(parameters.get("_type") ?? "").split(","), type, ...included].map(knownType).filter((each) => each !== undefined);
  // A whole chart brings its results with it.
  return everything && asked.length === 0 ? ["DiagnosticReport", "Observation"] : [...new Set(asked)];
}

function knownType(text: string | undefined): string | undefined {
  return text !== undefined && types.has(text.trim()) ? text.trim() : undefined;
}

/** The one patient that the parameters name; several name none. */
function findPatient(resource: Resource, type: string | undefined, parameters: URLSearchParams): Ref | undefined {
  for (const [name, value] of parameters) {
    if (value === "" || value.includes(",")) continue;
    const [base, modifier] = name.split(/[.:]/);
    const isPatient = base === "patient" || base === "subject";
    if (isPatient && modifier === undefined) return readPatientValue(resource, value);
    if (isPatient && modifier === "Patient" && !name.includes(".")) return readPatientValue(resource, value);
    if (isPatient && (modifier === "identifier" || name.endsWith(".identifier"))) return readToken(value);
    if (type === "Patient" && name === "_id") return { key: `Patient/${value}` };
    if (type === "Patient" && name === "identifier") return readToken(value);
  }
  return undefined;
}

function readPatientValue(resource: Resource, value: string): Ref | undefined {
  if (!value.includes("/") && !value.startsWith("urn:") && !value.includes("|")) return { key: `Patient/${value}` };
  return readReferenceText(resource, value) ?? readToken(value);
}

function readToken(value: string): Ref | undefined {
  const [system, text, ...more] = value.split("|");
  return more.length > 0 || !system || !text ? undefined : { key: joinKey(system, text) };
}
