/** What this service knows of an exclusive right that deal registration granted. */
export interface Protection {
  dealId: string;
  opportunityId: string | null;
  partnerId: string;
  customerId: string | null;
  /** Codes; `*` covers all. */
  families: string[];
  /** ISO country or `ALL`. */
  country: string;
  endsAt: Date;
}

export interface Offer {
  ownerId: string;
  dealId: string | null;
  opportunityId: string | null;
  customerId: string | null;
  /** Country of the customer; empty when not known. */
  country: string;
}

/** True when the protection is about the quote's customer, or about the very deal it comes from. */
export function covers(protection: Protection, offer: Offer, family: string, now: Date): boolean {
  if (protection.endsAt < now) return false;
  if (!protection.families.some((each) => each === '*' || each.toUpperCase() === family.toUpperCase())) return false;
  if (isOwnDeal(protection, offer)) return true;
  if (!offer.customerId || protection.customerId !== offer.customerId) return false;
  return protection.country === 'ALL' || protection.country === '' || offer.country === '' || protection.country === offer.country;
}

const isOwnDeal = (protection: Protection, offer: Offer): boolean =>
  protection.dealId === offer.dealId || (protection.opportunityId !== null && protection.opportunityId === offer.opportunityId);

export interface Standing {
  /** The line's partner holds the protection: registration discount. */
  holder: boolean;
  /** Somebody outside this offer holds it: list price only. */
  barred: boolean;
}

/** How the active protections bear on a line. A co-seller in the holder's own offer is neither favoured nor barred. */
export function standingOf(
  protections: readonly Protection[],
  offer: Offer,
  line: { family: string; linePartnerId: string },
  now: Date,
): Standing {
  const bearing = protections.filter((each) => covers(each, offer, line.family, now));
  const foreign = bearing.filter(
    (each) => each.partnerId !== line.linePartnerId && each.partnerId !== offer.ownerId && !isOwnDeal(each, offer),
  );
  return { holder: bearing.some((each) => each.partnerId === line.linePartnerId), barred: foreign.length > 0 };
}
