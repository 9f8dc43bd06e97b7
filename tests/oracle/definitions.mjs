// Random definitions of the types that run here, with the rules between their questions.
//
// What is left out, because survey-core does it only where nothing is rendered, or plainly wrong:
// - start pages that are hidden, and sums of a matrix;
// - rankings of choices that change: without a pointer every change of the other answer empties them;
// - dates that are none, and files, signatures and random orders; masks stand in masks.mjs;
// - values of a type that the question never has (words in a matrix, a number as a date or a yes), and rules about such
//   values (an e-mail address in a list): every part of survey-core takes them for something else.

const WORDS = ["late", "abc", "x y", "a", "5"];
const CHOICES = [
  ["item1", "item2", "item3"],
  [1, 2, 3, 4],
  ["a", "b", "c"],
  [{ value: 1, text: "One" }, { value: 2, text: "Two" }, 3],
  ["yes", "no"],
];
const TYPES = [
  "text", "text", "text", "number", "date", "comment", "radiogroup", "radiogroup", "checkbox", "checkbox", "dropdown", "tagbox",
  "rating", "boolean", "ranking", "imagepicker", "matrix", "multipletext", "slider", "expression", "html",
];

/** A literal as an expression spells it. */
const literal = (value) => (typeof value === "string" ? `'${value}'` : String(value));

/** What is known of a question before its rules are made: its name, and the values that answers to it may have. */
function plan(luck, number) {
  const { pick, may } = luck;
  const type = pick(TYPES);
  const question = { type, name: "q" + number };
  let values = WORDS;
  if (type === "number" || type === "date") {
    question.inputType = type;
    question.type = "text";
    values = type === "number" ? [1, 5, 8] : ["2026-01-15", "2026-03-01"];
  }
  if (["radiogroup", "checkbox", "dropdown", "tagbox", "ranking", "imagepicker"].includes(type)) {
    question.choices = structuredClone(pick(CHOICES));
    values = question.choices.map((choice) => choice.value ?? choice);
    if (type === "imagepicker") question.choices = values.map((value) => ({ value, imageLink: value + ".png" }));
    if (type === "imagepicker" && may(0.4)) question.multiSelect = true;
  }
  if (type === "rating") {
    if (may(0.3)) Object.assign(question, { rateMin: 0, rateMax: 10 });
    values = [1, 3, 5];
  }
  if (type === "boolean") {
    if (may(0.3)) Object.assign(question, { valueTrue: "yes", valueFalse: "no" });
    values = question.valueTrue ? ["yes", "no"] : [true, false];
  }
  if (type === "slider") values = [10, 50];
  if (type === "matrix") Object.assign(question, { columns: ["col1", "col2", "col3"], rows: ["row1", "row2", "row3"] });
  if (type === "multipletext") question.items = [{ name: "item1" }, { name: "item2" }];
  const isShown = type !== "html";
  return { question, values, several: ["checkbox", "tagbox"].includes(type), isShown, isObject: ["matrix", "multipletext"].includes(type) };
}

/** A condition over the questions. */
function condition(luck, plans) {
  const { pick, may } = luck;
  const one = () => {
    const { question, values, several } = pick(plans);
    const name = `{${question.name}}`;
    const value = literal(pick(values));
    if (question.type === "matrix") return `{${question.name}.row1} = 'col1'`;
    if (question.type === "multipletext") return `{${question.name}.item1} ${pick(["notempty", "empty"])}`;
    if (may(0.3)) return `${name} ${pick(["notempty", "empty"])}`;
    if (several) return `${name} ${pick(["contains", "notcontains", "anyof"])} ${value.startsWith("'") ? `[${value}]` : value}`;
    return `${name} ${pick(["=", "=", "=", "<>", ">", "<", ">=", "contains"])} ${value}`;
  };
  return may(0.75) ? one() : `${one()} ${pick(["and", "or"])} ${one()}`;
}

/** An expression that gives a value. */
function value(luck, plans) {
  const { pick, may } = luck;
  const simple = plans.filter(({ question }) => !["matrix", "multipletext"].includes(question.type));
  const name = () => `{${pick(simple.length ? simple : plans).question.name}}`;
  return pick([
    () => name(),
    () => `${name()} + ${pick(["1", "'x'", name()])}`,
    () => `iif(${condition(luck, plans)}, ${literal(pick(WORDS))}, ${may(0.5) ? "''" : literal(pick(WORDS))})`,
    () => `${pick(["sum", "count", "max"])}(${name()}, ${name()})`,
  ])();
}

