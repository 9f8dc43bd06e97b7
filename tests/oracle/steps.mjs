// What a respondent may do next: answers that fit the question, and the way from page to page.

const WORDS = ["", "5", "late", "abc", "x y", "SO-1042", "很满意", "1", "2", "a"];
const LINES = ["", "fine", "too late", "物流太慢"];
const DATES = ["2026-01-15", "2026-03-01", "2025-12-31"];
const MOST_STEPS = 16;

/** The texts and numbers that a definition's expressions compare with: answers that make its conditions true. */
function literals(definition) {
  const found = [];
  const text = JSON.stringify(definition);
  for (const [, quoted] of text.matchAll(/'([^'"\\{}]{1,20})'/g)) found.push(quoted);
  for (const [, number] of text.matchAll(/[=<>] ?(\d{1,4})\b/g)) found.push(Number(number));
  return found;
}

const values = (items) => items.map((item) => item.value);

/** An answer to one question. */
export function answer({ next, whole, pick, shuffled, may, some }, question, known) {
  const one = (list) => (list.length ? pick(list) : "other");
  const choices = () => values(question.visibleChoices.filter((item) => item !== question.selectAllItem));
  switch (question.getType()) {
    case "text":
      switch (question.inputType) {
        case "number":
        case "range":
          return may(0.1) ? pick([1000, -5, 0]) : whole(12);
        case "date":
          return pick(DATES);
        case "datetime-local":
          return pick(DATES) + "T10:30";
        case "month":
          return pick(["2026-01", "2025-12"]);
        case "time":
          return pick(["10:30", "08:00", "23:59"]);
        case "week":
          return pick(["2026-W05", "2026-W48"]);
        case "email":
          return pick(["li@example.com", "li@example", "x"]);
        default:
          return known.length && may(0.3) ? pick(known) : pick(WORDS);
      }
    case "comment":
      return known.length && may(0.2) ? pick(known) : pick(LINES);
    case "radiogroup":
    case "dropdown":
      return may(0.05) ? pick(["other", "nothing", null]) : one(choices());
    case "checkbox":
    case "tagbox":
      return may(0.08) ? pick([[], ["nothing"], ["other"]]) : some(choices(), 1 + whole(3));
    case "ranking":
      return question.selectToRankEnabled ? some(choices(), 1 + whole(3)) : shuffled(choices());
    case "imagepicker":
      return question.multiSelect ? some(choices(), 1 + whole(2)) : one(choices());
    case "rating":
      return one(values(question.visibleRateValues));
    case "boolean":
      return pick([question.getValueTrue(), question.getValueFalse()]);
    case "matrix": {
      const rows = some(values(question.visibleRows.map((row) => ({ value: row.name }))), whole(4));
      const columns = values(question.visibleColumns);
      return Object.fromEntries(rows.map((row) => [row, question.cellType === "checkbox" ? some(columns, 1 + whole(2)) : one(columns)]));
    }
    case "multipletext":
      return Object.fromEntries(some(question.items, whole(question.items.length + 1)).map((item) => [item.name, pick(["7", "很好", "a"])]));
    case "slider": {
      const number = () => question.min + whole(question.max - question.min + 1);
      return question.sliderType === "range" ? [number(), number()].sort((a, b) => a - b) : number();
    }
    default:
      return undefined;
  }
}

/** A respondent: gives the next step of a survey, or nothing at the end. */
export function respondent(luck, definition) {
  const known = literals(definition);
  const length = 2 + luck.whole(MOST_STEPS);
  return (survey, count) => {
    if (count === 0) return { start: true };
    if (count > length) return undefined;
    const { may, pick } = luck;
    if (survey.state === "starting" && may(0.5)) return { start: "survey" };
    if (!["running", "starting"].includes(survey.state) || !survey.currentPage) return undefined;
    if (count === length) return { complete: true };
    const open = survey.currentPage.questions.filter((question) => question.isVisible && question.isParentVisible && !question.isReadOnly);
    if (open.length && may(0.8)) {
      const question = pick(open);
      const value = answer(luck, question, known);
      if (value !== undefined) return { set: { question: question.name, value } };
    }
    if (survey.state === "starting") return { start: "survey" };
    if (may(0.2)) return { prev: true };
    return survey.isLastPage ? (may(0.3) ? { complete: true } : { next: true }) : may(0.08) ? { complete: true } : { next: true };
  };
}
