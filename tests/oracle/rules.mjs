// Small surveys, each for one rule of survey-core, with what it makes of them: node rules.mjs CORE > ../fixtures/rules.json

import { pathToFileURL } from "node:url";
import { run } from "./observe.mjs";

process.env.TZ = "UTC";
console.warn = console.error = () => {};
const core = await import(pathToFileURL(process.argv[2]));

const set = (question, value) => ({ set: { question, value } });
const text = (name, rest) => ({ type: "text", name, ...rest });
const [next, prev, complete] = [{ next: true }, { prev: true }, { complete: true }];
const page = (name, elements, rest) => ({ name, elements, ...rest });

const RULES = {
  "what an expression decides is not decided again before it took effect": [
    { elements: [text("a"), { type: "multipletext", name: "b", items: [{ name: "x" }, { name: "y", defaultValueExpression: "iif({c} empty, 'late', '')" }], setValueIf: "{a} > '5'" }, text("c")] },
    [set("a", "z")],
  ],
  "what was computed follows what computed it, down the chain": [
    { elements: [text("a"), { type: "boolean", name: "b", setValueExpression: "{a} empty", visibleIf: "{c} empty" }, text("c", { setValueExpression: "{b}" })], clearInvisibleValues: "onHidden" },
    [set("a", "1"), set("c", null)],
  ],
  "an answer that was never given is undefined, and sets nothing": [
    { elements: [text("a"), text("b")], triggers: [{ type: "runexpression", expression: "{a} notempty", runExpression: "{b}", setToName: "a" }] },
    [set("a", "x"), set("b", "y"), set("b", null), set("a", "z")],
  ],
  "rows and lines without an answer are nothing": [
    {
      elements: [{ type: "multipletext", name: "a", items: [{ name: "x" }] }, { type: "expression", name: "n", expression: "count({a}, {a})" }],
      triggers: [{ type: "copyvalue", fromName: "a", setToName: "copy" }, { type: "setvalue", expression: "{a.y} empty", setToName: "seen", setValue: 1 }],
    },
    [set("a", {}), set("a", { x: "w" }), set("a", {})],
  ],
  "a yes or no goes back to nothing where only an expression is its default": [
    { elements: [{ type: "boolean", name: "a", defaultValueExpression: "{b} = 1", resetValueIf: "{c} = 1" }, text("b"), text("c")] },
    [set("a", true), set("c", 1)],
  ],
  "where pages become one, every question is set up anew": [
    { questionsOnPageMode: "singlePage", pages: [page("p1", [{ type: "boolean", name: "a", defaultValueExpression: "{c} < 1" }, { type: "radiogroup", name: "b", choices: [1, 2], setValueExpression: "{a} + 1" }]), page("p2", [text("c")])] },
    [set("c", "1")],
  ],
  "a panel's condition fills in and takes back, whether or not something in it is shown": [
    { clearInvisibleValues: "onHiddenContainer", pages: [page("p1", [{ type: "expression", name: "a", expression: "{c} + 1", visibleIf: "{c} = 'no'" }], { visibleIf: "{b} = 1" }), page("p2", [text("b"), text("c", { defaultValue: "x" })])] },
    [set("b", 1), set("b", 2)],
  ],
  "a page that goes for a moment is left": [
    { clearInvisibleValues: "onHiddenContainer", pages: [page("p1", [text("a")]), page("p2", [text("b")], { visibleIf: "{b} empty" })] },
    [next, set("b", "x"), next],
  ],
  "a page is left without choices that are none": [
    { pages: [page("p1", [text("a")]), page("p2", [{ type: "radiogroup", name: "b", choices: ["x", "y"], setValueExpression: "{a} + 1" }])] },
    [set("a", "z"), next, prev],
  ],
  "what stands in a hidden panel is left as it is": [
    { pages: [page("p1", [{ type: "panel", name: "p", elements: [{ type: "checkbox", name: "a", choices: ["x"] }], visibleIf: "{a} empty" }]), page("p2", [text("b")])] },
    [set("a", ["nothing"]), next],
  ],
  "a rule about another answer waits until that one is right": [
    { checkErrorsMode: "onValueChanged", elements: [text("a", { validators: [{ type: "expression", expression: "{b} = 1", text: "b is not 1" }] }), text("b", { validators: [{ type: "numeric", minValue: 1, text: "too small" }] })] },
    [set("b", 0), set("b", 2), set("b", 1)],
  ],
  "nothing is wrong with what cannot be answered": [
    { pages: [page("p1", [text("a", { isRequired: true })], { enableIf: "{b} empty" }), page("p2", [text("b")])] },
    [next, set("b", 1), next],
  ],
  "beside a panel that is asked, its whole page is checked": [
    { questionsOnPageMode: "questionPerPage", elements: [text("a", { isRequired: true }), { type: "panel", name: "p", elements: [text("b")] }] },
    [set("a", 1), next, set("a", ""), complete],
  ],
  "how many points there are counts beside one end": [
    { elements: [{ type: "rating", name: "a", rateCount: 4 }, { type: "rating", name: "b", rateMin: 2, rateCount: 3 }, { type: "rating", name: "c", rateMax: 9, rateCount: 3 }] },
    [],
  ],
  "a page is ready where nothing on it is wrong": [
    { pages: [page("p1", [text("a", { isRequired: true })]), page("p2", [text("b", { visibleIf: "isContainerReady('p1')" }), text("c")])] },
    [set("a", 1), set("a", null)],
  ],
  "pages are counted, also where questions are asked": [
    { questionsOnPageMode: "questionPerPage", pages: [page("p1", [text("a", { title: "{pageno} of {pagecount}" }), text("b", { visibleIf: "{pageno} = 1" })]), page("p2", [text("c", { title: "{pageno} of {pagecount}, {locale}" })])] },
    [next, next],
  ],
  "a line for numbers takes no words": [
    { elements: [{ type: "multipletext", name: "a", items: [{ name: "x", inputType: "number", defaultValueExpression: "{b} + 'x'" }] }, text("b")] },
    [set("b", "1"), set("b", "")],
  ],
  "the lines of a question are filled in before it": [
    { elements: [text("b", { defaultValue: "no" }), { type: "multipletext", name: "a", items: [{ name: "x" }, { name: "y", defaultValueExpression: "{b}" }], defaultValue: { x: "late" } }] },
    [],
  ],
  "rows that are only remarked upon are not checked at once": [
    {
      pages: [
        page("p1", [{ type: "matrix", name: "a", rows: ["r1", "r2"], columns: ["c1", "c2"], eachRowUnique: true, validators: [{ type: "expression", expression: "{b} notempty", notificationType: "warning", text: "Please look." }] }]),
        page("p2", [text("b")]),
      ],
    },
    [set("a", { r1: "c1", r2: "c2" }), next, prev, set("a", { r1: "c1", r2: "c1" }), next],
  ],
  "a truth value is no point of a scale": [
    { elements: [{ type: "boolean", name: "a", defaultValue: false }, { type: "rating", name: "b", defaultValueExpression: "{a}" }, text("c", { defaultValueExpression: "{a}" })] },
    [set("a", true)],
  ],
  "questions inside a choice are asked where it is chosen": [
    {
      elements: [
        { type: "checkbox", name: "a", choices: [{ value: "x", elements: [text("b", { isRequired: true }), { type: "panel", name: "p", elements: [text("c", { defaultValue: "d" })] }] }, "y"] },
        { type: "radiogroup", name: "e", choices: [{ value: 1, elements: [text("f")] }, 2] },
      ],
    },
    [set("a", ["y"]), complete],
  ],
  "a question inside a choice holds the page": [
    { elements: [{ type: "radiogroup", name: "a", choices: [{ value: "x", elements: [text("b", { isRequired: true })] }, "y"] }] },
    [set("a", "x"), complete, set("b", "done"), complete],
  ],
  "a computed default stands beside what the respondent chose as other": [
    { elements: [text("a"), { type: "radiogroup", name: "b", choices: ["x"], showOtherItem: true, defaultValueExpression: "{a}", resetValueIf: "{c} notempty" }, text("c")] },
    [set("a", "z"), set("c", 1)],
  ],
};

const cases = Object.entries(RULES).map(([id, [definition, steps]]) => {
  const acts = [{ start: true }, ...steps];
  return JSON.stringify({ id, definition, steps: run(core, definition, acts) });
});
console.log(`[\n${cases.join(",\n")}\n]`);
