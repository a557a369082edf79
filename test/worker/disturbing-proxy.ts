import type { ServerResponse } from "node:http";
import type { Answer, Fault, Question } from "../../src/fhir-server/faults/fault.ts";
import { noFaults } from "../../src/fhir-server/faults/plan-faults.ts";
import { sendWhole } from "../../src/fhir-server/faults/wire-faults.ts";
import { startFaultyFront, type FaultyFront } from "../../src/fhir-server/faults/start-faulty-front.ts";

/** What befalls a question on its way: an HTTP status, a connection that breaks, an answer cut in half, one that finds nothing. */
export type Disturbance =
  | number
  | "reset"
  | "cut"
  | "nothing"
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body?: object }
  /** What the server behind says, in other words. */
  | { readonly becomes: (text: string) => string };

export interface DisturbingProxy {
  /** The FHIR base, the same whatever stands behind it. */
  readonly url: string;
  /** What else can be made to befall its answers. */
  readonly front: FaultyFront;
  /** Every path and query below the base since `forget`; a method other than GET before it. */
  readonly asked: readonly string[];
  /** Stands before this server from now on. */
  leadTo(server: { readonly url: string }, clock: () => number): void;
  /** That of the server behind it. */
  readonly clock: () => number;
  /** Decides by the path and query below the base, and the question's number since `forget`. */
  disturb(decide: (path: string, number: number) => Disturbance | undefined): void;
  /** Undisturbed again, and nothing asked. */
  forget(): void;
  close(): Promise<void>;
}

/** Stands before a well-behaved server, and disturbs what a test names; `onQuestion` is told of every question first. */
export async function startDisturbingProxy(onQuestion: () => void = () => {}): Promise<DisturbingProxy> {
  let clock = (): number => 0;
  const asked: string[] = [];
  const hear = ({ target }: Question, method: string): void => {
    asked.push(method === "GET" ? target : `${method} ${target}`);
    onQuestion();
  };
  const front = await startFaultyFront({ clock: () => clock(), onQuestion: hear });
  return {
    url: front.url,
    front,
    asked,
    leadTo(server, itsClock) {
      front.leadTo(server.url);
      clock = itsClock;
    },
    clock: () => clock(),
    disturb: (decide) =>
      front.follow({
        ...noFaults,
        choose({ target }) {
          const disturbance = decide(target, asked.length);
          return disturbance === undefined ? [] : [faultOf(disturbance)];
        },
      }),
    forget() {
      front.follow(noFaults);
      asked.length = 0;
    },
    close: () => front.close(),
  };
}

function faultOf(disturbance: Disturbance): Fault {
  const of = { name: JSON.stringify(disturbance), lasts: "at-times", befalls: () => true } as const;
  if (disturbance === "reset") return { ...of, does: { sends: (res) => res.destroy() } };
  if (disturbance === "cut") return { ...of, does: { sends: sendHalf } };
  if (disturbance === "nothing") {
    const nothing = Buffer.from(JSON.stringify({ resourceType: "Bundle", type: "searchset" }));
    return { ...of, does: { instead: () => ({ status: 200, headers: { "Content-Type": "application/fhir+json" }, body: nothing }) } };
  }
  if (typeof disturbance === "object" && "becomes" in disturbance) {
    const { becomes } = disturbance;
    return { ...of, does: { sends: (res, given) => sendWhole(res, { ...given, body: Buffer.from(becomes(given.body.toString())) }) } };
  }
  const body = Buffer.from("disturbed");
  if (typeof disturbance === "object") {
    const said = disturbance.body === undefined ? body : Buffer.from(JSON.stringify(disturbance.body));
    return { ...of, does: { instead: () => ({ ...disturbance, body: said }) } };
  }
  return { ...of, does: { instead: () => ({ status: disturbance, headers: { "Content-Type": "text/plain" }, body }) } };
}

function sendHalf(res: ServerResponse, { status, headers, body }: Answer): void {
  res.writeHead(status, { ...headers, "Content-Length": body.length });
  res.write(body.subarray(0, body.length / 2), () => res.destroy());
}
