import type { JsonObject } from "../json-value.ts";
import { nextOf, withNext, type Fault, type FaultContext, type Question } from "./fault.ts";

/** What is wrong with links to the next page: those that lead astray, and those that a proxy makes of good ones. */
export const linkFaults: readonly Fault[] = [
  {
    name: "link-repeats",
    lasts: "at-times",
    befalls: isLaterPage,
    does: { alters: linking((_, { base, question }) => urlOf(base, question.target)) },
  },
  {
    name: "link-loops",
    lasts: "at-times",
    befalls: isLaterPage,
    does: { alters: linking((_, { base, question, trail }) => urlOf(base, trail.find(question.target)?.before ?? question.first)) },
  },
  {
    name: "link-elsewhere",
    lasts: "always",
    befalls: isList,
    does: { alters: linking((next) => `http://fhir.inside.invalid:8080${pathOf(next)}`) },
  },
  {
    name: "link-double-port",
    lasts: "always",
    befalls: isList,
    does: { alters: linking((next) => next.replace(/:\d+(?=\/)/, (port) => port + port)) },
  },
  { name: "link-other-scheme", lasts: "always", befalls: isList, does: { alters: linking((next) => next.replace(/^http:/, "https:")) } },
  { name: "link-relative", lasts: "always", befalls: isList, does: { alters: linking((next, { base }) => relative(next, base)) } },
];

function isLaterPage({ page }: Question): boolean {
  return page > 1;
}

export function isList({ path }: Question): boolean {
  return path !== "metadata" && (!path.includes("/") || path.endsWith("/_history"));
}

function linking(
  relink: (next: string, context: FaultContext) => string,
): (bundle: JsonObject, context: FaultContext) => JsonObject | undefined {
  return (bundle, context) => {
    const next = nextOf(bundle);
    return next === undefined ? undefined : withNext(bundle, relink(next, context));
  };
}

function urlOf(base: string, target: string): string {
  return target.startsWith("?") ? `${base}${target}` : `${base}/${target}`;
}

function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]*/, "");
}

/** Below the base, or of its path where nothing of it would be left but a query. */
function relative(next: string, base: string): string {
  return next.startsWith(`${base}/`) ? next.slice(base.length + 1) : pathOf(next);
}
