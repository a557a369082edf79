import { operationOutcome } from "../operation-outcome.ts";
import { pick } from "./draw.ts";
import type { Answer, Fault, FaultContext, Question } from "./fault.ts";

const anything = (): boolean => true;

/** What is answered in place of what was asked for. */
export const refusals: readonly Fault[] = [
  { name: "busy-for-seconds", lasts: "at-times", befalls: anything, does: { instead: (context) => busy(context, seconds(context)) } },
  { name: "busy-until-date", lasts: "at-times", befalls: anything, does: { instead: (context) => busy(context, date(context)) } },
  {
    name: "server-error",
    lasts: "at-times",
    befalls: anything,
    does: { instead: ({ draw }) => outcome(pick([500, 502, 504], draw("status")), "exception") },
  },
  {
    name: "outcome-for-bundle",
    lasts: "at-times",
    befalls: anything,
    does: { instead: () => outcome(200, "exception") },
  },
  { name: "web-page", lasts: "at-times", befalls: anything, does: { instead: webPage } },
  {
    name: "page-expired",
    lasts: "at-times",
    befalls: ({ page }) => page > 1,
    does: { instead: ({ draw }) => outcome(pick([404, 410], draw("status")), "expired") },
  },
  { name: "count-refused", lasts: "always", befalls: isCount, does: { instead: () => outcome(400, "not-supported") } },
];

export function isCount({ query }: Question): boolean {
  return query.get("_summary") === "count";
}

function busy({ draw }: FaultContext, retryAfter: string): Answer {
  const { headers, ...answer } = outcome(pick([429, 503], draw("status")), "exception");
  return { ...answer, headers: { ...headers, "Retry-After": retryAfter } };
}

function seconds({ draw }: FaultContext): string {
  return String(Math.floor(draw("seconds") * 3));
}

function date({ clock, draw }: FaultContext): string {
  return new Date(clock() + draw("seconds") * 3_000).toUTCString();
}

function outcome(status: number, code: "exception" | "expired" | "not-supported"): Answer {
  const body = JSON.stringify(operationOutcome(code, "This answer is a fault, on purpose."));
  return { status, headers: { "Content-Type": "application/fhir+json" }, body: Buffer.from(body) };
}

/** As a sign-in page or a load balancer gives it. */
function webPage({ draw }: FaultContext): Answer {
  const body = "<!doctype html><html><title>Sorry</title><p>We will be back soon.</p></html>";
  return { status: pick([200, 503], draw("status")), headers: { "Content-Type": "text/html" }, body: Buffer.from(body) };
}
