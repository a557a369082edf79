const whole = `id: small-signal
version: 1
tier: experimental
severity: low
title: A small signal
means: It stands for any other.
often-harmless: [Always.]
next-steps: [None.]
references:
  - { title: "Local default", review-by: 2027-04-01 }
hazards: [H-05]
loop:
  opens:
    - { activity: task.requested }
  closes:
    - { activity: task.completed }
  cancels: { activity: task.cancelled }
  limits:
    - { where: { priority: urgent }, within: P1D, basis: local default }
    - { within: P2D, basis: local default }
examples:
  - name: not done for two days
    now: 2026-03-04T09:00Z
    events:
      - { at: 2026-03-02T09:00Z, activity: task.requested, subject: Task/t }
    expect: { verdict: missed }
`;

/** What the small signal says, and what it is to say instead. */
export type Change = readonly [from: string, to: string];

/** A whole small signal file, with each of the given lines (or parts of lines) replaced. */
export function signalText(...changes: readonly Change[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the small signal does not say "${from}"`);
    return text.replace(from, to);
  }, whole);
}
