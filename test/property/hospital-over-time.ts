import type { Site } from "../../fixtures/case.ts";
import { resourcesOf, sites } from "../../fixtures/sites.ts";
import type { Instant } from "../../src/domain/instant.ts";
import { readVersion } from "../../src/fhir-server/version.ts";
import type { DisturbingProxy, Disturbance } from "../worker/disturbing-proxy.ts";
import { serveWard } from "../worker/served-ward.ts";
import type { Dice } from "../hospital/dice.ts";

/** From where on its sites are asked for, and when they are seen last. */
export const hospitalStart = Date.parse("2025-12-01T00:00:00Z");
export const hospitalEnd = Date.parse("2026-03-16T09:00:00Z");

/** Puts a site behind the proxy as its server holds it at an instant: every version that was written by then. */
export async function serveSite(
  proxy: DisturbingProxy,
  id: string,
  at: Instant,
  coverage: Parameters<typeof serveWard>[2]["coverage"] = {},
): Promise<Site> {
  const site = sites.find((each) => each.id === id);
  if (site === undefined) throw new Error(`The fixture hospital has no site ${id}`);
  const held = resourcesOf(site).filter((resource) => {
    const version = readVersion({ file: "", line: 0, resource, text: "", deleted: false }, 0);
    return "reason" in version || (version.lastUpdated ?? -Infinity) <= at;
  });
  await serveWard(proxy, held, { at: new Date(at).toISOString(), offers: Object.keys(site.coverage), coverage });
  return site;
}

export const faults = ["none", "errors", "busy", "broken", "dies"] as const;
export type Fault = (typeof faults)[number];

/** Lets a fault befall what is asked through the proxy. */
export function letBefall(proxy: DisturbingProxy, fault: Fault, dice: Dice): void {
  const last = dice.int(2, 60);
  proxy.disturb((_, number): Disturbance | undefined => {
    switch (fault) {
      case "none":
        return undefined;
      case "errors":
        return dice.chance(0.15) ? 500 : undefined;
      case "busy":
        return dice.chance(0.2) ? dice.pick([429, 503]) : undefined;
      case "broken":
        return dice.chance(0.15) ? dice.pick(["reset", "cut"]) : undefined;
      case "dies":
        return number > last ? "reset" : undefined;
    }
  });
}
