import { Seen } from './crm/seen';
import { Spool } from './crm/spool';
import { keyOf, readAmount, readDay, shiftDay, slugOf } from './values';
import { readArguments } from './arguments';

test.each([
  ['1054', '1054', 0],
  ['$1,054.50', '1054', 500_000_000],
  [' 0 ', '0', 0],
  ['0.10', '0', 100_000_000],
  ['5.500', '5', 500_000_000],
])('%s is an amount', (text, units, nanos) => expect(readAmount('c', text, 'USD', 2)).toEqual({ currencyCode: 'USD', units, nanos }));

test.each(['', 'ten', '1,05', '1.005', '-1', '1e3', '1 000', '99999999999999999999'])('"%s" is none', (text) =>
  expect(() => readAmount('c', text, 'USD', 2)).toThrow('is not an amount'),
);

test.each([
  ['3/1/2017', '2017-03-01'],
  ['12/31/2016', '2016-12-31'],
  ['2017-02-28', '2017-02-28'],
])('%s is a day', (text, day) => expect(readDay('c', text, ['M/D/YYYY', 'YYYY-MM-DD'])).toBe(day));

test.each(['2/30/2017', '13/1/2017', '1/3/17', 'yesterday', '2017/02/28'])('"%s" is none', (text) =>
  expect(() => readDay('c', text, ['M/D/YYYY', 'YYYY-MM-DD'])).toThrow('is not a date like M/D/YYYY or YYYY-MM-DD'),
);

test('days move over leap days and years', () => {
  expect(shiftDay('2016-02-28', 1)).toBe('2016-02-29');
  expect(shiftDay('2017-12-31', 1)).toBe('2018-01-01');
});

test('names are the same whatever their blanks and case; addresses are plain letters', () => {
  expect(keyOf('GTX  Pro')).toBe(keyOf('gtxpro'));
  expect(slugOf('Mei-Mei Jöhns', '.')).toBe('mei-mei.johns');
  expect(slugOf('  ', '.')).toBe('unnamed');
});

test('a hundred thousand keys are told apart', () => {
  const seen = new Seen();
  for (let n = 0; n < 100_000; n++) expect(seen.add(`key ${n}`)).toBe(true);
  expect([seen.add('key 0'), seen.add('key 99999'), seen.add('another')]).toEqual([false, false, true]);
});

test('rows come back from the spool by day, and as they came on one day', async () => {
  const spool = await Spool.open();
  for (let n = 0; n < 5_000; n++) await spool.add(n % 3, { n, text: 'ä'.repeat(300) });
  const back: number[] = [];
  for await (const { n } of spool.inOrder<{ n: number }>()) back.push(n);
  await spool.close();
  expect(back).toEqual(Array.from({ length: 5_000 }, (_, n) => n).sort((left, right) => (left % 3) - (right % 3) || left - right));
});

test.each([
  [['leads', '--from', 'x'], 'crm'],
  [['crm'], '--from'],
  [['crm', '--from', 'x', '--shift-to', '2026-02-30'], 'is not a day'],
  [['crm', '--from', 'x', '--fast'], '--fast'],
])('the arguments %j are refused with a line that names the fix', (args, text) => expect(() => readArguments(args)).toThrow(text));

test('help is given when asked for, or when nothing is said', () =>
  expect([readArguments([]), readArguments(['--help'])]).toEqual([null, null]));
