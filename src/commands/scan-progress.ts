import { SingleBar } from "cli-progress";
import { count } from "../domain/count.ts";
import { inWords } from "../domain/in-words.ts";
import type { Instant } from "../domain/instant.ts";
import { showInstant } from "../domain/show-times.ts";
import type { ScanProgress } from "../worker/pull-all.ts";

type ShownProgress = ScanProgress & { readonly end: () => void };

/** A bar on standard error that shows the step a scan is at; `end` takes it away. */
export function showProgress(site: string, bytesOf: ReadonlyMap<string, number>): ShownProgress {
  const bar = new SingleBar({ format: "{step} {bar} {percentage}%{more}", clearOnComplete: true, barsize: 30 });
  let step = "";
  let most = 0;
  let read = 0;
  const show = (name: string, done: number, total: number, more = ""): void => {
    if (name !== step) {
      if (step !== "") bar.stop();
      bar.start(total, done, { step: name, more });
      step = name;
    } else {
      bar.setTotal(total);
      bar.update(done, { more });
    }
  };
  /** What is left may grow: one change brings others. */
  const showLeft = (name: string, left: number): void => {
    most = name === step ? Math.max(most, left) : left;
    show(name, most - left, Math.max(most, 1));
  };
  return {
    reading: (source, bytes) => show(`${site}: reading ${source}`, bytes, Math.max(bytesOf.get(source) ?? 0, bytes, 1)),
    windowRead: ({ source, type, read: more, feed, feeds }) => {
      read += more;
      show(`${site}: reading ${source}`, feed, feeds, ` ${type}, ${count(read, "resource")}`);
    },
    exporting: ({ source, percent, begunAt }) => {
      const more = percent === undefined ? ` begun at ${showInstant(begunAt)}` : "";
      show(`${site}: waiting for the export of ${source}`, percent ?? 0, 100, more);
    },
    normalising: (left) => showLeft(`${site}: normalising anew`, left),
    relating: (left) => showLeft(`${site}: relating`, left),
    judging: (left) => showLeft(`${site}: judging`, left),
    end: () => {
      if (step !== "") bar.stop();
    },
  };
}

/** A line for each window of a server, where nobody watches: for logs. Nothing of any patient. */
export function logProgress(site: string, log: (line: string) => void): ShownProgress {
  const quiet = (): void => {};
  let isNormalising = false;
  const waiting = new Map<string, Instant>();
  return {
    exporting: ({ source, begunAt, nextMs }) => {
      if (waiting.get(source) === begunAt) return;
      waiting.set(source, begunAt);
      log(
        `${site}/${source}: waiting for its export, begun at ${showInstant(begunAt)}; asked after again in ${inWords(Math.max(nextMs, 1_000))}`,
      );
    },
    normalising: () => {
      if (!isNormalising) log(`${site}: what is held is normalised anew, for its mapping or configuration has changed`);
      isNormalising = true;
    },
    reading: quiet,
    windowRead: ({ source, type, from, to, read, failed }) => {
      const window = `${from === -Infinity ? "" : `from ${showInstant(from)} `}to ${showInstant(to)}`;
      const outcome = failed === undefined ? "" : `; NOT all of it: the server ${failed}`;
      log(`${site}/${source} ${type} ${window}: ${count(read, "resource")}${outcome}`);
    },
    relating: quiet,
    judging: quiet,
    end: quiet,
  };
}
