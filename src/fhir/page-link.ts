import { resourceTypes } from "../domain/resource-types.ts";
import { FhirFailure } from "./fhir-failure.ts";

/**
 * The URL to ask for what a page link names, always below `base`: behind a proxy links name an internal host, another path,
 * http instead of https, a doubled port, or nothing but a path, and a token must go nowhere else.
 * @throws FhirFailure where the link says nothing that could be asked for there
 */
export function pinPageLink(base: string, link: string): string {
  const ours = new URL(base);
  const root = ours.pathname.replace(/\/+$/, "");
  // A doubled port (`host:8080:8080`) is no URL: what follows the host is.
  const text = URL.canParse(link, `${base}/`) ? link : link.replace(/^[a-z]+:\/\/[^/?]*/i, "");
  if (!URL.canParse(text, `${base}/`)) throw leadsElsewhere();
  const { pathname, search } = new URL(text, `${base}/`);
  if (pathname === root || pathname.startsWith(`${root}/`)) return `${ours.origin}${pathname}${search}`;
  if (search === "") throw leadsElsewhere();
  return `${ours.origin}${root}${belowBase(pathname)}${search}`;
}

/** The inside of a proxy has another path than its outside; where the base ends a resource type tells, or nothing follows. */
function belowBase(pathname: string): string {
  const parts = pathname.split("/");
  const start = parts.findLastIndex((part) => resourceTypes.includes(part));
  return start === -1 ? "" : `/${parts.slice(start).join("/")}`;
}

function leadsElsewhere(): FhirFailure {
  return new FhirFailure("pages", "gave a link to the next page that leads elsewhere");
}
