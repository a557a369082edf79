import { describe, expect, test } from "vitest";
import { compareVersions } from "../../src/domain/version-order.ts";
import { normalise, normaliseDeletion } from "../../src/normalise/normalise.ts";
import { rankOfStatus } from "../../src/normalise/status-rank.ts";
import { at, context, factsOf } from "./normalise-example.ts";

const time = "2026-03-02T09:00:00Z";

describe("the content hash", () => {
  const hash = (members: object) => factsOf("Patient", members).contentHash;

  test("is the same whatever meta says, and in whatever order the keys come", () => {
    const first = hash({ gender: "female", name: [{ family: "A", given: ["B", "C"] }], meta: { versionId: "1" } });
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(hash({ meta: { versionId: "2", lastUpdated: time }, name: [{ given: ["B", "C"], family: "A" }], gender: "female" })).toBe(first);
  });

  test("is another where any content is, the order of a list and a meta within included", () => {
    const hashes = [
      { name: ["B", "C"] },
      { name: ["C", "B"] },
      { name: ["B,C"] },
      { name: "B" },
      { name: { meta: 1 } },
      { name: { meta: 2 } },
      {},
    ].map(hash);
    expect(new Set(hashes).size).toBe(7);
  });
});

test("statuses stand in the order of the design", () => {
  const rows =
    "draft, requested registered, partial preliminary, received, accepted, ready, active in-progress, on-hold, final, amended, completed, rejected, failed, cancelled revoked, entered-in-error";
  const ranks = rows.split(", ").map((row) => row.split(" ").map(rankOfStatus));
  expect(ranks).toEqual(ranks.map((row, rank) => row.map(() => rank)));
});

describe("the latest time of its own recording is the latest of", () => {
  test.each(["lastModified", "issued", "recorded", "authoredOn", "sent", "received", "created", "date", "recordedDate"])("%s", (name) => {
    expect(factsOf("Task", { status: "draft", created: "2020-01-01T00:00:00Z", [name]: time }).recordedAt).toBe(at(time));
  });

  test("the end of the execution of a completed Task, and of no other", () => {
    const members = { lastModified: time, executionPeriod: { end: "2026-03-02T10:00:00Z" } };
    expect(factsOf("Task", { status: "completed", ...members }).recordedAt).toBe(at("2026-03-02T10:00:00Z"));
    expect(factsOf("Task", { status: "failed", ...members }).recordedAt).toBe(at(time));
  });
});

test("versions without lastUpdated come before those with it, and are ordered by what they say themselves", () => {
  const versions = [
    factsOf("Task", { status: "completed", authoredOn: time, meta: { lastUpdated: "2026-01-01T00:00:00Z" } }),
    factsOf("Task", { status: "accepted", lastModified: "2026-03-03T09:00:00Z" }),
    factsOf("Task", { status: "completed", lastModified: time }),
    factsOf("Task", { status: "requested", lastModified: time }),
  ];
  expect(versions.toSorted(compareVersions).map(({ status }) => status)).toEqual(["requested", "completed", "accepted", "completed"]);
});

describe("labels", () => {
  const secured = (code: string) => ({
    meta: { security: [{ system: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", code }] },
  });
  test.each([
    ["restricted", secured("R"), ["restricted"]],
    ["very restricted", secured("V"), ["restricted"]],
    ["normal", secured("N"), undefined],
    ["R of some other system", { meta: { security: [{ code: "R" }] } }, undefined],
    ["test data by tag", { meta: { tag: [{ system: "http://terminology.hl7.org/CodeSystem/v3-ActReason", code: "HTEST" }] } }, ["test"]],
  ])("%s", (_, meta, labels) => {
    expect(factsOf("Patient", meta).labels).toEqual(labels);
  });
});

describe("a FHIR deletion", () => {
  const deletion = { resourceType: "Task", id: "t", meta: { lastUpdated: time, versionId: "4" }, deleted: true };

  test("voids the record, and says nothing else", () => {
    const result = normalise(deletion, context);
    expect(result).toEqual({
      kind: "facts",
      key: "Task/t",
      times: [at(time)],
      eventAt: at(time),
      latestAt: at(time),
      facts: {
        type: "Task",
        versionId: "4",
        lastUpdated: at(time),
        status: "",
        statusRank: 14,
        contentHash: result.kind === "facts" ? result.facts.contentHash : "",
        voided: true,
        deleted: true,
        intent: "",
        review: "absent",
        basedOn: [],
        names: [],
        outputs: [],
      },
    });
    expect(normaliseDeletion("Task", "t", at(time), "4")).toEqual(result);
  });

  test("may lack a time, and of a type that nothing uses is skipped", () => {
    expect(normaliseDeletion("Task", "t")).toMatchObject({ kind: "facts", facts: { deleted: true }, times: [] });
    expect(normalise({ ...deletion, resourceType: "Claim" }, context)).toEqual({ kind: "skipped", type: "Claim" });
  });
});

test("the times for coverage are recorded, issued, authoredOn, sent and lastUpdated; those for retention are all", () => {
  const json = {
    resourceType: "Task",
    id: "t",
    meta: { lastUpdated: "2026-03-02T09:05:00Z" },
    status: "accepted",
    authoredOn: "2026-03-01T09:00:00Z",
    lastModified: time,
    restriction: { period: { end: "2026-04-01T09:00:00Z" } },
  };
  const { facts: _, ...rest } = normalise(json, context) as { facts: unknown };
  expect(rest).toEqual({
    kind: "facts",
    key: "Task/t",
    times: [at("2026-03-01T09:00:00Z"), at("2026-03-02T09:05:00Z")],
    eventAt: at(time),
    latestAt: at("2026-04-01T09:00:00Z"),
  });
});
