import pg from "pg";
import { UserError } from "../domain/user-error.ts";

interface Failure {
  /** Of PostgreSQL's error codes, by their beginning. */
  readonly states: readonly string[];
  readonly code: string;
  readonly says: string;
  readonly fix: string;
}

const lost: Failure = {
  states: ["08", "57P01", "57P02", "57P03"],
  code: "database-lost",
  says: "The connection to the database was lost",
  fix: "Nothing that was stored is lost. See that the database runs; its log says why it went: a restart, a failover, a limit to how long a connection may be idle. Then try again.",
};

const failures: readonly Failure[] = [
  lost,
  {
    states: ["53100"],
    code: "database-full",
    says: "The database has no room left on its disk",
    fix: "Give it room: a larger disk, or a shorter `retention` in the configuration. Nothing that was stored is lost; then run the same again.",
  },
  {
    states: ["53"],
    code: "database-busy",
    says: "The database has no connection or no memory left for this",
    fix: "Raise max_connections (each process takes up to ten) or its memory, or run fewer processes; then try again.",
  },
  {
    states: ["25006"],
    code: "database-read-only",
    says: "The database takes nothing to be written",
    fix: "DATABASE_URL leads to a standby, or the database was set read-only: point it at the primary.",
  },
  {
    states: ["42501"],
    code: "database-forbids",
    says: "The database does not allow its user to do this",
    fix: "Make the user of DATABASE_URL the owner of the database and of all that is in it.",
  },
  {
    states: ["57014"],
    code: "database-cut-off",
    says: "The database broke off a statement",
    fix: "Somebody cancelled it, or statement_timeout is set for the user or the database: lift that, and run the same again.",
  },
  {
    states: ["58", "XX001", "XX002"],
    code: "database-damaged",
    says: "The database cannot read or write its own files",
    fix: "See its log, and the disk's; restore it from a backup if they are damaged.",
  },
];

const networkCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** What pg says, without any code, of a connection that is gone. */
const gone = /^(Connection terminated|Client has encountered a connection error)/;

/** And where each that this process may have was in use for so long that it gave up. */
const allInUse = "timeout exceeded when trying to connect";
const busy: Failure = {
  states: [],
  code: "database-busy",
  says: "The database was busy with what this process had asked for before",
  fix: "Try again. Where it happens often, see what it is busy with (pg_stat_activity), and whether it has the memory that `doctor` advises.",
};

/**
 * What a database says that is no defect of ours but for whoever runs it to mend; undefined for anything else. Its words are not shown,
 * for they may quote a record.
 */
export function asDatabaseFailure(error: unknown): UserError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  const failure = error instanceof pg.DatabaseError ? ofState(code ?? "") : ofConnection(error, code);
  return failure && new UserError(failure.code, `${failure.says}${code === undefined ? "" : ` (${code})`}.`, failure.fix, { cause: error });
}

function ofState(state: string): Failure | undefined {
  return failures.find(({ states }) => states.some((beginning) => state.startsWith(beginning)));
}

function ofConnection({ message }: Error, code: string | undefined): Failure | undefined {
  if (code !== undefined) return networkCodes.has(code) ? lost : undefined;
  if (gone.test(message)) return lost;
  return message === allInUse ? busy : undefined;
}

/** Throws an error as that, where it is one. */
export function throwFailure(error: unknown): never {
  throw asDatabaseFailure(error) ?? error;
}
