import { defineConfig } from "vitest/config";

/**
 * What only CI runs: suites that read ../shared beside the checkout, or start a FHIR server or a browser.
 * Where what they need is missing they fail; none skips itself.
 */
export default defineConfig({
  test: {
    include: ["test/{ci-only,hapi,browser}/**/*.test.ts"],
    pool: "forks",
    // A HAPI FHIR server takes 1.1 GB and both cores while it starts.
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
  },
});
