import compression from "compression";
import type { Request, RequestHandler } from "express";

/**
 * Compresses what is worth it for whoever is far. For a program or browser on this machine to compress and to unpack again is a sixth of
 * what a page of the worklist takes of this process, and saves nothing (measured). Lists repeat themselves: the fastest level leaves a tenth of them,
 * the usual one takes three times as long for little less.
 */
export const compressAnswers: RequestHandler = compression({
  level: 1,
  filter: (request, response) => !isOnThisMachine(request) && compression.filter(request, response),
});

/** A proxy on this machine speaks for somebody who may be far, and says so. */
function isOnThisMachine({ socket, headers }: Request): boolean {
  const address = socket.remoteAddress ?? "";
  const isLoopback = address === "::1" || /^(::ffff:)?127\./.test(address);
  return isLoopback && ["forwarded", "x-forwarded-for", "via"].every((name) => headers[name] === undefined);
}
