import type { Tier } from "./verdict.ts";

type Role = "informatics" | "clinician" | "safety";

/** Who asks. Every store function that reads findings takes one, and leaves out what it may not see. */
export interface Viewer {
  readonly person: string;
  readonly role: Role;
  readonly sites: "all" | readonly string[];
  /** Keys as findings carry them (`Organization/ward-2`). */
  readonly teams: "all" | readonly string[];
  /** Records that carry a security label of restricted or very restricted. */
  readonly mayReadRestricted: boolean;
}

/** Whose nobody's work is: every team sees it until it is claimed. */
export const unassignedTeam = "unassigned";

/** Single findings of a signal without published validation are for informatics; rates and charts are for the others. */
const tiers: Readonly<Record<Role, readonly Tier[]>> = {
  clinician: ["worklist"],
  safety: ["worklist", "surveillance"],
  informatics: ["worklist", "surveillance", "experimental"],
};

export function tiersOf(viewer: Viewer): readonly Tier[] {
  return tiers[viewer.role];
}

export function teamsOf(viewer: Viewer): "all" | readonly string[] {
  return viewer.teams === "all" ? "all" : [...viewer.teams, unassignedTeam];
}

/** Whoever may open the database sees everything; until there is sign-in, under this name. */
export const commandLineViewer: Viewer = { person: "demo", role: "informatics", sites: "all", teams: "all", mayReadRestricted: true };
