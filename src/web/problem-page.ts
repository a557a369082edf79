import type { ErrorRequestHandler } from "express";
import { toProblem } from "../http/answer-problems.ts";
import { sendFramed, sendPage, type PageParts } from "./page-frame.ts";

/** What goes wrong on a page is a page too: what it is, and what to do. Nothing of a defect is shown but its id. */
export function problemPage(parts: PageParts): ErrorRequestHandler {
  return async (error, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = toProblem(parts, request, error);
    const page = { template: "problem.njk", title: problem.title, status: problem.status, view: problem };
    try {
      await sendPage(parts, request, response, page);
    } catch {
      sendFramed(parts, response, page, undefined);
    }
  };
}
