import { z } from "zod";
import { parseCron, type Cron } from "../domain/cron.ts";
import { exactDurationMs, parseDuration } from "../domain/duration.ts";
import { fhirVersions, nameFhirVersion } from "../domain/fhir-version.ts";
import { didYouMean } from "../domain/nearest-name.ts";
import { unassignedTeam } from "../domain/viewer.ts";
import { resourceTypes } from "../domain/resource-types.ts";

/** The kinds of text that a configuration holds. Each says what it found and what to write instead. */
interface TextKind<T> {
  /** Undefined where the text is wrong. */
  readonly read: (value: string) => T | undefined;
  /** Completes `"…" is no`. */
  readonly what: string;
  /** A sentence that starts with "Write". */
  readonly write: string;
  readonly hint?: (value: string) => string;
  /** What was written may be a patient's own number: it is not repeated. */
  readonly isPrivate?: true;
}

function textOf<T>({ read, what, write, hint = () => "", isPrivate }: TextKind<T>) {
  const describe = (input: unknown): string => {
    if (input === undefined) return write;
    return `${isPrivate === true ? "This" : JSON.stringify(input)} is no ${what}. ${write}${typeof input === "string" ? hint(input) : ""}`;
  };
  return z.string({ error: ({ input }) => describe(input) }).transform((value, { issues }) => {
    const found = read(value);
    if (found !== undefined) return found;
    issues.push({ code: "custom", input: value, message: describe(value) });
    return z.NEVER;
  });
}

/** Taken as it is written, where it is right. */
function where(isRight: (value: string) => boolean): (value: string) => string | undefined {
  return (value) => (isRight(value) ? value : undefined);
}

export const shortName = textOf({
  read: where((value) => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value)),
  what: "name",
  write: "Write small letters, digits and single hyphens, such as st-elsewhere.",
});

export const timeZone = textOf({
  read: where(isTimeZone),
  what: "time zone",
  write: "Write an IANA name such as Europe/London.",
  hint: (value) => didYouMean(value, Intl.supportedValuesOf("timeZone")),
});