/** The same, but a list's length for the list: one that is stored twice is the same array, which changes with the answer. */
function ofNoList(expression, plans) {
  const isList = ({ question, several }) => several || question.multiSelect || question.type === "ranking";
  const lists = plans.filter(isList).map(({ question }) => `{${question.name}}`);
  return lists.some((name) => expression.startsWith(name)) ? `count(${expression})` : expression;
}

/** An expression that gives what a question may hold. */
function fitting(luck, { question, several }, plans) {
  const isWords = !question.inputType && ["text", "comment"].includes(question.type);
  // Lists and truth values are for fields of words alone.
  if (!isWords && !several) plans = plans.filter((other) => !other.several && !other.question.multiSelect && !["ranking", "boolean"].includes(other.question.type));
  // Numbers are computed from numbers.
  if (["rating", "slider"].includes(question.type)) plans = plans.filter((other) => typeof other.values[0] === "number");
  if (plans.length === 0) return "1";
  if (question.type === "boolean") return condition(luck, plans);
  if (question.inputType === "date") return `iif(${condition(luck, plans)}, '2026-02-01', '')`;
  return value(luck, plans);
}

function choiceRules(luck, question, plans, mine) {
  const { may, pick } = luck;
  const special = !["ranking", "imagepicker"].includes(question.type);
  if (special && may(0.25)) question.showOtherItem = true;
  if (special && may(0.15)) question.showNoneItem = true;
  if (special && may(0.07)) question.showRefuseItem = true;
  if (special && may(0.07)) question.showDontKnowItem = true;
  if (["checkbox", "tagbox"].includes(question.type)) {
    if (may(0.15)) question.showSelectAllItem = true;
    if (may(0.15)) question.maxSelectedChoices = 2;
    if (may(0.15)) question.minSelectedChoices = 2;
    if (may(0.12)) question.valuePropertyName = "fruit";
    if (may(0.15)) question.choices = question.choices.map((choice, at) => (at === 1 ? { ...(choice.value ? choice : { value: choice }), isExclusive: true } : choice));
  }
  if (special && may(0.1)) question.storeOthersAsComment = may(0.5);
  if (question.type === "ranking") {
    if (may(0.2)) question.selectToRankEnabled = true;
    return;
  }
  if (may(0.12)) question.choicesOrder = pick(["asc", "desc"]);
  if (may(0.2)) {
    const at = luck.whole(question.choices.length);
    const choice = question.choices[at];
    question.choices[at] = { ...(choice.value !== undefined ? choice : { value: choice }), [pick(["visibleIf", "enableIf"])]: condition(luck, plans) };
  }
  const others = plans.filter((other) => other.several && other.question !== question);
  if (others.length && may(0.12)) question.choicesVisibleIf = `{${pick(others).question.name}} ${pick(["contains", "notcontains"])} {item}`;
  if (may(0.05)) question.choicesEnableIf = condition(luck, plans);
  const sources = plans.slice(0, mine).filter((other) => other.question.choices && other.question.type !== "imagepicker");
  if (sources.length && question.type !== "imagepicker" && may(0.12)) {
    question.choicesFromQuestion = pick(sources).question.name;
    if (may(0.7)) question.choicesFromQuestionMode = pick(["selected", "unselected"]);
    if (may(0.5)) delete question.choices;
    if (may(0.3)) question.hideIfChoicesEmpty = true;
  } else if (may(0.08)) question.hideIfChoicesEmpty = true;
}

function validators(luck, plans, holds) {
  const { pick, may } = luck;
  const all = {
    numbers: [() => ({ type: "numeric", minValue: 2, maxValue: 8 })],
    words: [
      () => ({ type: "numeric", minValue: 2, maxValue: 8 }),
      () => ({ type: "text", minLength: 2, maxLength: 6 }),
      () => ({ type: "text", allowDigits: false }),
      () => ({ type: "email" }),
      () => ({ type: "regex", regex: "^[a-z]+$" }),
    ],
    list: [() => ({ type: "answercount", minCount: 2, maxCount: 3 })],
  };
  const validator = pick([...(all[holds] ?? []), () => ({ type: "expression", expression: condition(luck, plans) })])();
  if (may(0.5)) validator.text = "Please look again.";
  if (may(0.1)) validator.notificationType = pick(["warning", "info"]);
  return validator;
}

