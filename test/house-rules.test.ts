import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { fileFaults } from "./house-rules/file-faults.ts";
import { importFaults } from "./house-rules/import-faults.ts";

const root = posix.join(import.meta.dirname, "..");
const sources = globSync("{src,test,fixtures}/**/*.{ts,cjs,yaml}", { cwd: root })
  .toSorted()
  .map((path) => ({ path, text: readFileSync(posix.join(root, path), "utf8") }));

describe("the project keeps its own rules", () => {
  test("the rules are applied to the sources that are there", () => {
    expect(sources.map((each) => each.path)).toEqual(expect.arrayContaining(["src/node-check.cjs", "test/house-rules.test.ts"]));
  });

  test("every folder imports only what the table allows", () => {
    expect(sources.filter(({ path }) => path.endsWith(".ts")).flatMap(({ path, text }) => importFaults(path, text))).toEqual([]);
  });

  test("every file is named for what it exports, in kebab-case, and stops at 250 lines", () => {
    expect(sources.flatMap(({ path, text }) => fileFaults(path, text))).toEqual([]);
  });
});

test("no two migrations bear one number: they would not be applied in one order everywhere", () => {
  const numbers = globSync("[0-9]*.sql", { cwd: posix.join(root, "sql") }).map((name) => name.slice(0, 4));
  expect(numbers.length).toBeGreaterThan(20);
  expect(numbers.filter((number, place) => numbers.indexOf(number) !== place)).toEqual([]);
});

describe("the rules themselves", () => {
  const allowed = [
    ["src/domain/loop.ts", `import type { Instant } from "./instant.ts"; import { Temporal } from "temporal-polyfill";`],
    ["src/signals/compile.ts", `import type { Db } from "../db/connect.ts"; import { sql } from "kysely"; import fs from "node:fs";`],
    ["src/db/connect.ts", `import { PGlite } from "@electric-sql/pglite"; import { UserError } from "../domain/user-error.ts";`],
    ["src/db/embedded.ts", `new Worker(new URL("./embedded-thread.ts", import.meta.url));`],
    ["src/web/signal-page.ts", `import { catalogue } from "../signals/catalogue.ts"; import type { Request } from "fhir/r4";`],
    ["src/commands/scan.ts", `import { pull } from "../worker/pull.ts"; export * from "../fhir/search.ts";`],
    ["src/main.ts", `await import("./commands/scan.ts");`],
    ["test/reference/judge.ts", `import type { Loop } from "../../src/domain/loop.ts"; import fc from "fast-check";`],
    ["test/db/connect.test.ts", `import { connect } from "../../src/db/connect.ts"; import { PGlite } from "@electric-sql/pglite";`],
  ] as const;

  test.each(allowed)("%s may say %s", (path, text) => {
    expect(importFaults(path, text)).toEqual([]);
  });

  const refused = [
    ["src/domain/loop.ts", `import { scan } from "../worker/scan.ts";`, "src/domain may import no other folder"],
    ["src/domain/loop.ts", `import type { Db } from "../db/connect.ts";`, "src/domain may import no other folder"],
    ["src/domain/loop.ts", `let db: import("../db/connect.ts").Db;`, "src/domain may import no other folder"],
    ["src/config/read.ts", `export { pull } from "../worker/pull.ts";`, "src/config may import only domain, signals/site-settings"],
    [
      "src/config/read.ts",
      `const late = async () => import("../store/run.ts");`,
      "src/config may import only domain, signals/site-settings",
    ],
    ["src/db/embedded.ts", `new Worker(new URL("../worker/thread.ts", import.meta.url));`, "src/db may import only domain"],
    ["src/signals/compile.ts", `import { connect } from "../db/connect.ts";`, "src/signals may import only domain, detect, type db"],
    ["src/signals/compile.ts", `import { type Db } from "../db/connect.ts";`, "src/signals may import only domain, detect, type db"],
    ["src/learning/report.ts", `import { compile } from "../signals/compile.ts";`, "src/learning may import only store, domain"],
    ["src/simulate/ward.ts", `import { judgeLoop } from "../domain/judge-loop.ts";`, "src/simulate may import no other folder"],
    ["src/simulate/ward.ts", `import { ward } from "../../test/hospital/ward.ts";`, "src imports nothing from outside src"],
    ["src/store/finding.ts", `import pg from "pg";`, "only src/db may"],
    ["src/store/finding.ts", `import { live } from "@electric-sql/pglite/live";`, "only src/db may"],
    [
      "src/api/findings.ts",
      `import { sql } from "kysely";`,
      "only src/db, src/store, src/signals, src/learning, src/insight, src/worker may",
    ],
    ["src/worker/pull.ts", `import Client from "fhir-kit-client";`, "only src/fhir may"],
    ["src/worker/pull.ts", `import type { Request } from "express";`, "only src/http, src/api, src/web, src/fhir-server may"],
    ["src/domain/loop.ts", `import fc from "fast-check";`, "it is not among the dependencies of package.json"],
    [
      "test/reference/judge.ts",
      `import { judgeLoop } from "../../src/domain/judge-loop.ts";`,
      "test/reference may import only type domain",
    ],
    ["test/hospital/ward.ts", `import type { Facts } from "../../src/normalise/facts.ts";`, "test/hospital may import only type domain"],
  ] as const;

  test.each(refused)("%s may not say %s", (path, text, fault) => {
    const specifier = /"(.*?)"/.exec(text)?.[1];
    expect(importFaults(path, text)).toEqual([`${path} imports ${specifier ?? "nothing"}: ${fault}`]);
  });

  test("web may import of signals only the catalogue, and what tells it in words", () => {
    expect(importFaults("src/web/signal-page.ts", `import { compile } from "../signals/compile.ts";`)).toEqual([
      "src/web/signal-page.ts imports ../signals/compile.ts: src/web may import only http, insight, learning, signals/catalogue, signals/describe-signal, signals/describe-series, store, domain, config",
    ]);
  });

  test("a new folder of src must be entered in the table", () => {
    expect(importFaults("src/extras/thing.ts", "")).toEqual([
      "src/extras/thing.ts stands in a folder that the table of allowed imports does not know",
    ]);
  });

  test("a name that says nothing, another spelling and a long file are refused", () => {
    expect(fileFaults("src/store/utils.ts", "")).toEqual([
      'src/store/utils.ts: the name "utils" says nothing; name it for what it exports',
    ]);
    expect(fileFaults("src/common/loop-manager.test.ts", "")).toEqual([
      'src/common/loop-manager.test.ts: the name "common" says nothing; name it for what it exports',
      'src/common/loop-manager.test.ts: the name "loop-manager" says nothing; name it for what it exports',
    ]);
    expect(fileFaults("src/store/openLoop.ts", "")).toEqual(['src/store/openLoop.ts: "openLoop" is not kebab-case']);
    expect(fileFaults("src/store/loop.ts", "x\n".repeat(251))).toEqual(["src/store/loop.ts has 251 lines; stop at 250"]);
    expect(fileFaults("src/store/service-request.ts", "x\n".repeat(250))).toEqual([]);
  });
});
