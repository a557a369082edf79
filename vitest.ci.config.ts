import { defineConfig } from "vitest/config";

/**
 * What only CI runs: suites that read ../shared beside the checkout, start a FHIR server or a browser, or scan whole
 * simulated hospitals.
 * Where what they need is missing they fail; none skips itself.
 */
export default defineConfig({
  test: {
    pool: "forks",
    // To load the sources anew for each file would take longer than most files do; none changes what is loaded.
    isolate: false,
    // A HAPI FHIR server takes 0.7 GB and both cores while it starts.
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
    projects: [
      { extends: true, test: { name: "ci-only", include: ["test/{ci-only,browser,quality}/**/*.test.ts"] } },
      // One server for all its suites: vitest starts it only where one of them runs.
      { extends: true, test: { name: "hapi", include: ["test/hapi/**/*.test.ts"], globalSetup: "test/hapi/hapi-setup.ts" } },
    ],
  },
});
