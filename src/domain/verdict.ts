/** What a scan says of a loop (`design.md`, Words). */
export type Verdict = "met" | "pending" | "late" | "missed" | "unknown" | "cancelled";

/** Why a verdict is `unknown`. */
export type Reason = "gap" | "never-seen" | "time-not-recorded" | "observation-not-brought";

export const urgencies = ["critical", "abnormal", "not-said", "normal"] as const;
/** Of a result. */
export type Urgency = (typeof urgencies)[number];

/** Of an encounter at the opening of a result. */
export type Setting = "emergency" | "inpatient" | "outpatient" | "other";

export type Priority = "stat" | "asap" | "urgent" | "routine";

/** Of an order, or of a report. */
export type Kind = "laboratory" | "imaging" | "referral";

/** The tier of a signal. */
export type Tier = "worklist" | "surveillance" | "experimental";
