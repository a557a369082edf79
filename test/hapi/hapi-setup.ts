import type { TestProject } from "vitest/node";
import { startHapi } from "./start-hapi.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Base URL of the one HAPI FHIR server of all suites here. Each empties it first. */
    hapiBase: string;
  }
}

/** Vitest calls it once, before the first of the suites, and what it returns after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { base, stop } = await startHapi();
  project.provide("hapiBase", base);
  return stop;
}
