import { transact, type Command } from '@openprm/postgres';
import { loadSegment } from '../db/catalogue';
import type { Deps } from '../deps';
import { createSegment as create, updateSegment as update, type Segment } from '../domain/segment';
import { because, checkEtag, storeSegment } from './store';

export const createSegment = (
  deps: Deps,
  command: Command,
  given: Pick<Segment, 'code' | 'kind' | 'label' | 'description'>,
): Promise<Segment> =>
  transact(deps, command, async (tx) => storeSegment(tx, deps, null, create(deps.newId(), given, command.now), because(command, 'create')));

export function updateSegment(
  deps: Deps,
  command: Command,
  id: string,
  etag: string,
  change: Partial<Pick<Segment, 'label' | 'description'>>,
): Promise<Segment> {
  return transact(deps, command, async (tx) => {
    const segment = await loadSegment(tx, id);
    checkEtag(String(segment.version), etag);
    return storeSegment(tx, deps, segment, update(segment, change, command.now), because(command, 'edit'));
  });
}
