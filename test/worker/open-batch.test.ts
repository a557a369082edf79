import { expect, it } from "vitest";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import { recordKey } from "../../src/domain/key.ts";
import { normalise, type Normalised } from "../../src/normalise/normalise.ts";
import { OpenBatch } from "../../src/worker/open-batch.ts";
import { unpackBatch } from "../../src/worker/pack-batch.ts";
import { contextOf } from "../../src/worker/pull-all.ts";
import type { Refusal } from "../../src/worker/store-refusals.ts";
import { namesOf, versionKeyOf } from "../../src/worker/stored-version.ts";

const context = contextOf(siteConfig(loadConfig({ env: {} }), "north"));

const issued = "2026-03-01T11:00:00Z";

/** More than a batch usually holds, of many types, with and without what may be absent. */
const resources = Array.from({ length: 700 }, (_, place) => {
  const id = `r${String(place)}`;
  const meta = place % 2 === 0 ? { versionId: String(place), lastUpdated: `2026-03-02T10:00:${String(place % 60).padStart(2, "0")}Z` } : {};
  const subject = { reference: `Patient/p${String(place % 9)}` };
  const named = Array.from({ length: place % 4 }, (_, number) => ({ reference: `Observation/o${String(place + number)}` }));
  return [
    { resourceType: "DiagnosticReport", id, meta, status: place % 5 === 0 ? "entered-in-error" : "final", subject, issued, result: named },
    { resourceType: "AuditEvent", id, meta, recorded: issued, action: "R", entity: named.map((what) => ({ what })) },
    { resourceType: "Patient", id, meta, identifier: [{ system: "urn:mrn", value: `é${id}` }], link: [] },
    {
      resourceType: "Task",
      id,
      meta,
      status: "requested",
      for: subject,
      focus: { reference: `DiagnosticReport/${id}` },
      authoredOn: issued,
    },
  ];
}).flat();

const refusal = { type: "Task", code: "no-id", reason: "It has no id.", file: "a", line: 1, body: "{}", identity: "{}", names: [] };
const refused: Refusal = { ...refusal, patient: undefined, eventAt: undefined };

it("gives back of each version what was normalised, in its place", () => {
  const batch = new OpenBatch("north");
  const given = resources.map((resource) => ({ said: usable(normalise(resource, context)), body: JSON.stringify(resource) }));
  for (const { said, body } of given) batch.addVersion(said, body);
  const { arrivals } = unpackBatch(batch.pack());
  expect(arrivals.map(({ facts, body }) => [facts.toString(), body.toString()])).toEqual(
    given.map(({ said, body }) => [JSON.stringify(said.facts), body]),
  );
  expect(arrivals).toMatchObject(
    given.map(({ said: { key, facts, eventAt, latestAt } }) => ({
      key,
      type: facts.type,
      resourceKey: recordKey("north", key),
      lastUpdated: facts.lastUpdated ?? -Infinity,
      contentHash: facts.contentHash,
      eventAt,
      latestAt,
      patient: facts.patient?.key,
      voided: facts.voided ?? false,
      ...namesOf("north", facts),
    })),
  );
  expect(arrivals.some(({ eventAt, latestAt }) => eventAt !== latestAt && latestAt !== undefined)).toBe(true);
  given.forEach(({ said: { facts } }, place) => {
    if (facts.versionId !== undefined) expect(arrivals[place]?.versionKey).toBe(versionKeyOf(facts.versionId));
  });
  expect(new Set(arrivals.filter(({ standsAlone }) => standsAlone).map(({ type }) => type))).toEqual(new Set(["AuditEvent"]));
  expect(new Set(arrivals.filter(({ mayJoinPeople }) => mayJoinPeople).map(({ type }) => type))).toEqual(new Set(["Patient"]));
});

it("holds what is no version: refusals alone, and what was passed over, by type", () => {
  const batch = new OpenBatch("north");
  batch.addRefusal(refused);
  for (const type of ["Basic", "Basic", "Slot"]) batch.addSkipped(type);
  expect(batch.size).toBe(4);
  expect(unpackBatch(batch.pack())).toEqual({
    arrivals: [],
    refusals: [refused],
    skipped: new Map([
      ["Basic", 2],
      ["Slot", 1],
    ]),
  });
});

function usable(said: Normalised): Extract<Normalised, { kind: "facts" }> {
  if (said.kind !== "facts") throw new Error(`A resource of the test was ${said.kind}.`);
  return said;
}
