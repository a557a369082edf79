import fc from "fast-check";
import { expect, test } from "vitest";
import type { FeedView, PatientView, SiteView } from "../../src/detect/detection.ts";
import { findGaps } from "../../src/detect/gaps.ts";
import { subtract, unite } from "../../src/domain/interval.ts";

const interval = fc.tuple(fc.nat(30), fc.integer({ min: 0, max: 8 })).map(([from, length]) => ({ from, to: from + length }));
const intervals = fc.array(interval, { maxLength: 8 }).map(unite);
const patient = { quarantined: { bySubject: new Map(), ofPatient: [] } } as unknown as PatientView;

test("the gaps of a window are what of it was not covered, or silent or unreadable, and nothing else", () => {
  fc.assert(
    fc.property(intervals, intervals, intervals, intervals, interval, (covered, silent, unreadable, outages, { from, to }) => {
      const feed: FeedView = { covered, silent, unreadable, outages };
      const view = { feeds: new Map([["AuditEvent", feed]]) } as unknown as SiteView;
      const { gaps, onlyTailIsOpen } = findGaps(view, patient, ["AuditEvent"], "r", from, to);
      const open = subtract([{ from, to }], subtract(covered, [...silent, ...unreadable]));
      expect(unite(gaps)).toEqual(open);
      if (open.length === 0) expect(onlyTailIsOpen).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
