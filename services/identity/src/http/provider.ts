import { type JWK } from 'jose';
import { errors, interactionPolicy, Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { Database } from '@openprm/postgres';
import type { Config } from '../config';
import { findAccount } from '../db/accounts';
import { hashSecret, sameText } from '../db/clients';
import { createOidcAdapter } from '../db/oidc-models';
import { SIGNING_ALGORITHM } from '../db/signing-keys';
import { principalOfClient } from '../domain/principal';
import { contentSecurityPolicy } from './html';
import { errorPage, signOutPage } from './pages';

/** Access tokens live this long (seconds). What a person may do is looked up on each call, so a longer life gives nobody more rights. */
export const ACCESS_TOKEN_SECONDS = 3_600;

/** How long a person stays signed in without being asked again (seconds). */
const SESSION_SECONDS = 12 * 3_600;

/** The platform as resource server. A resource indicator must be a URI; the audience in the token is the plain configured name. */
const RESOURCE = 'urn:openprm:api';

export const GATEWAY_CLIENT_ID = 'openprm-gateway';

/** The OpenID provider: code flow with PKCE for the gateway, client credentials for programs, JWT access tokens (RFC 9068). */
export function createProvider(config: Config, database: Database, keys: JWK[], cookieKey: string): Provider {
  const provider = new Provider(config.issuer, configuration(config, database, keys, cookieKey));
  provider.proxy = config.issuer.startsWith('https:');
  // The database holds hashes only.
  Object.defineProperty(provider.Client.prototype, 'compareClientSecret', {
    value(this: { clientSecret: string }, secret: string) {
      return sameText(this.clientSecret, hashSecret(secret));
    },
  });
  return provider;
}

function configuration(config: Config, database: Database, keys: JWK[], cookieKey: string): Configuration {
  return {
    adapter: createOidcAdapter(database),
    jwks: { keys: keys as NonNullable<Configuration['jwks']>['keys'] },
    clients: [gatewayClient(config)],
    cookies: { keys: [cookieKey], long: { httpOnly: true, sameSite: 'lax' }, short: { httpOnly: true, sameSite: 'lax' } },
    claims: { openid: ['sub'], email: ['email'], profile: ['name'] },
    // The gateway reads name and address from the id token and saves a call.
    conformIdTokenClaims: false,
    scopes: ['openid', 'email', 'profile', 'offline_access'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      ClientCredentials: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 60,
      IdToken: ACCESS_TOKEN_SECONDS,
      Interaction: 600,
      Session: SESSION_SECONDS,
      Grant: SESSION_SECONDS,
      RefreshToken: SESSION_SECONDS,
    },
    interactions: { policy: signInPolicy(), url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    features: features(config),
    findAccount: async (_ctx, id) => toOidcAccount(await findAccount(database, id)),
    extraTokenClaims: async (_ctx, token) => claimsOf(database, token),
    loadExistingGrant,
    renderError,
  };
}

/** First-party, so nobody is asked for consent. */
const gatewayClient = (config: Config): NonNullable<Configuration['clients']>[number] => ({
  client_id: GATEWAY_CLIENT_ID,
  client_secret: hashSecret(config.clientSecret),
  client_name: 'OpenPRM',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  redirect_uris: [`${config.publicUrl}/auth/callback`],
  post_logout_redirect_uris: [`${config.publicUrl}/`],
  id_token_signed_response_alg: SIGNING_ALGORITHM,
});

const features = (config: Config): Configuration['features'] => ({
  devInteractions: { enabled: false },
  clientCredentials: { enabled: true },
  revocation: { enabled: true },
  resourceIndicators: {
    enabled: true,
    defaultResource: () => RESOURCE,
    useGrantedResource: () => true,
    getResourceServerInfo: (_ctx, resource) => {
      if (resource !== RESOURCE) throw new errors.InvalidTarget();
      return {
        scope: '',
        audience: config.audience,
        accessTokenTTL: ACCESS_TOKEN_SECONDS,
        accessTokenFormat: 'jwt' as const,
        jwt: { sign: { alg: SIGNING_ALGORITHM } },
      };
    },
  },
  rpInitiatedLogout: {
    enabled: true,
    logoutSource: (ctx, form) => answerPage(ctx, signOutPage(form), [new URL(config.publicUrl).origin]),
    postLogoutSuccessSource: (ctx) => answerPage(ctx, errorPage('Signed out', '')),
  },
});

/** Asks to sign in, never for consent: the only client with this flow is our own. A session whose account has ended asks again. */
function signInPolicy() {
  const { Check, base } = interactionPolicy;
  const policy = base();
  policy.remove('consent');
  policy
    .get('login')
    ?.checks.add(
      new Check('account_ended', 'the account is no longer active', ({ oidc }) =>
        oidc.session?.accountId && !oidc.account ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
      ),
    );
  return policy;
}

type FoundAccount = Awaited<ReturnType<typeof findAccount>>;

const toOidcAccount = (account: FoundAccount) =>
  account && {
    accountId: account.personId,
    claims: () => ({ sub: account.personId, email: account.email, email_verified: true, name: account.name }),
  };

/** Claims by which services know the caller: `email` is the principal, for programs `<client id>@clients`. */
async function claimsOf(database: Database, token: { kind?: string; accountId?: string; clientId?: string }) {
  if (!token.accountId) return { email: principalOfClient(token.clientId ?? ''), name: token.clientId };
  const account = await findAccount(database, token.accountId);
  if (!account) throw new errors.InvalidGrant('the account is no longer active');
  return { email: account.email, name: account.name };
}

/** Grants the gateway what it asks for without a consent page. */
async function loadExistingGrant(ctx: KoaContextWithOIDC) {
  const { client, session, provider } = ctx.oidc;
  const known = session && client && session.grantIdFor(client.clientId);
  const existing = known && (await provider.Grant.find(known));
  if (existing) return existing;
  const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
  grant.addOIDCScope('openid email profile offline_access');
  await grant.save();
  return grant;
}

function answerPage(ctx: KoaContextWithOIDC, html: string, formTargets: string[] = []): void {
  ctx.set('content-security-policy', contentSecurityPolicy(formTargets));
  ctx.type = 'html';
  ctx.body = html;
}

/** Error texts of the protocol go back to the browser; anything unforeseen says nothing about itself. */
function renderError(ctx: KoaContextWithOIDC, out: { error: string; error_description?: string }): void {
  answerPage(ctx, errorPage('This did not work', out.error_description ?? out.error));
}
