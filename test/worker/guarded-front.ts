import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { AuthorisationServer } from "../fhir/authorisation-server.ts";

/** What stands before a FHIR server and lets pass who brings a token that is good. */
export interface GuardedFront {
  readonly url: string;
  /** Path below the base, and whose token it was asked with; `refused`: none that is good. */
  readonly asked: readonly { readonly path: string; readonly token: string | undefined; readonly refused: boolean }[];
}

/** For the length of one test. It says itself where tokens are had, to everybody, as SMART has it. */
export async function startGuardedFront(guard: AuthorisationServer, behind: string): Promise<GuardedFront> {
  const asked: { path: string; token: string | undefined; refused: boolean }[] = [];
  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = (req.url ?? "").replace(/^\/fhir\/?/, "");
    if (path === ".well-known/smart-configuration") {
      res.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ token_endpoint: guard.tokenUrl }));
      return;
    }
    const token = req.headers.authorization;
    const refused = (await guard.bearerOf(token)) === undefined;
    asked.push({ path, token, refused });
    if (refused) {
      res.writeHead(401, { "Content-Type": "text/plain" }).end("who asks?");
      return;
    }
    const { prefer, accept = "*/*" } = req.headers;
    const headers = { accept, "accept-encoding": "identity", ...(typeof prefer === "string" && { prefer }) };
    const given = await fetch(`${behind}/${path}`, { method: req.method ?? "GET", headers });
    const kept = ["content-type", "date", "content-location", "retry-after", "etag", "last-modified"];
    for (const name of kept) if (given.headers.has(name)) res.setHeader(name, given.headers.get(name) ?? "");
    res.writeHead(given.status).end(Buffer.from(await given.arrayBuffer()));
  }
  const server = createServer((req, res) => void answer(req, res).catch(() => res.destroy())).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`, asked };
}
