import express, { Router, type Request, type Response } from 'express';
import type { Provider } from 'oidc-provider';
import type { Database } from '@openprm/postgres';
import type { Config } from '../config';
import { findAccountByEmail } from '../db/accounts';
import { normaliseEmail } from '../domain/principal';
import { contentSecurityPolicy } from './html';
import { errorPage, signInOffPage, signInPage } from './pages';

/**
 * The sign-in page. The provider ties each page to the browser that asked for it by a signed cookie limited to this path, and
 * decides by itself where to go afterwards: nothing in the request can name another place.
 */
export function signInRoutes(config: Config, database: Database, provider: Provider): Router {
  const answer = (res: Response, status: number, html: string): void => {
    res
      .status(status)
      .set('content-security-policy', contentSecurityPolicy([new URL(config.publicUrl).origin]))
      .type('html')
      .send(html);
  };

  const show = async (req: Request, res: Response): Promise<void> => {
    if (!config.sandbox) return answer(res, 403, signInOffPage());
    const interaction = await openInteraction(provider, req, res);
    if (!interaction) return answer(res, 400, signInEndedPage());
    answer(res, 200, signInPage(`/sign-in/${interaction.uid}`, config.sandbox));
  };

  const signIn = async (req: Request, res: Response): Promise<void> => {
    if (!config.sandbox) return answer(res, 403, signInOffPage());
    const interaction = await openInteraction(provider, req, res);
    if (!interaction) return answer(res, 400, signInEndedPage());
    const email = emailOf(req.body);
    const account = await findAccountByEmail(database, email);
    if (account)
      return provider.interactionFinished(req, res, { login: { accountId: account.personId } }, { mergeWithLastSubmission: false });
    answer(
      res,
      422,
      signInPage(`/sign-in/${interaction.uid}`, config.sandbox, {
        text: 'Nobody here has this address. Check the spelling, or ask your partner admin for an invitation.',
        email,
      }),
    );
  };

  return Router()
    .get('/sign-in/:uid', show)
    .post('/sign-in/:uid', express.urlencoded({ extended: false, limit: '4kb' }), signIn);
}

const signInEndedPage = (): string =>
  errorPage('Sign-in has ended', 'This page was open for too long or belongs to another browser. Go back to OpenPRM and sign in again.');

/** Undefined when the page is too old or was asked for by another browser. */
async function openInteraction(provider: Provider, req: Request, res: Response) {
  try {
    const details = await provider.interactionDetails(req, res);
    return details.prompt.name === 'login' ? details : undefined;
  } catch (error) {
    if ((error as Error).name === 'SessionNotFound') return undefined;
    throw error;
  }
}

function emailOf(body: unknown): string {
  const { email } = (body ?? {}) as Record<string, unknown>;
  return typeof email === 'string' ? normaliseEmail(email).slice(0, 200) : '';
}
