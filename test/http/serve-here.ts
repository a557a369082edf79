import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { Router } from "express";
import { loadConfig } from "../../src/config/load-config.ts";
import type { Connection } from "../../src/db/connect.ts";
import type { HttpParts } from "../../src/http/http-parts.ts";
import { makeApp } from "../../src/http/make-app.ts";
import { hospitalNow } from "../store/scanned-hospital.ts";

export interface ServedHere {
  /** Without a slash at the end. */
  readonly url: string;
  /** What the server has logged. */
  readonly logged: readonly string[];
  readonly close: () => Promise<void>;
}

/** A router on a loopback port, over an open database that is left open. */
export async function serveHere(
  { db }: Pick<Connection, "db">,
  makeRouter: (parts: HttpParts) => Router,
  more: Partial<HttpParts> = {},
): Promise<ServedHere> {
  const logged: string[] = [];
  const parts: HttpParts = {
    db,
    clock: () => hospitalNow,
    makeId: randomUUID,
    config: loadConfig({ env: {} }),
    log: (text) => logged.push(text),
    ...more,
  };
  const server = makeApp(parts, [makeRouter(parts)]).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    logged,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
