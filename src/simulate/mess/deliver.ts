import { rollDice, type Dice } from "../dice.ts";
import type { FhirRecord } from "../fhir/record.ts";

/** A line, and the file that it stands in. */
export interface Line {
  readonly file: string;
  readonly text: string;
}

/** So many lines wait to be shuffled: memory does not grow with the hospital. */
const shuffled = 4_000;

/** One file a type, in the order of patients; with declared mess some lines twice, in any order, over files of any types. */
export function* deliver(records: Iterable<FhirRecord>, seed: number, declared: number): Generator<Line> {
  if (declared === 0) {
    for (const { type, body } of records) yield { file: type, text: JSON.stringify(body) };
    return;
  }
  const dice = rollDice(seed, "delivery");
  const parts = 2 + declared;
  const waiting: string[] = [];
  for (const { body } of records) {
    const text = JSON.stringify(body);
    for (let copies = dice.chance(0.02 * declared) ? 2 : 1; copies > 0; copies -= 1) {
      waiting.push(text);
      if (waiting.length > shuffled) yield { file: `part-${dice.int(1, parts)}`, text: takeOne(dice, waiting) };
    }
  }
  while (waiting.length > 0) yield { file: `part-${dice.int(1, parts)}`, text: takeOne(dice, waiting) };
}

function takeOne(dice: Dice, from: string[]): string {
  const place = dice.int(0, from.length - 1);
  const taken = from[place] as string;
  from[place] = from[from.length - 1] as string;
  from.pop();
  return taken;
}
