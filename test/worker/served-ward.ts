import { onTestFinished } from "vitest";
import { startFhirServer, type FhirServerOptions } from "../../src/fhir-server/start-fhir-server.ts";
import { makeFolder } from "../fhir/make-folder.ts";
import type { DisturbingProxy } from "./disturbing-proxy.ts";

const always = [["2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"]] as const;
const types = [
  "AuditEvent",
  "Communication",
  "DiagnosticReport",
  "Observation",
  "Patient",
  "Practitioner",
  "Provenance",
  "ServiceRequest",
  "Task",
];

export interface Ward extends Partial<FhirServerOptions> {
  /** The server's clock. */
  readonly at: string;
  readonly deleted?: readonly { readonly name: string; readonly at: string; readonly version: string }[];
  /** What it gives of a type; absent: everything. */
  readonly coverage?: Readonly<Record<string, readonly (readonly [string, string])[]>>;
  /** Absent: all that a ward has. */
  readonly offers?: readonly string[];
}

/** Puts these records behind a proxy, in place of what was there, for the length of one test. */
export async function serveWard(proxy: DisturbingProxy, resources: readonly object[], ward: Ward): Promise<void> {
  const { at, deleted = [], coverage = {}, offers = types, ...options } = ward;
  const entry = deleted.map(({ name, at: lastModified, version }) => ({
    request: { method: "DELETE", url: name },
    response: { lastModified, etag: `W/"${version}"` },
  }));
  const clock = (): number => Date.parse(at);
  const server = await startFhirServer({
    folder: makeFolder({
      "records.ndjson": resources.map((resource) => `${JSON.stringify(resource)}\n`).join(""),
      ...(entry.length > 0 && { "deleted.json": JSON.stringify({ resourceType: "Bundle", type: "history", entry }) }),
      "coverage.json": JSON.stringify({ ...Object.fromEntries(offers.map((type) => [type, always])), ...coverage }),
    }),
    clock,
    ...options,
  });
  onTestFinished(() => server.close());
  proxy.leadTo(server, clock);
  proxy.forget();
}
