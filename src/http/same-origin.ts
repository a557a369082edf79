import type { Request, RequestHandler } from "express";
import { UserError } from "../domain/user-error.ts";

const reading: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses what another site's page makes a browser send: a host name that is not ours but leads here (DNS rebinding), and
 * anything that would change something from another origin. Programs, which send neither Origin nor Sec-Fetch-Site, pass.
 * @throws UserError `host-unknown`, `other-origin`
 */
export function sameOrigin(hosts: readonly string[] = []): RequestHandler {
  const known = hosts.map((host) => host.toLowerCase());
  return (request, _response, next) => {
    const name = hostNameOf(request);
    if (name === undefined || !(isLoopback(name) || known.includes(name)))
      throw new UserError(
        "host-unknown",
        "This server was asked for under a name that it does not know.",
        "Ask for it as http://localhost with its port.",
      );
    if (!reading.has(request.method) && !isFromHere(request))
      throw new UserError(
        "other-origin",
        "This was sent from the page of another site, so nothing was done.",
        "Open Followthrough itself in the browser and do it there; a program leaves the Origin header out.",
      );
    next();
  };
}

function hostNameOf(request: Request): string | undefined {
  const { host } = request.headers;
  const url = `http://${host ?? ""}`;
  return host !== undefined && URL.canParse(url) ? new URL(url).hostname : undefined;
}

function isLoopback(name: string): boolean {
  return name === "localhost" || name === "[::1]" || /^127(\.\d+){3}$/.test(name);
}

/** Sec-Fetch-Site is the browser's own judgement; older ones send Origin alone. */
function isFromHere({ headers }: Request): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  const { origin, host } = headers;
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host?.toLowerCase());
}
