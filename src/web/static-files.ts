import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RequestHandler } from "express";

/** One file of `static/`, at an address that changes with its content: so a browser may keep it for good. */
export interface StaticFile {
  readonly url: string;
  readonly answer: RequestHandler;
}

export function readStyleSheet(): StaticFile {
  const body = readFileSync(join(import.meta.dirname, "static/followthrough.css"));
  const url = `/static/followthrough-${hash("sha256", body, "hex").slice(0, 12)}.css`;
  return {
    url,
    answer: (_request, response) => {
      response.setHeader("Cache-Control", "public, max-age=31536000, immutable");
      response.type("css").send(body);
    },
  };
}
