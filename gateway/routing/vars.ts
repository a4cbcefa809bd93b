/** `vars` of a route: the expressions of lua-resty-expr, as data. */
import { BadItem } from '../config/bad-item.ts';
import { type Condition, addressMatcher, everyOf } from './condition.ts';

type Test = (value: string | undefined) => boolean;
type Join = (conditions: readonly Condition[]) => Condition;

const some: Join = (conditions) => (request) => {
  for (const condition of conditions) if (condition(request)) return true;
  return false;
};

const joins: ReadonlyMap<unknown, Join> = new Map([
  ['AND', everyOf],
  ['OR', some],
  ['!AND', (conditions) => negated(everyOf(conditions))],
  ['!OR', (conditions) => negated(some(conditions))],
]);

/** By operator, from the operand to the test of a variable. A variable that is not there is undefined. */
const operators: ReadonlyMap<unknown, (operand: unknown) => Test> = new Map<unknown, (operand: unknown) => Test>([
  ['==', (operand) => (value) => equal(value, operand)],
  ['~=', (operand) => (value) => !equal(value, operand)],
  ['>', (operand) => ordered(operand, (order) => order > 0)],
  ['>=', (operand) => ordered(operand, (order) => order >= 0)],
  ['<', (operand) => ordered(operand, (order) => order < 0)],
  ['<=', (operand) => ordered(operand, (order) => order <= 0)],
  ['~~', (operand) => fitting(operand, '')],
  ['~*', (operand) => fitting(operand, 'i')],
  ['in', (operand) => among(operand)],
  ['ipmatch', (operand) => inNetworks(operand)],
  // Lists are what it looks into, and no variable of a request is one.
  ['has', () => () => false],
]);

/** All of the expressions must hold; `["OR", …]` and the like may stand anywhere. Throws BadItem. */
export function compileVars(expressions: readonly unknown[]): Condition {
  const [first] = expressions;
  // One bare expression is taken for a list of one, as lua-resty-expr does.
  if (typeof first === 'string') return compile(expressions);
  return everyOf(expressions.map(compile));
}

function compile(expression: unknown): Condition {
  if (!Array.isArray(expression)) throw bad(expression, 'is no expression');
  const [head, ...rest] = expression as readonly unknown[];
  const join = joins.get(head);
  if (join !== undefined) {
    if (rest.length < 2) throw bad(expression, 'needs two expressions or more');
    return join(rest.map(compile));
  }
  if (typeof head !== 'string') throw bad(expression, 'needs the name of a variable');
  return comparison(expression, head, rest);
}

function comparison(expression: unknown, name: string, rest: readonly unknown[]): Condition {
  const [operator, operand] = rest[0] === '!' ? rest.slice(1) : rest;
  if (rest.length !== (rest[0] === '!' ? 3 : 2)) throw bad(expression, 'is not [variable, operator, value]');
  const make = operators.get(operator);
  if (make === undefined) throw bad(expression, `has an unknown operator "${String(operator)}"`);
  const test = make(operand);
  const condition: Condition = (request) => test(request.variable(name));
  return rest[0] === '!' ? negated(condition) : condition;
}

function negated(condition: Condition): Condition {
  return (request) => !condition(request);
}

/** `null` stands for a variable that is not there. */
function equal(value: string | undefined, operand: unknown): boolean {
  if (operand === null) return value === undefined;
  if (typeof operand === 'number') return value !== undefined && Number(value) === operand;
  return value === (typeof operand === 'boolean' ? String(operand) : operand);
}

function ordered(operand: unknown, holds: (order: number) => boolean): Test {
  if (typeof operand !== 'number' && typeof operand !== 'string') throw bad(operand, 'cannot be compared by size');
  return (value) => {
    if (value === undefined || value === '') return false;
    if (typeof operand === 'string') return holds(value < operand ? -1 : value > operand ? 1 : 0);
    // What is no number is neither larger nor smaller.
    return holds(Number(value) - operand);
  };
}

function fitting(operand: unknown, flags: string): Test {
  if (typeof operand !== 'string') throw bad(operand, 'is no pattern');
  const pattern = compilePattern('/vars', operand, flags);
  return (value) => value !== undefined && pattern.test(value);
}

/**
 * What PCRE, in which patterns are written, understands and JavaScript takes for something else without a word: `\A` is
 * the letter A. What else it does not know it refuses by itself.
 */
const notInJavaScript = /(?<!\\)(?:\\\\)*(\\[ACEFGHIJKLMNOPQRTUVXYZaeghijlmopqyz]|\\x\{|\[\[:)/;

/** `field` is where the pattern stands, such as `/regex_uri`. Throws BadItem. */
export function compilePattern(field: string, source: string, flags = ''): RegExp {
  const [, foreign] = notInJavaScript.exec(source) ?? [];
  if (foreign !== undefined) throw new BadItem(`${field}: "${foreign}" is not known in JavaScript's patterns`);
  // PCRE's inline flag at the very beginning, which APISIX users write; JavaScript has none there.
  const insensitive = source.startsWith('(?i)');
  try {
    return new RegExp(insensitive ? source.slice(4) : source, insensitive && flags === '' ? 'i' : flags);
  } catch (error) {
    throw new BadItem(`${field}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function among(operand: unknown): Test {
  if (!Array.isArray(operand)) throw bad(operand, 'is no list');
  const known = new Set(operand.map(String));
  return (value) => value !== undefined && known.has(value);
}

function inNetworks(operand: unknown): Test {
  if (!Array.isArray(operand) || !operand.every((each) => typeof each === 'string')) {
    throw bad(operand, 'is no list of addresses');
  }
  const matches = addressMatcher(operand);
  return (value) => value !== undefined && matches(value);
}

function bad(value: unknown, why: string): BadItem {
  return new BadItem(`/vars: ${JSON.stringify(value)} ${why}`);
}
