import { siteConfig } from "../config/load-config.ts";
import { joinedActivities } from "../detect/joined-activities.ts";
import { beforeByCalendar } from "../domain/duration.ts";
import type { Signal } from "../domain/signal.ts";
import { UserError } from "../domain/user-error.ts";
import { readSiteCatalogue } from "../signals/site-catalogue.ts";
import { evidenceStatements } from "../worker/evidence-statement.ts";
import { heldSites } from "./held-sites.ts";
import { getSignal } from "./known-signals.ts";
import { withDatabase, type Runtime } from "./runtime.ts";

/** The statements that select a signal's evidence at each site of which something is held, and what is then decided. */
export async function showSql(runtime: Runtime, id: string, site: string | undefined): Promise<void> {
  const config = runtime.loadConfig();
  await withDatabase(runtime, async (connection) => {
    const parts: string[] = [];
    for (const { siteId, name, judgedAt, latestAt } of await heldSites(connection, site)) {
      const ofSite = siteConfig(config, name);
      const signal = loopOrSequence(getSignal({ files: Object.values(readSiteCatalogue(ofSite)).flat() }, id).signal);
      const now = judgedAt ?? latestAt ?? runtime.clock();
      const line = Math.min(beforeByCalendar(now, ofSite.retention, ofSite.timeZone), now - joinedActivities([signal]).lookBackMs);
      const statements = evidenceStatements(connection.db, signal, { siteId, now, line });
      parts.push(...statements.map(({ says, sql }) => `-- ${name}: ${says}.\n${sql}`), `-- ${sayDecision(signal)}`);
    }
    runtime.out(parts.join("\n\n"));
  });
}

function loopOrSequence(signal: ReturnType<typeof getSignal>["signal"]): Signal {
  if (!("series" in signal)) return signal;
  throw new UserError(
    "signal-unknown",
    `${signal.id} is a series: it rests on the counts of feeds, not on the evidence of a patient.`,
    "Ask for the SQL of a loop or a sequence.",
  );
}

function sayDecision({ loop }: Signal): string {
  const where =
    "What is decided of these rows is decided by one function, detectPatient in src/detect/detect-patient.ts, and by nothing in SQL:";
  return loop
    ? `${where} each row that opens is due by the first limit that fits it; the earliest row that closes at or after it makes it met, or late after it was due; one that cancels before ends it; else it is missed, or unknown where a feed that could have told was not read.`
    : `${where} rows that follow each other as the steps say are an occurrence, unless what should have come first did; it is unknown where a feed that could have told was not read.`;
}
