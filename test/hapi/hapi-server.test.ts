import { beforeAll, describe, expect, inject, test } from "vitest";
import { askHapi, emptyHapi } from "./ask-hapi.ts";
import { loadHospital } from "./load-hospital.ts";
import { countByStatus, type Loaded } from "./load-records.ts";

interface Version {
  readonly id: string;
  readonly status: string;
  readonly meta: { readonly versionId: string; readonly lastUpdated: string };
}

const base = inject("hapiBase");

async function search(query: string): Promise<Version[]> {
  const { status, body } = await askHapi("GET", `${base}/${query}`);
  expect(status).toBe(200);
  return ((body?.["entry"] ?? []) as { resource: Version }[]).map(({ resource }) => resource);
}

test("the server says that it is R4, and how AuditEvent may be asked for", async () => {
  const { status, body } = await askHapi("GET", `${base}/metadata`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ resourceType: "CapabilityStatement", fhirVersion: "4.0.1", software: { version: "8.8.0" } });
  const [{ resource: offered } = { resource: [] }] = body?.["rest"] as { resource: { type: string; interaction: { code: string }[] }[] }[];
  const codes = offered.find(({ type }) => type === "AuditEvent")?.interaction.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(["search-type", "history-instance", "history-type", "vread"]));
});

describe("with the site north", () => {
  let loaded: Loaded[];
  beforeAll(async () => {
    await emptyHapi(base);
    loaded = await loadHospital(base, "north");
  });

  test("it takes what R4 allows, and tells a new record from a new version", () => {
    expect(countByStatus(loaded)).toEqual({ 200: 29, 201: 443, 400: 7, 422: 4 });
  });

  test("history gives every version of a record, the newest first, and a version that says nothing new is none", async () => {
    const history = await search("Task/met-by-task/_history");
    expect(history.map(({ status, meta }) => [meta.versionId, status])).toEqual([
      ["2", "completed"],
      ["1", "requested"],
    ]);
    expect((await search("DiagnosticReport/read-twice/_history")).map(({ meta }) => meta.versionId)).toEqual(["1"]);
  });

  test("a search keeps both bounds of a window of lastUpdated, the lower one included", async () => {
    const tasks = await search("Task?_count=200");
    const times = [...new Set(tasks.map(({ meta }) => meta.lastUpdated))].toSorted();
    const [from, to] = [times[Math.floor(times.length / 3)]!, times[Math.floor((times.length * 2) / 3)]!];
    const within = tasks.filter(({ meta }) => from <= meta.lastUpdated && meta.lastUpdated < to).map(({ id }) => id);
    const [ge, lt] = [from, to].map(encodeURIComponent);
    const found = await search(`Task?_lastUpdated=ge${ge}&_lastUpdated=lt${lt}&_count=200`);
    expect(within.length).toBeGreaterThan(5);
    expect(within.length).toBeLessThan(tasks.length - 5);
    expect(found.map(({ id }) => id).toSorted()).toEqual(within.toSorted());
  });
});
