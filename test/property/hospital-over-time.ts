import type { Resource } from "../../fixtures/case.ts";
import { resourcesOf, sites } from "../../fixtures/sites.ts";
import type { Instant } from "../../src/domain/instant.ts";
import { readVersion } from "../../src/fhir-server/version.ts";
import type { DisturbingProxy } from "../worker/disturbing-proxy.ts";
import { serveWard, type Ward } from "../worker/served-ward.ts";
import type { Dice } from "../hospital/dice.ts";

/** From where on its sites are asked for, and when they are seen last. */
export const hospitalStart = Date.parse("2025-12-01T00:00:00Z");
export const hospitalEnd = Date.parse("2026-03-16T09:00:00Z");

/**
 * Puts a site behind the proxy as its server holds it at an instant: every version that was written by then, but for the
 * hours around some version of this type, which it does not give.
 */
export async function serveSite(
  proxy: DisturbingProxy,
  id: string,
  at: Instant,
  withholds?: { readonly type: string; readonly dice: Dice },
  options: Partial<Ward> = {},
): Promise<void> {
  const held = versionsOf(id).filter((each) => each.writtenAt <= at);
  const times = held.filter(({ resource }) => resource.resourceType === withholds?.type).map((each) => each.writtenAt);
  const withheld = withholds && times.length > 0 ? hoursAround(withholds.dice.pick(times)) : undefined;
  await serveWard(
    proxy,
    held.map(({ resource }) => resource),
    {
      at: new Date(at).toISOString(),
      offers: Object.keys(findSite(id).coverage),
      ...options,
      ...(withholds && withheld && { coverage: { [withholds.type]: withheld } }),
    },
  );
}

/** When something was written at a site within the time that it is asked for. */
export function timesWritten(id: string): Instant[] {
  return versionsOf(id).flatMap(({ writtenAt }) => (writtenAt > hospitalStart && writtenAt < hospitalEnd ? [writtenAt] : []));
}

function versionsOf(id: string): { readonly resource: Resource; readonly writtenAt: Instant }[] {
  return resourcesOf(findSite(id)).map((resource) => ({ resource, writtenAt: writtenAt(resource) ?? -Infinity }));
}

function findSite(id: string): (typeof sites)[number] {
  const site = sites.find((each) => each.id === id);
  if (site === undefined) throw new Error(`The fixture hospital has no site ${id}`);
  return site;
}

function writtenAt(resource: Resource): Instant | undefined {
  const version = readVersion({ file: "", line: 0, resource, text: "", deleted: false }, 0);
  return "reason" in version ? undefined : version.lastUpdated;
}

/** What is given beside them. */
function hoursAround(at: Instant): (readonly [string, string])[] {
  const [from, to] = [at - 3_600_000, at + 3_600_000].map((each) => new Date(each).toISOString());
  return [
    ["2000-01-01T00:00:00Z", from ?? ""],
    [to ?? "", "2100-01-01T00:00:00Z"],
  ];
}
