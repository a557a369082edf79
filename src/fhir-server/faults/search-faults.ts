import type { Fault, FaultContext, Question } from "./fault.ts";
import { isList } from "./link-faults.ts";

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** How a server takes a search for another one, and what time it takes it to be. */
export const searchFaults: readonly Fault[] = [
  { name: "count-cut", lasts: "always", befalls: isFirstPage, does: { mishears: cutCount } },
  { name: "upper-bound-ignored", lasts: "always", befalls: isFirstPage, does: { mishears: ignoring(/^_lastUpdated$/, /^l[te]/) } },
  {
    name: "lower-bound-ignored",
    lasts: "always",
    befalls: isFirstPage,
    does: { mishears: ignoring(/^(_lastUpdated|_since)$/, /^(g[te]|\d)/) },
  },
  { name: "index-lag", lasts: "always", befalls: isFirstPage, does: { mishears: missTheNewest } },
  { name: "clock-ahead", lasts: "always", befalls: () => true, does: { misdates: ({ ofSeed }) => hoursOff(ofSeed("clock")) } },
  { name: "clock-behind", lasts: "always", befalls: () => true, does: { misdates: ({ ofSeed }) => -hoursOff(ofSeed("clock")) } },
];

function isFirstPage(question: Question): boolean {
  return question.page === 1 && isList(question);
}

/** To between 3 and 10 a page. */
function cutCount(query: URLSearchParams, { ofSeed }: FaultContext): URLSearchParams | undefined {
  const most = 3 + Math.floor(ofSeed("count") * 8);
  if (!(Number(query.get("_count")) > most)) return undefined;
  query.set("_count", String(most));
  return query;
}

function ignoring(name: RegExp, value: RegExp): (query: URLSearchParams) => URLSearchParams | undefined {
  return (query) => {
    const kept = [...query].filter(([each, bound]) => !(name.test(each) && value.test(bound)));
    return kept.length === query.size ? undefined : new URLSearchParams(kept);
  };
}

/** What was written in the last 2 to 8 minutes is not in the index yet; a history is read from the records themselves. */
function missTheNewest(query: URLSearchParams, { question, clock, ofSeed }: FaultContext): URLSearchParams | undefined {
  if (question.path.includes("_history")) return undefined;
  const indexed = clock() - (2 + Math.floor(ofSeed("lag") * 7)) * minuteMs;
  const until = query.getAll("_lastUpdated").find((bound) => bound.startsWith("lt"));
  if (until !== undefined && Date.parse(until.slice(2)) <= indexed) return undefined;
  const from = query.getAll("_lastUpdated").find((bound) => bound.startsWith("ge"));
  // Some servers refuse a window that ends before it begins.
  const end = Math.max(indexed, from === undefined ? -Infinity : Date.parse(from.slice(2)) + 1);
  const kept = [...query].filter(([, bound]) => bound !== until);
  return new URLSearchParams([...kept, ["_lastUpdated", `lt${new Date(end).toISOString()}`]]);
}

/** 1 to 12 hours, in milliseconds. */
function hoursOff(drawn: number): number {
  return (1 + Math.floor(drawn * 12)) * hourMs;
}
