import { resolve } from "node:path";
import { expect, test } from "vitest";
import { loadConfig, siteConfig } from "../../src/config/load-config.ts";
import { parseCron } from "../../src/domain/cron.ts";
import { settingProblems } from "../../src/signals/setting-problems.ts";
import { readSiteCatalogue } from "../../src/signals/site-catalogue.ts";

test("the example configuration is right, says every key, and its folders lie beside it", () => {
  const site = siteConfig(
    loadConfig({ file: "fixtures/followthrough.example.yaml", env: {}, checkSignals: settingProblems }),
    "st-elsewhere",
  );
  expect(site).toEqual({
    name: "st-elsewhere",
    timeZone: "Europe/London",
    sources: [
      {
        name: "theatre",
        url: "https://theatre.example/fhir/R4",
        fhirVersion: "R4",
        access: {
          credentials: { kind: "smart", clientId: "followthrough", keyFile: resolve("fixtures/keys/theatre.jwks.json") },
          tls: { caFile: resolve("fixtures/keys/hospital-ca.pem") },
          proxy: "http://proxy.example:8080",
        },
        lagMs: 15 * 60_000,
        types: ["Task", "ServiceRequest", "Patient", "Practitioner", "AuditEvent"],
        sideBySide: 2,
        counts: false,
        budget: { timeMs: 45 * 60_000, failures: 100 },
      },
      {
        name: "registry",
        url: "https://registry.example/fhir/R4",
        // An export promises that all before its time is in it.
        lagMs: 0,
        bulk: { level: "group", group: "renal-clinic", waitMs: 2 * 3_600_000, fileHosts: ["https://files.registry.example"] },
      },
      { name: "epr", folder: resolve("fixtures/export/epr") },
      { name: "laboratory", folder: resolve("fixtures/export/laboratory") },
      { name: "warehouse", folder: resolve("fixtures/export/warehouse"), mirrors: "epr" },
    ],
    schedule: { increment: parseCron("0 * * * *"), reconcile: parseCron("30 1 * * *") },
    mapping: resolve("fixtures/mapping.example.yaml"),
    foreignBases: ["https://other.example/fhir"],
    machineNames: ["Rhapsody"],
    joiningIdentifiers: ["https://fhir.nhs.uk/Id/nhs-number", "https://fhir.hl7.org.uk/Id/gmc-number"],
    blindAfterMs: 6 * 3_600_000,
    retention: "P2Y",
    looksKept: "P8Y",
    signals: {
      "result-amended-unreviewed": { enabled: true },
      "result-unacknowledged": {
        enabled: true,
        limits: {
          first: [{ where: { urgency: "critical", setting: "emergency" }, within: "PT1H", basis: "Trust policy 7.1, critical results" }],
        },
      },
      "task-overdue": { tier: "surveillance" },
      "imaging-unreported": {
        limits: [
          { where: { priority: ["stat", "urgent"] }, within: "8 working hours", basis: "Radiology standard 2026" },
          { within: "10 working days", basis: "Radiology standard 2026" },
        ],
      },
      "task-bounced": { within: "P14D", times: 4 },
      "results-incomplete": {
        rules: [{ rule: "outside", side: "high", basis: "Laboratory board, May 2026" }],
        history: "P84D",
        fewest: 200,
        settles: "PT48H",
      },
      "interpreter-unbooked": { enabled: true },
    },
    ownSignals: [resolve("fixtures/own-signals")],
    valueSets: [resolve("fixtures/value-sets")],
    calendar: {
      days: ["monday", "tuesday", "wednesday", "thursday", "friday"],
      hours: { from: "08:00", to: "18:00" },
      holidays: { add: ["2026-12-24"], remove: [] },
    },
    teams: { Cardiology: ["Organization/cardiology", "PractitionerRole/cardiology-registrar"] },
    testPatients: ["Patient/test-1"],
    eprLink: "https://epr.example/patient/{id}",
  });
});

test("the signals that the example names are right as well, with their examples", () => {
  const site = siteConfig(loadConfig({ file: "fixtures/followthrough.example.yaml", env: {} }), "st-elsewhere");
  const { loops, series } = readSiteCatalogue(site);
  const changed = [...loops, ...series].flatMap(({ signal: { id, origin } }) => (origin ? [[id, origin.isOwn, ...origin.changes]] : []));
  expect(changed).toEqual([
    ["imaging-unreported", false, "its limits"],
    ["interpreter-unbooked", true],
    ["result-unacknowledged", false, "its limits"],
    ["task-bounced", false, "its window", "how often its steps come, or within how long"],
    ["task-overdue", false, "its tier (worklist in its file)"],
    ["trigger-fit", false, "the codes of colonoscopy"],
    ["trigger-iron-deficiency", false, "the codes of colonoscopy"],
    ["results-incomplete", false, "its rules", "its history", "how many a period must hold", "how long it waits"],
  ]);
});
