import type { ErrorRequestHandler, Response } from "express";
import { toProblem } from "../http/answer-problems.ts";
import type { Problem } from "../http/problem.ts";
import { sendFramed, sendPage, type Page, type PageParts } from "./page-frame.ts";

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
      // What was seen is read from the database.
      sendUnseen(parts, response, page);
    }
  };
}

/** Where not even the frame can be made, the problem alone. */
function sendUnseen(parts: PageParts, response: Response, page: Page & { readonly view: Problem }): void {
  try {
    sendFramed(parts, response, page, undefined);
  } catch {
    const { status, title, detail, fix } = page.view;
    response.status(status).type("text/plain").send(`${title}\n${detail}\n${fix}\n`);
  }
}
