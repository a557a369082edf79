import type { CapabilityStatement, CapabilityStatementRestResource } from "fhir/r4.js";
import { timeParamsOf } from "./time-params.ts";

/** What the server says of itself at `metadata`. */
export function capabilityStatement(types: readonly string[], base: string, fhirVersion: string, startedAt: number): CapabilityStatement {
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
    rest: [
      {
        mode: "server",
        resource: types.map((type) => ({
          ...ofEveryType,
          type: type as CapabilityStatementRestResource["type"],
          searchParam: searchParamsOf(type),
        })),
      },
    ],
  };
}

const ofEveryType = {
  interaction: [{ code: "read" }, { code: "vread" }, { code: "search-type" }, { code: "history-instance" }, { code: "history-type" }],
  versioning: "versioned",
  readHistory: true,
} satisfies Partial<CapabilityStatementRestResource>;

function searchParamsOf(type: string): NonNullable<CapabilityStatementRestResource["searchParam"]> {
  return [{ name: "_id", type: "token" }, ...timeParamsOf(type).map((name) => ({ name, type: "date" as const }))];
}
