import * as oidc from 'openid-client';
import type { OidcConfig } from '../config';
import { ProblemError } from '../problems/problem';

export interface Tokens {
  access: string;
  refresh: string | undefined;
  idToken: string | undefined;
}

export interface SignedIn {
  tokens: Tokens;
  accessExpiresAt: Date;
  name: string;
  principal: string;
}

/** What the browser has to bring back from the issuer. */
export interface SignInAttempt {
  state: string;
  nonce: string;
  verifier: string;
}

/** The OpenID issuer, discovered at the first use, so that the gateway starts without it. */
export class Issuer {
  #found: Promise<oidc.Configuration> | undefined;

  constructor(
    private readonly config: OidcConfig,
    private readonly redirectUri: string,
  ) {}

  async startSignIn(): Promise<{ attempt: SignInAttempt; url: URL }> {
    const attempt = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() };
    const url = oidc.buildAuthorizationUrl(await this.#discovered(), {
      redirect_uri: this.redirectUri,
      scope: this.config.scope,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
    });
    return { attempt, url };
  }

  /** @param query of the address to which the issuer sent the browser back */
  async finishSignIn(query: string, attempt: SignInAttempt): Promise<SignedIn> {
    const answer = await oidc.authorizationCodeGrant(await this.#discovered(), new URL(`${this.redirectUri}${query}`), {
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.verifier,
      idTokenExpected: true,
    });
    const claims = answer.claims();
    const principal = text(claims?.[this.config.principalClaim]) ?? claims?.sub ?? '';
    return { ...toTokens(answer), name: text(claims?.name) ?? principal, principal: principal.toLowerCase() };
  }

  /** Null when the issuer does not go on with this session. */
  async refresh(tokens: Tokens): Promise<{ tokens: Tokens; accessExpiresAt: Date } | null> {
    if (!tokens.refresh) return null;
    try {
      const { tokens: fresh, accessExpiresAt } = toTokens(await oidc.refreshTokenGrant(await this.#discovered(), tokens.refresh));
      return { tokens: { ...fresh, refresh: fresh.refresh ?? tokens.refresh, idToken: fresh.idToken ?? tokens.idToken }, accessExpiresAt };
    } catch (error) {
      if (error instanceof oidc.ResponseBodyError) return null;
      throw error;
    }
  }

  /** Takes the tokens back; the session is gone either way. Gives the address that ends the issuer's own session. */
  async endSession(tokens: Tokens, returnTo: string): Promise<URL | undefined> {
    const issuer = await this.#discovered();
    if (tokens.refresh && issuer.serverMetadata().revocation_endpoint) await oidc.tokenRevocation(issuer, tokens.refresh).catch(() => {});
    if (!issuer.serverMetadata().end_session_endpoint) return undefined;
    return oidc.buildEndSessionUrl(issuer, {
      ...(tokens.idToken && { id_token_hint: tokens.idToken }),
      post_logout_redirect_uri: returnTo,
    });
  }

  async #discovered(): Promise<oidc.Configuration> {
    this.#found ??= this.#discover();
    try {
      return await this.#found;
    } catch {
      this.#found = undefined;
      throw new ProblemError('UNAVAILABLE', 'The sign-in service does not answer at the moment. Try again shortly.');
    }
  }

  async #discover(): Promise<oidc.Configuration> {
    const url = new URL(this.config.issuer);
    const insecure = url.protocol === 'http:' ? { execute: [oidc.allowInsecureRequests] } : {};
    return oidc.discovery(url, this.config.clientId, undefined, oidc.ClientSecretPost(this.config.clientSecret), {
      timeout: 5,
      ...insecure,
    });
  }
}

function toTokens(answer: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers): { tokens: Tokens; accessExpiresAt: Date } {
  return {
    tokens: { access: answer.access_token, refresh: answer.refresh_token, idToken: answer.id_token },
    accessExpiresAt: new Date(Date.now() + (answer.expiresIn() ?? 300) * 1_000),
  };
}

const text = (claim: unknown): string | undefined => (typeof claim === 'string' && claim ? claim : undefined);
