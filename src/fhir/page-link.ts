import { FhirFailure } from "./fhir-failure.ts";

/**
 * The URL to ask for what a page link names, always below `base`: behind a proxy links name an internal host, http
 * instead of https, a doubled port, or nothing but a path, and a token must go nowhere else.
 * @throws FhirFailure where the link leads to another place of the server
 */
export function pinPageLink(base: string, link: string): string {
  const ours = new URL(base);
  const root = ours.pathname.replace(/\/+$/, "");
  // A doubled port (`host:8080:8080`) is no URL: what follows the host is.
  const path = URL.canParse(link, `${base}/`) ? new URL(link, `${base}/`) : new URL(link.replace(/^[a-z]+:\/\/[^/?]*/i, ""), `${base}/`);
  if (path.pathname === root || path.pathname.startsWith(`${root}/`)) return `${ours.origin}${path.pathname}${path.search}`;
  // The inside of a proxy has another path than its outside. What asks for a page is in the query.
  const lastPart = /\/[^/]*$/.exec(root)?.[0] ?? "";
  const inside = lastPart === "" ? path.pathname : path.pathname.slice(path.pathname.indexOf(lastPart) + lastPart.length);
  const isInside = lastPart === "" || `${path.pathname}/`.includes(`${lastPart}/`);
  if (isInside && path.search !== "") return `${ours.origin}${root}${inside}${path.search}`;
  throw new FhirFailure("pages", "gave a link to the next page that leads elsewhere");
}
