import { readConfig, text } from '@openprm/config';
import { runMigrations } from '@openprm/lifecycle';
import { newId } from '@openprm/postgres';
import { migrations } from './app';
import { ensureEnterprise } from './usecases/ensure-enterprise';

void runMigrations('partner-directory', migrations, async (database) => {
  const { PRM_ENTERPRISE_NAME, PRM_ADMIN_EMAIL } = readConfig({
    PRM_ENTERPRISE_NAME: text('Enterprise'),
    PRM_ADMIN_EMAIL: text('admin@enterprise.example'),
  });
  const deps = { database, newId, afterCommit: () => {}, forgetCaller: () => {}, settings: { invitationDays: 7 } };
  await ensureEnterprise(deps, { name: PRM_ENTERPRISE_NAME, adminEmail: PRM_ADMIN_EMAIL }, new Date());
});
