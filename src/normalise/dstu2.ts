import { asObject, listObjects } from "./loose-json.ts";
import type { JsonObject } from "./loose-json.ts";

/** Types that later versions of FHIR do not know. */
const gone = new Set(["MedicationOrder", "DiagnosticOrder", "Order", "OrderResponse", "ProcessRequest"]);

/** Is the resource in the form of FHIR DSTU2, as far as its shape tells? */
export function isDstu2(type: string, json: JsonObject): boolean {
  if (gone.has(type)) return true;
  if (type === "AuditEvent") return asObject(json["event"]) !== undefined || json["participant"] !== undefined;
  if (type === "DiagnosticReport") return json["request"] !== undefined || json["diagnosis"] !== undefined;
  if (type === "Encounter") return typeof json["class"] === "string" && json["patient"] !== undefined;
  if (type === "Provenance") return listObjects(json["agent"]).some((agent) => agent["actor"] !== undefined);
  return type === "Communication" && json["requestDetail"] !== undefined;
}
