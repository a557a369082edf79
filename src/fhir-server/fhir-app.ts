import compression from "compression";
import express, { type Express } from "express";
import { answerFailures, refuseWrites } from "./answer-failures.ts";
import { bulkRoutes, type BulkOptions } from "./bulk-routes.ts";
import { fhirRoutes, type FhirRoutesParts } from "./fhir-routes.ts";
import { Refusal } from "./operation-outcome.ts";

export interface FhirAppParts extends Omit<FhirRoutesParts, "offersExport"> {
  /** Hears of what is answered with 500 and is nobody's fault but the server's. */
  readonly onDefect: (error: unknown) => void;
  /** How it exports; absent: not at all. */
  readonly bulk?: BulkOptions;
}

/** The whole server but for its port; the FHIR base is `/fhir`. */
export function fhirApp(parts: FhirAppParts): Express {
  const app = express().disable("x-powered-by").disable("etag");
  app.use((_req, res, next) => {
    res.set("Date", new Date(parts.clock()).toUTCString());
    next();
  });
  app.use(compression());
  app.use(refuseWrites);
  const { bulk } = parts;
  if (bulk !== undefined) app.use("/fhir", bulkRoutes({ ...parts, bulk }));
  app.use("/fhir", fhirRoutes({ ...parts, offersExport: bulk !== undefined }));
  app.use(() => {
    throw new Refusal(404, "not-found", "Served here: /fhir/metadata, /fhir/[type], /fhir/[type]/[id], _history of both, and $export.");
  });
  app.use(answerFailures(parts.onDefect));
  return app;
}
