import {
  MembershipState,
  Role,
  type StaffActivated,
  StaffDeactivated,
  StaffInvited,
  type StaffMember,
} from '@openprm/contracts/partnerdirectory';
import { connectBroker, startRelay, toOutboxRow, appendOutbox } from '@openprm/messaging';
import { newId } from '@openprm/postgres';
import { logger } from '@openprm/telemetry';
import { startIdentity, type Running } from '../src/app';
import { givenDatabase, SANDBOX_SECRET, settings } from './given';

const log = logger('identity-test');
log.level = 'silent';

const staffMember = (state: MembershipState, etag: string, person = 'new@partner.example'): StaffMember => ({
  id: '01890000-0000-7000-8000-000000000001',
  partnerId: newId(),
  personId: '01890000-0000-7000-8000-000000000002',
  name: 'Nia New',
  email: person,
  role: Role.PARTNER_ASSOCIATE,
  state,
  includeDescendants: false,
  externalId: '',
  invitationExpireTime: undefined,
  partnerName: '',
  moves: [],
  etag,
  createTime: new Date(),
  updateTime: new Date(),
});

test('whoever is invited can sign in at once, and whoever left no longer can', async () => {
  const [database, bus] = [await givenDatabase(), await givenDatabase()];
  const busDatabaseUrl = (bus.options as { url: string }).url;
  const config = { ...settings(0), busDatabaseUrl, databaseUrl: (database.options as { url: string }).url };
  const broker = connectBroker({ busDatabaseUrl, clientId: 'test', log });
  const identity = await startIdentity(config, log);
  const relay = startRelay({ database: bus, broker, log, pollMs: 20 });
  const publish = async (
    codec: typeof StaffInvited | typeof StaffActivated | typeof StaffDeactivated,
    member: StaffMember,
  ): Promise<void> => {
    const row = toOutboxRow(codec, { staffMember: member }, { audience: [], now: new Date(), newId });
    await bus.transaction((tx) => appendOutbox(tx, [row]));
  };
  try {
    await identity.listening;
    await publish(StaffInvited, staffMember(MembershipState.INVITED, '1'));
    await until(async () => (await askToken(identity)) === 200);
    await publish(StaffDeactivated, staffMember(MembershipState.DEACTIVATED, '3'));
    await until(async () => (await askToken(identity)) === 404);
  } finally {
    await identity.stop();
    await relay.stop();
    await broker.close();
    await Promise.all([database.destroy(), bus.destroy()]);
  }
});

const askToken = async (identity: Running): Promise<number> =>
  (
    await fetch(`http://127.0.0.1:${identity.port}/sandbox/token`, {
      method: 'POST',
      headers: { 'x-sandbox-secret': SANDBOX_SECRET, 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'new@partner.example' }),
    })
  ).status;

/** Asks again and again; the test's own time limit ends it. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(setImmediate);
}
