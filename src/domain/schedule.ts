/** What a site is scanned for: what is new; or, over a wide overlap, also what the increments may not have been given. */
export type DueKind = "increment" | "reconcile";
