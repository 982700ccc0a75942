import type { Sandbox, SandboxSignIn } from '../domain/sandbox-sign-in';
import { escapeHtml, page } from './html';

const signInButton = (action: string, { email, name, persona }: SandboxSignIn): string => `<li>
<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="email" value="${escapeHtml(email)}">
<button type="submit">${escapeHtml(name)}<span>${escapeHtml([persona, email].filter(Boolean).join(' · '))}</span></button>
</form>
</li>`;

const problem = (text: string | undefined): string => (text ? `<p class="alert" role="alert">${escapeHtml(text)}</p>` : '');

/** The sandbox's sign-in page: one click for a sample person, a field for anybody else who is known. */
export function signInPage(action: string, sandbox: Sandbox, error?: { text: string; email: string }): string {
  const samples = sandbox.signIns.map((signIn) => signInButton(action, signIn)).join('\n');
  return page(
    'Sign in',
    `<p>This is a sandbox: no password is asked.</p>
${problem(error?.text)}
${samples && `<h2 id="samples">Sample people</h2>\n<ul aria-labelledby="samples">\n${samples}\n</ul>`}
<h2 id="other">Somebody else</h2>
<form method="post" action="${escapeHtml(action)}" aria-labelledby="other">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" required maxlength="200" autocomplete="email" value="${escapeHtml(error?.email ?? '')}">
<button class="main" type="submit">Sign in</button>
</form>`,
  );
}

export const signInOffPage = (): string =>
  page(
    'Sign-in is switched off',
    `<p class="alert" role="alert">This identity provider has no way to check a password, and signing in without one is switched off
because SANDBOX_SECRET is not set.</p>
<p>Point OIDC_ISSUER of the gateway and the services at your own OpenID provider.</p>`,
  );

export const errorPage = (title: string, text: string): string => page(title, problem(text));

/** `form` comes from the provider and holds its own protection against forged requests. */
export const signOutPage = (form: string): string =>
  page(
    'Sign out',
    `<p>Do you want to sign out?</p>
${form}
<button class="main" type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>
<p></p>
<button type="submit" form="op.logoutForm">Stay signed in</button>`,
  );
