import Table from "cli-table3";
import type { Quality } from "./run-quality.ts";

const shown = 12;
const head = [
  "signal",
  "loops",
  "agree",
  "unknown",
  "named",
  "unseen",
  "extra",
  "awaited",
  "quiet",
  "overdue",
  "undone",
  "unlearnt",
  "wrong",
  "precision",
  "recall",
  "agreement",
  "wrong/1000",
  "wrong alarms",
];

/** A table for each kind of mess. */
export function showQuality({ hospitals, measures }: Quality): string {
  const parts = Object.entries(measures).map(([kind, rows]) => {
    const table = new Table({ head, style: { head: [], border: [] } });
    for (const { signal, loops, standings, precision, recall, agreement, wrongPerThousand, wrongAlarms } of rows) {
      const { agree, unknown, named, unseen, extra, awaited, quiet, overdue, undone, unlearnt, wrong } = standings;
      table.push([
        signal,
        loops,
        agree,
        unknown,
        named,
        unseen,
        extra,
        awaited,
        quiet,
        overdue,
        undone,
        unlearnt,
        wrong,
        ...[precision, recall, agreement].map(percent),
        wrongPerThousand.toFixed(2),
        wrongAlarms,
      ]);
    }
    return `Mess: ${kind}\n${table.toString()}`;
  });
  return [`${hospitals} simulated hospitals`, ...parts].join("\n\n");
}

function percent(share: number | null): string {
  return share === null ? "-" : `${(share * 100).toFixed(2)} %`;
}

/** The first few that differ where nothing may. */
export function showDifferences({ differences }: Quality): string[] {
  const told = differences.filter(({ sample, standing }) => sample.kind === "none" || (sample.kind === "declared" && standing === "wrong"));
  return told.slice(0, shown).map(({ sample, signal, subject, openedAt, truth, found, why }) => {
    const { seed, dialect } = sample.options;
    return `seed ${seed}, ${dialect}, ${sample.kind}: ${signal} ${subject} opened ${openedAt ?? "never"}: ${found ?? "no loop"}, in truth ${truth ?? "no loop"}. ${why ?? ""}`;
  });
}
