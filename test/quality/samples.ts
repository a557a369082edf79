import { dialects, usualStart, type DialectName, type Mess, type SimulateOptions } from "../../src/simulate/options.ts";

export const messKinds = ["none", "declared", "undeclared"] as const;
export type MessKind = (typeof messKinds)[number];

/** How many hospitals are simulated and scanned, and how large each is. */
export interface QualityPlan {
  readonly seeds: readonly number[];
  readonly days: number;
  readonly beds: number;
  readonly auditEvents: number;
  readonly dialects: readonly DialectName[];
  readonly mess: readonly MessKind[];
  /** Laboratories that serve practices, for so long that their series have a history: of some seeds, and no other patients. */
  readonly practices: { readonly seeds: readonly number[]; readonly days: number; readonly beds: number };
  /** Every dialect for every seed, instead of one after the other. */
  readonly isCrossed: boolean;
}

export interface Sample {
  readonly kind: MessKind;
  readonly options: SimulateOptions;
  /** Practices alone. */
  readonly isOfPractices?: true;
}

export const usualPlan: QualityPlan = {
  seeds: Array.from({ length: 20 }, (_, place) => place + 1),
  days: 40,
  beds: 3,
  auditEvents: 10,
  dialects,
  mess: messKinds,
  practices: { seeds: [3, 13], days: 165, beds: 10 },
  isCrossed: false,
};

/** Every so many seeds a small hospital is watched for so long that what has months falls due. */
const everyLong = 5;
const longDays = 100;

/** Each seed in each kind of mess; its degree, and where not crossed its dialect, turn with the seed. */
export function listSamples(plan: QualityPlan): Sample[] {
  const hospitals = plan.seeds.flatMap((seed) => {
    const own = plan.isCrossed ? plan.dialects : [plan.dialects[seed % plan.dialects.length] as DialectName];
    return own.flatMap((dialect) =>
      plan.mess.map((kind): Sample => {
        const { auditEvents } = plan;
        const isLong = seed % everyLong === 0 && plan.days === usualPlan.days;
        const [days, beds] = isLong ? [longDays, 1] : [plan.days, plan.beds];
        const start = Date.parse(`${usualStart}T00:00:00Z`);
        return { kind, options: { seed, days, beds, dialect, mess: messOf(kind, 1 + (Math.floor(seed / 4) % 3)), start, auditEvents } };
      }),
    );
  });
  const { seeds, days, beds } = plan.practices;
  const practices = seeds.flatMap((seed) =>
    plan.mess.map((kind): Sample => {
      const dialect = plan.dialects[seed % plan.dialects.length] as DialectName;
      const options = { seed, days, beds, dialect, mess: messOf(kind, 1), start: Date.parse(`${usualStart}T00:00:00Z`), auditEvents: 0 };
      return { kind, isOfPractices: true, options };
    }),
  );
  return [...hospitals, ...practices];
}

function messOf(kind: MessKind, degree: number): Mess {
  return { declared: kind === "declared" ? degree : 0, undeclared: kind === "undeclared" ? degree : 0 };
}
