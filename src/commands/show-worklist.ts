import { overdueSince } from "../domain/finding.ts";
import { inWords } from "../domain/in-words.ts";
import type { Instant } from "../domain/instant.ts";
import type { Case } from "../store/case.ts";
import { showTable } from "./show-table.ts";

/** Names to show for keys, by site and key; a key without one is shown itself. */
export type ShownNames = (site: string, key: string) => string;

/** The worklist as a table: what, who, how late, whose. */
export function showWorklist(cases: readonly Case[], nowOf: (site: string) => Instant, nameOf: ShownNames): string {
  const rows = cases.map(({ site, findings }) => {
    const [first] = findings;
    const who = first.patient === null ? "-" : nameOf(site, first.patient);
    const team = first.team === "unassigned" ? "nobody's yet" : nameOf(site, first.team);
    return [
      site,
      first.urgency ?? first.priority ?? "-",
      first.title ?? first.subject,
      who,
      inWords(nowOf(site) - overdueSince(first)),
      team,
      first.signal,
    ];
  });
  return showTable(["site", "urgency", "what", "who", "late by", "whose", "signal"], rows);
}
