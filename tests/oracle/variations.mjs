// Variations of written definitions: a few properties more, another type, one definition behind another.
//
// What is left out, because survey-core does it only where nothing is rendered, or plainly wrong:
// - numbers as words for "other", which stay numbers; a month whose default is a day; what stands for the missing answer
//   of a yes or no, which reads "No";
// - lines with a default beside one that is computed from them, where all pages are one;
// - expressions that are locked while something is wrong with them.

/** What any question may have beside what it has. */
const ANY = {
  visible: [false],
  readOnly: [true],
  isRequired: [true],
  requiredErrorText: ["Please answer."],
  clearIfInvisible: ["none", "onComplete", "onHidden", "onHiddenContainer"],
  showCommentArea: [true],
  description: ["More"],
  defaultDisplayValue: ["none yet"],
  state: ["collapsed"],
  startWithNewLine: [false],
  correctAnswer: [1],
  valueName: ["shared", "own"],
};

/** What questions of a type may have. */
const OF_TYPE = {
  text: {
    inputType: ["number", "date", "email", "range", "time", "url"],
    defaultValue: ["a", 5, "2026-02-01"],
    min: [2, "2026-01-10"],
    max: [8, "2026-03-01"],
    step: [3],
    stepErrorText: ["In steps of {0}."],
    maxLength: [3],
    dataList: [["a", "b"]],
  },
  comment: { defaultValue: ["fine"], maxLength: [3], rows: [2], acceptCarriageReturn: [false] },
  boolean: {
    label: ["Is it?"],
    defaultValue: [true, false, "true", "indeterminate"],
    valueTrue: ["yes", 1],
    valueFalse: ["no", 0],
    renderAs: ["checkbox"],
    swapOrder: [true],
  },
  expression: {
    displayStyle: ["decimal", "currency", "percent", "date"],
    currency: ["EUR"],
    format: ["{0} in all"],
    precision: [0, 2],
    minimumFractionDigits: [1],
    maximumFractionDigits: [1],
    useGrouping: [false],
  },
  rating: {
    rateMin: [0, 2],
    rateMax: [4, 10],
    rateStep: [2, 0.5],
    rateCount: [3, 6],
    autoGenerate: [false],
    rateValues: [[1, 2, 3], ["low", { value: "high", text: "High" }]],
    defaultValue: [3],
    displayMode: ["dropdown"],
    minRateDescription: ["bad"],
  },
  matrix: {
    eachRowRequired: [true],
    eachRowUnique: [true],
    cellType: ["checkbox"],
    hideIfRowsEmpty: [true],
    defaultValue: [{ row1: "col1" }],
    columnsVisibleIf: ["{item} <> 'col1'"],
  },
  slider: { min: [5], max: [20], step: [5], defaultValue: [10], sliderType: ["range"] },
  multipletext: { defaultValue: [{ item1: "a" }], itemSize: [20] },
};
const CHOICES = {
  showOtherItem: [true],
  showNoneItem: [true],
  showRefuseItem: [true],
  showDontKnowItem: [true],
  otherText: ["Else"],
  otherErrorText: ["What?"],
  storeOthersAsComment: [true, false],
  choicesOrder: ["asc", "desc"],
  hideIfChoicesEmpty: [true],
  choicesVisibleIf: ["{item} <> 2 and {item} <> 'item2' and {item} <> 'b'"],
  choicesEnableIf: ["{item} <> 1 and {item} <> 'item1'"],
  defaultValue: ["item1", 1, "other", "none"],
};
const SEVERAL = {
  ...CHOICES,
  showSelectAllItem: [true],
  maxSelectedChoices: [1, 2],
  minSelectedChoices: [1, 2],
  valuePropertyName: ["fruit"],
  defaultValue: [["item1"], [1, 2], ["other"], ["none"]],
};
Object.assign(OF_TYPE, {
  radiogroup: CHOICES,
  dropdown: { ...CHOICES, choicesMin: [1], choicesMax: [3], allowCustomChoices: [true] },
  checkbox: SEVERAL,
  tagbox: SEVERAL,
  imagepicker: { multiSelect: [true], hideIfChoicesEmpty: [true] },
  ranking: { selectToRankEnabled: [true], minSelectedChoices: [2], maxSelectedChoices: [2] },
});

