import type { ServerResponse } from "node:http";
import type { JsonObject } from "../json-value.ts";
import type { Draw } from "./draw.ts";
import type { PageTrail } from "./page-trail.ts";

/** One question, as far as a fault goes by it. */
export interface Question {
  /** Below the base, such as `Task`, `Task/_history` or, for a page of this server's, nothing. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query as they came, such as `Task?_count=1`. */
  readonly target: string;
  /** The first page's target: later pages have links that are another in every run. */
  readonly first: string;
  /** From 1. */
  readonly page: number;
  /** How often this page of this question has been asked for, this time included. */
  readonly time: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a fault knows besides the question. */
export interface FaultContext {
  readonly question: Question;
  /** The FHIR base as clients know it. */
  readonly base: string;
  /** Epoch milliseconds: the server's clock. */
  readonly clock: () => number;
  /** Of the seed alone. */
  readonly ofSeed: Draw;
  /** Of the seed and this question, asked for the time that it is. */
  readonly draw: Draw;
  readonly trail: PageTrail;
  /** Takes the next connection, and reads nothing that comes on it. */
  readonly leaveNextUnread: () => void;
}

/** One thing that a FHIR server, or what stands before it, does wrong. */
export interface Fault {
  readonly name: string;
  /** `always`: it is how this server is. `at-times`: it befalls a question, and may be over when it is asked again. */
  readonly lasts: "always" | "at-times";
  readonly befalls: (question: Question) => boolean;
  readonly does: Effect;
}

/** Where one gives undefined it had nothing to act on, and did not happen. */
export type Effect =
  /** Answers without looking. */
  | { readonly instead: (context: FaultContext) => Answer }
  /** Takes the question for another one; it gets its query as it may change it. */
  | { readonly mishears: (query: URLSearchParams, context: FaultContext) => URLSearchParams | undefined }
  /** Changes a Bundle. */
  | { readonly alters: (bundle: JsonObject, context: FaultContext) => JsonObject | undefined }
  /** Tells the time wrong by so many milliseconds. */
  | { readonly misdates: (context: FaultContext) => number }
  /** Sends the answer as no answer should be. */
  | { readonly sends: (res: ServerResponse, answer: Answer, context: FaultContext) => void };

export function entriesOf(bundle: JsonObject): readonly JsonObject[] {
  return Array.isArray(bundle["entry"]) ? (bundle["entry"] as JsonObject[]) : [];
}

export function nextOf(bundle: JsonObject): string | undefined {
  return linksOf(bundle).find(({ relation }) => relation === "next")?.url;
}

export function withNext(bundle: JsonObject, url: string): JsonObject {
  return { ...bundle, link: linksOf(bundle).map((link) => (link.relation === "next" ? { ...link, url } : link)) };
}

function linksOf(bundle: JsonObject): readonly { readonly relation: string; readonly url: string }[] {
  return Array.isArray(bundle["link"]) ? (bundle["link"] as { relation: string; url: string }[]) : [];
}
