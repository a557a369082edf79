import { timeParamsOf } from "./time-params.ts";
import { toIso } from "./time-range.ts";

/** What the server says of itself at `metadata`. */
export function capabilityStatement(types: readonly string[], base: string, fhirVersion: string, startedAt: number): object {
  return {
    resourceType: "CapabilityStatement",
    status: "active",
    date: toIso(startedAt),
    kind: "instance",
    software: { name: "Followthrough's small FHIR server" },
    implementation: { description: "Read-only, over a folder of FHIR files", url: base },
    fhirVersion,
    format: ["application/fhir+json"],
    rest: [
      {
        mode: "server",
        resource: types.map((type) => ({
          type,
          interaction: ["read", "vread", "search-type", "history-instance", "history-type"].map((code) => ({ code })),
          versioning: "versioned",
          readHistory: true,
          searchParam: [{ name: "_id", type: "token" }, ...timeParamsOf(type).map((name) => ({ name, type: "date" }))],
        })),
      },
    ],
  };
}
