import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assumed } from "../../src/simulate/assumptions.ts";
import { drawDelay } from "../../src/simulate/draw-delay.ts";
import { rollDice } from "../../src/simulate/dice.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/simulator.md"), "utf8");
const cells = (line: string): string[] =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

test("docs/simulator.md lists every assumption with its source, as the code has it", () => {
  const listed = page
    .slice(page.indexOf("## What is assumed"))
    .split("\n")
    .filter((line) => /^\| `\w+`/.test(line))
    .map(cells);
  expect(listed).toEqual(Object.entries(assumed).map(([name, { says, source }]) => [`\`${name}\``, says, source]));
});

test("delays are drawn as their points say, and never where the points end", () => {
  const dice = rollDice("delays");
  const drawn = Array.from({ length: 20_000 }, () => drawDelay(dice, assumed.laboratoryAcknowledged.value) ?? Infinity);
  for (const [share, ms] of assumed.laboratoryAcknowledged.value) {
    expect(drawn.filter((delay) => delay < ms).length / drawn.length).toBeCloseTo(share, 1);
  }
  expect(drawn.filter((delay) => delay === Infinity).length / drawn.length).toBeCloseTo(0.06, 1);
});
