import type { CapabilityStatement, CapabilityStatementRestResource } from "fhir/r4.js";
import { timeParamsOf } from "./time-params.ts";

/** What the server says of itself at `metadata`. */
export function capabilityStatement(
  types: readonly string[],
  base: string,
  fhirVersion: string,
  startedAt: number,
  offersExport: boolean,
): CapabilityStatement {
  return {
    resourceType: "CapabilityStatement",
    status: "active",
    date: new Date(startedAt).toISOString(),
    kind: "instance",
    software: { name: "Followthrough's small FHIR server" },
    implementation: { description: "Read-only, over a folder of FHIR files", url: base },
    // R4's own list of versions knows none of the others that a server may be told to speak.
    fhirVersion: fhirVersion as CapabilityStatement["fhirVersion"],
    format: ["application/fhir+json"],
    ...(offersExport && { instantiates: ["http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data"] }),
    rest: [
      {
        mode: "server",
        resource: types.map((type) => ({
          ...ofEveryType,
          type: type as CapabilityStatementRestResource["type"],
          searchParam: searchParamsOf(type),
          ...(offersExport && exportOf(type)),
        })),
        ...(offersExport && { operation: [{ name: "export", definition: definitionOf("export") }] }),
      },
    ],
  };
}

const ofEveryType = {
  interaction: [{ code: "read" }, { code: "vread" }, { code: "search-type" }, { code: "history-instance" }, { code: "history-type" }],
  versioning: "versioned",
  readHistory: true,
} satisfies Partial<CapabilityStatementRestResource>;

/** Of a type that can be exported by; nothing of others. */
function exportOf(type: string): Pick<CapabilityStatementRestResource, "operation"> {
  const definition = { Patient: "patient-export", Group: "group-export" }[type];
  return definition === undefined ? {} : { operation: [{ name: "export", definition: definitionOf(definition) }] };
}

function definitionOf(operation: string): string {
  return `http://hl7.org/fhir/uv/bulkdata/OperationDefinition/${operation}`;
}

function searchParamsOf(type: string): NonNullable<CapabilityStatementRestResource["searchParam"]> {
  return [{ name: "_id", type: "token" }, ...timeParamsOf(type).map((name) => ({ name, type: "date" as const }))];
}
