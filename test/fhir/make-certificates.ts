import "reflect-metadata";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { makeFolder } from "./make-folder.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;

/** A certificate with its key, as PEM and in files. */
interface Certificate {
  readonly pem: string;
  readonly key: string;
  readonly file: string;
  readonly keyFile: string;
}

export interface PrivateCa extends Certificate {
  /** For 127.0.0.1, unless `names` says otherwise; `days` may lie behind us. */
  readonly issue: (name: string, more?: { readonly days?: number; readonly host?: string }) => Promise<Certificate>;
}

/** A certificate authority that nobody knows, and what it signs. */
export async function makePrivateCa(): Promise<PrivateCa> {
  const folder = makeFolder();
  const keys = await newKeys();
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=Private CA",
    notBefore: new Date(Date.now() - 30 * dayMs),
    notAfter: new Date(Date.now() + dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
    ],
  });

  async function keep(name: string, certificate: x509.X509Certificate, privateKey: webcrypto.CryptoKey): Promise<Certificate> {
    const pem = certificate.toString("pem");
    const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", privateKey), "PRIVATE KEY");
    const [file, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
    writeFileSync(file, pem);
    writeFileSync(keyFile, key);
    return { pem, key, file, keyFile };
  }

  let serial = 1;
  return {
    ...(await keep("ca", own, keys.privateKey)),
    issue: async (name, { days = 1, host = "127.0.0.1" } = {}) => {
      const { publicKey, privateKey } = await newKeys();
      serial += 1;
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: `0${serial}`,
        subject: `CN=${name}`,
        issuer: own.subject,
        notBefore: new Date(Date.now() - 20 * dayMs),
        notAfter: new Date(Date.now() + days * dayMs),
        signingAlgorithm: algorithm,
        publicKey,
        signingKey: keys.privateKey,
        extensions: [new x509.SubjectAlternativeNameExtension([{ type: /^[\d.]+$/.test(host) ? "ip" : "dns", value: host }])],
      });
      return keep(name, certificate, privateKey);
    },
  };
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}
