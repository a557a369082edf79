import type { Coverage } from "../feeds.ts";
import { listFeeds } from "../feeds.ts";
import type { FhirRecord } from "../fhir/record.ts";
import type { Hospital } from "../hospital.ts";
import { rollDice } from "../dice.ts";
import { DAY, HOUR, MINUTE, type Instant } from "../london-time.ts";

/** How long after it happened a record may be stored: an export that knows it declares its outages so much longer. */
export const lag = 30 * MINUTE;

/** Reference data are exported whole; of the others each may fail by itself. */
const neverOut = ["Device", "Encounter", "Organization", "Patient", "Practitioner", "PractitionerRole"];

export interface Outage {
  readonly type: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** Once or twice a month and degree a feed is down for some hours; a bad month has days. */
export function planOutages(hospital: Hospital): Outage[] {
  const { seed, mess, days } = hospital.options;
  if (mess.declared === 0) return [];
  return listFeeds(hospital)
    .filter((type) => !neverOut.includes(type))
    .flatMap((type) => {
      const dice = rollDice(seed, "outages", type);
      const count = Math.floor((days / 30) * mess.declared * dice.between(0.3, 1.2) + dice.real());
      return Array.from({ length: count }, (): Outage => {
        const from = hospital.start + Math.floor((dice.real() * days * DAY) / MINUTE) * MINUTE;
        return { type, from, to: Math.min(hospital.now, from + dice.int(1, 4 * mess.declared ** 2) * HOUR) };
      });
    });
}

export function isOut(outages: readonly Outage[], { type, storedAt }: FhirRecord): boolean {
  return outages.some((outage) => outage.type === type && storedAt >= outage.from && storedAt < outage.to);
}

/** What coverage.json says: the whole time, less the outages. */
export function coverageOf(hospital: Hospital, outages: readonly Outage[]): Coverage {
  return Object.fromEntries(
    listFeeds(hospital).map((type) => {
      const gaps = outages.filter((outage) => outage.type === type).sort((one, other) => one.from - other.from);
      const covered: [Instant, Instant][] = [];
      let from = hospital.start;
      for (const gap of gaps) {
        if (gap.from - lag > from) covered.push([from, gap.from - lag]);
        from = Math.max(from, gap.to);
      }
      if (from < hospital.now) covered.push([from, hospital.now]);
      return [type, covered];
    }),
  );
}
