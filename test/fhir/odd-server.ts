import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { ServerAccess } from "../../src/config/server-access.ts";
import { openFhirServer, type FhirServer, type Patience } from "../../src/fhir/fhir-server.ts";

/** One question that a server was asked. */
export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** From 0. */
  readonly number: number;
}

/** What it answers: JSON as an object, anything else as text; or whatever it does with the response itself. */
export type Answer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string;
};
export type Answering = (asked: Asked, res: ServerResponse) => Answer | undefined;

export interface OddServer {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  readonly asked: readonly Asked[];
}

/** A server on loopback that answers as no server should, for the length of one test. */
export async function startOddServer(answering: Answering): Promise<OddServer> {
  const asked: Asked[] = [];
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? "/", "http://here");
    const one: Asked = { path: url.pathname, query: url.searchParams, headers: req.headers, number: asked.length };
    asked.push(one);
    const answer = answering(one, res);
    if (answer === undefined) return;
    const { status = 200, headers = {}, body = "" } = answer;
    res.writeHead(status, { "Content-Type": "application/fhir+json", ...headers });
    res.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** What was slept between questions; nobody really sleeps. */
export interface Opened {
  readonly server: FhirServer;
  readonly sleptMs: readonly number[];
}

export const clientClock = Date.parse("2026-03-16T09:00:00Z");

/** Our client, on such a server. */
export function openOdd(
  base: string,
  { random = () => 0, ...patience }: Partial<Patience> & { readonly random?: () => number } = {},
  access: ServerAccess = {},
): Opened {
  const sleptMs: number[] = [];
  const sleep = (ms: number): Promise<void> => {
    sleptMs.push(ms);
    return Promise.resolve();
  };
  return { server: openFhirServer({ base, access, clock: () => clientClock, random, patience: { sleep, ...patience } }), sleptMs };
}

export interface BundleParts {
  readonly next?: string;
  readonly total?: number;
  readonly entry?: readonly object[];
}

export function bundle({ next, total, entry }: BundleParts): object {
  return {
    resourceType: "Bundle",
    type: "searchset",
    ...(total === undefined ? {} : { total }),
    ...(next === undefined ? {} : { link: [{ relation: "next", url: next }] }),
    ...(entry === undefined ? {} : { entry }),
  };
}

export function match(resource: object): object {
  return { resource, search: { mode: "match" } };
}
