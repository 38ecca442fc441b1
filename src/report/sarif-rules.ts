/** The rules of a SARIF run (2.1.0, 3.49 to 3.51): which one a result means, its level and severity, and which ones were looked for. */
import { createHash } from 'node:crypto';
import { compareText } from '../model/order.ts';
import type { Severity } from '../model/severity.ts';
import { asObject, field } from './json.ts';
import type { Tally } from './problems.ts';
import { openDescriptors, type Descriptors } from './sarif-descriptors.ts';
import { indexIn, listIn, objectIn, objectsIn, textIn, type JsonObject } from './sarif-fields.ts';
import { openNames } from './sarif-names.ts';

/** What a result needs of its rule. `strings`: where its message ids are looked up. */
export type SarifRule = Readonly<{ id: string; level: string; securitySeverity: Severity | undefined; strings: readonly (JsonObject | undefined)[]; title: string | undefined }>;

export type Rules = Readonly<{
  of(result: JsonObject): SarifRule;
  /** The rule that a notification speaks of. */
  named(reference: JsonObject | undefined): string | undefined;
  /** Names of the rules that the run lists and has not switched off, sorted. */
  active: readonly string[];
  /** Values of `security-severity` that are no number above 0 and up to 10; they are not used. */
  oddSeverities(): number;
}>;

/** Longer ids are cut: findings show no more, and a rule may be named by every result. */
const RULE_CHARACTERS = 120;

/** What is read of a rule once, however many results name it. */
type Described = Readonly<{ level: string; security: Severity | 'odd' | undefined; strings: SarifRule['strings']; title: string | undefined }>;

export function openRules(run: JsonObject, tally: Tally): Rules {
  const { find, all } = openDescriptors(run, 'rules');
  const idOf = openNames(RULE_CHARACTERS, tally);
  const overrides = overridesOf(run, find);
  const globals = objectIn(objectIn(objectIn(run, 'tool'), 'driver'), 'globalMessageStrings');
  const known = new Map<JsonObject | undefined, Described>();
  const odd = new Set<JsonObject>();
  const describe = (rule: JsonObject | undefined): Described => {
    const before = known.get(rule);
    if (before !== undefined) return before;
    const described = describedBy(rule, globals);
    known.set(rule, described);
    if (described.security === 'odd' && rule !== undefined) odd.add(rule);
    return described;
  };
  return {
    of(result) {
      const reference = referenceOf(result);
      const rule = find(reference);
      const { level, security, strings, title } = describe(rule);
      const override = rule === undefined ? undefined : overrides.of(result)?.get(rule);
      return {
        id: idOf(textIn(rule, 'id') ?? textIn(reference, 'id') ?? ''),
        level: textIn(override, 'level') ?? level,
        securitySeverity: security === 'odd' ? undefined : security,
        strings,
        title,
      };
    },
    named(reference) {
      const id = textIn(find(reference), 'id') ?? textIn(reference, 'id');
      return id === undefined ? undefined : idOf(id);
    },
    active: [...new Set(all.flatMap((rule) => (isActive(rule, overrides) ? textIn(rule, 'id') ?? [] : [])).map(idOf))].sort(compareText),
    oddSeverities: () => odd.size,
  };
}

function describedBy(rule: JsonObject | undefined, globals: JsonObject | undefined): Described {
  return {
    level: textIn(objectIn(rule, 'defaultConfiguration'), 'level') ?? 'warning',
    security: securityOf(rule),
    strings: [objectIn(rule, 'messageStrings'), globals],
    title: textIn(objectIn(rule, 'shortDescription'), 'text') ?? textIn(rule, 'name'),
  };
}

/** `ruleId` and `ruleIndex` say the same as `rule`, where there is one. */
function referenceOf(result: JsonObject): JsonObject {
  const rule = objectIn(result, 'rule');
  const id = textIn(result, 'ruleId') ?? textIn(rule, 'id');
  const index = indexIn(result, 'ruleIndex') ?? indexIn(rule, 'index');
  const component = objectIn(rule, 'toolComponent');
  return { ...(id === undefined ? {} : { id }), ...(index === undefined ? {} : { index }), ...(component === undefined ? {} : { toolComponent: component }) };
}

