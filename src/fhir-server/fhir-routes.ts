import express, { Router, type Request, type Response } from "express";
import { capabilityStatement } from "./capability-statement.ts";
import { findHistory, parseHistory } from "./history.ts";
import type { LoadedHospital } from "./load-hospital.ts";
import { Refusal } from "./operation-outcome.ts";
import { openPages, pageAfter, type Page } from "./pages.ts";
import { parseSearch, type PageSizes } from "./parse-search.ts";
import { findMatches, refuseWithheld } from "./search.ts";
import type { Version } from "./version.ts";
import { etagOf, writeBundle, writeCount } from "./write-bundle.ts";

export interface FhirRoutesParts extends LoadedHospital, PageSizes {
  /** Epoch milliseconds: the server's clock, which it tells in the `Date` of every answer. */
  readonly clock: () => number;
  readonly fhirVersion: string;
  /** Whether `$export` is answered beside these routes. */
  readonly offersExport: boolean;
}

/** Of more pages than this that were linked to, those linked first have expired. */
const mostPages = 256;

/** The FHIR base is the path that the routes are mounted at. */
export function fhirRoutes(parts: FhirRoutesParts): Router {
  const { hospital, hidden, withheld, types, fhirVersion, offersExport } = parts;
  const startedAt = parts.clock();
  const pages = openPages(mostPages);
  const routes = Router();

  routes.get("/metadata", (req, res) => {
    send(res, JSON.stringify(capabilityStatement(types, baseOf(req), fhirVersion, startedAt, offersExport)));
  });

  routes.get("/", (req, res, next) => {
    const token = paramsOf(req).get("_page");
    if (token === null) {
      next();
      return;
    }
    const page = pages.find(token);
    if (page === undefined) throw new Refusal(410, "expired", "That page is not known here, or no more: search again.");
    sendPage(req, res, page, linkTo(req, token));
  });

  routes.param("type", (_req, _res, next, type: string) => {
    if (!types.includes(type)) throw new Refusal(404, "not-found", `Types served here: ${types.join(", ")}.`);
    next();
  });

  routes.get("/:type", (req, res) => answerSearch(req, res, req.params.type, paramsOf(req)));

  routes.post("/:type/_search", express.text({ type: "application/x-www-form-urlencoded" }), (req, res) => {
    const inBody = new URLSearchParams(typeof req.body === "string" ? req.body : "");
    answerSearch(req, res, req.params.type, new URLSearchParams([...paramsOf(req), ...inBody]));
  });

  routes.get("/:type/_history", (req, res) => answerHistory(req, res, req.params.type));

  routes.get("/:type/:id/_history", (req, res) => answerHistory(req, res, req.params.type, req.params.id));

  routes.get("/:type/:id", (req, res) => {
    const { type, id } = req.params;
    sendVersion(res, type, hospital.versions(type, id)[0]);
  });

  routes.get("/:type/:id/_history/:versionId", (req, res) => {
    const { type, id, versionId } = req.params;
    const version = hospital.versions(type, id).find((each) => each.versionId === versionId);
    sendVersion(res, type, version);
  });

  function answerSearch(req: Request, res: Response, type: string, params: URLSearchParams): void {
    const search = parseSearch(type, params, parts);
    refuseWithheld(withheld, hidden, search);
    const versions = findMatches(hospital, search);
    // A self link says the search as it was understood.
    params.set("_count", String(search.countOnly ? 0 : search.pageSize));
    const self = `${baseOf(req)}/${type}?${params.toString()}`;
    if (search.countOnly) send(res, writeCount(versions.length, self));
    else sendPage(req, res, { result: { kind: "searchset", versions, pageSize: search.pageSize }, from: 0 }, self);
  }

  function answerHistory(req: Request, res: Response, type: string, id?: string): void {
    const request = parseHistory(type, id, paramsOf(req), parts);
    const versions = findHistory(hospital, withheld, request);
    sendPage(req, res, { result: { kind: "history", versions, pageSize: request.pageSize }, from: 0 }, `${baseOf(req)}${req.url}`);
  }

  function sendPage(req: Request, res: Response, page: Page, self: string): void {
    const after = pageAfter(page);
    const next = after === undefined ? undefined : linkTo(req, pages.remember(after));
    send(res, writeBundle(page, baseOf(req), { self, next }));
  }

  return routes;
}

function sendVersion(res: Response, type: string, version: Version | undefined): void {
  if (version === undefined) throw new Refusal(404, "not-found", `There is no such ${type} here.`);
  if (version.deleted) throw new Refusal(410, "deleted", `This ${type} was deleted.`);
  res.set("ETag", etagOf(version)).set("Last-Modified", new Date(version.lastUpdated).toUTCString());
  send(res, version.body);
}

function send(res: Response, body: string): void {
  res.type("application/fhir+json").send(body);
}

/** Of this machine alone, and never as a client's Host header would have it. */
function baseOf(req: Request): string {
  return `http://127.0.0.1:${req.socket.localPort ?? 0}${req.baseUrl}`;
}

function linkTo(req: Request, page: string): string {
  return `${baseOf(req)}?_page=${encodeURIComponent(page)}`;
}

/** Express makes lists and objects of repeated parameters; a search needs them as they were given. */
function paramsOf(req: Request): URLSearchParams {
  return new URLSearchParams(req.url.split("?").slice(1).join("?"));
}