/** Adds the rules of one question. */
function rules(luck, plans, mine) {
  const { pick, may } = luck;
  const { question, values, several } = plans[mine];
  const others = plans.filter((other) => other.question !== question && other.isShown);
  if (others.length === 0) return;
  if (may(0.25)) question.visibleIf = condition(luck, others);
  if (may(0.1)) question.enableIf = condition(luck, others);
  if (may(0.12)) question.requiredIf = condition(luck, others);
  if (may(0.2)) question.isRequired = true;
  if (may(0.04)) question.visible = false;
  if (may(0.04)) question.readOnly = true;
  if (may(0.1)) question.title = `About {${pick(others).question.name}}`;
  if (question.type === "html") {
    question.html = "text";
    return;
  }
  if (question.type === "expression") {
    question.expression = ofNoList(value(luck, others), plans);
    return;
  }
  const simple = !["matrix", "multipletext", "ranking"].includes(question.type);
  if (simple && may(0.15)) question.defaultValue = several || question.multiSelect ? [pick(values)] : pick(values);
  const single = simple && !several && !question.multiSelect;
  if (single && may(0.1)) question.defaultValueExpression = fitting(luck, plans[mine], others);
  if (single && may(0.1)) question.setValueExpression = fitting(luck, plans[mine], others);
  if (may(0.1)) question.setValueIf = condition(luck, others);
  if (may(0.1)) question.resetValueIf = condition(luck, others);
  if (may(0.06)) question.clearIfInvisible = pick(["none", "onComplete", "onHidden", "onHiddenContainer"]);
  if (may(0.06) && simple) question.valueName = pick(["shared", "shared", "own"]);
  if (may(0.08) && question.type !== "comment" && question.type !== "text") question.showCommentArea = true;
  const holds =
    several || question.type === "ranking" ? "list" : ["rating", "slider"].includes(question.type) || question.inputType === "number" ? "numbers" : !question.inputType && ["text", "comment"].includes(question.type) ? "words" : "other";
  if (may(0.2)) question.validators = [validators(luck, others, holds)];
  if (question.choices) choiceRules(luck, question, plans, mine);
  if (question.inputType === "number") {
    if (may(0.4)) question.min = 2;
    if (may(0.4)) question.max = 8;
    if (may(0.1)) question.maxValueExpression = `{${pick(others).question.name}} + 5`;
    if (may(0.1)) question.step = 2;
  }
  if (question.inputType === "date" && may(0.4)) question.min = "2026-01-20";
  if (question.type === "matrix") {
    if (may(0.2)) question.eachRowRequired = true;
    if (may(0.2)) question.eachRowUnique = true;
    // Rows that come and go are made anew wherever they are looked at, also in the middle of a change.
    if (may(0.15) && !question.resetValueIf && !question.setValueIf) question.rows[1] = { value: "row2", visibleIf: condition(luck, others) };
    if (may(0.15)) question.columns[1] = { value: "col2", visibleIf: condition(luck, others) };
    if (may(0.1)) question.cellType = "checkbox";
    if (may(0.1)) Object.assign(question, { rowsVisibleIf: condition(luck, others), hideIfRowsEmpty: may(0.5) });
  }
  if (question.type === "multipletext") {
    if (may(0.3)) question.items[0].isRequired = true;
    if (may(0.2)) question.items[1].validators = [validators(luck, others, "words")];
    if (may(0.2)) question.items[1].requiredIf = condition(luck, others);
    if (may(0.2)) question.items[1].defaultValueExpression = value(luck, others);
  }
}

function trigger(luck, plans, hasSkip) {
  const { pick, may } = luck;
  const to = pick(plans);
  const expression = condition(luck, plans);
  const targets = plans.filter((other) => !other.several && !other.isObject && (WORDS === other.values || typeof other.values[0] === "number"));
  const goal = targets.length ? pick(targets) : { question: { name: "variable" }, values: [1, "x"] };
  return pick([
    () => ({ type: "complete", expression }),
    () => (hasSkip ? { type: "complete", expression } : { type: "skip", expression, gotoName: to.question.name }),
    () => ({ type: "setvalue", expression, setToName: goal.question.name, setValue: pick(goal.values) }),
    () => ({ type: "setvalue", expression, setToName: "variable", setValue: pick([1, "x"]), isVariable: may(0.5) }),
    () => ({ type: "copyvalue", expression, setToName: goal.question.name, fromName: pick(targets.length ? targets : plans).question.name }),
    () => ({ type: "runexpression", expression, setToName: goal.question.name, runExpression: value(luck, plans) }),
  ])();
}

/** The questions, some of them in panels. */
function elements(luck, plans, depth) {
  const list = [];
  for (let at = 0; at < plans.length; ) {
    const count = 1 + luck.whole(3);
    if (depth < 2 && luck.may(0.15)) {
      const panel = { type: "panel", name: "panel" + plans[at].question.name, elements: elements(luck, plans.slice(at, at + count), depth + 1) };
      list.push(panel);
      at += count;
    } else list.push(plans[at++].question);
  }
  return list;
}

