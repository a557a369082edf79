export const verdicts = ["met", "pending", "late", "missed", "unknown", "cancelled", "occurred"] as const;
/** What a scan says of a loop; of a sequence `occurred` or `unknown` (`design.md`, Words). */
export type Verdict = (typeof verdicts)[number];

/** The verdicts that people may need to see: a loop or sequence with one of them is a finding. */
export const findingVerdicts: readonly Verdict[] = ["late", "missed", "unknown", "occurred"];

/** Of what rests on an absence, or awaits its due: the others stay as they are unless their own evidence changes. */
export const unsettledVerdicts: readonly Verdict[] = verdicts.filter((verdict) => verdict !== "met" && verdict !== "cancelled");

/** Those that put a case on the worklist. */
export const worklistVerdicts: readonly Verdict[] = ["missed", "occurred"];

export const reasons = ["gap", "never-seen", "time-not-recorded", "observation-not-brought"] as const;
/** Why a verdict is `unknown`. */
export type Reason = (typeof reasons)[number];

export const urgencies = ["critical", "abnormal", "not-said", "normal"] as const;
/** Of a result. */
export type Urgency = (typeof urgencies)[number];

/** Of an encounter at the opening of a result. */
export type Setting = "emergency" | "inpatient" | "outpatient" | "other";

export const priorities = ["stat", "asap", "urgent", "routine"] as const;
export type Priority = (typeof priorities)[number];

/** Of an order, or of a report. */
export type Kind = "laboratory" | "imaging" | "referral";

export const tiers = ["worklist", "surveillance", "experimental"] as const;
/** The tier of a signal. */
export type Tier = (typeof tiers)[number];
