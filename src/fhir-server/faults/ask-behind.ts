import { once } from "node:events";
import { request, type Agent, type IncomingMessage } from "node:http";
import type { Answer } from "./fault.ts";

/** Asks the server behind the same, and waits for the whole of its answer. */
export async function askBehind(url: string, req: IncomingMessage, agent: Agent): Promise<Answer> {
  const { host: _host, connection: _connection, "accept-encoding": _encoding, ...headers } = req.headers;
  const asked = request(url, { method: req.method, headers, agent });
  req.pipe(asked);
  const [res] = (await once(asked, "response")) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of res as AsyncIterable<Buffer>) pieces.push(piece);
  const kept = ["content-type", "date", "etag", "last-modified", "location", "allow", "content-location", "retry-after", "x-progress"];
  const told = Object.entries(res.headers).flatMap(([name, value]) =>
    kept.includes(name) && typeof value === "string" ? [[name, value]] : [],
  );
  return { status: res.statusCode ?? 502, headers: Object.fromEntries(told) as Record<string, string>, body: Buffer.concat(pieces) };
}
