import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openingActivities } from "../../src/domain/signal-activities.ts";
import type { Signal } from "../../src/domain/signal.ts";
import { enabledByDefault, readCatalogue, readSeriesCatalogue } from "../../src/signals/catalogue.ts";
import { hazards } from "../../src/signals/hazards.ts";
import { logicHash } from "../../src/signals/logic-hash.ts";
import { requiredFeeds } from "../../src/signals/required-feeds.ts";
import { runExample } from "../../src/signals/run-example.ts";
import versions from "../../src/signals/catalogue/versions.json" with { type: "json" };

/** Not the clock: a sheet that is due for review fails on the day this line is moved on. */
const today = "2026-11-22";
const catalogue = readCatalogue();
const locked: Readonly<Record<string, Readonly<Record<string, string>>>> = versions;

test("the default signals are there, and run by default", () => {
  const ids = [...catalogue, ...readSeriesCatalogue()].map(({ signal }) => signal.id);
  expect(ids).toEqual(expect.arrayContaining([...enabledByDefault]));
});

describe.each(catalogue.map((file) => ({ id: file.signal.id, file })))("$id", ({ id, file }) => {
  const { signal, examples } = file;

  test("stands in the file of its name, beside the schema that editors check it with", () => {
    const text = readFileSync(new URL(`../../src/signals/catalogue/${id}.yaml`, import.meta.url), "utf8");
    expect(text.split("\n").slice(0, 2)).toEqual(["# yaml-language-server: $schema=../signal.schema.json", `id: ${id}`]);
  });

  test("names hazards of the list, and references whose review lies ahead", () => {
    expect(signal.hazards.filter((hazard) => hazards[hazard] === undefined)).toEqual([]);
    expect(signal.references.filter(({ reviewBy }) => reviewBy <= today)).toEqual([]);
  });

  test("every limit says what it rests on: a reference, or that it is local", () => {
    const unfounded = (signal.loop?.limits ?? []).filter(
      ({ basis, duration }) =>
        basis !== "local default" && duration !== "due" && !signal.references.some(({ title }) => title.startsWith(basis)),
    );
    expect(unfounded).toEqual([]);
  });

  test("something feeds its openings and every one of its closings", () => {
    expect(requiredFeeds(signal).opening).not.toEqual([]);
    if (signal.loop || signal.sequence.without) expect(requiredFeeds(signal).closing).not.toEqual([]);
  });

  test.each(examples.map((example) => ({ name: example.name, example })))("$name", ({ example }) => {
    const { passed, explanation } = runExample(file, example);
    expect(passed, explanation).toBe(true);
  });

  test("its logic is that of its version", () => {
    const hash = logicHash(signal);
    const version = String(signal.version);
    const mend =
      locked[id]?.[version] === undefined
        ? `Version ${version} of ${id} is new: add "${version}": "${hash}" to it in src/signals/catalogue/versions.json, and leave the older ones.`
        : `The logic of ${id} has changed under version ${version}. Raise its version to ${String(signal.version + 1)} and add "${String(signal.version + 1)}": "${hash}" to it in src/signals/catalogue/versions.json.`;
    expect(locked[id]?.[version], mend).toBe(hash);
  });
});

/** A result's urgency is that of the Observations that it names. */
function restsOnObservations(signal: Signal): boolean {
  return (
    openingActivities(signal).some((activity) => activity.startsWith("result.")) && requiredFeeds(signal).attributes.includes("Observation")
  );
}

test("no version is locked that is newer than its signal, and none of a signal that is gone", () => {
  const newest = new Map(catalogue.map(({ signal }) => [signal.id, signal.version]));
  const astray = Object.entries(locked).flatMap(([id, hashes]) =>
    Object.keys(hashes).filter((version) => !(Number(version) <= (newest.get(id) ?? 0))),
  );
  expect(astray).toEqual([]);
});

describe.each(catalogue.filter(({ signal }) => signal.tier === "worklist").map((file) => ({ id: file.signal.id, file })))(
  "$id, shown to clinicians,",
  ({ file }) => {
    const { signal, examples } = file;
    const expected = examples.flatMap((example) => example.expect);

    test("has its full set of examples: every verdict, and a case that opens nothing or is met", () => {
      expect(examples.length).toBeGreaterThanOrEqual(8);
      expect([...new Set(expected.map(({ verdict }) => verdict))].sort()).toEqual([
        "cancelled",
        "late",
        "met",
        "missed",
        "pending",
        "unknown",
      ]);
    });

    test("shows each reason for which nobody could say", () => {
      const reasons = ["gap", "never-seen", ...(restsOnObservations(signal) ? ["observation-not-brought"] : []), "time-not-recorded"];
      expect([...new Set(expected.flatMap(({ reason }) => reason ?? []))].sort()).toEqual(reasons);
    });

    test("shows the boundary from both sides: missed as it falls due, pending a minute before", () => {
      const atBoundary = (verdict: string, earlierMs: number) =>
        examples
          .filter((example) =>
            runExample(file, example).actual.some((loop) => loop.verdict === verdict && loop.dueAt - example.now === earlierMs),
          )
          .map(({ name }) => name);
      expect(atBoundary("missed", 0)).not.toEqual([]);
      expect(atBoundary("pending", 60_000)).not.toEqual([]);
    });
  },
);
