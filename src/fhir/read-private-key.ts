import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { wrongAccessFile } from "./access-file.ts";

const write = "Write there a private key in PEM (-----BEGIN PRIVATE KEY-----), without a passphrase.";

/** @throws UserError `access-file` */
export function readPrivateKey(key: string, path: string, pem: string): KeyObject {
  if (/BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/.test(pem)) {
    const fix =
      "Write the key there without it (openssl pkey -in KEY -out FILE), and let nobody but the user that runs Followthrough read it.";
    throw wrongAccessFile(key, path, "holds a private key with a passphrase", fix);
  }
  try {
    return createPrivateKey(pem);
  } catch {
    // Node's error is left out: nothing of a key is to be told.
    throw wrongAccessFile(
      key,
      path,
      isPublic(pem) ? "holds a certificate or a public key, and no private key" : "holds no private key",
      write,
    );
  }
}

function isPublic(pem: string): boolean {
  try {
    createPublicKey(pem);
    return true;
  } catch {
    return false;
  }
}
