import { dealTypes } from './deal-types';
import { sellingModels } from './selling-models';
import { sellingModelFor } from './terms';
import { terms } from '../testing/given-deals';

test('the five selling models and what follows from each', () => {
  const rows = sellingModels.map((row) =>
    [
      row.model,
      row.customerOwner,
      row.customerKnowsPartner,
      row.quoteBrands.join('+'),
      row.orderBy.join('+'),
      row.caseQueue,
      row.renewalOwner,
    ].join(' '),
  );
  expect(rows).toEqual([
    'REFERRAL PARENT NOT_APPLICABLE PARENT PARENT PARENT PARENT',
    'REG_PARENT_RETAINS PARENT NO PARENT PARTNER PARENT PARENT_WITH_RESIDUAL',
    'REG_PARTNER_RETAINS PARTNER YES PARENT+PARTNER PARTNER PARTNER PARTNER',
    'DUAL BOTH MAYBE PARENT+PARTNER PARTNER+PARENT SHARED OPEN_WINDOWED',
    'WHITE_LABEL PARTNER PARENT_UNKNOWN PARTNER PARTNER PARTNER PARTNER',
  ]);
});

test('white label never shows the enterprise to the customer', () => {
  const row = sellingModels.find((each) => each.model === 'WHITE_LABEL')!;
  expect([...row.quoteBrands, ...row.quoteBy, ...row.orderBy, ...row.marketingBy]).not.toContain('PARENT');
  expect(row.ownLinesAllowed).toBe(true);
});

test('referral and influence are told apart from direct resale', () => {
  expect(dealTypes.map((type) => `${type.code} ${type.treatment} ${type.reviewGroup}`)).toEqual([
    'RESALE DIRECT DEAL_DESK',
    'CO_SELL DIRECT DEAL_DESK',
    'REFERRAL REFERRED RELATIONSHIP_MANAGER',
    'INFLUENCE REFERRED RELATIONSHIP_MANAGER',
  ]);
});

test("a deal's model: as asked, else the program's for the type, else its default, else the type's first", () => {
  expect(sellingModelFor(terms, 'RESALE', 'DUAL')).toBe('DUAL');
  expect(sellingModelFor({ ...terms, sellingModelByType: { RESALE: 'WHITE_LABEL' } }, 'RESALE', null)).toBe('WHITE_LABEL');
  expect(sellingModelFor(terms, 'RESALE', null)).toBe('REG_PARTNER_RETAINS');
  expect(sellingModelFor(terms, 'REFERRAL', null)).toBe('REFERRAL');
  expect(() => sellingModelFor(terms, 'REFERRAL', 'DUAL')).toThrow(expect.objectContaining({ reason: 'SELLING_MODEL_NOT_ALLOWED' }));
});
