import { expect, test } from "vitest";
import { faultTable } from "../../../src/fhir-server/faults/fault-table.ts";
import type { Question } from "../../../src/fhir-server/faults/fault.ts";
import { planFaults, type FaultOptions } from "../../../src/fhir-server/faults/plan-faults.ts";
import { lines, serveFolder, task } from "../serve-folder.ts";
import { askWhole } from "./ask-raw.ts";

function question(target: string, page = 1, time = 1): Question {
  const [path = "", query = ""] = target.split("?");
  return { path, query: new URLSearchParams(query), target, first: target, page, time };
}

const questions = Array.from({ length: 300 }, (_, place) => question(`Task?_count=${place}`, 1 + (place % 3)));
const chosen = (options: FaultOptions, asked = questions): string[] => {
  const { choose } = planFaults(options);
  return asked.map(
    (each) =>
      `${each.target} ${choose(each)
        .map(({ name }) => name)
        .join(" ")}`,
  );
};

test("a seed does the same to a question, whatever was asked before; another seed, and another round, do something else", () => {
  expect(chosen({ seed: 7 }, questions.toReversed()).toReversed()).toEqual(chosen({ seed: 7 }));
  expect(chosen({ seed: 8 })).not.toEqual(chosen({ seed: 7 }));
  expect(chosen({ seed: 7, round: 1 })).not.toEqual(chosen({ seed: 7 }));
});

test("any five seeds one after another know every fault that a server always has", () => {
  const always = faultTable.filter(({ lasts }) => lasts === "always");
  const asked = [...questions, question("Task?_summary=count")];
  const known = [11, 12, 13, 14, 15].map((seed) => planFaults({ seed }));
  const befell = new Set(known.flatMap(({ choose }) => asked.flatMap((each) => choose(each).map(({ name }) => name))));
  expect(always.filter(({ name }) => !befell.has(name))).toEqual([]);
});

test("what befalls a question at times befalls it once, twice or as long as it is asked", () => {
  const { choose } = planFaults({ seed: 3, share: 1, only: ["server-error"] });
  const lasted = questions.map((each) => [1, 2, 3].filter((time) => choose({ ...each, time }).length > 0).length);
  expect([...new Set(lasted)].sort()).toEqual([1, 2, 3]);
});

test("its share of questions is befallen, and the rest is left alone", () => {
  const befallen = (share: number): number => chosen({ seed: 5, share, only: ["reset"] }).filter((each) => each.endsWith("reset")).length;
  expect([befallen(0), befallen(1)]).toEqual([0, questions.length]);
  expect(befallen(0.2)).toBeGreaterThan(30);
  expect(befallen(0.2)).toBeLessThan(90);
});

test("a fault that nobody knows is refused with the names of all", () => {
  expect(() => planFaults({ seed: 1, only: ["resett"] })).toThrow(/^There is no fault resett\. There are: count-cut, /);
});

test("a server can be started with faults of its own, and says what happened", async () => {
  const files = { "tasks.ndjson": lines(task("a", "2026-03-01T10:00:00Z")) };
  const server = await serveFolder(files, { faults: { seed: 1, share: 1, only: ["json-cut"] } });
  const answer = await askWhole(server.url, "Task");
  expect(() => JSON.parse(String(answer.body)) as unknown).toThrow();
  expect([...server.happened]).toEqual([["json-cut", 1]]);
});
