import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { Router, type Request, type Response } from "express";
import { makeBulkFiles, type BulkFile } from "./bulk-files.ts";
import { parseBulkRequest } from "./bulk-request.ts";
import type { LoadedHospital } from "./load-hospital.ts";
import { Refusal } from "./operation-outcome.ts";

/** How exports are made. */
export interface BulkOptions {
  /** So often it answers that an export is in progress. */
  readonly polls: number;
  readonly linesPerFile: number;
  /** After so long nobody knows of an export any more; milliseconds. */
  readonly lifeMs: number;
}

export interface BulkRoutesParts extends LoadedHospital {
  readonly clock: () => number;
  readonly bulk: BulkOptions;
}

interface Job {
  readonly request: string;
  readonly transactionTime: string;
  readonly madeAt: number;
  readonly files: readonly BulkFile[];
  polls: number;
}

/** FHIR Bulk Data Access at system, patient and group level. The FHIR base is the path that the routes are mounted at. */
export function bulkRoutes(parts: BulkRoutesParts): Router {
  const { clock, bulk } = parts;
  const jobs = new Map<string, Job>();
  const routes = Router();

  routes.get("/\\$export", (req, res) => kickOff(req, res, undefined));
  routes.get("/Patient/\\$export", (req, res) => kickOff(req, res, "all"));
  routes.get("/Group/:id/\\$export", (req, res) => kickOff(req, res, req.params.id));

  routes.get("/\\$export-poll-status", (req, res) => {
    const [id, job] = findJob(req);
    job.polls += 1;
    if (job.polls <= bulk.polls) {
      const done = Math.floor((100 * job.polls) / (bulk.polls + 1));
      res.status(202).set("X-Progress", `${done}% complete`).set("Retry-After", "1").end();
      return;
    }
    const list = (kind: BulkFile["kind"]): object[] =>
      job.files.flatMap((file, place) =>
        file.kind === kind ? [{ type: file.type, url: `${baseOf(req)}/$export-file/${id}/${place}`, count: file.lines.length }] : [],
      );
    res.set("Expires", new Date(job.madeAt + bulk.lifeMs).toUTCString()).json({
      transactionTime: job.transactionTime,
      request: job.request,
      requiresAccessToken: false,
      output: list("output"),
      deleted: list("deleted"),
      error: list("error"),
    });
  });

  routes.delete("/\\$export-poll-status", (req, res) => {
    const [id] = findJob(req);
    jobs.delete(id);
    res.status(202).end();
  });

  routes.get("/\\$export-file/:job/:place", (req, res) => {
    const file = findLiving(req.params.job)?.files[Number(req.params.place)];
    if (file === undefined) throw gone();
    const text = file.lines.map((line) => `${line}\n`).join("");
    res.set("Content-Type", "application/fhir+ndjson");
    if (req.acceptsEncodings("gzip") === "gzip") res.set("Content-Encoding", "gzip").end(gzipSync(text));
    else res.end(text);
  });

  function kickOff(req: Request, res: Response, patientsOf: string | undefined): void {
    const asked = new URLSearchParams(req.url.split("?").slice(1).join("?"));
    const request = parseBulkRequest(patientsOf, asked, req.get("Prefer"), parts.types);
    const id = randomUUID();
    const madeAt = clock();
    jobs.set(id, {
      request: `${baseOf(req)}${req.url}`,
      transactionTime: new Date(madeAt).toISOString(),
      madeAt,
      files: makeBulkFiles(parts, request, bulk.linesPerFile),
      polls: 0,
    });
    res
      .status(202)
      .set("Content-Location", `${baseOf(req)}/$export-poll-status?_jobId=${id}`)
      .end();
  }

  function findJob(req: Request): [string, Job] {
    const id = typeof req.query["_jobId"] === "string" ? req.query["_jobId"] : "";
    const job = findLiving(id);
    if (job === undefined) throw gone();
    return [id, job];
  }

  function findLiving(id: string): Job | undefined {
    const job = jobs.get(id);
    return job === undefined || clock() - job.madeAt >= bulk.lifeMs ? undefined : job;
  }

  return routes;
}

function gone(): Refusal {
  return new Refusal(404, "not-found", "That export is not known here, or no more: ask for a new one.");
}

/** Of this machine alone, and never as a client's Host header would have it. */
function baseOf(req: Request): string {
  return `http://127.0.0.1:${req.socket.localPort ?? 0}${req.baseUrl}`;
}
