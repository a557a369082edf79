import { rollDice } from "./dice.ts";
import type { Hospital } from "./hospital.ts";

/** A time without a zone is taken as UTC: near enough for the order of arrival, and the same on every machine. */
function readTime(text: unknown): number {
  return typeof text !== "string" ? NaN : Date.parse(/T.*(Z|[+-]\d\d:\d\d)$/.test(text) || !text.includes("T") ? text : `${text}Z`);
}

/** When a source could first have read a resource: its `lastUpdated`, else the latest time that it carries itself. */
export function recordedAt(resource: Record<string, unknown>, otherwise: number): number {
  const meta = resource["meta"] as { lastUpdated?: string } | undefined;
  const carried = ["lastModified", "issued", "recorded", "authoredOn", "sent", "received", "created"].map((name) =>
    readTime(resource[name]),
  );
  const readable = (meta?.lastUpdated === undefined ? carried : [Date.parse(meta.lastUpdated)]).filter((at) => !Number.isNaN(at));
  return readable.length === 0 ? otherwise : Math.max(...readable);
}

export interface Arrival {
  /** Places, in `resources`, of versions that come at least one delivery after they were recorded. */
  readonly late: readonly number[];
  /** Stretches of coverage that the delivery of their time leaves out and a later one fills. */
  readonly withheld: readonly { readonly type: string; readonly from: number; readonly to: number }[];
}

/** What is late or withheld hangs on the hospital's seed alone, so that it can be counted; a delivery's seed says how late. */
export function planArrival(hospital: Pick<Hospital, "seed" | "resources" | "coverage" | "nows">): Arrival {
  const dice = rollDice(hospital.seed, 0x1a7e);
  const nows = hospital.nows.map((now) => Date.parse(now));
  const beforeLast = nows[nows.length - 2] ?? -Infinity;
  const late = hospital.resources.flatMap((resource, index) =>
    dice.chance(0.15) && recordedAt(resource, -Infinity) <= beforeLast ? [index] : [],
  );
  const withheld = Object.entries(hospital.coverage).flatMap(([type, intervals]) => {
    if (!dice.chance(0.3)) return [];
    const at = dice.pick(nows.slice(0, -1)) - dice.pick([0, 1, 3_600_000, 86_400_000]);
    const hidden = { type, from: at - dice.pick([1, 60_000, 7_200_000, 172_800_000]), to: at };
    return intervals.some(([from, to]) => Date.parse(from) < hidden.to && hidden.from < Date.parse(to)) ? [hidden] : [];
  });
  return { late, withheld };
}
