import { Router } from "express";
import { UserError } from "../domain/user-error.ts";
import { readDatabaseState } from "../store/database-state.ts";
import type { HttpParts } from "./http-parts.ts";

/** For whatever watches the process: `/healthz` while it lives, `/readyz` while its database answers and is up to date. */
export function healthRouter({ db }: Pick<HttpParts, "db">): Router {
  const router = Router();
  router.get("/healthz", (_request, response) => {
    response.json({ status: "ok" });
  });
  router.get("/readyz", async (_request, response) => {
    const state = await readDatabaseState(db);
    if (state === "silent")
      throw new UserError("not-ready", "The database does not answer.", "See that it runs and that DATABASE_URL leads to it.");
    if (state === "not-migrated")
      throw new UserError("not-ready", "The database is not as this version needs it.", "Run: npm run -s followthrough -- migrate");
    response.json({ status: "ready" });
  });
  return router;
}
