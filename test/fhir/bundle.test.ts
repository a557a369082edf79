import { expect, test } from "vitest";
import { unroll } from "../../src/fhir/unroll.ts";

const bundle = (...entry: unknown[]): object => ({ resourceType: "Bundle", type: "collection", entry });
const resourcesOf = (value: unknown): unknown[] =>
  Array.from(unroll(value), (each) => ("resource" in each ? each.resource : each.unusable));

test("entries are unrolled in order, those of Bundles inside too, with the number of the outer entry", () => {
  const value = bundle(
    { resource: { resourceType: "Task", id: "1" } },
    { resource: bundle({ resource: { resourceType: "Task", id: "2" } }, { resource: { resourceType: "Task", id: "3" } }) },
  );
  expect([...unroll(value)]).toEqual([
    { entry: 1, resource: { resourceType: "Task", id: "1" } },
    { entry: 2, resource: { resourceType: "Task", id: "2" } },
    { entry: 2, resource: { resourceType: "Task", id: "3" } },
  ]);
});

test("references by urn become Type/id wherever they stand; unknown, disputed and idless ones are left", () => {
  const value = bundle(
    { fullUrl: "urn:uuid:AAAA-1", resource: { resourceType: "Patient", id: "p" } },
    { fullUrl: "urn:uuid:no-id", resource: { resourceType: "Patient" } },
    { fullUrl: "urn:uuid:twice", resource: { resourceType: "Task", id: "x" } },
    { fullUrl: "urn:uuid:twice", resource: { resourceType: "Task", id: "y" } },
    {
      resource: {
        resourceType: "Task",
        id: "t",
        for: { reference: "urn:uuid:aaaa-1" },
        input: [{ valueReference: { reference: "urn:uuid:aaaa-1", display: "urn:uuid:aaaa-1" } }],
        basedOn: [
          { reference: "urn:uuid:elsewhere" },
          { reference: "urn:uuid:no-id" },
          { reference: "urn:uuid:twice" },
          { reference: "Patient/q" },
        ],
      },
    },
  );
  expect(resourcesOf(value).at(-1)).toEqual({
    resourceType: "Task",
    id: "t",
    for: { reference: "Patient/p" },
    input: [{ valueReference: { reference: "Patient/p", display: "urn:uuid:aaaa-1" } }],
    basedOn: [
      { reference: "urn:uuid:elsewhere" },
      { reference: "urn:uuid:no-id" },
      { reference: "urn:uuid:twice" },
      { reference: "Patient/q" },
    ],
  });
});

test("a deletion is a resource that is gone, with its version and time as far as the entry tells", () => {
  const request = { method: "DELETE", url: "DiagnosticReport/d-1" };
  const value = bundle(
    { request, response: { status: "204", etag: 'W/"3"', lastModified: "2026-03-02T09:00:00Z" } },
    { request: { method: "DELETE", url: "https://x.example/fhir/Task/9/_history/2" } },
    {
      fullUrl: "https://x.example/fhir/Task/7",
      request: { method: "DELETE" },
      resource: { resourceType: "Task", id: "7", status: "draft" },
    },
    { request: { method: "DELETE", url: "Task?identifier=x|1" } },
  );
  expect([...unroll(value)]).toEqual([
    {
      entry: 1,
      resource: {
        resourceType: "DiagnosticReport",
        id: "d-1",
        meta: { versionId: "3", lastUpdated: "2026-03-02T09:00:00Z" },
        deleted: true,
      },
    },
    { entry: 2, resource: { resourceType: "Task", id: "9", meta: {}, deleted: true } },
    { entry: 3, resource: { resourceType: "Task", id: "7", meta: {}, deleted: true } },
    {
      entry: 4,
      unusable: { request: { method: "DELETE", url: "Task?identifier=x|1" } },
      reason: expect.stringContaining("export it with its resource") as string,
    },
  ]);
});

test("entries and elements that are no resources are unusable, each by itself; outcomes are resources", () => {
  const outcome = { resourceType: "OperationOutcome", issue: [] };
  const given = [{ resource: outcome, search: { mode: "outcome" } }, { response: { status: "201" } }, "text", { resource: { id: "1" } }];
  expect(resourcesOf(bundle(...given))).toEqual([outcome, { response: { status: "201" } }, "text", { id: "1" }]);
  expect(Array.from(unroll([1, null, outcome]), (each) => "resource" in each)).toEqual([false, false, true]);
});

test("a Bundle or an array of nothing is nothing, and one entry that is not in a list is an entry", () => {
  expect(resourcesOf({ resourceType: "Bundle", total: 0 })).toEqual([]);
  expect(resourcesOf([])).toEqual([]);
  expect(resourcesOf({ resourceType: "Bundle", entry: { resource: { resourceType: "Task", id: "1" } } })).toEqual([
    { resourceType: "Task", id: "1" },
  ]);
});

test.each([["patient smith"], [""], ["task"], [7], [undefined]])("a resourceType of %j is none", (resourceType) => {
  expect(Array.from(unroll({ resourceType }), (each) => "unusable" in each)).toEqual([true]);
});
