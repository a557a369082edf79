import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { enabledByDefault, readCatalogue, readSeriesCatalogue } from "../../src/signals/catalogue.ts";
import { hazards } from "../../src/signals/hazards.ts";
import { logicHash } from "../../src/signals/logic-hash.ts";
import { signalFaults } from "../../src/signals/signal-faults.ts";
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

  test("keeps the rules that are asked of every signal, a site's own included", () => {
    expect(signalFaults(file, signal.tier)).toEqual([]);
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

/** What calls off or excuses by the signal's own row of the specification; anything else is ours. */
const ofTheRow: Readonly<Record<string, readonly string[]>> = {
  "critical-uncommunicated": ["result.withdrawn"],
  "observation-late": ["encounter.ended"],
  "order-unresulted": ["order.revoked", "patient.died"],
  "referral-open": ["order.revoked", "patient.died"],
  "result-amended-unreviewed": ["result.withdrawn"],
  "result-no-action": ["result.withdrawn", "patient.died"],
  "result-unacknowledged": ["result.withdrawn"],
  "task-overdue": ["task.rejected", "task.failed", "task.cancelled"],
  "task-unaccepted": ["task.cancelled"],
  "trigger-fit": ["colonoscopy", "colorectal cancer", "total colectomy", "hospice care"],
  "trigger-iron-deficiency": [
    "ferritin",
    "colonoscopy",
    "thalassaemia",
    "pregnancy",
    "colorectal cancer",
    "total colectomy",
    "hospice care",
  ],
  "trigger-kidney": ["creatinine or eGFR"],
  "trigger-lung": ["lung cancer", "tuberculosis", "hospice care"],
};
const inWords: Readonly<Record<string, string>> = {
  "patient.died": "death",
  "order.revoked": "revoked",
  "order.completed": "completed",
  "result.withdrawn": "withdrawn",
};

test("what calls off or excuses beside the specification is said to be local", () => {
  const unsaid = catalogue.flatMap(({ signal: { id, loop, references } }) => {
    const local = references.map(({ title }) => title).filter((title) => title.startsWith("Local default"));
    const excuses = (loop?.unless ?? []).flatMap(({ where }) => (where?.code ?? []).map(({ title }) => title.replace(/^an? /, "")));
    return [...(loop?.cancels ?? []).flatMap(({ activity }) => activity), ...excuses]
      .filter((each) => !(ofTheRow[id] ?? []).includes(each))
      .filter((each) => !local.some((title) => title.includes(inWords[each] ?? each)))
      .map((each) => `${id}: ${each}`);
  });
  expect(unsaid).toEqual([]);
});

test("no version is locked that is newer than its signal, and none of a signal that is gone", () => {
  const newest = new Map(catalogue.map(({ signal }) => [signal.id, signal.version]));
  const astray = Object.entries(locked).flatMap(([id, hashes]) =>
    Object.keys(hashes).filter((version) => !(Number(version) <= (newest.get(id) ?? 0))),
  );
  expect(astray).toEqual([]);
});
