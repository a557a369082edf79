import { Temporal } from "temporal-polyfill";
import type { Instant } from "../../src/domain/instant.ts";
import { draw, type Ward } from "./ward.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Where the rules turn: the limit itself, `early` (PT5M, PT1H) and `blindAfter` (PT6H), each with its neighbours. */
const offsets = {
  exactly: 0,
  "1ms-before": -1,
  "1ms-after": 1,
  "1min-before": -MINUTE,
  "1min-after": MINUTE,
  "5min-before": -5 * MINUTE,
  "5min-and-1ms-before": -5 * MINUTE - 1,
  "5min-after": 5 * MINUTE,
  "5min-and-1ms-after": 5 * MINUTE + 1,
  "1h-before": -HOUR,
  "1h-and-1ms-before": -HOUR - 1,
  "blind-after": 6 * HOUR,
  "blind-after-less-1ms": 6 * HOUR - 1,
  "blind-after-and-1ms": 6 * HOUR + 1,
} as const;

const anywhere = {
  exactly: 5,
  "1ms-before": 3,
  "1ms-after": 3,
  "1min-before": 3,
  "1min-after": 4,
  "5min-before": 2,
  "5min-and-1ms-before": 1,
  "5min-after": 1,
  "5min-and-1ms-after": 1,
  "1h-before": 2,
  "1h-and-1ms-before": 1,
  "blind-after": 1,
  "blind-after-less-1ms": 1,
  "blind-after-and-1ms": 1,
};

/** An instant on or next to one of the anchors. */
export function near(ward: Ward, anchors: readonly Instant[]): Instant {
  return ward.dice.pick(anchors) + offsets[draw(ward, "near", anywhere)];
}

/** A time for evidence about a loop: by the opening, by a due, or between them. */
export function nearLoop(ward: Ward, opening: Instant, dues: readonly Instant[]): Instant {
  const due = dues.length > 0 ? ward.dice.pick(dues) : opening + DAY;
  const where = ward.dice.weigh({ opening: 4, due: 4, between: 2 });
  if (where === "between") return opening + Math.floor(((due - opening) * ward.dice.int(1, 99)) / 100);
  return near(ward, [where === "opening" ? opening : due]);
}

/** A time for an opening: often on or next to another one, so that several loops share a limit. */
export function drawOpening(ward: Ward): Instant {
  const at =
    ward.openings.length > 0 && ward.dice.chance(0.4)
      ? near(ward, ward.openings)
      : ward.start + ward.dice.int(0, Math.floor(ward.span / MINUTE)) * MINUTE;
  ward.openings.push(at);
  return at;
}

/** The local midnight that starts, or ends, the day of an instant: where dates without a time turn. */
export function midnight(ward: Pick<Ward, "timeZone">, at: Instant, which: "start" | "end"): Instant {
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ward.timeZone).startOfDay();
  return (which === "start" ? day : day.add({ days: 1 })).epochMilliseconds;
}

type Spelling = "utc" | "offset" | "no-zone" | "date-only" | "month-only";

export function drawSpelling(ward: Ward): Spelling {
  return draw(ward, "time", { utc: 80, offset: 8, "no-zone": 7, "date-only": 4, "month-only": 1 });
}

/** Writes an instant as a record would. A spelling coarser than an instant loses the rest, as it does in the wild. */
export function write(ward: Pick<Ward, "timeZone">, at: Instant, spelling: Spelling = "utc"): string {
  if (spelling === "utc") return new Date(at).toISOString().replace(".000Z", "Z");
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(ward.timeZone);
  if (spelling === "offset") return `${local.toPlainDateTime().toString({ fractionalSecondDigits: 3 })}${local.offset}`;
  const text = local.toPlainDateTime().toString({ fractionalSecondDigits: 3 });
  return spelling === "no-zone" ? text : text.slice(0, spelling === "date-only" ? 10 : 7);
}