function containers(luck, list, plans, isStart = false) {
  for (const container of list) {
    if (!container.elements) continue;
    const { may } = luck;
    if (isStart && container === list[0]) continue;
    if (may(0.3)) container.visibleIf = condition(luck, plans);
    if (may(0.08)) container.enableIf = condition(luck, plans);
    if (container.type === "panel" && may(0.1)) container.isRequired = true;
    containers(luck, container.elements, plans);
  }
}

/** A text in several languages. */
const translated = (text) => ({ default: text, de: "de: " + text, "zh-cn": "中：" + text });

/** What else a question may have. */
function variety(luck, { question, values }, others) {
  const { pick, may, whole } = luck;
  const { type } = question;
  const other = () => pick(others).question.name;
  if (may(0.15)) question.title = pick([translated("About {" + other() + "}"), translated("Title"), `{${other()}} and {${other()}-Comment}`, "{var1}, {variable}, {nothing}", "Page {pageno} of {pagecount}"]);
  if (may(0.08)) question.requiredErrorText = "Please answer.";
  if (may(0.1)) question.description = "More";
  if (type === "text" && !question.inputType && may(0.35)) {
    question.inputType = pick(["email", "tel", "url", "time", "month", "week", "datetime-local", "password", "color"]);
    for (const key of ["defaultValue", "defaultValueExpression", "setValueExpression"]) delete question[key];
    if (question.inputType === "time" && may(0.5)) Object.assign(question, { min: "09:00", max: "18:00" });
    if (question.inputType === "month" && may(0.5)) question.min = "2026-01";
    if (question.inputType === "datetime-local" && may(0.5)) question.max = "2026-02-01T12:00";
  }
  if (question.inputType === "date") {
    if (may(0.2)) question.max = "2026-02-20";
    if (may(0.15)) question.minValueExpression = pick(["today(-300)", "dateAdd(today(), -2, 'months')", `{${other()}}`]);
    if (may(0.1)) question.minErrorText = "Not before {0}.";
  }
  if (question.inputType === "number" && may(0.2)) Object.assign(question, { min: 1, minErrorText: "At least {0}.", maxErrorText: "At most {0}." });
  if (type === "rating" && !question.rateMax) {
    const shape = pick([{}, { rateCount: 4 }, { rateValues: [1, { value: 2, text: "Two" }, { value: 3, text: translated("Three") }, 5] }, { rateMin: 1, rateMax: 7, rateStep: 2 }, { rateType: "stars" }, { rateType: "smileys", rateMax: 4 }]);
    Object.assign(question, shape);
  }
  if (type === "slider" && may(0.4)) Object.assign(question, pick([{ min: 0, max: 50, step: 5 }, { sliderType: "range", defaultValue: undefined, validators: undefined, defaultValueExpression: undefined, setValueExpression: undefined }]));
  if (type === "boolean" && may(0.3)) Object.assign(question, { labelTrue: translated("Sure"), labelFalse: "Never" });
  if (question.choices && type !== "imagepicker") {
    if (may(0.1)) question.choices = question.choices.map((choice, at) => (at === 0 ? { ...(choice.value !== undefined ? choice : { value: choice }), text: translated("First") } : choice));
    if (may(0.08)) Object.assign(question, { otherText: "Something else", otherErrorText: "What?", noneText: "Nothing", selectAllText: "All" });
    if (["radiogroup", "checkbox"].includes(type) && may(0.06) && question.choices.length > 1) {
      const choice = question.choices[1];
      question.choices[1] = { ...(choice.value !== undefined ? choice : { value: choice }), showCommentArea: true, isCommentRequired: may(0.5) };
    }
    if (["dropdown", "tagbox"].includes(type) && may(0.06)) question.allowCustomChoices = true;
  }
  if (type === "matrix") {
    if (may(0.15)) question.columnsVisibleIf = `{item} <> 'col2' or {${other()}} notempty`;
    if (may(0.15) && !question.cellType) question.defaultValue = { row1: "col1", row3: "col2" };
    if (may(0.15)) question.rows[0] = { value: "row1", text: translated("Row") };
  }
  if (type === "multipletext") {
    if (may(0.15)) question.defaultValue = { item1: "late" };
    if (may(0.15)) question.items[1].inputType = pick(["number", "date", "email"]);
    if (may(0.15)) question.items[0].title = translated("Item");
  }
  if (type === "expression" && may(0.3)) question.precision = whole(3);
}