/** What the survey may have. */
const SURVEY = {
  clearInvisibleValues: ["none", "onComplete", "onHidden", "onHiddenContainer"],
  checkErrorsMode: ["onValueChanged", "onComplete", "onValueChanging"],
  questionsOnPageMode: ["singlePage", "questionPerPage", "inputPerPage"],
  storeOthersAsComment: [false],
  firstPageIsStartPage: [true],
  showPrevButton: [false],
  showPreviewBeforeComplete: [true, "showAnsweredQuestions"],
  previewMode: ["answeredQuestions"],
  readOnly: [true],
  locale: ["de", "zh-cn"],
  showNavigationButtons: [false],
  showCompletePage: [false],
};

/** Types that may stand for each other. */
const ALIKE = [
  ["text", "comment"],
  ["radiogroup", "dropdown", "checkbox", "tagbox"],
  ["rating", "boolean", "text", "slider"],
];

function questions(definition) {
  const found = [];
  const walk = (list) => {
    for (const element of list ?? []) {
      if (element?.type && element.type !== "panel" && element.name) found.push(element);
      walk(element?.elements ?? element?.questions);
    }
  };
  walk(definition.pages ?? [definition]);
  return found;
}

const named = (definition) => new Set(JSON.stringify(definition).match(/(?<="name":")[^"]*/g));

/** The pages of both, if no name of one is one of the other. */
function behind(luck, first, second) {
  const names = named(first);
  const listed = (definition) => definition.pages ?? [{ elements: definition.elements ?? definition.questions ?? [] }];
  const pages = [...listed(first), ...listed(second)].map((page, at) => ({ ...page, name: "p" + (at + 1) }));
  if ([...named(second)].some((name) => names.has(name))) return first;
  const { elements, questions, ...rest } = { ...second, ...first };
  return { ...rest, pages, triggers: [...(first.triggers ?? []), ...(second.triggers ?? [])], calculatedValues: [...(first.calculatedValues ?? []), ...(second.calculatedValues ?? [])] };
}

/** A condition on another question, in the way people write them. */
function condition({ pick, may }, others) {
  const { name, type, choices } = pick(others);
  const of = (choices ?? []).map((choice) => choice?.value ?? choice).filter((it) => typeof it !== "object");
  const literal = of.length ? pick(of) : pick([1, "a", "item1"]);
  const value = typeof literal === "string" ? `'${literal}'` : literal;
  if (/[{}\[\]'"]/.test(name)) return "1 = 1";
  if (["checkbox", "tagbox"].includes(type) && may(0.6)) return `{${name}} ${pick(["contains", "notcontains"])} ${value}`;
  return may(0.4) ? `{${name}} ${pick(["empty", "notempty"])}` : `{${name}} ${pick(["=", "<>", ">"])} ${value}`;
}

/** A written definition, varied. */
export function varied(luck, all) {
  const { pick, may, whole } = luck;
  let definition = structuredClone(pick(all).definition);
  if (may(0.25)) definition = behind(luck, definition, structuredClone(pick(all).definition));
  const asked = questions(definition);
  if (asked.length === 0) return definition;
  const put = (object, properties) => {
    const key = pick(Object.keys(properties));
    object[key] = structuredClone(pick(properties[key]));
  };
  for (let count = 1 + whole(4); count > 0; count--) {
    const question = pick(asked);
    const others = asked.filter((other) => other !== question);
    const roll = luck.next();
    if (roll < 0.2) put(question, ANY);
    else if (roll < 0.6) put(question, OF_TYPE[question.type] ?? ANY);
    else if (roll < 0.72) put(definition, SURVEY);
    else if (roll < 0.8) {
      const alike = ALIKE.filter((types) => types.includes(question.type));
      if (alike.length) question.type = pick(pick(alike));
    } else if (others.length) question[pick(["visibleIf", "enableIf", "requiredIf", "setValueIf", "resetValueIf"])] = condition(luck, others);
  }
  for (const question of asked) {
    if (question.showOtherItem && typeof question.defaultValue === "number") delete question.defaultValue;
    if (question.inputType === "month" && /-\d\d-/.test(question.defaultValue)) delete question.defaultValue;
    if (question.type === "boolean") delete question.defaultDisplayValue;
    if (!question.showOtherItem) delete question.otherText;
    if (question.items?.some((item) => item.defaultValueExpression)) delete question.defaultValue;
    if (question.type === "expression") for (const key of ["enableIf", "readOnly"]) delete question[key];
  }
  if (may(0.1)) definition.completedHtml = `<p>{${pick(asked).name}}</p>`;
  if (may(0.1) && asked.length > 1) definition.completedHtmlOnCondition = [{ expression: condition(luck, asked), html: "<b>Thanks</b>" }];
  if (may(0.15)) pick(asked).title = `About {${pick(asked).name}}`;
  return definition;
}
