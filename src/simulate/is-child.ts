import type { Instant } from "./london-time.ts";

/**
 * Under sixteen at an instant, or perhaps: of unknown age the stricter limits hold (signals.md, section 1). Of a month or a year of birth
 * alone the latest day that it allows counts.
 */
export function isChildAt({ birthDate }: { readonly birthDate: string }, at: Instant): boolean {
  const [, year, month, day] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(birthDate) ?? [];
  if (year === undefined) return true;
  const [months, days] = month === undefined ? [12, 1] : day === undefined ? [Number(month), 1] : [Number(month) - 1, Number(day)];
  return at < Date.UTC(Number(year) + 16, months, days);
}
