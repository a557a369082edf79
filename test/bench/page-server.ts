import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const [countText = "", latencyText = ""] = process.argv.slice(2);
const [count, latencyMs] = [Number(countText), Number(latencyText)];
const start = Date.parse("2026-01-01T00:00:00Z");
const stepMs = 250;
const mostAPage = 1_000;

/**
 * A FHIR server that costs next to nothing: so many AuditEvents, one every quarter of a second, made as they are asked for,
 * in the order of `_lastUpdated`, within its bounds, in pages. Prints its base URL; each page takes the latency given.
 */
const server: Server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", base());
  const body = JSON.stringify(answer(url));
  setTimeout(() => {
    response.writeHead(200, { "content-type": "application/fhir+json" });
    response.end(body);
  }, latencyMs);
});
server.listen(0, "127.0.0.1", () => console.log(base()));

function base(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(url: URL): unknown {
  if (url.pathname === "/metadata") {
    const resource = [{ type: "AuditEvent", interaction: [{ code: "search-type" }] }];
    return { resourceType: "CapabilityStatement", fhirVersion: "4.0.1", rest: [{ mode: "server", resource }] };
  }
  const { searchParams } = url;
  const [from, to] = placesOf(searchParams.getAll("_lastUpdated"));
  if (searchParams.get("_summary") === "count") return { resourceType: "Bundle", type: "searchset", total: Math.max(0, to - from) };
  const at = Math.max(from, Number(searchParams.get("at") ?? from));
  const end = Math.min(to, at + Math.min(mostAPage, Number(searchParams.get("_count") ?? mostAPage)));
  const entry = Array.from({ length: Math.max(0, end - at) }, (_, index) => ({ resource: auditEvent(at + index) }));
  searchParams.set("at", String(end));
  return { resourceType: "Bundle", type: "searchset", entry, ...(end < to && { link: [{ relation: "next", url: url.href }] }) };
}

/** Half-open, as numbers of AuditEvents. */
function placesOf(bounds: readonly string[]): [from: number, to: number] {
  let [from, to] = [0, count];
  for (const bound of bounds) {
    const place = Math.ceil((Date.parse(bound.slice(2)) - start) / stepMs);
    if (bound.startsWith("ge")) from = Math.max(from, place);
    if (bound.startsWith("lt")) to = Math.min(to, place);
  }
  return [from, to];
}

function auditEvent(number: number): unknown {
  const at = new Date(start + number * stepMs).toISOString();
  return {
    resourceType: "AuditEvent",
    id: `a${number}`,
    meta: { versionId: "1", lastUpdated: at },
    type: { system: "http://terminology.hl7.org/CodeSystem/audit-event-type", code: "rest" },
    subtype: [{ system: "http://hl7.org/fhir/restful-interaction", code: "read" }],
    action: "R",
    recorded: at,
    outcome: "0",
    agent: [{ requestor: true, who: { reference: `Practitioner/d${number % 400}` } }],
    source: { observer: { display: "EPR" } },
    entity: [{ what: { reference: `Patient/p${number % 20_000}` }, role: { code: "4" } }],
  };
}
