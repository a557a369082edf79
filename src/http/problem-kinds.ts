/** The status and title of each kind of problem, by the code of its UserError; a code not named here is a 400. */
export const problemKinds = {
  "unknown-parameter": { status: 400, title: "Unknown parameter" },
  "unknown-filter-value": { status: 400, title: "Unknown value" },
  "invalid-request": { status: 400, title: "Invalid request" },
  "not-a-time": { status: 400, title: "Not a time" },
  "not-a-number": { status: 400, title: "Not a number" },
  "not-an-id": { status: 400, title: "Not an id" },
  "not-a-cursor": { status: 400, title: "Not a cursor" },
  "other-origin": { status: 403, title: "Sent from another site's page" },
  "path-unknown": { status: 404, title: "Unknown path" },
  "finding-not-found": { status: 404, title: "No such finding or case" },
  "run-not-found": { status: 404, title: "No such run" },
  "site-unknown": { status: 404, title: "No such site" },
  "quarantine-key": { status: 404, title: "Nothing of that key in quarantine" },
  "signal-unknown": { status: 404, title: "No such signal" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  "not-a-finding": { status: 409, title: "No finding any more" },
  "finding-moved-on": { status: 409, title: "The finding has moved on" },
  "step-not-allowed": { status: 409, title: "The step is not possible from here" },
  "nothing-to-read": { status: 409, title: "Nothing to read" },
  "request-too-large": { status: 413, title: "Too large" },
  "not-json": { status: 415, title: "Not JSON" },
  "host-unknown": { status: 421, title: "Unknown host name" },
  "reason-needed": { status: 422, title: "A reason is needed" },
  "not-ready": { status: 503, title: "Not ready" },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly title: string }>>;

export type ProblemCode = keyof typeof problemKinds;
