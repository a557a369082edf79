import type { Credentials } from "../config/server-access.ts";
import { askForToken, type Token } from "./ask-for-token.ts";
import type { Fetching } from "./fetching.ts";
import { findTokenEndpoint } from "./find-token-endpoint.ts";
import { readSigningKey } from "./read-signing-key.ts";
import { signAssertion } from "./sign-assertion.ts";

/** As whom a server is asked. */
export interface SignIn {
  /**
   * What the `Authorization` header says; undefined: nothing.
   * @throws FhirFailure where no token could be had
   */
  readonly authorization: () => Promise<string | undefined>;
  /** Hears that the server did not accept what was sent; true: another may be had. */
  readonly refuse: (authorization: string) => boolean;
}

/** A token that is about to expire might do so on its way. */
const marginMs = 30_000;
/** To read everything, as SMART's first version writes it; servers of the second grant it still. */
const usualScope = "system/*.read";

/** @throws UserError `access-file` where a key cannot be used */
export function openSignIn(base: string, credentials: Credentials | undefined, fetching: Fetching): SignIn {
  switch (credentials?.kind) {
    case undefined:
      return unchanging(undefined);
    case "basic":
      return unchanging(basic(credentials.user, credentials.password));
    case "bearer":
      return unchanging(`Bearer ${credentials.token}`);
    case "client-secret": {
      const { clientId, clientSecret, tokenUrl, scope } = credentials;
      // RFC 6749, 2.3.1: both are form-encoded first.
      const authorization = basic(encodeForm(clientId), encodeForm(clientSecret));
      const fields = scope === undefined ? {} : { scope };
      return renewing(fetching, () => askForToken(fetching, tokenUrl, { authorization, fields }));
    }
    case "smart": {
      const { clientId, scope = usualScope } = credentials;
      const key = readSigningKey(credentials);
      return renewing(fetching, async () => {
        const tokenUrl = credentials.tokenUrl ?? (await findTokenEndpoint(base, fetching));
        const assertion = await signAssertion(key, clientId, tokenUrl, fetching.clock());
        const client_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        return askForToken(fetching, tokenUrl, { fields: { scope, client_assertion_type, client_assertion: assertion } });
      });
    }
  }
}

function unchanging(authorization: string | undefined): SignIn {
  return { authorization: () => Promise.resolve(authorization), refuse: () => false };
}

/** One token for all questions, those asked side by side too, until it is about to expire or is refused. */
function renewing({ clock }: Fetching, buy: () => Promise<Token>): SignIn {
  let held: Promise<Token> | undefined;
  let current: Token | undefined;

  async function token(): Promise<Token> {
    if (current !== undefined && clock() >= renewAt(current)) held = current = undefined;
    const asked = (held ??= buy());
    try {
      const bought = await asked;
      if (held === asked) current = bought;
      return bought;
    } catch (error) {
      if (held === asked) held = undefined;
      throw error;
    }
  }

  return {
    authorization: async () => `Bearer ${(await token()).value}`,
    refuse: (authorization) => {
      // Another question may have had a new one by now: that one is not thrown away.
      if (current !== undefined && authorization === `Bearer ${current.value}`) held = current = undefined;
      return true;
    },
  };
}

/** One that lasts less than twice the margin is used for half of its life. */
function renewAt({ expiresAt, boughtAt }: Token): number {
  return expiresAt - Math.min(marginMs, (expiresAt - boughtAt) / 2);
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

function encodeForm(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}
