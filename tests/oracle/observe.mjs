// Runs a definition through survey-core, step by step, and notes what the respondent sees after each.

/** A value as JSON can hold it: undefined, NaN and dates are spelled out. */
export function encoded(value) {
  if (value === undefined) return { $: "undefined" };
  if (value instanceof Date) return { $date: isNaN(value) ? "invalid" : value.toISOString() };
  if (typeof value === "number" && !isFinite(value)) return { $: String(value) };
  return value;
}

const MOST_CHANGES = 400;
const LONGEST = 2000;

const values = (items) => items.map((item) => item.value);

/** What of a survey the vectors compare; what is empty is left out, but for what is always there. */
export function observed(survey) {
  const page = survey.currentPage;
  const questions = page ? page.questions.filter((question) => question.isVisible && question.isParentVisible) : [];
  const seen = {
    state: survey.state,
    page: page ? page.name : null,
    pages: survey.visiblePages.map((page) => page.name),
    questions: questions.map((question) => question.name),
  };
  const names = (holds) => questions.filter(holds).map((question) => question.name);
  const entries = (of) => Object.fromEntries(questions.map((question) => [question.name, of(question)]));
  const notEmpty = (object) =>
    Object.fromEntries(Object.entries(object).filter(([, list]) => list !== undefined && list.length > 0));
  const put = (key, value) => {
    if (Object.keys(value).length > 0) seen[key] = value;
  };
  put("required", names((question) => question.isRequired));
  put("readOnly", names((question) => question.isReadOnly));
  put("errors", notEmpty(entries((question) => question.errors.map((error) => ({ kind: error.getErrorType(), text: error.getText() })))));
  seen.titles = entries((question) => question.locTitle.renderedHtml);
  put("choices", notEmpty(entries((question) => question.visibleChoices && values(question.visibleChoices))));
  const rated = entries((question) => question.getType() === "rating" && values(question.visibleRateValues));
  for (const [name, points] of Object.entries(rated)) if (points) (seen.choices ??= {})[name] = points;
  put("disabledChoices", notEmpty(entries((question) => question.visibleChoices && values(question.visibleChoices.filter((item) => !item.isEnabled)))));
  return seen;
}

/** Makes what rendering makes: the rows of a matrix. */
function render(survey) {
  survey.focusingQuestionInfo = undefined;
  for (const question of survey.getAllQuestions()) if (question.getType() === "matrix") question.visibleRows;
}

/** Does one step. */
function step(survey, { start, set, next, prev, complete }) {
  if (start === "survey") survey.start();
  else if (set) {
    const question = survey.getQuestionByName(set.question);
    if (question) question.value = set.value;
  } else if (next) survey.nextPage();
  else if (prev) survey.prevPage();
  else if (complete) survey.completeLastPage();
}

/** The whole run of a definition, in the form of `sessions.json`; `steps` is a list, or gives the next step of a survey. */
export function run(core, definition, steps, isRendered = true) {
  const survey = new core.SurveyModel();
  // Expressions that set each other never end, or grow without end.
  let changes = 0;
  survey.onValueChanged.add((_, { value }) => {
    if (++changes > MOST_CHANGES || JSON.stringify(value ?? null).length > LONGEST) throw new Error("no end");
  });
  survey.fromJSON(structuredClone(definition));
  const done = [];
  const next = typeof steps === "function" ? steps : () => steps[done.length];
  for (let act; (act = next(survey, done.length)); ) {
    step(survey, structuredClone(act));
    // As rendering the page does; without, it would not turn to the same question again.
    if (isRendered) render(survey);
    const copy = JSON.parse(JSON.stringify({ expect: observed(survey), data: survey.data }));
    done.push({ do: act, ...copy });
  }
  return done;
}
