import type { Instant } from "./instant.ts";

const pattern = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/**
 * A whole RFC 3339 date and time with its zone (`2026-03-01T00:00:00Z`), fractions cut to milliseconds; undefined for
 * anything else. For what people write of coverage: what a record states is read by the normaliser, which is lenient.
 */
export function parseRfc3339(text: string): Instant | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  // Date.parse takes 30 February for 2 March. So many days has every month, and to look costs as much as all else; years below 100 are none.
  if (text.startsWith("00")) return undefined;
  if (Number(match[3]) > 28) {
    const day = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
    if (day.toISOString().slice(0, 10) !== text.slice(0, 10)) return undefined;
  }
  const at = Date.parse(text.toUpperCase());
  return Number.isNaN(at) ? undefined : at;
}
