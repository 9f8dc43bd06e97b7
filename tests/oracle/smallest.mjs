// The smallest survey and the fewest steps that still differ: node smallest.mjs CORE TESTS FILE ID
// TESTS is the built `it`, FILE a sessions.json with the case ID.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { run } from "./observe.mjs";

const [core, tests, file, id] = process.argv.slice(2);
process.env.TZ = "UTC";
console.warn = console.error = () => {};
const survey = await import(pathToFileURL(core));

const ours = spawn(tests, ["cases_of_another_program", "--ignored", "--nocapture"], { stdio: ["pipe", "pipe", "ignore"] });
const lines = createInterface({ input: ours.stdout })[Symbol.asyncIterator]();

/** What differs of a case, or nothing. */
async function difference({ definition, acts }) {
  let steps;
  try {
    steps = run(survey, definition, acts);
  } catch {
    return "";
  }
  ours.stdin.write(JSON.stringify({ definition, steps }) + "\n");
  for (;;) {
    const { value, done } = await lines.next();
    if (done) throw new Error("the tests ended");
    if (value.startsWith("= ")) return value.slice(2);
  }
}

/** Every case with one thing less: a step, a property, an item; or one thing simpler. */
function* smaller({ definition, acts }) {
  for (let at = acts.length - 1; at > 0; at--) yield { definition, acts: acts.filter((_, other) => other !== at) };
  const places = [];
  const walk = (part, path) => {
    if (part === null || typeof part !== "object") return;
    for (const key of Object.keys(part)) {
      places.push([...path, key]);
      walk(part[key], [...path, key]);
    }
  };
  walk(definition, []);
  for (const path of places) {
    const changed = (change) => {
      const copy = structuredClone(definition);
      const parent = path.slice(0, -1).reduce((part, key) => part[key], copy);
      change(parent, path.at(-1));
      return { definition: copy, acts };
    };
    yield changed((parent, key) => (Array.isArray(parent) ? parent.splice(key, 1) : delete parent[key]));
    const part = path.reduce((part, key) => part[key], definition);
    // What stands in a panel stands as well without it.
    if (part?.type === "panel") yield changed((parent, key) => parent.splice(key, 1, ...(part.elements ?? [])));
    const halves = typeof part === "string" && part.match(/^(.+?) (and|or) (.+)$/);
    if (halves) for (const half of [halves[1], halves[3]]) yield changed((parent, key) => (parent[key] = half));
  }
}

const found = JSON.parse(readFileSync(file, "utf8")).vectors.find((vector) => vector.id === id);
let smallest = { definition: found.definition, acts: found.steps.map((step) => step.do) };
let said = await difference(smallest);
for (let goesOn = said !== ""; goesOn; ) {
  goesOn = false;
  for (const candidate of smaller(smallest)) {
    const differs = await difference(candidate);
    if (differs === "") continue;
    [smallest, said, goesOn] = [candidate, differs, true];
    break;
  }
}
console.log(`${id} ${said}\n${JSON.stringify(smallest.definition)}\n${JSON.stringify(smallest.acts)}`);
ours.stdin.end();
