export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined where the body is no JSON. */
  readonly body: Body | undefined;
}

type Body = Readonly<Record<string, unknown>>;

/** One request, its answer whatever its status; `resource` is sent as it is, right or wrong. */
export async function askHapi(method: "GET" | "PUT" | "POST" | "DELETE", url: string, resource?: unknown): Promise<Answer> {
  const sent = resource === undefined ? {} : { body: JSON.stringify(resource), headers: { "content-type": "application/fhir+json" } };
  const response = await fetch(url, { method, ...sent });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parse(text) };
}

function parse(text: string): Body | undefined {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return undefined;
  }
}

/** Removes every record with its history, in a quarter of a second: one server serves all suites, each from nothing. */
export async function emptyHapi(base: string): Promise<void> {
  const parameters = { resourceType: "Parameters", parameter: [{ name: "expungeEverything", valueBoolean: true }] };
  const { status } = await askHapi("POST", `${base}/$expunge`, parameters);
  if (status !== 200) throw new Error(`$expunge answered ${status}`);
}

/**
 * Waits until the server's clock shows a later second than that of the last write: a pull asks for nothing after that
 * clock, which tells only whole seconds, so what was written within its second would come with the next pull.
 */
export async function passLastWrite(base: string): Promise<void> {
  const written = await readClock(base);
  while ((await readClock(base)) === written);
}

async function readClock(base: string): Promise<string | null> {
  return (await fetch(`${base}/metadata`, { method: "HEAD" })).headers.get("date");
}
