import type { Reach } from '../db/quotes';
import type { QuoteFacts } from '../domain/facts';
import type { LineContext } from '../domain/line';

/** What rules about lines ask, from the facts. The enterprise acts for every partner of a quote it may write. */
export const lineContext = (facts: QuoteFacts, ownerId: string, reach: Reach, newId: () => string): LineContext => ({
  ownerId,
  newId,
  products: facts.products,
  scopeOf: (partnerId) => facts.partners.get(partnerId)?.catalogScope ?? 'STANDARD',
  knows: (partnerId) => facts.partners.has(partnerId),
  actsFor: (partnerId) => reach.enterprise || (facts.partners.get(partnerId)?.acts ?? false),
});
