import type { SiteConfig } from "../config/config.ts";
import type { Facts } from "../domain/facts.ts";
import type { Instant } from "../domain/instant.ts";
import { UserError } from "../domain/user-error.ts";
import { examineSource, type Examining, type SourceExamination, type SourceToExamine } from "../insight/examine-source.ts";
import { enabledSignals } from "../insight/enabled-signals.ts";
import { allRequiredFeeds } from "../signals/required-feeds.ts";
import { readSiteCatalogue } from "../signals/site-catalogue.ts";
import { contextOf } from "../worker/pull-all.ts";

/** These first: what a server that stops answering gave of them tells most. */
const askedFirst = ["AuditEvent", "Task", "DiagnosticReport", "ServiceRequest", "Provenance", "Communication"];

/** Looks at sources as a site would read them, one beside the other; what cannot even be tried is told as what stops it. */
export async function examineSources(
  config: SiteConfig,
  sources: readonly SourceToExamine[],
  { clock, random }: Pick<Examining, "clock" | "random">,
): Promise<SourceExamination[]> {
  const catalogue = readSiteCatalogue(config).loops.map(({ signal }) => signal);
  const on = new Set(enabledSignals(config).map(({ id }) => id));
  const types = [...new Set(catalogue.flatMap(allRequiredFeeds))].sort((a, b) => rank(a) - rank(b));
  const examining = {
    context: contextOf(config),
    signals: catalogue.map((signal) => ({ signal, isOn: on.has(signal.id) })),
    used: types as Facts["type"][],
    clock,
    random,
  };
  return Promise.all(
    sources.map(async (source) => {
      try {
        return await examineSource(source, examining);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return stopped(source, error, clock());
      }
    }),
  );
}

function rank(type: string): number {
  const place = askedFirst.indexOf(type);
  return place === -1 ? askedFirst.length : place;
}

function stopped(source: SourceToExamine, { code, message, fix }: UserError, at: Instant): SourceExamination {
  const isFolder = "folder" in source;
  return {
    source: source.name,
    kind: isFolder ? "folder" : "server",
    where: isFolder ? source.folder : new URL(source.url).origin,
    at,
    fhirVersion: undefined,
    problems: [{ code, weight: "stops", says: message, mend: fix }],
    sampled: [],
    unmapped: [],
    mapping: undefined,
    signals: [],
  };
}

/** 2: it cannot be read; 3: something that a signal needs is not seen; 0: everything is. */
export function codeOfExamination({ problems, signals }: SourceExamination): 0 | 2 | 3 {
  if (problems.some(({ weight }) => weight === "stops")) return 2;
  return problems.some(({ weight }) => weight === "blinds") || signals.some(({ isOn, state }) => isOn && state !== "runs") ? 3 : 0;
}
