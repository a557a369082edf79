import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { enabledByDefault, readSeriesCatalogue } from "../../src/signals/catalogue.ts";
import { hazards } from "../../src/signals/hazards.ts";
import { seriesHash } from "../../src/signals/logic-hash.ts";
import { runSeriesExample } from "../../src/signals/run-series-example.ts";
import versions from "../../src/signals/catalogue/series-versions.json" with { type: "json" };
import { seriesMutationsOf } from "./series-mutations.ts";

/** Not the clock: a sheet that is due for review fails on the day this line is moved on. */
const today = "2026-11-28";
const catalogue = readSeriesCatalogue();
const locked: Readonly<Record<string, Readonly<Record<string, string>>>> = versions;

test("series are surveillance, never work for a clinician; those of the feeds are on by default", () => {
  expect(catalogue.filter(({ signal }) => signal.tier !== "surveillance")).toEqual([]);
  expect(catalogue.map(({ signal }) => signal.id).filter((id) => enabledByDefault.includes(id))).toEqual(["feed-silence", "feed-surge"]);
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

  test("every rule says what it rests on: a reference, or that it is local", () => {
    const { rules } = signal.series;
    const isFounded = (basis: string): boolean =>
      basis === "local default" || signal.references.some(({ title }) => title.startsWith(basis));
    expect(rules.filter(({ basis }) => !isFounded(basis))).toEqual([]);
  });

  test("has examples that raise an alarm by each of its rules, and some that raise none", () => {
    const broken = new Set(examples.flatMap(({ alarms = [] }) => alarms.flatMap(({ breaks }) => breaks)));
    expect([...broken].sort()).toEqual([...new Set(signal.series.rules.map(({ rule }) => rule))].sort());
    expect(examples.filter(({ alarms }) => alarms?.length === 0).length).toBeGreaterThanOrEqual(2);
    expect(new Set(examples.map(({ name }) => name)).size).toBe(examples.length);
  });

  test.each(examples.map((example) => ({ name: example.name, example })))("$name", ({ example }) => {
    const { passed, explanation } = runSeriesExample(file, example);
    expect(passed, explanation).toBe(true);
  });

  test("its logic is that of its version", () => {
    const hash = seriesHash(signal.series);
    const mend = `Add "${signal.version}": "${hash}" to ${id} in src/signals/catalogue/series-versions.json; where the logic of a version has changed, raise its version first.`;
    expect(locked[id]?.[signal.version], mend).toBe(hash);
  });

  test.each(seriesMutationsOf(signal.series))("some example notices when $what", ({ series }) => {
    const mutant = { signal: { ...signal, series } };
    expect(examples.some((example) => !runSeriesExample(mutant, example).passed)).toBe(true);
  });
});
