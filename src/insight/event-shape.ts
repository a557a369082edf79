import type { Facts } from "../domain/facts.ts";
import { readConcept, readConcepts } from "../normalise/concept.ts";
import { listObjects, textOf, type JsonObject } from "../normalise/loose-json.ts";

/** A code as a record gives it. */
export interface ShownCode {
  readonly system?: string;
  readonly code: string;
}

/** What records that we cannot place among the activities look like: codes and kinds alone, nothing of any patient. */
export interface EventShape {
  readonly from: "AuditEvent" | "Task" | "Provenance";
  /** By the elements of a mapping file. */
  readonly codes: Readonly<Record<string, readonly ShownCode[]>>;
  /** Resource types that it names, sorted; `identifier` for what is named by one alone. */
  readonly names: readonly string[];
}

/** The shape of what says nothing that we know: undefined where the record is understood, or of a type that tells in one way only. */
export function unmappedShape(json: JsonObject, facts: Facts): EventShape | undefined {
  if ((facts.says?.length ?? 0) > 0) return undefined;
  const secret = secretsOf(json);
  const codesOf = (...values: unknown[]): ShownCode[] => uniqueCodes(values.flatMap((value) => readCodes(value, secret)));
  if (facts.type === "AuditEvent") {
    if (facts.operation !== "other" || facts.lifecycle !== undefined) return undefined;
    const action = textOf(json["action"])?.toUpperCase();
    const codes = {
      type: codesOf(json["type"], json["category"]),
      subtype: codesOf(json["subtype"], json["code"]),
      action: action !== undefined && /^[A-Z]{1,10}$/.test(action) ? [{ code: action }] : [],
      "entity-type": codesOf(...listObjects(json["entity"]).map((entity) => entity["type"])),
    };
    const named = [...facts.entities.map(({ key }) => key), ...(facts.patient === undefined ? [] : ["Patient/"])];
    return { from: "AuditEvent", codes: withoutEmpty(codes), names: kindsOf(named) };
  }
  if (facts.type === "Task") {
    const names = kindsOf([facts.focus, ...facts.names].flatMap((ref) => ref?.key ?? []));
    if (facts.review !== "other" || facts.status !== "completed" || !names.includes("DiagnosticReport")) return undefined;
    const codes = { code: codesOf(json["code"]), "business-status": codesOf(json["businessStatus"]) };
    return { from: "Task", codes: withoutEmpty(codes), names };
  }
  if (facts.type === "Provenance") {
    const names = kindsOf(facts.targets.map(({ key }) => key));
    if (facts.attests || !names.includes("DiagnosticReport")) return undefined;
    return { from: "Provenance", codes: withoutEmpty({ activity: codesOf(json["activity"]) }), names };
  }
  return undefined;
}

function readCodes(value: unknown, secret: ReadonlySet<string>): ShownCode[] {
  const concepts = Array.isArray(value) ? readConcepts(value) : value === undefined ? [] : [readConcept(value)];
  return concepts.flatMap(({ codings }) =>
    codings.flatMap(({ system, code }) => {
      // A code is a short word of a vocabulary. What is not, or is the name of somebody in this record, is not shown.
      if (!/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,47}$/.test(code) || secret.has(code.toLowerCase())) return [];
      return [system !== undefined && /^[a-z][a-z0-9+.-]*:[^\s"'\\]{1,200}$/i.test(system) ? { system, code } : { code }];
    }),
  );
}

/** What names a person or a record here: ids, identifiers, names. A system that writes one where a code belongs must not bring it out. */
function secretsOf(json: JsonObject): Set<string> {
  const found = new Set<string>();
  const ahead: unknown[] = [json];
  for (let visited = 0; ahead.length > 0 && visited < 5_000; visited += 1) {
    const part = ahead.pop();
    if (typeof part !== "object" || part === null) continue;
    for (const [key, value] of Object.entries(part)) {
      if (typeof value === "object") ahead.push(value);
      else if (["id", "value", "altId", "name", "display", "reference"].includes(key)) {
        const text = String(value).toLowerCase();
        found.add(text).add(text.split("/").at(-1) ?? "");
      }
    }
  }
  return found;
}

function uniqueCodes(codes: readonly ShownCode[]): ShownCode[] {
  const byText = new Map(codes.map((code) => [`${code.system ?? ""}|${code.code}`, code]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, code]) => code);
}

function withoutEmpty(codes: Readonly<Record<string, readonly ShownCode[]>>): EventShape["codes"] {
  return Object.fromEntries(Object.entries(codes).filter(([, each]) => each.length > 0));
}

function kindsOf(keys: readonly string[]): string[] {
  return [...new Set(keys.map((key) => /^(?:.*\/)?([A-Z][A-Za-z]+)\/[^/|]*$/.exec(key)?.[1] ?? "identifier"))].sort();
}
