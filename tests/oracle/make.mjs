// Writes random sessions, expressions and input masks, with survey-core's own results: node make.mjs CORE FOLDER SEED SESSIONS EXPRESSIONS

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chance } from "./chance.mjs";
import { definition } from "./definitions.mjs";
import { expressions } from "./expressions.mjs";
import { masks } from "./masks.mjs";
import { run } from "./observe.mjs";
import { respondent } from "./steps.mjs";
import { varied } from "./variations.mjs";

const [core, folder, seed, sessions, formulas] = process.argv.slice(2);
process.env.TZ = "UTC";
console.warn = console.error = () => {};

// The day the vectors were made, so that the present is the same for both.
const NOW = 1_795_435_200_000;
const Real = Date;
globalThis.Date = class extends Real {
  constructor(...parts) {
    if (parts.length === 0) super(NOW);
    else super(...parts);
  }
  static now() {
    return NOW;
  }
};

const survey = await import(pathToFileURL(core));
const written = JSON.parse(readFileSync(new URL("../fixtures/sessions.json", import.meta.url), "utf8")).vectors;
const own = written.filter(({ tier, definition }) => tier === "core");
const vectors = [];
for (let at = 0; vectors.length < Number(sessions); at++) {
  const luck = chance(Number(seed) * 100_003 + at);
  try {
    // Of five, one is a definition of the vectors, answered otherwise, and one such a definition varied.
    const asked = at % 5 === 0 ? luck.pick(own).definition : at % 5 === 1 ? varied(luck, own) : definition(luck);
    vectors.push({ id: `${seed}-${at}`, tier: "core", definition: asked, steps: run(survey, asked, respondent(luck, asked)) });
  } catch {
    // Rules without an end, or over which survey-core stumbles.
  }
}
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "sessions.json"), JSON.stringify({ vectors }));
writeFileSync(join(folder, "expressions.json"), JSON.stringify(expressions(survey, Number(seed), Number(formulas))));
writeFileSync(join(folder, "masks.json"), JSON.stringify(masks(survey, Number(seed), 400)));
