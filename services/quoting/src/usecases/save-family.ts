import { notFound } from '@openprm/errors';
import { checkEtag, transact, type Command } from '@openprm/postgres';
import { findFamilies } from '../db/families';
import type { Deps } from '../deps';
import type { VolumeBreak } from '../domain/pricing';
import * as rules from '../domain/product';
import { by } from './store';
import { storeFamily } from './store-catalog';

export const createFamily = (
  deps: Deps,
  command: Command,
  input: { code: string; name: string; volumeBreaks: VolumeBreak[] },
): Promise<rules.ProductFamily> =>
  transact(deps, command, async (tx) =>
    storeFamily(
      tx,
      deps,
      null,
      rules.createFamily(deps.newId(), input.code, input.name, input.volumeBreaks, command.now),
      by(command, 'create'),
    ),
  );

export const updateFamily = (
  deps: Deps,
  command: Command,
  target: { code: string; etag: string },
  fields: { name?: string | undefined; volumeBreaks?: VolumeBreak[] | undefined },
): Promise<rules.ProductFamily> =>
  transact(deps, command, async (tx) => {
    const family = (await findFamilies(tx, [target.code])).get(target.code);
    if (!family) throw notFound('product family');
    checkEtag(family, target.etag);
    return storeFamily(tx, deps, family, rules.updateFamily(family, fields, command.now), by(command, 'edit'));
  });
