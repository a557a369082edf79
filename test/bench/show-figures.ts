import { showTable } from "../../src/commands/show-table.ts";

/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Where it was measured several times: the least and the greatest value. `value` is the median. */
  readonly spread?: readonly [number, number];
  readonly seconds?: number;
  /** Of the process, and of the database's processes for it. */
  readonly cpuSeconds?: number;
  readonly serverCpuSeconds?: number | undefined;
  readonly peakMb?: number;
  /** What it is compared with, measured in the same run; by time, and by processor time. */
  readonly against?: { readonly what: string; readonly value: number; readonly ratio: number; readonly cpuRatio?: number };
  /** What is wanted: of the ratio where there is one, else of the value. */
  readonly wanted?: string;
}

export function showFigures(figures: readonly Figure[]): string {
  const rows = figures.map(cellsOf);
  return [
    "Whole processes, from start to end. Seconds hang on the machine and on what else it does; compare the ratios.",
    "",
    showTable(["what", "figure", "took", "processor: ours + database's", "peak", "against, in the same run", "wanted"], rows),
  ].join("\n");
}

/** A figure by itself, as soon as it is known: what takes an hour shows what it has so far. */
export function showFigure(figure: Figure): string {
  const [what = "", value, took, cpu, peak, against, wanted] = cellsOf(figure);
  const more = [
    took && `took ${took}`,
    cpu && `processor ${cpu}`,
    peak && `peak ${peak}`,
    against && `against ${against}`,
    wanted && `wanted ${wanted}`,
  ];
  return `  ${what}: ${[value, ...more].filter(Boolean).join("; ")}`;
}

function cellsOf(figure: Figure): string[] {
  return [
    figure.what,
    `${round(figure.value)} ${figure.unit}${figure.spread ? ` (${figure.spread.map(round).join(" to ")})` : ""}`,
    figure.seconds === undefined ? "" : `${round(figure.seconds)} s`,
    figure.cpuSeconds === undefined ? "" : `${round(figure.cpuSeconds)} + ${round(figure.serverCpuSeconds ?? 0)} s`,
    figure.peakMb === undefined ? "" : `${Math.round(figure.peakMb)} MB`,
    describeAgainst(figure),
    figure.wanted ?? "",
  ];
}

function describeAgainst({ against }: Figure): string {
  if (against === undefined) return "";
  const byCpu = against.cpuRatio === undefined ? "" : `; by processor time ${against.cpuRatio.toFixed(2)}`;
  return `${against.what} (${round(against.value)}): ${against.ratio.toFixed(2)}${byCpu}`;
}

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1);
}
