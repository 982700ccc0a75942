import { openDatabase } from '@openprm/postgres';
import { addClient } from './db/clients';
import { principalOfClient } from './domain/principal';

const CLIENT_ID = /^[a-z][a-z0-9-]{2,49}$/;

/** `node dist/add-client.js CLIENT_ID [NAME]`: prints the secret once. Needs DATABASE_URL only. */
async function main(): Promise<void> {
  const [clientId = '', name = clientId] = process.argv.slice(2);
  if (!CLIENT_ID.test(clientId))
    throw new Error('Usage: add-client CLIENT_ID [NAME]; the id is 3 to 50 lower-case letters, digits and dashes.');
  if (!process.env['DATABASE_URL']) throw new Error('DATABASE_URL is not set: give the address of the identity database.');
  const database = await openDatabase({ url: process.env['DATABASE_URL'], name: 'identity-add-client' });
  try {
    const secret = await addClient(database, clientId, name);
    console.log(`client_id      ${clientId}\nclient_secret  ${secret}\nInvite ${principalOfClient(clientId)} as staff to give it rights.`);
  } finally {
    await database.destroy();
  }
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
