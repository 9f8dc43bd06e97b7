// Random input masks: what survey-core shows for an answer, which answer a text stands for, and what becomes of typing.

import { chance } from "./chance.mjs";
import { encoded } from "./observe.mjs";

const PATTERNS = ["+9 (999)-999-99-99", "aa-##-99", "99/99", "\\9\\a 999", "SO-9999", "9-a-#", ""];
const DATES = ["dd/mm/yyyy", "mm/dd/yy", "yyyy-mm-dd", "d.m.yyyy", "dd. mm. yyyy", "HH:MM", "hh:MM tt", "HH:MM:ss", "mm/dd/yyyy hh:MM TT", "dd.mm.yyyy HH:MM", "mm.yyyy"];
const LOCALES = ["en", "de", "zh-cn", "fr", "nl", "pt-br", "cs", "en-GB", "ko", "xx"];
const KEYS = [..."0123456789", ..."0123456789", "a", "p", "m", "Z", "-", ".", ",", "/", ":", " ", "5", "12", "31"];

function settings(luck, type) {
  const { pick, may } = luck;
  const made = {};
  if (may(0.25)) made.saveMaskedValue = true;
  if (type === "pattern") made.pattern = pick(PATTERNS);
  if (type === "datetime") {
    if (may(0.7)) made.pattern = pick(DATES);
    else if (may(0.7)) made.patternPreset = pick(["localeDate", "localeTime", "localeDateTime"]);
    if (may(0.2)) made.min = "2020-03-15";
    if (may(0.2)) made.max = "2029-10-20";
  }
  if (type === "numeric" || type === "currency") {
    if (may(0.2)) made.decimalSeparator = pick([",", "."]);
    if (may(0.2)) made.thousandsSeparator = pick([",", ".", " ", ""]);
    if (may(0.3)) made.precision = pick([0, 1, 3]);
    if (may(0.2)) made.allowNegativeValues = false;
    if (may(0.2)) made.min = pick([-50, 0, 10]);
    if (may(0.2)) made.max = pick([-5, 100, 99999]);
  }
  if (type === "currency") {
    if (may(0.2)) made.prefix = pick(["$ ", "USD ", ""]);
    if (may(0.2)) made.suffix = pick([" €", "%"]);
    if (may(0.2)) made.currencySymbol = pick(["CHF", "", "元"]);
    if (may(0.2)) made.currencyPattern = pick(["@ -#", "#@", "# @-", "-@#", "nothing"]);
  }
  return made;
}

function value({ pick, may, whole }, type) {
  if (type === "datetime") return pick(["2026-01-15", "2024-02-29", "2026-12-31T23:05", "10:30", "00:15", "2026-01-15T12:00", "abc", ""]);
  if (type === "pattern") return pick(["12345678901", "ab12", "SO1234", "9", "a1b", "", "late"]);
  return may(0.2) ? pick(["", "12", "1.5", "abc"]) : (whole(2_000_000) - 500_000) / pick([1, 10, 100, 1000]);
}

/** What a person does at the keyboard, one after the other. */
function typing(luck, mask) {
  const { pick, may, whole } = luck;
  // On a clock of twelve hours survey-core goes wrong: what leads to no time moves the hour for all that follows.
  if (/h/.test(mask.activePattern ?? "")) return [];
  let before = mask.getMaskedValue("") ?? "";
  let place = 0;
  const typed = [];
  for (let at = 0; at < 10; at++) {
    const edit = { before, start: place, end: place, inserted: "", backward: false };
    if (may(0.15)) {
      edit.start = whole(before.length + 1);
      edit.end = Math.min(before.length, edit.start + whole(4));
    }
    if (may(0.75)) edit.inserted = pick(KEYS);
    else if (may(0.6)) {
      edit.backward = true;
      if (edit.start === edit.end) edit.start = Math.max(edit.start - 1, 0);
    } else if (edit.start === edit.end) edit.end += 1;
    // Before a currency, survey-core counts from the end of the text.
    const least = Math.min(before.length, mask.activePrefix?.length ?? 0);
    for (const key of ["start", "end"]) edit[key] = Math.max(edit[key], least);
    const args = {
      prevValue: edit.before, selectionStart: edit.start, selectionEnd: edit.end,
      insertedChars: edit.inserted || null, inputDirection: edit.backward ? "backward" : "forward",
    };
    const { value: after, caretPosition: caret } = mask.processInput(args);
    typed.push({ ...edit, after: after ?? "", caret, answer: encoded(mask.getUnmaskedValue(after)) });
    before = after ?? "";
    place = caret;
  }
  return typed;
}

/** So many masks, each with what is shown, stored and typed. */
export function masks(core, seed, count) {
  const luck = chance(seed);
  const { pick } = luck;
  return Array.from({ length: count }, () => {
    const maskType = pick(["pattern", "numeric", "currency", "datetime", "datetime"]);
    const definition = { locale: pick(LOCALES), elements: [{ type: "text", name: "q", maskType, maskSettings: settings(luck, maskType) }] };
    const begin = () => new core.Model(structuredClone(definition));
    const shown = Array.from({ length: 6 }, () => {
      const given = value(luck, maskType);
      const [one, other] = [begin(), begin()];
      one.getQuestionByName("q").value = given;
      const step = { given, stored: encoded(one.data.q), text: one.getQuestionByName("q").inputValue ?? "" };
      other.getQuestionByName("q").inputValue = step.text;
      return { ...step, answer: encoded(other.data.q) };
    });
    return { definition, shown, typed: typing(luck, begin().getQuestionByName("q").maskSettings) };
  });
}
