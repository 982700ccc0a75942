/**
 * Asks the local sandbox for a bearer token of one of its people.
 * @param {{ identity: string | null, issuer?: string, sandboxSecret: string | null }} runtime what runtime.json says
 * @throws Error with a line for a person
 */
export async function requestToken({ identity, issuer, sandboxSecret }, email) {
  if (!identity || !sandboxSecret) {
    throw new Error(
      `The platform trusts an issuer of your own (${issuer}), so there is no sandbox to give tokens: ask that issuer for one.`,
    );
  }
  const answer = await ask(identity, sandboxSecret, email);
  if (answer.status === 404)
    throw new Error(`Nobody here has the e-mail address ${email}. The sample sign-ins are in the table that npm start prints.`);
  if (!answer.ok) throw new Error(`The sandbox refused (${answer.status}): ${(await answer.text()).slice(0, 300)}`);
  return (await answer.json()).access_token;
}

async function ask(identity, sandboxSecret, email) {
  try {
    return await fetch(`${identity}/sandbox/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-sandbox-secret': sandboxSecret },
      body: JSON.stringify({ email }),
      signal: AbortSignal.timeout(10_000),
    });
  } catch (error) {
    throw new Error(
      `The identity service at ${identity} does not answer (${error.cause?.code ?? error.name}): is the platform still running?`,
      { cause: error },
    );
  }
}
