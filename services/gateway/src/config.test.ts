import { loadConfig } from './config';

const env = {
  DATABASE_URL: 'postgres://gateway@127.0.0.1/gateway',
  PUBLIC_URL: 'http://127.0.0.1:8080/',
  OIDC_ISSUER: 'http://127.0.0.1:8081',
  OIDC_CLIENT_SECRET: 's',
  PARTNER_DIRECTORY_ADDRESS: 'a:1',
  PROGRAM_SEGMENT_ADDRESS: 'a:2',
  DEAL_REGISTRATION_ADDRESS: 'a:3',
  QUOTING_ADDRESS: 'a:4',
  ORDER_ADDRESS: 'a:5',
  CASE_ADDRESS: 'a:6',
};

describe('the settings', () => {
  it('give each proto package its service', () => {
    expect(loadConfig(env)).toMatchObject({
      publicUrl: 'http://127.0.0.1:8080',
      addresses: { 'prm.partnerdirectory.v1': 'a:1', 'prm.supportcase.v1': 'a:6' },
      deadlines: { read: 800, write: 3000 },
    });
  });

  it('are refused with the name of every faulty variable', () => {
    expect(() => loadConfig({ ...env, ORDER_ADDRESS: '', READ_DEADLINE_MS: 'soon' })).toThrow(/ORDER_ADDRESS: .*READ_DEADLINE_MS: "soon"/s);
  });
});
