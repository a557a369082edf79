import { sql, type Kysely } from "kysely";
import type { Database } from "../db/schema.ts";
import { changingDue } from "../detect/due.ts";
import { joinedActivities } from "../detect/joined-activities.ts";
import type { Instant } from "../domain/instant.ts";
import type { Signal } from "../domain/signal.ts";
import { askedBy } from "../domain/wanted.ts";
import { selectEvents, type Narrowed } from "./select-events.ts";

/** Of what a statement is made, as the site was last judged. */
export interface StatementSite {
  readonly siteId: number;
  readonly now: Instant;
  /** The retention line. */
  readonly line: Instant;
}

/** A statement with its parameters written into it. */
export interface EvidenceStatement {
  readonly says: string;
  readonly sql: string;
}

/**
 * What detection selects of the patients in whom this signal has opened, by the query that it runs itself: narrowed to the
 * activities and codes of the signal, where detection reads what all signals ask for, a batch of patients at a time.
 */
export function evidenceStatements(db: Kysely<Database>, signal: Signal, { siteId, now, line }: StatementSite): EvidenceStatement[] {
  const moving = signal.loop ? changingDue.map((activity) => [activity, "all"] as const) : [];
  const narrowed: Narrowed = { siteId, wanted: new Map([...moving, ...askedBy([signal])]) };
  const patients = sql<bigint>`any(array(select distinct patient_key from loop where site_id = ${siteId}::integer and signal = ${signal.id}::text))`;
  const { ever } = joinedActivities([signal]);
  return [
    {
      says: "Every event that may open, close, cancel, excuse or move what is due, after the retention line and up to the last judgement",
      sql: withLiterals(selectEvents(db, patients, line, now, narrowed).orderBy("patient_key").orderBy("at").compile()),
    },
    ...(ever.size === 0
      ? []
      : [
          {
            says: "What counts however long ago, from before the retention line",
            sql: withLiterals(
              selectEvents(db, patients, -Infinity, line, narrowed)
                .where("activity", "=", sql<never>`any(${[...ever]}::activity[])`)
                .compile(),
            ),
          },
        ]),
  ];
}

/** The text that runs by itself: each parameter as a literal in its place. */
function withLiterals({ sql: text, parameters }: { readonly sql: string; readonly parameters: readonly unknown[] }): string {
  const filled = text.replace(/\$(\d+)/g, (_, number: string) => literal(parameters[Number(number) - 1]));
  return `${filled.replace(/ (from|where|and|order by) (?=")/g, "\n  $1 ").replace(/ (and) (?=\()/g, "\n  $1 ")};`;
}

function literal(value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return quoted(`{${value.map(element).join(",")}}`);
  return quoted(typeof value === "string" ? value : JSON.stringify(value));
}

/** An element of an array literal. */
function element(value: unknown): string {
  const text = typeof value === "string" ? value : typeof value === "bigint" ? value.toString() : JSON.stringify(value);
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
