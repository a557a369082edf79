import { readFileSync } from "node:fs";
import { UserError } from "../domain/user-error.ts";

/**
 * The text of a file that a source names to get in; `key` is where, such as `tls.caFile`.
 * @throws UserError `access-file`
 */
export function readAccessFile(key: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    const what = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    throw new UserError(
      "access-file",
      `The file ${path}, which ${key} of a source names, ${what}.`,
      code === "EACCES"
        ? "Let the user that runs Followthrough read it, and nobody else."
        : `Correct ${key} in followthrough.yaml: a path is relative to that file.`,
    );
  }
}

/** A file that is there and holds something else. What it holds is never quoted. */
export function wrongAccessFile(key: string, path: string, holds: string, fix: string): UserError {
  return new UserError("access-file", `The file ${path}, which ${key} of a source names, ${holds}.`, fix);
}
