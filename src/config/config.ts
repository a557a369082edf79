import type { FhirVersion } from "../domain/fhir-version.ts";
import type { Schedule } from "../domain/schedule.ts";
import type { SiteSignals } from "../signals/site-settings.ts";
import type { ServerAccess } from "./server-access.ts";

/** What `followthrough.yaml` and the environment say together, checked and with every default filled in. */
export interface Config {
  /** The file that was read; absent where there is none and everything is default. */
  readonly file?: string;
  /** A `postgres:` URL; absent: the embedded database in `dataFolder`. Holds a password: never print it. */
  readonly databaseUrl?: string;
  /** Absolute. */
  readonly dataFolder: string;
  /** What it says of signals for every site; absent: nothing. */
  readonly allSites?: Omit<SiteSignals, "timeZone">;
  /** Those that the file names, what it says for every site included; `siteConfig` gives any other one its defaults. */
  readonly sites: readonly SiteConfig[];
}

export interface SiteConfig extends SiteSignals {
  readonly name: string;
  /** IANA name: for times without a zone, dates without a time, and calendars. */
  readonly timeZone: string;
  readonly sources: readonly (FolderSource | ServerSource)[];
  readonly schedule: Schedule;
  /** Base URLs whose resources are not this site's own, without a slash at the end. */
  readonly foreignBases: readonly string[];
  /** Names of agents that are programs, as audit events spell them. */
  readonly machineNames: readonly string[];
  /** Systems of identifiers that each name one person: whoever bears the same one is the same person. */
  readonly joiningIdentifiers: readonly string[];
  /** Absolute: a file that says how its EPR records things, over the default mapping; absent: the default alone. */
  readonly mapping?: string;
  /** How long after due a loop stays `pending` while data is still awaited; milliseconds. */
  readonly blindAfterMs: number;
  /** ISO 8601, counted back on the calendar (`beforeByCalendar`); what is older is not looked at. */
  readonly retention: string;
  /** ISO 8601, by the clock of the process: how long it is kept who looked at which finding. */
  readonly looksKept: string;
  /** What people call each team, with the organisations and roles (`Type/id`) that are it; others are teams by themselves. */
  readonly teams: Readonly<Record<string, readonly string[]>>;
  /** `Patient/id`; left out of the worklist, and counted. */
  readonly testPatients: readonly string[];
  /** The address of a patient in the EPR, with `{id}` for the id; absent: pages link to nothing. */
  readonly eprLink?: string;
}

/** A folder of NDJSON or JSON files, subfolders included. */
export interface FolderSource {
  readonly name: string;
  /** Absolute; written relative to the configuration file. */
  readonly folder: string;
  /** What it is said to hold; absent: whatever the shape of each resource tells. */
  readonly fhirVersion?: FhirVersion;
  /** Name of the source that this one holds the same records as: their coverage counts as one. */
  readonly mirrors?: string;
}

/** A FHIR server. */
export interface ServerSource {
  readonly name: string;
  /** Base URL, without a slash at the end. */
  readonly url: string;
  /** Absent: as nobody, by the usual way. Holds secrets: never print it. */
  readonly access?: ServerAccess;
  /** How long after an event its record may come to be found by a search; milliseconds. */
  readonly lagMs: number;
  /** What it is to speak; absent: whatever it says. */
  readonly fhirVersion?: FhirVersion;
  /** Only these types are read; absent: all that can be used. */
  readonly types?: readonly string[];
  /** It is read by exports (`$export`); absent: by searches. */
  readonly bulk?: BulkSettings;
  /** How many requests are under way at once; absent: 4. */
  readonly sideBySide?: number;
  /** Whether windows are compared with what the server counts in them; absent: yes. */
  readonly counts?: boolean;
  /** After how long, and how many questions without an answer, a run leaves the rest to the next; absent: 12 hours, 500. */
  readonly budget?: { readonly timeMs?: number; readonly failures?: number };
  /** Name of the source that this one holds the same records as. */
  readonly mirrors?: string;
}

/** How a server is asked to export (FHIR Bulk Data Access). */
export interface BulkSettings {
  /** Everything; what is about patients; what is about those of a group. */
  readonly level: "system" | "patient" | "group";
  /** Id of the Group, at that level. */
  readonly group?: string;
  /** How long a scan waits for an export before it leaves it to the next one; milliseconds. */
  readonly waitMs: number;
  /** Where else its files may lie, `https://host:port`: they are fetched there without a token. */
  readonly fileHosts: readonly string[];
}
