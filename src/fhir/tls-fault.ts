/** Why a connection was not trusted, by either side. */
export interface TlsFault {
  /** Completes "The server …". */
  readonly reason: string;
  readonly fix: string;
}

const renew: TlsFault = {
  reason: "showed a certificate that has expired",
  fix: "Have its administrator renew the certificate, or the private CA's; and see that this computer's clock is right.",
};
const unknownIssuer: TlsFault = {
  reason: "showed a certificate that nobody who is trusted here has signed",
  fix: "Where a private CA signed it, name the file with that CA's certificate (PEM): `tls: { caFile: ca.pem }` at the source in followthrough.yaml.",
};
export const wantsOurs: TlsFault = {
  reason: "wants a client certificate to be shown",
  fix: "Name ours and its key (PEM): `tls: { certificateFile: client.pem, keyFile: client.key }` at the source in followthrough.yaml.",
};
const refusesOurs: TlsFault = {
  reason: "did not accept our client certificate",
  fix: "Have its administrator say whose client certificates it accepts, and name such a one in `tls.certificateFile` and `tls.keyFile` of the source.",
};

/** By the codes of Node and OpenSSL. */
const faults: Readonly<Record<string, TlsFault>> = {
  CERT_HAS_EXPIRED: renew,
  CERT_NOT_YET_VALID: {
    reason: "showed a certificate that is not valid yet",
    fix: "See that this computer's clock is right, and the server's certificate too.",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    reason: "showed a certificate for another name",
    fix: "Give the address that its certificate names, or have its administrator issue one for this address.",
  },
  CERT_SIGNATURE_FAILURE: unknownIssuer,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownIssuer,
  SELF_SIGNED_CERT_IN_CHAIN: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownIssuer,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownIssuer,
  "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE": {
    reason: "broke off the TLS handshake, as one does that wants a client certificate",
    fix: wantsOurs.fix,
  },
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: wantsOurs,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: refusesOurs,
};

/** What nginx says in a web page with HTTP 400, over a connection that it let through. */
export function tlsFaultIn(page: unknown): TlsFault | undefined {
  if (typeof page !== "string") return undefined;
  if (page.includes("No required SSL certificate was sent")) return wantsOurs;
  return page.includes("The SSL certificate error") ? refusesOurs : undefined;
}

export function tlsFault(code: string): TlsFault | undefined {
  return faults[code] ?? (/^ERR_SSL_.*ALERT_.*CERTIFICATE/.test(code) ? refusesOurs : undefined);
}
