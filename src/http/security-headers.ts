import type { RequestHandler } from "express";
import helmet from "helmet";

/**
 * Nothing from another host, nothing inline, no frames. `same-origin` tells other hosts as little as `no-referrer` does,
 * which would make browsers send our own forms with `Origin: null`.
 */
export const securityHeaders: readonly RequestHandler[] = [
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
      },
    },
    referrerPolicy: { policy: "same-origin" },
    xFrameOptions: { action: "deny" },
    // Who speaks TLS for us says so; loopback must stay open to other programs of this machine.
    strictTransportSecurity: false,
  }),
  // Nearly every answer is about patients. What is not (a style sheet) sets its own.
  (_request, response, next) => {
    response.setHeader("Cache-Control", "no-store");
    next();
  },
];
