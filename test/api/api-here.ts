import { expect } from "vitest";
import { makeApi } from "../../src/api/make-api.ts";
import { makeExaminations } from "../../src/commands/make-examinations.ts";
import type { Connection } from "../../src/db/connect.ts";
import type { HttpParts } from "../../src/http/http-parts.ts";
import { serveHere, type ServedHere } from "../http/serve-here.ts";
import { documentValidator } from "./document-validator.ts";

interface Answered<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface ApiHere extends ServedHere {
  /** `path` below `/api/v1`, or a whole one as `next` gives it. Every answer is held against the published document. */
  readonly get: <Body = unknown>(path: string) => Promise<Answered<Body>>;
  readonly post: <Body = unknown>(path: string, body: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answered<Body>>;
  /** Every page from this one on, as `next` leads; the Link header says the same. */
  readonly walk: <Page extends Paged>(path: string, between?: (page: Page) => Promise<void>) => Promise<Page[]>;
}

interface Paged {
  readonly next: string | null;
}

/** The API on a loopback port, over an open database that is left open. */
export async function apiHere(connection: Pick<Connection, "db">, more: Partial<HttpParts> = {}): Promise<ApiHere> {
  const { url, logged, close } = await serveHere(
    connection,
    (parts) => makeApi(parts, makeExaminations(connection, parts.config, { ...parts, random: () => 0 })),
    more,
  );
  const document = await (await fetch(`${url}/api/openapi.json`)).json();
  const faults = documentValidator(document as Parameters<typeof documentValidator>[0]);
  const ask = async <Body>(path: string, init: RequestInit): Promise<Answered<Body>> => {
    const whole = path.startsWith("/api/") ? path : `/api/v1/${path}`;
    const response = await fetch(url + whole, init);
    const body: unknown = await response.json();
    expect(faults(init.method!, whole.replace(/\?.*/, ""), response.status, body)).toEqual([]);
    return { status: response.status, headers: response.headers, body: body as Body };
  };
  const get = <Body>(path: string): Promise<Answered<Body>> => ask<Body>(path, { method: "GET" });
  return {
    url,
    logged,
    get,
    walk: async <Page extends Paged>(path: string, between: (page: Page) => Promise<void> = () => Promise.resolve()) => {
      const pages: Page[] = [];
      let next: string | null = path;
      while (next !== null) {
        const { status, body, headers }: Answered<Page> = await get<Page>(next);
        expect(status).toBe(200);
        expect(headers.get("link")).toBe(body.next === null ? null : `<${body.next}>; rel="next"`);
        pages.push(body);
        await between(body);
        next = body.next;
      }
      return pages;
    },
    post: (path, body, headers = {}) =>
      ask(path, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) }),
    close,
  };
}
