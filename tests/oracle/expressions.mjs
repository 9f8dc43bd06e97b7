// Random expressions over random answers, and what survey-core makes of them.

import { chance } from "./chance.mjs";
import { encoded } from "./observe.mjs";

const SCALARS = [0, 1, 2, 3, 5, 7, 10, -1, -2.5, 0.5, 0.1, 0.2, 1.005, 33.333, 1e21, 1e-7, true, false, null, "", "a", "abc", "ABC", " abc ", "1", "05", "1,5",
  "2.50", "0x10", "1e3", "item1", "item2", "true", "False", "很满意", "ß", "'q'", "undefined", "2026-01-15", "2026-01-15T10:30", "2026-02-29", "13:45", "-3", "1-2", "NaN"];
const NAMES = ["a", "b", "c", "d1", "rows", "obj.b", "obj.row1", "rows[0].val1", "rows[-1].price", "A", "missing", "a.length", "rows.length", "a[0]", "obj", "1. name", "q-x"];
const LITERALS = ["0", "1", "2", "5", "1.5", "-1", "'a'", "'abc'", "'item1'", "''", "'5'", "true", "false", "[1, 2]", "['item1', 'a']", "[]", "'2026-01-15'", "'很满意'", "item1", "'1,5'"];
const OPERATORS = ["=", "==", "!=", "<>", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "contains", "notcontains", "anyof", "noneof", "allof", "and", "or", "&&", "||"];
const COLUMNS = ["'val1'", "'price'", "'name'"];
const UNITS = ["'days'", "'months'", "'years'", "'hours'", "'weeks'"];

function expression(luck, depth) {
  const { next, pick, may, whole } = luck;
  const name = () => `{${pick(NAMES)}}`;
  const inner = () => expression(luck, depth - 1);
  const roll = next();
  if (depth <= 0 || roll < 0.25) return may(0.6) ? name() : pick(LITERALS);
  if (roll < 0.62) return `${inner()} ${pick(OPERATORS)} ${inner()}`;
  if (roll < 0.7) return `(${inner()})`;
  if (roll < 0.75) return `!${name()}`;
  if (roll < 0.82) return `${name()} ${pick(["empty", "notempty"])}`;
  const date = () => pick(["{d1}", "{a}", "'2026-01-15'", "'2024-02-29T10:20:30'"]);
  return pick([
    () => `iif(${inner()}, ${inner()}, ${inner()})`,
    () => `${pick(["sum", "avg", "min", "max", "count"])}(${Array.from({ length: whole(4) }, inner).join(", ")})`,
    () => `${pick(["round", "trunc"])}(${inner()}, ${pick(["0", "1", "2"])})`,
    () => `${pick(["sum", "min", "max", "count", "avg"])}InArray({rows}, ${pick(COLUMNS)}${may(0.4) ? ", {val1} > 1" : ""})`,
    () => `dateDiff(${date()}, ${date()}, ${pick(UNITS)})`,
    () => `dateAdd(${date()}, ${pick(["1", "-2", "13", "{b}"])}, ${pick(UNITS)})`,
    () => `${pick(["year", "month", "day", "weekday", "getDate"])}(${date()})`,
    () => `substring(${inner()}, ${whole(3)}, ${whole(4)})`,
  ])();
}

function answers({ pick, may, whole }) {
  const one = () => pick(SCALARS);
  const list = () => Array.from({ length: whole(4) }, one);
  const given = {};
  for (const name of ["a", "b", "c", "1. name", "q-x"]) if (may(0.8)) given[name] = may(0.75) ? one() : list();
  if (may(0.9)) given.d1 = pick(["2026-01-15", "2024-02-29", "2026-01-15T10:30", one()]);
  if (may(0.8)) given.obj = { b: one(), row1: one() };
  if (may(0.9)) given.rows = Array.from({ length: whole(4) }, () => ({ val1: one(), price: pick([1, 2.5, "3", null]), name: one() }));
  return given;
}

/** So many cases, in the form of `expressions.json`. */
export function expressions(core, seed, count) {
  const luck = chance(seed);
  const [vectors, invalid] = [[], []];
  while (vectors.length + invalid.length < count) {
    const text = expression(luck, 3);
    const values = answers(luck);
    try {
      const runner = new core.ExpressionRunner(text);
      if (runner.canRun()) vectors.push({ expression: text, values, result: encoded(runner.runValues(structuredClone(values))) });
      else invalid.push({ expression: text });
    } catch {
      // It stumbles over its own values; there is nothing to agree with.
    }
  }
  return { vectors, invalid };
}
