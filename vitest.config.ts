import { configDefaults, defineConfig } from "vitest/config";

const usesPostgres = process.env["DATABASE_URL"] !== undefined;

/** What `npm test` runs: it needs no server, and with DATABASE_URL also what only PostgreSQL can show. Nothing here skips itself. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "test/{ci-only,hapi,browser,quality}/**", ...(usesPostgres ? [] : ["test/postgres/**"])],
    pool: "forks",
    // An embedded database takes about 550 MB, and CI has two cores.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
  },
});
