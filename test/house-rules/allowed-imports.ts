/**
 * The direction of dependencies, as a table: each folder may import itself and what stands beside it, nothing else.
 * An entry is a path under src (a folder, or one file without its ending); with `type ` before it, only `import type` may reach there.
 */
export const allowedFolders: Readonly<Record<string, readonly string[]>> = {
  "src/domain": [],
  "src/simulate": [],
  "src/fhir-server": [],
  // What a site may say of signals is written in the words of signals.
  "src/config": ["domain", "signals/site-settings"],
  "src/normalise": ["domain", "config"],
  "src/relate": ["domain", "config"],
  // db throws the domain's UserError: who holds the embedded database, and what to do.
  "src/db": ["domain"],
  "src/detect": ["domain"],
  // Examples are judged by detection itself.
  "src/signals": ["domain", "detect", "type db"],
  "src/store": ["db", "domain"],
  "src/fhir": ["domain", "config"],
  "src/learning": ["store", "domain"],
  "src/insight": ["fhir", "normalise", "relate", "detect", "signals", "store", "domain", "config"],
  "src/worker": ["fhir", "normalise", "relate", "detect", "signals", "store", "domain", "config", "db"],
  "src/http": ["store", "domain", "config"],
  "src/api": ["http", "insight", "learning", "signals/catalogue", "store", "domain"],
  "src/web": [
    "http",
    "insight",
    "learning",
    "signals/catalogue",
    "signals/describe-signal",
    "signals/describe-series",
    "store",
    "domain",
    "config",
  ],
  "src/commands": ["*"],
  "src/main.ts": ["*"],
  // What judges the engine must not be made of it.
  "test/reference": ["type domain"],
  "test/hospital": ["type domain"],
};

/** A library named here may be imported only by these folders of src. */
export const allowedLibraries: Readonly<Record<string, readonly string[]>> = {
  kysely: ["src/db", "src/store", "src/signals", "src/learning", "src/insight", "src/worker"],
  pg: ["src/db"],
  "@electric-sql/pglite": ["src/db"],
  express: ["src/http", "src/api", "src/web", "src/fhir-server"],
  "fhir-kit-client": ["src/fhir"],
  jose: ["src/fhir"],
  undici: ["src/fhir"],
  "node-cron": ["src/worker"],
};
