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
  "texts stand in the order of their first numbers": [
    { elements: [{ type: "radiogroup", name: "a", choices: ["item10", "item2", "b", "item1x", "item1"], choicesOrder: "asc" }, { type: "checkbox", name: "b", choices: ["x2", "x10", "10", "9"], choicesOrder: "desc" }] },
    [],
  ],
  "a scale has at most twenty points, and as many digits as its step": [
    { elements: [{ type: "rating", name: "a", rateMin: 0, rateMax: 10, rateStep: 0.5 }, { type: "rating", name: "b", rateMin: 0, rateMax: 1, rateStep: 0.1 }] },
    [],
  ],
  "a list is filled with numbers": [
    { elements: [{ type: "dropdown", name: "a", choices: ["none yet"], choicesMin: 1, choicesMax: 6, choicesStep: 2 }, { type: "dropdown", name: "b", choices: [7], choicesMin: 3, choicesMax: 3 }] },
    [set("a", 3)],
  ],
  "words stand for an answer that is not there": [
    { elements: [text("a", { defaultDisplayValue: "none yet" }), text("b", { title: "About {a}" })] },
    [set("a", "x"), set("a", null)],
  ],
  "a computed value is read in its format": [
    { elements: [text("a"), { type: "expression", name: "n", expression: "{a} * 2", format: "{0} in all" }, text("b", { title: "{n}" })] },
    [set("a", 4)],
  ],
  "the ends of a listed scale are read as they are described": [
    { elements: [{ type: "rating", name: "a", rateValues: ["A", { value: "B", text: "Better" }], minRateDescription: "bad", maxRateDescription: "good", displayRateDescriptionsAsExtremeItems: true }, text("b", { title: "{a}" })] },
    [set("a", "A"), set("a", "B")],
  ],
  "the label of a box comes before its title": [
    { elements: [{ type: "boolean", name: "a", title: "News", label: "I agree", renderAs: "checkbox" }, { type: "boolean", name: "b", title: "News", label: "I agree" }] },
    [],
  ],
  "what is wrong is not stored where it is checked before": [
    { checkErrorsMode: "onValueChanging", elements: [text("a", { isRequired: true, validators: [{ type: "text", minLength: 3 }] }), { type: "radiogroup", name: "b", choices: [1, 2], isRequired: true }, text("c", { inputType: "number", max: 5 })] },
    [set("a", "xy"), set("a", "xyz"), set("a", ""), set("b", 2), set("b", null), set("c", 9), set("c", 4), complete],
  ],
  "who may only read begins behind the page that introduces the survey": [
    { firstPageIsStartPage: true, readOnly: true, pages: [page("p1", [text("a")]), page("p2", [text("b")])] },
    [next, prev],
  ],
  "what stands inside a choice is hidden with its question": [
    { elements: [{ type: "checkbox", name: "a", choices: [{ value: "x", elements: [text("b", { isRequired: true })] }], defaultValue: ["x"], visibleIf: "{c} = 1" }, text("c")] },
    [complete],
  ],
  "what was answered inside a choice goes with it, and does not come back": [
    { elements: [{ type: "checkbox", name: "a", clearIfInvisible: "onHidden", defaultValue: ["x", "y"], choices: [{ value: "x", elements: [text("b", { defaultValue: "d" })] }, { value: "y", elements: [text("c", { defaultValue: "e" })] }, "z"] }] },
    [set("a", ["z"]), set("a", ["x"])],
  ],
  "a line is compared with what is computed from the lines beside it": [
    { elements: [{ type: "multipletext", name: "a", items: [{ name: "x" }, { name: "y", defaultValueExpression: "{a.x} + {a.z}" }] }] },
    [set("a", { x: "v", y: "v" }), set("a", {}), set("a", { x: "w" })],
  ],
  "an address on a line is checked": [
    { elements: [{ type: "multipletext", name: "a", items: [{ name: "x", inputType: "email" }] }] },
    [set("a", { x: "nobody" }), complete, set("a", { x: "li@example.com" }), complete],
  ],
  "a panel within a hidden one asks for nothing": [
    { elements: [text("a"), { type: "panel", name: "p", visibleIf: "{a} = 1", elements: [{ type: "panel", name: "q", isRequired: true, elements: [text("b")] }] }] },
    [complete],
  ],
  "a page that is locked asks for nothing": [
    { pages: [page("p1", [text("a")], { requiredIf: "{a} empty", enableIf: "{a} notempty" })] },
    [complete],
  ],
  "a bound that is computed holds from the beginning": [
    { elements: [text("a", { inputType: "number", maxValueExpression: "{c} + 5" }), { type: "rating", name: "b", defaultValue: 5 }, text("c")], triggers: [{ type: "setvalue", expression: "{b} notempty", setToName: "a", setValue: 8 }] },
    [set("c", 4)],
  ],
  "the first of several defaults is taken where one is chosen": [
    { elements: [{ type: "radiogroup", name: "a", choices: [1, 2], showOtherItem: true, defaultValue: [2, "x"] }] },
    [],
  ],
  "a default that is no choice leaves only its words where nothing can be chosen": [
    { elements: [{ type: "radiogroup", name: "a", choices: [1, 2], showOtherItem: true, defaultValue: "x", readOnly: true }, { type: "checkbox", name: "b", choices: [1, 2], showOtherItem: true, defaultValue: [1, "y"], readOnly: true }] },
    [],
  ],
  "a default that is no choice stands for other in place of the answer, also beside a comment": [
    { elements: [{ type: "checkbox", name: "a", choices: [1, 2], showOtherItem: true, showCommentArea: true, defaultValue: [1, "x"] }, { type: "dropdown", name: "b", choices: [1, 2], showOtherItem: true, showCommentArea: true, defaultValue: "y" }] },
    [],
  ],
  "a computed default is no other where nothing can be chosen": [
    { elements: [text("a", { defaultValue: "x", defaultValueExpression: "{b}" }), { type: "radiogroup", name: "b", choices: [1], showOtherItem: true, readOnly: true, defaultValueExpression: "{a}" }] },
    [],
  ],
  "a condition waits for what its calls name, and for none that they do not": [
    {
      elements: [
        text("a", { inputType: "date", min: "2026-01-20" }),
        text("b"),
        text("c", { enableIf: "dateDiff({a}, today(), 'days') > 300" }),
        text("d", { enableIf: "{a} empty or year(today()) = 1" }),
      ],
    },
    [set("a", "2024-01-31"), set("b", 1)],
  ],
  "an answer that is no list does not become other where several are chosen": [
    { elements: [text("a", { valueName: "shared" }), { type: "checkbox", name: "b", choices: [1, 2], showOtherItem: true, valueName: "shared" }] },
    [set("a", "x"), set("a", "y")],
  ],
  "half a property is no name": [{ elements: [text("$a", { title: "{$a} and {$b}" })] }, []],
  "a variable hides what is stored under its name": [
    { elements: [text("a")], triggers: [{ type: "setvalue", expression: "{a} notempty", setToName: "v", setValue: 1 }, { type: "setvalue", expression: "{a} = 2", setToName: "v", setValue: 3, isVariable: true }] },
    [set("a", 1), set("a", 2)],
  ],
  "a property is that of the question which stores an answer under the name": [
    { elements: [text("a", { valueName: "shared", visibleIf: "{b} = 1" }), text("b"), text("c", { visibleIf: "{$a.isVisible} = false" }), text("d", { visibleIf: "{$shared.isVisible} = false" })] },
    [set("b", 1)],
  ],
  "a trigger skips to a question where one is asked at a time, and back": [
    {
      questionsOnPageMode: "questionPerPage",
      pages: [page("p1", [text("a")]), page("p2", [text("b")]), page("p3", [text("c"), text("d")])],
      triggers: [{ type: "skip", expression: "{a} = 1", gotoName: "c" }],
    },
    [set("a", 1), next, prev, prev, next],
  ],
  "the questions of a panel are asked one at a time where inputs are": [
    { questionsOnPageMode: "inputPerPage", elements: [{ type: "panel", name: "p", elements: [text("a"), text("b", { requiredIf: "{a} notempty" })] }] },
    [set("a", 1), next, next],
  ],
  "an address that is a zero is none": [
    { elements: [{ type: "multipletext", name: "a", items: [{ name: "x", inputType: "email", defaultValueExpression: "count({b})" }] }, text("b")] },
    [complete],
  ],
  "a survey without a page is not completed": [{ elements: [text("a", { visible: false })] }, [complete]],
};

const cases = Object.entries(RULES).map(([id, [definition, steps]]) => {
  const acts = [{ start: true }, ...steps];
  return JSON.stringify({ id, definition, steps: run(core, definition, acts) });
});
console.log(`[\n${cases.join(",\n")}\n]`);
