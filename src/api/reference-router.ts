import { Router } from "express";
import type { OpenApiDocument } from "./openapi-document.ts";
import { referencePage } from "./reference-page.ts";
import { referenceStyle } from "./reference-style.ts";

/** `/api/`: the document of the API for people to read. */
export function referenceRouter(document: OpenApiDocument): Router {
  const router = Router({ strict: true });
  const page = referencePage(document);
  router.get("/api", (_request, response) => {
    response.redirect(308, "/api/");
  });
  router.get("/api/", (_request, response) => {
    response.type("html").send(page);
  });
  router.get("/api/reference.css", (_request, response) => {
    response.type("css").send(referenceStyle);
  });
  return router;
}
