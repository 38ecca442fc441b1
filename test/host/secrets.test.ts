import { describe, expect, it } from 'vitest';
import { processSecrets } from '../../src/host/secrets.ts';
import { encodeForTerminal, encodeJson } from '../../src/host/terminal.ts';
import { redactText } from '../../src/model/redact.ts';
import { letters } from '../model/secret-samples.ts';

describe('processSecrets', () => {
  it('takes the tokens of the run, whatever they look like', () => {
    const secrets = processSecrets({ 'INPUT_GITHUB-TOKEN': 'tokenofthejob', ACTIONS_RUNTIME_TOKEN: 'runtimetoken', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'idtokenrequest' });
    for (const value of ['tokenofthejob', 'runtimetoken', 'idtokenrequest']) expect(secrets).toContain(value);
  });

  it('takes what the environment names as secret', () => {
    const names = ['DB_PASSWORD', 'NPM_AUTH', 'MY_API_KEY', 'myApiKey', 'APIKEY', 'CLIENT_SECRET', 'SSH_PRIVATE_KEY', 'SIGNING_KEY', 'npm_config__authToken', 'DEPLOY_TOKEN', 'GPG_PASSPHRASE', 'MYSQL_PWD', 'AWS_SECRET_ACCESS_KEY', 'INPUT_PASSWORD', 'REGISTRY_CREDENTIALS', 'GH_PAT'];
    for (const name of names) expect(processSecrets({ [name]: 'hunter2-hunter2' }), name).toContain('hunter2-hunter2');
  });

  it('takes no path, number, switch, plain word or address, whatever the variable is called', () => {
    const values = ['/tmp/ssh-agent.sock', '/home/octo cat/key', './key.pem', '~/.npmrc', 'C:\\keys\\deploy key.pem', '123456789', '2026-11-25', 'required', 'Required', 'PRODUCTION', 'false', 'https://example.org/login?a=b', 'short', ''];
    for (const value of values) expect(processSecrets({ DEPLOY_TOKEN: value }), value).toEqual([]);
  });

  it('takes nothing of a variable of another name, or that only says where or what', () => {
    const names = ['PATH', 'PWD', 'OLDPWD', 'KEYBOARD', 'GITHUB_SHA', 'AUTHOR', 'COMPASS', 'SSH_AUTH_SOCK', 'TOKEN_FILE', 'SECRET_NAME', 'AWS_ACCESS_KEY_ID', 'ACTIONS_ID_TOKEN_REQUEST_URL', 'PASSWORD_HOST', 'AUTH_TYPE'];
    for (const name of names) expect(processSecrets({ [name]: 'k-123456789' }), name).toEqual([]);
  });

  it('takes base64 that begins like a path', () => {
    expect(processSecrets({ DEPLOY_TOKEN: `/${letters(40)}` })).toContain(`/${letters(40)}`);
  });

  it('takes a phrase of letters that is no word', () => {
    expect(processSecrets({ DEPLOY_TOKEN: 'correcthorsebattery' })).toContain('correcthorsebattery');
  });

  it('takes what credentials in JSON name as secret, and nothing else of them', () => {
    const secrets = processSecrets({ AZURE_CREDENTIALS: JSON.stringify({ clientId: 'client-id-123', clientSecret: 'p~q-12345678', nested: [{ private_key: 'line one of it\nline two of it', token_uri: 'https://example.org/t' }] }) });
    for (const value of ['p~q-12345678', 'line one of it', 'line two of it']) expect(secrets).toContain(value);
    expect(secrets).not.toContain('client-id-123');
    expect(processSecrets({ AZURE_CREDENTIALS: '{"clientSecret": "unfinished-1' })).toEqual(processSecrets({ OTHER_SECRET: '{"clientSecret": "unfinished-1' }));
  });

  it('SEC-55: is found again after any encoding before output, and longest first', () => {
    for (const secret of ['::error::hunter2', 'a##[b]hunter2', 'tab\there\u202ehidden', 'hunter2"\\hunter2', '\u001b[31mhunter2']) {
      const secrets = processSecrets({ DEPLOY_TOKEN: secret });
      for (const text of [secret, encodeForTerminal(secret), encodeForTerminal(`x ${secret}`), encodeJson([secret])]) expect(redactText(text, secrets).text, text).not.toMatch(/hunter2|hidden/);
      expect(secrets).toEqual([...secrets].sort((a, b) => b.length - a.length));
    }
  });
});
