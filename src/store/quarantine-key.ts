import { UserError } from "../domain/user-error.ts";

/** A key as people copy it: 16 hexadecimal digits, without a sign that would look like an option. */
export function showKey(key: bigint): string {
  return BigInt.asUintN(64, key).toString(16).padStart(16, "0");
}

export function isKey(text: string): boolean {
  return /^[0-9a-f]{16}$/i.test(text);
}

/** @throws UserError `quarantine-key` */
export function readKey(text: string): bigint {
  if (isKey(text)) return BigInt.asIntN(64, BigInt(`0x${text}`));
  throw new UserError(
    "quarantine-key",
    `"${text}" is no key of anything in quarantine: a key has 16 digits and letters a to f.`,
    "Copy it from where the quarantine is listed.",
  );
}

export function unknownKey(text: string): UserError {
  return new UserError(
    "quarantine-key",
    `Nothing in quarantine has the key ${text}; it may have been taken out.`,
    "See what is there, where the quarantine is listed.",
  );
}