/** Conditions of the present, and of properties of questions. */
function special(luck, plans) {
  const { pick } = luck;
  const { question, values } = pick(plans);
  const date = plans.find((other) => other.question.inputType === "date");
  return pick([
    () => `year(today()) ${pick(["=", ">"])} ${pick([2026, 2027])}`,
    () => (date ? `dateDiff({${date.question.name}}, today(), 'days') > 300` : `weekday(today()) = 1`),
    () => (date ? `{${date.question.name}} > dateAdd(today(), -10, 'months')` : `month(today()) = 11`),
    () => `displayValue('${question.name}') = ${literal(String(pick(values)))}`,
    () => `{$${question.name}.isVisible} = ${pick(["true", "false"])}`,
    () => `propertyValue('${question.name}', 'isRequired') = true`,
    // It also takes back choices that are none, in the middle of a condition: none may be there.
    () => (plans.some(({ question }) => question.choices) ? "{pageno} = 1" : `isContainerReady('page1')`),
    () => `{${question.name}-Comment} notempty`,
    () => `!({${question.name}} notempty)`,
    () => `({${question.name}} empty or {pageno} > 1) and !({${question.name}} = ${literal(pick(values))})`,
  ])();
}

/** A definition. */
export function definition(luck) {
  const { whole, pick, may } = luck;
  const plans = Array.from({ length: 2 + whole(6) }, (_, at) => plan(luck, at + 1));
  const asked = plans.filter((other) => other.isShown);
  if (asked.length < 2) return definition(luck);
  plans.forEach((_, at) => rules(luck, plans, at));
  const isWide = may(0.6);
  if (isWide) {
    plans.forEach((of) => may(0.5) && variety(luck, of, asked));
    const of = pick(plans).question;
    const key = pick(["visibleIf", "enableIf", "requiredIf", "setValueIf"]);
    // A question that waits for its own words waits for ever.
    const others = asked.filter((other) => other.question !== of);
    if (may(0.3) && others.length && (key !== "setValueIf" || of.type !== "html")) of[key] = special(luck, others);
  }
  const survey = {};
  const count = 1 + whole(3);
  const size = Math.ceil(plans.length / count);
  survey.pages = Array.from({ length: count }, (_, at) => ({ name: "page" + (at + 1), elements: elements(luck, plans.slice(at * size, (at + 1) * size), 0) }));
  if (count > 1 && may(0.08)) survey.firstPageIsStartPage = true;
  containers(luck, survey.pages, asked, survey.firstPageIsStartPage);
  if (may(0.2)) survey.calculatedValues = [{ name: "var1", expression: ofNoList(value(luck, asked), plans), includeIntoResult: may(0.5) }];
  // What is stored of a computed array is the array itself, which changes with the answer.
  if (/^\{\w+\}$/.test(survey.calculatedValues?.[0].expression)) delete survey.calculatedValues[0].includeIntoResult;
  if (survey.calculatedValues && may(0.7)) plans[0].question.visibleIf = `{var1} ${pick(["notempty", "empty", "> 3", "= 'a'"])}`;
  if (isWide) {
    if (survey.calculatedValues && may(0.4)) survey.calculatedValues.push({ name: "var2", expression: pick(["{var1} + 1", "iif({var1} notempty, {var1}, 'none')", "{var1} empty"]), includeIntoResult: true });
    if (may(0.12)) survey.locale = pick(["de", "zh-cn", "fr"]);
    if (may(0.06)) Object.assign(survey, { showPreviewBeforeComplete: true, progressBarType: "questions" });
    if (may(0.04)) survey.pages[count - 1].readOnly = true;
    if (may(0.04)) survey.pages[count - 1].visible = false;
    if (may(0.05)) survey.pages[0].requiredIf = condition(luck, asked);
  }
  if (may(0.3)) survey.triggers = Array.from({ length: 1 + whole(2) }).reduce((list) => [...list, trigger(luck, asked, list.some((it) => it.type === "skip"))], []);
  if (may(0.35)) survey.clearInvisibleValues = pick(["none", "onComplete", "onHidden", "onHiddenContainer"]);
  if (may(0.12)) survey.storeOthersAsComment = false;
  if (may(0.2)) survey.checkErrorsMode = pick(["onValueChanged", "onComplete"]);
  if (may(0.08)) survey.questionsOnPageMode = pick(["singlePage", "questionPerPage"]);
  // Where one question is asked at a time, going on to a hidden one leads nowhere; and words that are no words stay numbers.
  if (survey.questionsOnPageMode === "questionPerPage") survey.triggers = survey.triggers?.filter(({ type }) => type !== "skip");
  for (const { question } of plans) if (question.choicesFromQuestion && typeof [question.defaultValue].flat()[0] === "number") delete question.defaultValue;
  return survey;
}
