import { SingleBar } from "cli-progress";
import type { ScanProgress } from "../worker/scan.ts";

/** A bar on standard error that shows the step a scan is at; `end` takes it away. */
export function showProgress(site: string, bytesOf: ReadonlyMap<string, number>): ScanProgress & { end: () => void } {
  const bar = new SingleBar({ format: "{step} {bar} {percentage}%", clearOnComplete: true, barsize: 30 });
  let step = "";
  let most = 0;
  const show = (name: string, done: number, total: number): void => {
    if (name !== step) {
      if (step !== "") bar.stop();
      bar.start(total, done, { step: name });
      step = name;
    } else {
      bar.setTotal(total);
      bar.update(done);
    }
  };
  /** What is left may grow: one change brings others. */
  const showLeft = (name: string, left: number): void => {
    most = name === step ? Math.max(most, left) : left;
    show(name, most - left, Math.max(most, 1));
  };
  return {
    reading: (source, bytes) => show(`${site}: reading ${source}`, bytes, Math.max(bytesOf.get(source) ?? 0, bytes, 1)),
    relating: (left) => showLeft(`${site}: relating`, left),
    judging: (left) => showLeft(`${site}: judging`, left),
    end: () => {
      if (step !== "") bar.stop();
    },
  };
}
