import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSocketServer, type AddressInfo, type Socket } from "node:net";
import { isObject, parseJson, type JsonObject } from "../json-value.ts";
import { askBehind } from "./ask-behind.ts";
import { targetOf } from "./entry-faults.ts";
import { entriesOf, nextOf, type Answer, type Effect, type Fault, type FaultContext, type Question } from "./fault.ts";
import { openPageTrail, type PageTrail } from "./page-trail.ts";
import { noFaults, type FaultPlan } from "./plan-faults.ts";
import { sendWhole } from "./wire-faults.ts";

/** What stands before a FHIR server and does to its answers what a plan says. */
export interface FaultyFront {
  /** The FHIR base, the same whatever stands behind. */
  readonly url: string;
  /** Stands before this FHIR base from now on. */
  leadTo(base: string): void;
  /** Goes by this plan from now on; no question counts as asked before. */
  follow(plan: FaultPlan): void;
  /** How often each fault really happened. */
  readonly happened: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export interface FaultyFrontOptions {
  /** 0, the default: any that is free. */
  readonly port?: number;
  /** Epoch milliseconds: the clock of the server behind. */
  readonly clock: () => number;
  /** Told of every question before it is answered, faulty or not. */
  readonly onQuestion?: (question: Question, method: string) => void;
}

/** On this machine's loopback alone. Links that name the server behind are made to name this one: without a plan all is as it should be. */
export async function startFaultyFront({ port = 0, clock, onQuestion }: FaultyFrontOptions): Promise<FaultyFront> {
  const sockets = new Set<Socket>();
  const held = new Set<Socket>();
  const happened = new Map<string, number>();
  const agent = new Agent({ keepAlive: true });
  let [behind, plan, unread] = ["", noFaults, 0];
  let [trail, times] = [openPageTrail(), new Map<string, number>()];
  const http = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    // Who hung up, and a server behind that is gone, get no answer.
    answer(req, res).catch(() => res.destroy());
  });
  // Sockets are handed on by hand, so that one can be left unread.
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    if (unread === 0) {
      http.emit("connection", socket);
      return;
    }
    unread -= 1;
    held.add(socket);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`;

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const question = readQuestion(req.url ?? "", trail, times);
    onQuestion?.(question, req.method ?? "");
    const { first, page, time } = question;
    const context: FaultContext = {
      question,
      base: url,
      clock,
      ofSeed: plan.ofSeed,
      draw: (name) => plan.ofSeed(`${name} ${time} ${page} ${first}`),
      trail,
      leaveNextUnread: () => void (unread += 1),
    };
    const faults = plan.choose(question);
    const given = insteadOf(faults, context) ?? (await ask(req, faults, context));
    const [sender] = pickEffect(faults, "sends");
    const [dated] = pickEffect(faults, "misdates").map((fault) => redate(given, tell(fault, fault.does.misdates(context))));
    // Node would add the real time.
    res.sendDate = false;
    if (sender === undefined) sendWhole(res, dated ?? given);
    else tell(sender, sender.does).sends(res, dated ?? given, context);
  }

  function insteadOf(faults: readonly Fault[], context: FaultContext): Answer | undefined {
    const [fault] = pickEffect(faults, "instead");
    if (fault === undefined) return undefined;
    const { headers, ...answer } = tell(fault, fault.does.instead(context));
    return { ...answer, headers: { date: new Date(clock()).toUTCString(), ...headers } };
  }

  async function ask(req: IncomingMessage, faults: readonly Fault[], context: FaultContext): Promise<Answer> {
    const { question } = context;
    let query = new URLSearchParams(question.query);
    for (const fault of pickEffect(faults, "mishears"))
      query = tell(fault, fault.does.mishears(new URLSearchParams(query), context)) ?? query;
    // Left as it came where nothing was changed: encodings are the client's own.
    const isSame = String(query) === String(question.query);
    const target = isSame ? question.target : `${question.path}?${String(query)}`;
    const given = dateNow(await askBehind(`${behind}${/^(\?|$)/.test(target) ? "" : "/"}${target}`, req, agent));
    const text = given.body.toString().replaceAll(behind, url);
    const bundle = parseJson(text);
    if (!isObject(bundle) || bundle["resourceType"] !== "Bundle") return { ...given, body: Buffer.from(text) };
    return { ...given, body: Buffer.from(JSON.stringify(alter(bundle, faults, context))) };
  }

  /** By the clock that the front was given, where the server behind tells the time at all. */
  function dateNow(given: Answer): Answer {
    return given.headers["date"] === undefined ? given : { ...given, headers: { ...given.headers, date: new Date(clock()).toUTCString() } };
  }

  function alter(given: JsonObject, faults: readonly Fault[], context: FaultContext): JsonObject {
    const { question } = context;
    const next = targetOf(nextOf(given), url);
    if (next !== undefined) trail.note(next, question);
    const left = trail.find(question.target)?.left ?? [];
    let bundle = left.length === 0 ? given : { ...given, entry: [...left, ...entriesOf(given)] };
    for (const fault of pickEffect(faults, "alters")) bundle = tell(fault, fault.does.alters(bundle, context)) ?? bundle;
    return bundle;
  }

  /** Counts a fault that did something. */
  function tell<T>({ name }: Fault, did: T): T {
    if (did !== undefined) happened.set(name, (happened.get(name) ?? 0) + 1);
    return did;
  }

  return {
    url,
    happened,
    leadTo: (base) => void (behind = base),
    follow(next) {
      [plan, trail, times, unread] = [next, openPageTrail(), new Map<string, number>(), 0];
      // A client may have kept one of these for later.
      for (const socket of held) socket.destroy();
      held.clear();
    },
    async close() {
      agent.destroy();
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function readQuestion(url: string, trail: PageTrail, times: Map<string, number>): Question {
  const target = url.replace(/^\/fhir\/?/, "");
  const [path = "", ...rest] = target.split("?");
  const { first, page } = trail.find(target) ?? { first: target, page: 1 };
  const time = (times.get(`${page} ${first}`) ?? 0) + 1;
  times.set(`${page} ${first}`, time);
  return { path, query: new URLSearchParams(rest.join("?")), target, first, page, time };
}

type EffectName = Effect extends infer E ? (E extends unknown ? keyof E : never) : never;
type WithEffect<N extends EffectName> = Fault & { readonly does: Extract<Effect, Readonly<Record<N, unknown>>> };

function pickEffect<N extends EffectName>(faults: readonly Fault[], name: N): WithEffect<N>[] {
  return faults.filter((fault): fault is WithEffect<N> => name in fault.does);
}

function redate(answer: Answer, offMs: number): Answer {
  const at = Date.parse(answer.headers["date"] ?? "");
  return Number.isNaN(at) ? answer : { ...answer, headers: { ...answer.headers, date: new Date(at + offMs).toUTCString() } };
}