/** What the invocations set otherwise than the rules say themselves. */
type Overrides = Readonly<{
  /** For the invocation that the result names, else the only one. */
  of(result: JsonObject): ReadonlyMap<JsonObject, JsonObject> | undefined;
  /** Whether every invocation that says so has the rule switched on. */
  enabled: ReadonlyMap<JsonObject, boolean>;
}>;

function overridesOf(run: JsonObject, find: Descriptors['find']): Overrides {
  const invocations = listIn(run, 'invocations');
  const byInvocation = new Map<number, Map<JsonObject, JsonObject>>();
  const enabled = new Map<JsonObject, boolean>();
  for (const [at, invocation] of invocations.entries()) {
    for (const override of objectsIn(asObject(invocation), 'ruleConfigurationOverrides')) {
      const rule = find(objectIn(override, 'descriptor'));
      const configuration = objectIn(override, 'configuration');
      if (rule === undefined || configuration === undefined) continue;
      byInvocation.set(at, (byInvocation.get(at) ?? new Map<JsonObject, JsonObject>()).set(rule, configuration));
      const isOn = enabledIn(configuration);
      if (isOn !== undefined) enabled.set(rule, isOn && enabled.get(rule) !== false);
    }
  }
  const only = invocations.length === 1 ? 0 : -1;
  return { of: (result) => byInvocation.get(indexIn(objectIn(result, 'provenance'), 'invocationIndex') ?? only), enabled };
}

function isActive(rule: JsonObject, { enabled }: Overrides): boolean {
  return enabled.get(rule) ?? enabledIn(objectIn(rule, 'defaultConfiguration')) !== false;
}

function enabledIn(configuration: JsonObject | undefined): boolean | undefined {
  const value = configuration === undefined ? undefined : field(configuration, 'enabled');
  return typeof value === 'boolean' ? value : undefined;
}

/** GitHub's scale for security rules: https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning */
function securityOf(rule: JsonObject | undefined): Severity | 'odd' | undefined {
  const properties = objectIn(rule, 'properties');
  const stated = properties === undefined ? undefined : field(properties, 'security-severity');
  if (stated === undefined) return undefined;
  const text = typeof stated === 'number' ? String(stated) : stated;
  const score = typeof text === 'string' && /^\d{1,2}(?:\.\d{1,6})?$/.test(text) ? Number(text) : 0;
  if (score <= 0 || score > 10) return 'odd';
  return score >= 9 ? 'P0' : score >= 7 ? 'P1' : score >= 4 ? 'P2' : 'P3';
}

const ARGUMENT_CHARACTERS = 4_096;

/** A hash of what the run says of its own configuration: how it was called, without what differs from run to run, and parameters of rules. `undefined`: it says nothing. */
export function configurationOf(run: JsonObject): string | undefined {
  const calls = objectsIn(run, 'invocations').flatMap((invocation) => {
    const words = listIn(invocation, 'arguments').filter((word) => typeof word === 'string');
    const call = words.length > 0 ? words.join(' ') : textIn(invocation, 'commandLine');
    return call === undefined ? [] : [call.slice(0, ARGUMENT_CHARACTERS).replace(VOLATILE, '#')];
  });
  const overrides = objectsIn(run, 'invocations').flatMap((invocation) => objectsIn(invocation, 'ruleConfigurationOverrides'));
  const parameters = overrides.filter((override) => objectIn(objectIn(override, 'configuration'), 'parameters') !== undefined);
  if (calls.length === 0 && parameters.length === 0) return undefined;
  return createHash('sha256').update(JSON.stringify([calls, parameters])).digest('hex').slice(0, 16);
}

/** Temporary paths, UUIDs, long numbers and hashes. */
const VOLATILE = /(?:\/tmp|\/_temp|\\_temp|\\Temp)[\\/][^\s"']+|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[a-f]{0,64}\d[\da-f-]{5,}/gi;