function isTimeZone(value: string): boolean {
  // A bare offset is accepted below, but knows no summer time.
  if (/^[+-]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** In milliseconds. */
export const fixedDurationMs = textOf({
  read: exactDurationMs,
  what: "ISO 8601 duration of fixed length",
  write: "Write it like PT6H or P14D.",
  hint: (value) => timeHint(value) || (/^P\d+[YM]/i.test(value) ? " Months and years have no fixed length: count in days." : ""),
});

/** In milliseconds; some time at least. */
export const timeSpentMs = textOf({
  read: (value) => exactDurationMs(value) || undefined,
  what: "ISO 8601 duration of fixed length",
  write: "Write it like PT45M or PT12H.",
  hint: timeHint,
});

export const retention = textOf({
  read: where((value) => (parseDuration(value)?.sign ?? 0) > 0),
  what: "ISO 8601 duration",
  write: "Write it like P2Y or P18M.",
  hint: timeHint,
});

function timeHint(value: string): string {
  return /^P\d+[HS]$/i.test(value) ? ` Hours, minutes and seconds come after a T: PT${value.slice(1)}.` : "";
}

/** By name or number; DSTU2 is refused by name. */
export const fhirVersion = textOf({
  read: (value) => fhirVersions.find((name) => name === nameFhirVersion(value)),
  what: "version of FHIR that is read",
  write: `Write ${fhirVersions.slice(0, -1).join(", ")} or ${fhirVersions.at(-1)}, or its number, such as 4.0.1.`,
  hint: (value) => (nameFhirVersion(value) === "DSTU2" ? " DSTU2 is too old: ask the vendor for a later version." : ""),
});

export const cronOrOff = textOf({
  read: (value): Cron | "off" | undefined => (value === "off" ? value : parseCron(value)),
  what: "time that ever comes",
  write: 'Write minute, hour, day, month and weekday as cron has them, such as "30 1 * * *", or off.',
});

export const httpUrl = textOf({
  read: (value) => (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) ? value.replace(/\/+$/, "") : undefined),
  what: "web address",
  write: "Write the whole base URL, such as https://other.example/fhir.",
});

/** Filled in and opened in a browser: https, or http within the hospital; a script would be neither. */
export const eprLink = textOf({
  read: where(
    (value) =>
      /^https?:\/\//i.test(value) && URL.canParse(value) && value.split("{id}").length === 2 && !/[{}]/.test(value.replace("{id}", "")),
  ),
  what: "address of a patient in the EPR",
  write: "Write a whole web address with {id} once, for the id of the patient, such as https://epr.example/patient/{id}.",
});

/** A FHIR server's base URL. */
export const serverUrl = textOf({
  read: (value) => {
    if (!URL.canParse(value)) return undefined;
    const url = new URL(value);
    const isBare = url.username === "" && url.password === "" && url.search === "" && url.hash === "";
    return isBare && /^https?:$/.test(url.protocol) ? value.replace(/\/+(metadata\/*)?$/, "").replace(/\/metadata$/, "") : undefined;
  },
  what: "base URL of a FHIR server",
  write:
    "Write it without user, password and query, such as https://fhir.example/R4; a token or password comes from the environment (auth).",
  isPrivate: true,
});

/** Where client secrets are sent: nobody on the way may read them. */
export const tokenUrl = textOf({
  read: where((value) => URL.canParse(value) && isSafeForSecrets(new URL(value))),
  what: "address that a client secret may be sent to",
  write: "Write the whole address of the token endpoint, with https, such as https://auth.example/oauth2/token.",
  isPrivate: true,
});

/** Encrypted, or on this machine alone. */
export function isSafeForSecrets({ protocol, hostname, username, password, hash }: URL): boolean {
  return username === "" && password === "" && hash === "" && (protocol === "https:" || (protocol === "http:" && isLoopback(hostname)));
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

export const proxy = textOf({
  read: (value) => {
    if (value === "off") return value;
    if (!URL.canParse(value)) return undefined;
    const { protocol, username, password, pathname, search } = new URL(value);
    return /^https?:$/.test(protocol) && username + password + search === "" && pathname === "/" ? value : undefined;
  },
  what: "address of a proxy",
  write: "Write it like http://proxy.example:8080, or off; one that wants a password comes from the environment (HTTPS_PROXY).",
  isPrivate: true,
});

export const variableName = textOf({
  read: where((value) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(value)),
  what: "name of an environment variable",
  write: "Write the name of the variable that holds the secret, such as EPR_TOKEN.",
  isPrivate: true,
});

export const resourceType = textOf({
  read: where((value) => resourceTypes.includes(value)),
  what: "FHIR resource type",
  write: "Write a type such as AuditEvent.",
  hint: (value) => didYouMean(value, resourceTypes),
});

export const resourceId = textOf({
  read: where((value) => /^[A-Za-z0-9\-.]{1,64}$/.test(value)),
  what: "id of a FHIR resource",
  write: "Write the id alone, such as ward-7 of Group/ward-7; in quotation marks if it looks like a number.",
});

/** Where files lie: nothing but scheme, host and port. */
export const origin = textOf({
  read: (value) => {
    if (!URL.canParse(value)) return undefined;
    const url = new URL(value);
    return /^https?:$/.test(url.protocol) && value.replace(/\/$/, "").toLowerCase() === url.origin ? url.origin : undefined;
  },
  what: "address of a host",
  write: "Write it without a path, such as https://files.example or https://files.example:8443.",
});

export const identifierSystem = textOf({
  read: where((value) => /^[a-z][a-z0-9+.-]*:\S+$/i.test(value)),
  what: "identifier system",
  write: "Write its whole URI, such as https://fhir.nhs.uk/Id/nhs-number.",
});

export const patient = textOf({
  read: where((value) => /^Patient\/[A-Za-z0-9\-._]+$/.test(value)),
  what: "name of a patient",
  write: "Write Patient/ and the id, such as Patient/test-1.",
  isPrivate: true,
});

/** What people call a team; `unassigned` is what belongs to none. */
export const teamName = textOf({
  read: where((value) => value.trim() !== "" && value.length <= 80 && value !== unassignedTeam && !value.includes("/")),
  what: "name of a team",
  write: "Write what people call it, such as Cardiology.",
});

export const teamMember = textOf({
  read: where((value) => /^(Organization|CareTeam|HealthcareService|PractitionerRole)\/[A-Za-z0-9\-.]{1,64}$/.test(value)),
  what: "organisation or role",
  write: "Write Organization/, CareTeam/, HealthcareService/ or PractitionerRole/ and the id, such as Organization/cardiology.",
});

/** Beyond some dozen a server is burdened, and nothing is won. */
export const requestsAtOnce = z
  .int({ error: "Write how many requests may be under way at once, from 1 to 16." })
  .min(1, { error: "Write a number from 1 to 16." })
  .max(16, { error: "Write a number from 1 to 16: more would burden the server." });

export const failures = z
  .int({ error: "Write how many questions may go without an answer in one run, such as 500." })
  .min(1, { error: "Write a number from 1 on: how many questions may go without an answer in one run." });

export const nonEmpty = textOf({
  read: where((value) => value.trim() !== ""),
  what: "text",
  write: "Write a text, in quotation marks if it looks like a number.",
});
