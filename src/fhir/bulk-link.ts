import { UserError } from "../domain/user-error.ts";

/** Where a file of an export is fetched, and whether the server's token goes there. */
export interface FileLink {
  readonly url: string;
  readonly withToken: boolean;
}

/**
 * The URL that a server means, where it is one of ours: of our origin, or below our path by a name that the server has
 * behind a proxy (an internal host, http instead of https), which is asked for at the address that we know. Undefined: elsewhere.
 */
export function pinToServer(base: string, link: string): string | undefined {
  const ours = new URL(base);
  const root = ours.pathname.replace(/\/+$/, "");
  // A doubled port (`host:8080:8080`) is no URL: what follows the host is.
  const text = URL.canParse(link, `${base}/`) ? link : link.replace(/^[a-z]+:\/\/[^/?]*/i, "");
  if (!URL.canParse(text, `${base}/`)) return undefined;
  const url = new URL(text, `${base}/`);
  if (!/^https?:$/.test(url.protocol)) return undefined;
  const isOurs = url.origin === ours.origin || (root !== "" && url.pathname.startsWith(`${root}/`));
  return isOurs ? `${ours.origin}${url.pathname}${url.search}` : undefined;
}

/**
 * A token goes to the server alone. A file on another host is fetched only where the server says that it needs no token
 * and the configuration knows that host.
 * @throws UserError `bulk-file-elsewhere`
 */
export function placeFile(base: string, link: string, from: { readonly needsToken: boolean; readonly hosts: readonly string[] }): FileLink {
  const elsewhere = URL.canParse(link) ? new URL(link) : undefined;
  const isKnown = elsewhere !== undefined && from.hosts.some((host) => new URL(host).origin === elsewhere.origin);
  if (isKnown && !from.needsToken) return { url: elsewhere.href, withToken: false };
  const url = pinToServer(base, link);
  if (url !== undefined) return { url, withToken: from.needsToken };
  const host = elsewhere?.origin ?? "an address that cannot be read";
  throw new UserError(
    "bulk-file-elsewhere",
    `The server at ${new URL(base).origin} puts the files of its export on ${host}${from.needsToken ? ", and wants its own access token there" : ""}.`,
    from.needsToken
      ? "A token is sent to no other address than the one that it is for. Have the server give its files itself, or by links that need no token."
      : `If that is right, add ${host} to bulk.fileHosts of the source in followthrough.yaml: files there are fetched without a token.`,
  );
}
