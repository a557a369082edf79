import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../domain/user-error.ts";

export interface FolderFile {
  readonly path: string;
  /** Relative to the folder read, with `/` between its parts. */
  readonly name: string;
  /** On disk, compressed where it is. */
  readonly bytes: number;
}

export interface FolderFiles {
  /** In the order they are read in: by their names (by code unit), what tells of other records last. */
  readonly files: readonly FolderFile[];
  /** Names of files that are none of `*.ndjson`, `*.ndjson.gz`, `*.json`: worth saying, for nothing in them is seen. */
  readonly ignored: readonly string[];
}

/** What a folder says of its own coverage; never a resource. */
export function isCoverageFile(file: FolderFile): boolean {
  return file.name.split("/").at(-1)?.toLowerCase() === "coverage.json";
}

/** What `simulate` says of its hospital beside the records: reading it would be copying. */
function isTruthFile(name: string): boolean {
  return /^truth(-series)?\.ndjson(\.gz)?$/i.test(name);
}

/** How much there is to read, for a progress bar. */
export async function folderSize(folder: string): Promise<{ files: number; bytes: number; ignored: readonly string[] }> {
  const { files, ignored } = await listFolderFiles(folder);
  return { files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0), ignored };
}

/**
 * The files of a folder and its subfolders. Links are followed, each real folder once, so that a loop of links ends.
 * Hidden files and folders (`.git`, the `._*` that macOS leaves in archives) are passed over.
 * @throws UserError `folder-missing`, `folder-not-a-folder`, `folder-unreadable`, `folder-empty`, `file-unreadable`
 */
export async function listFolderFiles(folder: string): Promise<FolderFiles> {
  await refuseFile(folder);
  const files: FolderFile[] = [];
  const ignored: string[] = [];
  await walk(folder, "", new Set(), files, ignored);
  if (files.length === 0) {
    throw new UserError(
      "folder-empty",
      `The folder ${folder} holds no file to read (${ignored.length} others were passed over).`,
      "Name a folder with *.ndjson, *.ndjson.gz or *.json files in it or in its subfolders.",
    );
  }
  const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return {
    files: files.sort((a, b) => Number(tellsOfOthers(a)) - Number(tellsOfOthers(b)) || byName(a.name, b.name)),
    ignored: ignored.sort(byName),
  };
}

/** Audit trails after what they are about: an event is placed once where its report is known (measured: half the work). */
function tellsOfOthers({ name }: FolderFile): boolean {
  return /AuditEvent|Provenance/.test(name.split("/").at(-1) ?? "");
}

async function walk(path: string, prefix: string, visited: Set<string>, files: FolderFile[], ignored: string[]): Promise<void> {
  const real = await realpath(path);
  if (visited.has(real)) return;
  visited.add(real);
  for (const entry of await listEntries(path)) {
    if (entry.name.startsWith(".")) continue;
    const [inside, name] = [join(path, entry.name), prefix + entry.name];
    const readable = /\.(ndjson|ndjson\.gz|json)$/i.test(name);
    const found = await stat(inside).catch((error: unknown) => {
      if (readable) throw fileUnreadable(inside, error);
    });
    if (found?.isDirectory() === true) await walk(inside, `${name}/`, visited, files, ignored);
    else if (readable && !isTruthFile(entry.name) && found?.isFile() === true) files.push({ path: inside, name, bytes: found.size });
    else ignored.push(name);
  }
}

async function listEntries(path: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    throw new UserError(
      "folder-unreadable",
      `The folder ${path} cannot be read (${errorCode(cause)}).`,
      "Let this user read and enter it (chmod u+rx), or move it out of the folder that is read.",
      { cause },
    );
  }
}

async function refuseFile(folder: string): Promise<void> {
  const found = await stat(folder).catch((cause: unknown) => {
    const missing = errorCode(cause) === "ENOENT";
    throw new UserError(
      missing ? "folder-missing" : "folder-unreadable",
      missing ? `There is no folder ${folder}.` : `The folder ${folder} cannot be read (${errorCode(cause)}).`,
      missing ? "Check its name, and the folder that this command runs in." : "Let this user read it and the folders above it.",
      { cause },
    );
  });
  if (found.isDirectory()) return;
  throw new UserError("folder-not-a-folder", `${folder} is a file, not a folder.`, `Name the folder that holds it: ${dirname(folder)}`);
}

/** A file that cannot be read stops the reading: going on without it would pass for a complete one. */
export function fileUnreadable(path: string, cause: unknown): UserError {
  return new UserError(
    "file-unreadable",
    `The file ${path} cannot be read (${errorCode(cause)}).`,
    "Let this user read it (chmod u+r), mend its link, or move it out of the folder; then read the folder again.",
    { cause },
  );
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
