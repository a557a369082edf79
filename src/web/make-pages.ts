import { Router } from "express";
import { refuseUnknownPath } from "../http/answer-problems.ts";
import type { HttpParts } from "../http/http-parts.ts";
import { askDoctor, doctorPage } from "./doctor-page.ts";
import type { Examinations } from "../insight/examinations.ts";
import { feedsPage } from "./feeds-page.ts";
import { findingPage } from "./finding-page.ts";
import type { PageParts } from "./page-frame.ts";
import { problemPage } from "./problem-page.ts";
import { askReplay, quarantinedPage, quarantinePage } from "./quarantine-page.ts";
import { makeRender } from "./render.ts";
import { recordStep, reviewedPage } from "./review-page.ts";
import { askRun, runPage, runsPage } from "./runs-page.ts";
import { signalPage, signalsPage } from "./signals-page.ts";
import { stateOfFeed, undoStatement } from "./feed-statement-form.ts";
import { seriesPage } from "./series-page.ts";
import { readStyleSheet } from "./static-files.ts";
import { worklistPage } from "./worklist-page.ts";

/** The pages: rendered here, complete without client-side script, all their state in the address. */
export function makePages(httpParts: HttpParts, examinations: Examinations): Router {
  const style = readStyleSheet();
  const parts: PageParts = { ...httpParts, render: makeRender(style.url) };
  const router = Router();
  router.get(style.url, style.answer);
  router.get("/", (request, response) => worklistPage(parts, request, response));
  router.get("/findings/:id", (request, response) => findingPage(parts, request, response));
  router.post("/findings/:id/reviews", (request, response) => recordStep(parts, request, response));
  router.get("/findings/:id/reviewed", (request, response) => reviewedPage(parts, request, response));
  router.get("/runs", (request, response) => runsPage(parts, request, response));
  router.post("/runs", (request, response) => askRun(parts, request, response));
  router.get("/runs/:id", (request, response) => runPage(parts, request, response));
  router.get("/feeds", (request, response) => feedsPage(parts, request, response));
  router.get("/doctor", (request, response) => doctorPage(parts, examinations, request, response));
  router.post("/doctor", (request, response) => askDoctor(parts, examinations, request, response));
  router.get("/quarantine", (request, response) => quarantinePage(parts, request, response));
  router.post("/quarantine/replays", (request, response) => askReplay(parts, request, response));
  router.get("/quarantine/:key", (request, response) => quarantinedPage(parts, request, response));
  router.post("/feeds/statements", (request, response) => stateOfFeed(parts, request, response));
  router.post("/feeds/statements/:id/undo", (request, response) => undoStatement(parts, request, response));
  router.get("/series/:id", (request, response) => seriesPage(parts, request, response));
  router.get("/signals", (request, response) => signalsPage(parts, request, response));
  router.get("/signals/:id", (request, response) => signalPage(parts, request, response));
  router.use(refuseUnknownPath, problemPage(parts));
  return router;
}
