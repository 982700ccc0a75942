import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '@openprm/postgres';
import { claimRefresh, deleteSession, findSession, insertSession, storeRefreshed, type StoredSession } from '../db/sessions';
import { ProblemError } from '../problems/problem';
import type { Issuer, SignedIn, Tokens } from './issuer';
import { hashId, newSessionId, seal, unseal } from './sealing';

/** A session with its tokens open. */
export interface Session {
  id: string;
  tokens: Tokens;
  name: string;
  principal: string;
  expiresAt: Date;
}

/** Tokens are renewed this long before they end, while the old ones still work for requests that come meanwhile. */
const RENEW_BEFORE_MS = 60_000;

/** Browser sessions: the tokens stay here, the browser holds an id that says nothing. */
export class Sessions {
  readonly #refreshing = new Map<string, Promise<Session | null>>();

  constructor(
    private readonly database: Database,
    private readonly issuer: Issuer,
    private readonly hours: number,
  ) {}

  async create({ tokens, accessExpiresAt, name, principal }: SignedIn): Promise<Session> {
    const id = newSessionId();
    const expiresAt = new Date(Date.now() + this.hours * 3_600_000);
    await insertSession(this.database, { idHash: hashId(id), tokens: seal(id, tokens), name, principal, accessExpiresAt, expiresAt });
    return { id, tokens, name, principal, expiresAt };
  }

  /** The session with a token that works, renewed when it is about to end; null when there is none. */
  async open(id: string): Promise<Session | null> {
    const stored = await findSession(this.database, hashId(id));
    if (!stored) return null;
    if (stored.accessExpiresAt.getTime() - Date.now() > RENEW_BEFORE_MS) return toSession(id, stored);
    let refreshing = this.#refreshing.get(stored.idHash);
    if (!refreshing) {
      refreshing = this.#renew(id, stored).finally(() => this.#refreshing.delete(stored.idHash));
      this.#refreshing.set(stored.idHash, refreshing);
    }
    return refreshing;
  }

  async end(session: Session, returnTo: string): Promise<URL | undefined> {
    await deleteSession(this.database, hashId(session.id));
    return this.issuer.endSession(session.tokens, returnTo).catch(() => undefined);
  }

  async #renew(id: string, stored: StoredSession): Promise<Session | null> {
    if (!(await claimRefresh(this.database, stored.idHash))) return this.#waitForOther(id, stored);
    const tokens = unseal<Tokens>(id, stored.tokens);
    const renewed = await this.issuer.refresh(tokens).catch((error: unknown) => {
      // The issuer is away: go on with what still works.
      if (isValid(stored)) return undefined;
      throw error instanceof ProblemError
        ? error
        : new ProblemError('UNAVAILABLE', 'The sign-in service does not answer at the moment. Try again shortly.');
    });
    if (renewed === undefined) return toSession(id, stored);
    if (renewed === null) return this.#withoutRefresh(id, stored, tokens);
    await storeRefreshed(this.database, stored.idHash, seal(id, renewed.tokens), renewed.accessExpiresAt);
    return { ...toSession(id, stored), tokens: renewed.tokens };
  }

  /** An issuer without refresh tokens, or one that says no: the session lasts as long as its token. */
  async #withoutRefresh(id: string, stored: StoredSession, tokens: Tokens): Promise<Session | null> {
    if (!tokens.refresh && isValid(stored)) return toSession(id, stored);
    await deleteSession(this.database, stored.idHash);
    return null;
  }

  /** Another process is renewing: its result is there in a moment; until then the old token serves if it can. */
  async #waitForOther(id: string, stored: StoredSession): Promise<Session | null> {
    if (isValid(stored)) return toSession(id, stored);
    for (let i = 0; i < 30; i++) {
      await delay(100);
      const now = await findSession(this.database, stored.idHash);
      if (!now) return null;
      if (isValid(now)) return toSession(id, now);
    }
    throw new ProblemError('UNAVAILABLE', 'The session could not be renewed. Try again shortly.');
  }
}

function isValid(stored: StoredSession): boolean {
  return stored.accessExpiresAt.getTime() > Date.now() + 2_000;
}

function toSession(id: string, stored: StoredSession): Session {
  return { id, tokens: unseal<Tokens>(id, stored.tokens), name: stored.name, principal: stored.principal, expiresAt: stored.expiresAt };
}
