import { alreadyExists } from '@openprm/errors';
import { run, runOne, type Database } from '@openprm/postgres';

export interface PartnerType {
  code: string;
  label: string;
}

export const listPartnerTypes = (database: Database): Promise<PartnerType[]> =>
  run<PartnerType>(database, 'select code, label from partner_types order by code');

export async function addPartnerType(database: Database, type: PartnerType): Promise<PartnerType> {
  const row = await runOne<PartnerType>(
    database,
    'insert into partner_types (code, label) values ($1, $2) on conflict do nothing returning code, label',
    [type.code, type.label],
  );
  if (!row) throw alreadyExists('PARTNER_TYPE_EXISTS', 'partner_type.code: is already a partner type.');
  return row;
}
