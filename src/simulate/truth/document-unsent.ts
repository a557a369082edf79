import type { Chart } from "../chart.ts";
import { DAY, type Instant } from "../london-time.ts";
import { letterRecord } from "../letter-record.ts";
import { diedBefore, earliest, type Expectation } from "./loop.ts";

/** A draft is to be sent; signed, it is a newer one, which is to be sent itself. */
export function documentUnsent(chart: Chart, now: Instant): Expectation[] {
  return chart.letters.flatMap((letter) => {
    const { kind, draftedAt, signedAt, sent, voidedAt } = letter;
    const written = [
      { opens: "document.drafted", at: draftedAt },
      { opens: "document.signed", at: signedAt },
    ].flatMap(({ opens, at }) => (at === undefined || at >= now ? [] : [{ opens, at }]));
    const sentAt = sent !== undefined && sent.at < now ? [sent.at] : [];
    return written.map(({ opens, at }, place): Expectation => ({
      signal: "document-unsent",
      subject: letterRecord(chart, letter),
      opens,
      openedAt: at,
      dueAt: at + (kind === "discharge-summary" ? 1 : 7) * DAY,
      metAt: earliest(sentAt, at),
      cancelledAt: written[place + 1]?.at,
      diedAt: diedBefore(chart, now),
      voidedAt,
      isVoid: voidedAt !== undefined && voidedAt < now,
      because: `A ${kind.replace("-", " ")} was written, and was to be sent`,
    }));
  });
}
