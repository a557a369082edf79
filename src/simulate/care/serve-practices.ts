import { analytes } from "../analytes.ts";
import { assumed } from "../assumptions.ts";
import { emptyChart, type Chart, type Patient } from "../chart.ts";
import { rollDice, type Dice } from "../dice.ts";
import type { Hospital } from "../hospital.ts";
import { MINUTE, atHour, isWeekend, type Instant } from "../london-time.ts";

/** What goes wrong with the laboratory's systems for some days: `[from, to)`, counted in days. */
interface Spells {
  readonly drift: readonly [number, number];
  readonly dropped: readonly [number, number];
  readonly doubled: readonly [number, number];
  /** No courier came; then the samples of all who waited. */
  readonly strike: readonly [number, number];
}

/**
 * Patients of general practices whose blood the laboratory measures: values without a report here, for the practice keeps it.
 * They are many, so that a laboratory that drifts, drops values or sends everything twice shows in them.
 */
export function* servePractices(hospital: Hospital, draw: (dice: Dice, id: string) => Patient): Generator<Chart> {
  const { seed, beds } = hospital.options;
  const spells = drawSpells(hospital);
  const { samples, quiet } = assumed.practices.value;
  for (let day = hospital.start, number = 0; day < hospital.now; day = atHour(day, 0, 1), number += 1) {
    const dice = rollDice(seed, "practices", number);
    const [strikeAt, strikeOver] = spells.strike;
    const carried = number >= strikeAt && number < strikeOver ? (number === strikeOver - 1 ? 3 : 0) : 1;
    const count = Math.round(beds * samples * (isWeekend(day) ? quiet : 1) * carried * dice.between(0.9, 1.1));
    for (let place = 1; place <= count; place += 1) {
      const id = `g${number + 1}-${place}`;
      const own = rollDice(seed, "practice-patient", id);
      const chart = emptyChart(hospital, own, draw(own, id));
      sample(chart, day, number, spells);
      yield chart;
    }
  }
}

function sample({ dice, patient, samples }: Chart, day: Instant, number: number, { drift, dropped, doubled }: Spells): void {
  const { missing, repeated } = assumed.practices.value;
  const isIn = ([from, to]: readonly [number, number]): boolean => number >= from && number < to;
  const first = atHour(day, dice.between(8, 11));
  const again = dice.chance(isIn(doubled) ? repeated.doubled : repeated.usual) ? [first + dice.int(2, 480) * MINUTE] : [];
  for (const takenAt of [first, ...again]) {
    const reportedAt = takenAt + dice.int(90, 300) * MINUTE;
    for (const analyte of [analytes.potassium, analytes.crp]) {
      const isMissing = dice.chance(isIn(dropped) ? missing.dropped : missing.usual);
      const shift = analyte === analytes.potassium && isIn(drift) ? 0.5 : 0;
      const tenths = analyte === analytes.potassium ? dice.int(37, 50) / 10 + shift : dice.int(1, 5);
      samples.push({
        id: `${patient.id}-s${samples.length + 1}`,
        analyte,
        takenAt,
        reportedAt,
        ...(!isMissing && { value: Number(tenths.toFixed(1)) }),
      });
    }
  }
}

/** Most hospitals have each of them once, late enough that there is a history before it. */
function drawSpells(hospital: Hospital): Spells {
  const { seed, days } = hospital.options;
  const spell = (name: keyof Spells, least: number, most: number): readonly [number, number] => {
    const dice = rollDice(seed, "spell", name);
    if (!dice.chance(assumed.practices.value.spells)) return [0, 0];
    const from = Math.floor(days * dice.between(0.72, 0.9));
    return [from, from + dice.int(least, most)];
  };
  return { drift: spell("drift", 3, 9), dropped: spell("dropped", 1, 3), doubled: spell("doubled", 5, 10), strike: spell("strike", 2, 3) };
}
