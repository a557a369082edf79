import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const usesPostgres = process.env["DATABASE_URL"] !== undefined;

/**
 * On the embedded database, which is slow to open, to empty and to be killed, these would take minutes, and nothing in them
 * can end otherwise there than it does in the suites that are left: they run where there is a PostgreSQL.
 */
const onPostgresAlone = [
  "test/postgres/**",
  "test/property/{bulk-kill,bulk-split,changed-context}.test.ts",
  "test/worker/{each-fault,pull-*,scheduled-week}.test.ts",
];

/** Files that take half a minute, the longest first. */
const longest = [
  "property/faulty-pull",
  "worker/each-fault",
  "property/incremental",
  "commands/demo",
  "property/changed-context",
  "commands/bad-input",
  "property/kill",
  "commands/commands",
  "worker/scheduled-week",
  "db/embedded",
];

/** Of two workers one would be left with a long file at the end, and the other with nothing. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const place = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return place === -1 ? longest.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

/** What `npm test` runs: it needs no server, and with DATABASE_URL also what only PostgreSQL can show. Nothing here skips itself. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "test/{ci-only,hapi,browser,quality}/**", ...(usesPostgres ? [] : onPostgresAlone)],
    pool: "forks",
    // To load the sources anew for each file would take longer than most files do; none changes what is loaded.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // CI has two cores.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
  },
});
