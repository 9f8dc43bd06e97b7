// Writes tests/fixtures/kinds.json: what survey-core stores after each thing a respondent does with each type of question.
//
//     node tests/oracle/kinds.mjs $(tests/oracle/core)/fesm/survey-core.mjs
//
// A kind has elements, what assistive technology hears of it, and steps that leave the question without an answer, so that they can be
// repeated with mouse, finger and keyboard. A step says what a person does (`do`, read by tests/browser/kinds.rs) and, here
// only, what SurveyJS's own view does to the model at that: `ask(name)` gives the question.

import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const core = await import(pathToFileURL(process.argv[2]));
console.warn = console.error = () => {};

const answer = (name, value) => (ask) => (ask(name).value = value);
const all = (...acts) => (ask) => acts.forEach((act) => act(ask));
const cleared = (...names) => all(...names.map((name) => (ask) => ask(name).clearValue()));
/** As the box itself does it. */
const clicked = (name, value, isChecked = true) => (ask) => {
  const item = ask(name).visibleChoices.find((choice) => choice.value === value);
  ask(name).clickItemHandler(item, isChecked);
};
const other = (name, value, words) => (ask) => {
  ask(name).value = value;
  ask(name).otherValue = words;
};
/** What stands in a field with a mask. */
const masked = (name, text) => (ask) => (ask(name).inputValue = text);
const step = (core, ...gestures) => ({ core, do: gestures });

const choose = (name, place) => ["choose", name, place];
const unchoose = (name, place) => ["unchoose", name, place];
const clear = (name) => ["clear", name];
/** Replaces what stands in the field at a place. */
const write = (name, text, field = 0) => ["write", name, text, field];
/** Types into a date or time, in the order of American English, which the browser is started in. */
const type = (name, keys) => ["type", name, keys];
const erase = (name) => ["erase", name];
/** Takes the option at a place of a list that opens; 0 is the one that stands for nothing. */
const pick = (name, place) => ["pick", name, place];
/** Puts the handle at a place to a number. */
const slide = (name, number, handle = 0) => ["slide", name, number, handle];
const move = (name, from, to) => ["move", name, from, to];
const press = (name, selector) => ["press", name, selector];

const towns = ["Nanjing", "Suzhou", "Wuhan", "Chengdu", "上海", "Wuxi", "Hangzhou", "Xiamen", "Beijing", "Tianjin", "Qingdao", "Dalian", "Harbin", "Kunming", "Guiyang", "Lhasa", "Xi'an"];
const drawing = (colour, path) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 80"><rect width="120" height="80" fill="${colour}"/><path d="${path}" fill="none" stroke="#fff" stroke-width="4"/></svg>`)}`;
const pictures = [
  { value: "ap", text: "Access point", imageLink: drawing("#3b6ea5", "M30 50h60M60 50V30M45 30a15 15 0 0 1 30 0") },
  { value: "switch", text: "交换机", imageLink: drawing("#4d7c5a", "M20 30h80v24H20zM34 54v8M54 54v8M74 54v8") },
  { value: "rack", text: "Rack", imageLink: drawing("#7a5c8e", "M40 12h40v56H40zM40 30h40M40 48h40") },
];

const kinds = {
  text: {
    elements: [
      { type: "text", name: "order", title: "Your order number" },
      { type: "text", name: "visits", inputType: "number", title: "How many visits did it take?", min: 0 },
      { type: "text", name: "day", inputType: "date", title: "When did it arrive?" },
    ],
    hears: [
      ["[data-question=order] input", "textbox", "Your order number Optional"],
      ["[data-question=visits] input", "textbox", "How many visits did it take? Optional"],
      ["[data-question=day] input", "Date", "When did it arrive? Optional"],
    ],
    steps: [
      step(all(answer("order", "SO-1042"), answer("visits", 3), answer("day", "2026-11-23")), write("order", "SO-1042"), write("visits", "3"), type("day", "11232026")),
      step(all(answer("order", "订单 1043"), answer("visits", 1.5), answer("day", "2026-10-02")), write("order", "订单 1043"), write("visits", "1.5"), type("day", "10022026")),
      step(cleared("order", "visits", "day"), write("order", ""), write("visits", ""), erase("day")),
    ],
    end: step(all(answer("order", "7"), answer("day", "2026-01-31")), write("order", "7"), type("day", "01312026")),
  },
  "text-lines": {
    elements: [
      { type: "text", name: "mail", inputType: "email", title: "Your email" },
      { type: "text", name: "phone", inputType: "tel", title: "Your telephone number" },
      { type: "text", name: "site", inputType: "url", title: "Your website" },
      { type: "text", name: "code", inputType: "password", title: "The code on the delivery note" },
      { type: "text", name: "paint", inputType: "color", title: "Which colour was it painted?" },
      { type: "text", name: "share", inputType: "range", title: "How much of it works?", min: 0, max: 10 },
    ],
    hears: [
      ["[data-question=mail] input", "textbox", "Your email Optional"],
      ["[data-question=phone] input", "textbox", "Your telephone number Optional"],
      ["[data-question=site] input", "textbox", "Your website Optional"],
      ["[data-question=code] input", "textbox", "The code on the delivery note Optional"],
      ["[data-question=paint] input.field", "textbox", "Which colour was it painted? Optional"],
      ["[data-question=share] input", "slider", "How much of it works?"],
    ],
    steps: [
      step(
        all(answer("mail", "fang@example.cn"), answer("phone", "+86 25 8888 0000"), answer("site", "https://example.cn/"), answer("code", "K7-x"), answer("paint", "#19b394"), answer("share", 4)),
        write("mail", "fang@example.cn"), write("phone", "+86 25 8888 0000"), write("site", "https://example.cn/"), write("code", "K7-x"), write("paint", "#19b394"), slide("share", 4),
      ),
      step(all(answer("mail", "wang@example.com"), answer("paint", "#ff0000"), answer("share", 9)), write("mail", "wang@example.com"), write("paint", "#FF0000"), slide("share", 9)),
      step(
        cleared("mail", "phone", "site", "code", "paint", "share"),
        write("mail", ""), write("phone", ""), write("site", ""), write("code", ""), write("paint", ""), clear("share"),
      ),
    ],
    end: step(all(answer("phone", "110"), answer("paint", "#000000")), write("phone", "110"), write("paint", "#000000")),
  },
  "text-times": {
    elements: [
      { type: "text", name: "at", inputType: "datetime-local", title: "When did it stop?" },
      { type: "text", name: "since", inputType: "month", title: "Customer since" },
      { type: "text", name: "call", inputType: "time", title: "When may we call?" },
      { type: "text", name: "week", inputType: "week", title: "Which week suits you?" },
    ],
    // Chromium's own roles: ARIA has none for these.
    hears: [
      ["[data-question=at] input", "DateTime", "When did it stop? Optional"],
      ["[data-question=since] input", "DateTime", "Customer since Optional"],
      ["[data-question=call] input", "InputTime", "When may we call? Optional"],
      ["[data-question=week] input", "DateTime", "Which week suits you? Optional"],
    ],
    steps: [
      step(
        all(answer("at", "2026-11-23T10:30"), answer("since", "2021-05"), answer("call", "09:15"), answer("week", "2026-W49")),
        type("at", "11232026→1030AM"), type("since", "May→2021"), type("call", "0915AM"), type("week", "492026"),
      ),
      // Step by step a day with a time is whole, is not (the 0 of the 02 is no day), and is whole again.
      step(
        all(answer("at", "2026-10-02T16:15"), answer("call", "16:00")),
        type("at", "10022026→0415PM"), type("call", "0400PM"),
      ),
      step(cleared("at", "since", "call", "week"), erase("at"), erase("since"), erase("call"), erase("week")),
    ],
    end: step(answer("call", "08:00"), type("call", "0800AM")),
  },
  masks: {
    elements: [
      { type: "text", name: "phone", title: "Your mobile number", maskType: "pattern", maskSettings: { pattern: "999-9999-9999" } },
      { type: "text", name: "paid", title: "What did you pay?", maskType: "currency", maskSettings: { prefix: "¥ " } },
      { type: "text", name: "came", title: "When did it come?", maskType: "datetime", maskSettings: { pattern: "dd.mm.yyyy" } },
    ],
    hears: [
      ["[data-question=phone] input", "textbox", "Your mobile number Optional"],
      ["[data-question=paid] input", "textbox", "What did you pay? Optional"],
      ["[data-question=came] input", "textbox", "When did it come? Optional"],
    ],
    steps: [
      step(
        all(masked("phone", "138-0013-8000"), masked("paid", "¥ 1,250.5"), masked("came", "23.11.2026")),
        write("phone", "13800138000"), write("paid", "1250.5"), write("came", "23112026"),
      ),
      step(all(masked("phone", "139-1111-2222"), masked("came", "02.10.2026")), write("phone", "139 1111 2222"), write("came", "02102026")),
      step(cleared("phone", "paid", "came"), write("phone", ""), write("paid", ""), write("came", "")),
    ],
    end: step(masked("paid", "¥ 8"), write("paid", "8")),
  },
  comment: {
    elements: [{ type: "comment", name: "wish", title: "What should we do better?" }],
    hears: [["[data-question=wish] textarea", "textbox", "What should we do better? Optional"]],
    steps: [
      step(answer("wish", "call b4 you come!!"), write("wish", "call b4 you come!!")),
      step(answer("wish", "提前打个电话，我们好准备。"), write("wish", "提前打个电话，我们好准备。")),
      step(answer("wish", ""), write("wish", "")),
    ],
    end: step(answer("wish", "nothing"), write("wish", "nothing")),
  },
  radiogroup: {
    elements: [
      { type: "radiogroup", name: "why", title: "What went wrong?", choices: [{ value: "late", text: "It was late" }, { value: "broken", text: "It was broken" }], showOtherItem: true, showNoneItem: true, showRefuseItem: true, showDontKnowItem: true },
    ],
    hears: [
      ["[data-question=why] fieldset", "radiogroup", "What went wrong? Optional"],
      ["[data-question=why] label:nth-of-type(2) input", "radio", "It was broken"],
    ],
    steps: [
      step(answer("why", "late"), choose("why", 0)),
      step(other("why", "other", "the box was wet"), choose("why", 2), write("why", "the box was wet")),
      step(answer("why", "dontknow"), choose("why", 5)),
      step(answer("why", "none"), choose("why", 3)),
      step(cleared("why"), clear("why")),
    ],
    end: step(other("why", "other", "打不开"), choose("why", 2), write("why", "打不开")),
  },
  checkbox: {
    elements: [
      { type: "checkbox", name: "parts", title: "Which parts?", choices: ["Cable", "Router", "Antenna"], showOtherItem: true, showNoneItem: true, showSelectAllItem: true },
    ],
    hears: [
      ["[data-question=parts] fieldset", "group", "Which parts? Optional"],
      ["[data-question=parts] label:first-of-type input", "checkbox", "All of these"],
    ],
    steps: [
      step(all(clicked("parts", "Cable"), clicked("parts", "Antenna")), choose("parts", 0), choose("parts", 2)),
      step(clicked("parts", "Router"), choose("parts", 1)),
      step(clicked("parts", "none"), choose("parts", 4)),
      step((ask) => ask("parts").toggleSelectAll(), choose("parts", 7)),
      step((ask) => ask("parts").toggleSelectAll(), unchoose("parts", 7)),
      step(all(clicked("parts", "other"), (ask) => (ask("parts").otherValue = "the fan")), choose("parts", 3), write("parts", "the fan")),
      step(clicked("parts", "other", false), unchoose("parts", 3)),
    ],
    end: step(answer("parts", ["Router"]), choose("parts", 1)),
  },
  dropdown: {
    elements: [
      { type: "dropdown", name: "site", title: "Which site?", choices: [{ value: "n", text: "Nanjing" }, { value: "w", text: "武汉" }, { value: 3, text: "Suzhou" }], showOtherItem: true },
    ],
    hears: [["[data-question=site] select", "combobox", "Which site? Optional"]],
    steps: [
      step(answer("site", "w"), pick("site", 2)),
      step(answer("site", 3), pick("site", 3)),
      step(other("site", "other", "Wuxi"), pick("site", 4), write("site", "Wuxi")),
      step(cleared("site"), pick("site", 0)),
    ],
    end: step(answer("site", "n"), pick("site", 1)),
  },
  "dropdown-long": {
    elements: [{ type: "dropdown", name: "town", title: "Where was it delivered?", choices: towns }],
    hears: [
      ["[data-question=town] input[type=search]", "searchbox", "Search the list"],
      ["[data-question=town] fieldset", "radiogroup", "Where was it delivered? Optional"],
    ],
    steps: [
      step(answer("town", "Wuxi"), write("town", "wuxi"), choose("town", 5)),
      step(answer("town", "上海"), write("town", "上"), choose("town", 4)),
      step(cleared("town"), press("town", ".tags button"), write("town", "")),
    ],
    end: step(answer("town", "Nanjing"), choose("town", 0)),
  },
  tagbox: {
    elements: [{ type: "tagbox", name: "sites", title: "Which sites?", choices: towns.slice(0, 9) }],
    hears: [["[data-question=sites] fieldset", "group", "Which sites? Optional"]],
    steps: [
      step(answer("sites", ["Wuhan", "Wuxi"]), write("sites", "wu"), choose("sites", 2), choose("sites", 5)),
      step(answer("sites", ["Wuxi", "上海"]), press("sites", ".tags button"), write("sites", ""), choose("sites", 4)),
      step(answer("sites", []), unchoose("sites", 5), press("sites", ".tags button")),
    ],
    end: step(answer("sites", ["Beijing", "Suzhou"]), choose("sites", 8), choose("sites", 1)),
  },
  rating: {
    elements: [
      { type: "rating", name: "score", title: "How satisfied are you?", minRateDescription: "Not at all", maxRateDescription: "Completely" },
      { type: "rating", name: "recommend", title: "Would you recommend us?", rateMin: 0, rateMax: 10 },
    ],
    hears: [
      ["[data-question=score] fieldset", "radiogroup", "How satisfied are you? Optional"],
      ["[data-question=score] label:first-child input", "radio", "1 of 5: Not at all"],
    ],
    steps: [
      step(all(answer("score", 4), answer("recommend", 0)), choose("score", 3), choose("recommend", 0)),
      step(all(answer("score", 1), answer("recommend", 10)), choose("score", 0), choose("recommend", 10)),
      step(cleared("score", "recommend"), clear("score"), clear("recommend")),
    ],
    end: step(all(answer("score", 5), answer("recommend", 7)), choose("score", 4), choose("recommend", 7)),
  },
  "rating-looks": {
    elements: [
      { type: "rating", name: "stars", title: "The engineers", rateType: "stars" },
      { type: "rating", name: "faces", title: "How do you feel now?", rateType: "smileys" },
      { type: "rating", name: "worded", title: "It was easy to reach us", rateValues: [{ value: "no", text: "Disagree" }, { value: 2, text: "Neither" }, { value: "yes", text: "Agree" }] },
      { type: "rating", name: "list", title: "The price", displayMode: "dropdown", rateMax: 4, minRateDescription: "Too high", maxRateDescription: "Fair" },
    ],
    hears: [
      ["[data-question=stars] label:last-child input", "radio", "5 of 5"],
      ["[data-question=faces] fieldset", "radiogroup", "How do you feel now? Optional"],
      ["[data-question=worded] label:first-child input", "radio", "Disagree"],
      ["[data-question=list] select", "combobox", "The price Optional"],
    ],
    steps: [
      step(all(answer("stars", 4), answer("faces", 1), answer("worded", "yes"), answer("list", 2)), choose("stars", 3), choose("faces", 0), choose("worded", 2), pick("list", 2)),
      step(all(answer("stars", 2), answer("faces", 5), answer("worded", 2), answer("list", 4)), choose("stars", 1), choose("faces", 4), choose("worded", 1), pick("list", 4)),
      step(cleared("stars", "faces", "worded", "list"), clear("stars"), clear("faces"), clear("worded"), pick("list", 0)),
    ],
    end: step(all(answer("stars", 1), answer("worded", "no"), answer("list", 1)), choose("stars", 0), choose("worded", 0), pick("list", 1)),
  },
  boolean: {
    elements: [
      { type: "boolean", name: "solved", title: "Was your problem solved?" },
      { type: "boolean", name: "again", renderAs: "radio", title: "Would you order again?", valueTrue: "yes", valueFalse: "no", labelTrue: "Surely", labelFalse: "Never" },
    ],
    hears: [
      ["[data-question=solved] fieldset", "radiogroup", "Was your problem solved? Optional"],
      ["[data-question=again] label:first-child input", "radio", "Surely"],
    ],
    steps: [
      step(all(answer("solved", true), answer("again", "no")), choose("solved", 0), choose("again", 1)),
      step(all(answer("solved", false), answer("again", "yes")), choose("solved", 1), choose("again", 0)),
      step(cleared("solved", "again"), clear("solved"), clear("again")),
    ],
    end: step(answer("solved", false), choose("solved", 1)),
  },
  "boolean-box": {
    elements: [{ type: "boolean", name: "agreed", renderAs: "checkbox", title: "You may call me about this", valueTrue: "agreed", valueFalse: "refused" }],
    hears: [["[data-question=agreed] input", "checkbox", "You may call me about this Optional"]],
    steps: [
      step(answer("agreed", "agreed"), choose("agreed", 0)),
      step(answer("agreed", "refused"), unchoose("agreed", 0)),
      step(cleared("agreed"), clear("agreed")),
    ],
    end: step(answer("agreed", "agreed"), choose("agreed", 0)),
  },
  ranking: {
    elements: [{ type: "ranking", name: "rank", title: "What matters most to you?", choices: [{ value: "speed", text: "Speed" }, { value: "people", text: "Friendly people" }, { value: "price", text: "价格" }] }],
    hears: [["[data-question=rank] li:first-child button:last-child", "button", "Move Speed down"]],
    steps: [
      step(answer("rank", ["people", "speed", "price"]), move("rank", 0, 1)),
      step(answer("rank", ["price", "people", "speed"]), move("rank", 2, 0)),
      step(cleared("rank"), clear("rank")),
    ],
    end: step(answer("rank", ["people", "price", "speed"]), move("rank", 0, 2)),
  },
  "ranking-pick": {
    elements: [{ type: "ranking", name: "rank", title: "Pick what matters, the most first", selectToRankEnabled: true, choices: ["Speed", "People", "Price", "Silence"] }],
    hears: [["[data-question=rank] li:nth-child(2) button", "button", "Add People to your ranking"]],
    steps: [
      step(answer("rank", ["Price"]), press("rank", "li:nth-child(3) button")),
      step(answer("rank", ["Price", "People"]), press("rank", "li:nth-child(3) button")),
      step(answer("rank", ["People", "Price"]), press("rank", "li:nth-child(2) button:not([disabled])")),
      step(answer("rank", ["Price"]), press("rank", "li:first-child [data-act=drop]")),
      step(cleared("rank"), clear("rank")),
    ],
    end: step(answer("rank", ["Silence"]), press("rank", "li:nth-child(4) button")),
  },
  imagepicker: {
    elements: [
      { type: "imagepicker", name: "device", title: "Which one broke?", choices: pictures },
      { type: "imagepicker", name: "others", title: "Which others do you use?", multiSelect: true, choices: pictures },
    ],
    hears: [
      ["[data-question=device] label:nth-of-type(2) input", "radio", "交换机"],
      ["[data-question=others] label:nth-of-type(2) input", "checkbox", "交换机"],
    ],
    steps: [
      step(all(answer("device", "ap"), answer("others", ["ap", "switch"])), choose("device", 0), choose("others", 0), choose("others", 1)),
      step(all(answer("device", "switch"), answer("others", ["switch"])), choose("device", 1), unchoose("others", 0)),
      step(all(cleared("device"), answer("others", [])), clear("device"), unchoose("others", 1)),
    ],
    end: step(all(answer("device", "rack"), answer("others", ["rack"])), choose("device", 2), choose("others", 2)),
  },
  matrix: {
    elements: [
      { type: "matrix", name: "parts", title: "How were …", columns: [{ value: 1, text: "Bad" }, { value: 2, text: "Fine" }, { value: 3, text: "Great" }], rows: [{ value: "people", text: "Our people" }, { value: "time", text: "准时" }] },
      { type: "matrix", name: "used", title: "What do you use where?", cellType: "checkbox", columns: ["Phone", "Mail"], rows: ["Home", "Work"] },
    ],
    hears: [
      ["[data-question=parts] .row:nth-child(2)", "radiogroup", "准时"],
      ["[data-question=parts] .row:first-child label:last-child input", "radio", "Great"],
      ["[data-question=used] .row:first-child label:first-child input", "checkbox", "Phone"],
    ],
    steps: [
      step(all(answer("parts", { people: 3 }), answer("used", { Work: ["Mail", "Phone"] })), ["cell", "parts", 0, 2], ["cell", "used", 1, 1], ["cell", "used", 1, 0]),
      step(all(answer("parts", { people: 3, time: 1 }), answer("used", { Work: ["Phone"] })), ["cell", "parts", 1, 0], ["cell", "used", 1, 1]),
      step(all(answer("parts", { people: 2, time: 1 })), ["cell", "parts", 0, 1]),
      step(cleared("parts", "used"), press("parts", ".row:nth-child(1) [data-act=clear]"), press("parts", ".row:nth-child(2) [data-act=clear]"), ["cell", "used", 1, 0]),
    ],
    end: step(answer("parts", { time: 2 }), ["cell", "parts", 1, 1]),
  },
  multipletext: {
    elements: [
      { type: "multipletext", name: "you", title: "How can we reach you?", items: [{ name: "name", title: "Your name" }, { name: "mail", title: "Email", inputType: "email" }, { name: "floor", title: "Floor", inputType: "number" }] },
    ],
    hears: [
      ["[data-question=you] fieldset", "group", "How can we reach you? Optional"],
      ["[data-question=you] .list > div:nth-child(2) input", "textbox", "Email"],
    ],
    steps: [
      step(answer("you", { name: "王芳", floor: 3 }), write("you", "王芳", 0), write("you", "3", 2)),
      step(answer("you", { name: "Wang Fang", mail: "fang@example.cn", floor: 3 }), write("you", "Wang Fang", 0), write("you", "fang@example.cn", 1)),
      step(cleared("you"), write("you", "", 0), write("you", "", 1), write("you", "", 2)),
    ],
    end: step(answer("you", { mail: "a@example.com" }), write("you", "a@example.com", 1)),
  },
  slider: {
    elements: [
      { type: "slider", name: "share", title: "How much of it works?", min: 0, max: 10, step: 1 },
      { type: "slider", sliderType: "range", name: "hours", title: "When may we call?", min: 8, max: 20, step: 2 },
    ],
    hears: [
      ["[data-question=share] input", "slider", "How much of it works?"],
      ["[data-question=hours] input:last-of-type", "slider", "When may we call?, to"],
    ],
    steps: [
      step(all(answer("share", 3), answer("hours", [10, 20])), slide("share", 3), slide("hours", 10, 0)),
      step(all(answer("share", 8), answer("hours", [10, 18])), slide("share", 8), slide("hours", 18, 1)),
      step(cleared("share", "hours"), clear("share"), clear("hours")),
    ],
    end: step(all(answer("share", 5), answer("hours", [12, 20])), slide("share", 5), slide("hours", 12, 0)),
  },
  display: {
    elements: [
      { type: "html", name: "note", html: "<p>Order <b>SO-1042</b></p><script>window.ran = 1</script><img src=x onerror='window.ran = 1'><a href='javascript:window.ran=1'>here</a> <a href='https://example.com/help'>help</a>" },
      { type: "image", name: "picture", imageLink: pictures[0].imageLink, altText: "The access point" },
      { type: "text", name: "visits", inputType: "number", title: "Visits" },
      { type: "expression", name: "cost", title: "Cost of {visits} visits", expression: "{visits} * 50", displayStyle: "currency", currency: "EUR", maximumFractionDigits: 0 },
    ],
    hears: [
      ["[data-question=picture] img", "image", "The access point"],
      ["[data-question=note] a", "link", "help"],
      ["[data-question=cost] output", "status", ""],
    ],
    steps: [
      step(answer("visits", 3), write("visits", "3")),
      step(answer("visits", 30), write("visits", "30")),
      step(cleared("visits"), write("visits", "")),
    ],
    end: step(answer("visits", 2), write("visits", "2")),
  },
  panels: {
    elements: [
      { type: "boolean", name: "broken", title: "Is anything broken?" },
      { type: "panel", name: "what", title: "What is broken", visibleIf: "{broken} = true", state: "expanded", elements: [{ type: "checkbox", name: "parts", title: "Which parts?", choices: ["Cable", "Router"], isRequired: true }] },
      { type: "panel", name: "more", title: "Anything else", state: "collapsed", elements: [{ type: "text", name: "else", title: "In your words" }] },
    ],
    hears: [
      ["[data-question=broken] fieldset", "radiogroup", "Is anything broken? Optional"],
    ],
    steps: [
      step(all(answer("broken", true), answer("parts", ["Router"])), choose("broken", 0), choose("parts", 1)),
      step(answer("else", "no"), press("", "details:not([open]) > summary"), write("else", "no")),
      step(all(answer("parts", []), cleared("else")), unchoose("parts", 1), write("else", ""), press("", "details.panel:last-of-type > summary")),
      step(cleared("broken"), clear("broken")),
    ],
    end: step(answer("broken", false), choose("broken", 1)),
  },
  rules: {
    elements: [
      { type: "radiogroup", name: "who", title: "Who came?", choices: ["Engineer", "Driver"], showCommentArea: true, commentText: "Anything to add about them?" },
      { type: "checkbox", name: "did", title: "What did they do?", choices: ["Unload", { value: "Install", visibleIf: "{who} = 'Engineer'" }, { value: "Test", enableIf: "{who} = 'Engineer'" }] },
      { type: "text", name: "badge", title: "Their badge number", enableIf: "{who} notempty" },
      { type: "comment", name: "fixed", title: "Your contract", readOnly: true, defaultValue: "C-77" },
    ],
    hears: [["[data-question=who] textarea", "textbox", "Anything to add about them?"]],
    steps: [
      step(all(answer("who", "Engineer"), (ask) => (ask("who").comment = "on time"), answer("did", ["Install", "Test"])), choose("who", 0), write("who", "on time"), choose("did", 1), choose("did", 2)),
      step(answer("badge", "E-9"), write("badge", "E-9")),
      step(answer("who", "Driver"), choose("who", 1)),
      step(all(answer("who", "Engineer")), choose("who", 0)),
      step(all(answer("did", []), cleared("badge"), (ask) => (ask("who").comment = "")), unchoose("did", 1), unchoose("did", 2), write("badge", ""), write("who", "")),
      step(cleared("who"), clear("who")),
    ],
    end: step(all(answer("who", "Driver"), answer("did", ["Unload"])), choose("who", 1), choose("did", 0)),
  },
};

const written = Object.entries(kinds).map(([id, { means = ["touch", "mouse", "keyboard"], elements, hears = [], steps, end }]) => {
  const survey = new core.SurveyModel({ pages: [{ name: "kind", elements }, { name: "end", elements: [{ type: "comment", name: "words" }] }] });
  const data = () => JSON.parse(JSON.stringify(survey.data));
  const ask = (name) => survey.getQuestionByName(name);
  const begun = JSON.stringify(data());
  const run = ({ core, do: gestures }) => (core(ask), { do: gestures, data: data() });
  const once = steps.map(run);
  const again = steps.map(run);
  if (JSON.stringify(once) !== JSON.stringify(again)) throw new Error(`${id} is not the same when repeated`);
  if (JSON.stringify(data()) !== begun) throw new Error(`${id} does not end where it began: ${JSON.stringify(data())}`);
  const ended = run(end);
  for (const turn of ["nextPage", "prevPage", "nextPage", "completeLastPage"]) survey[turn]();
  if (survey.state !== "completed") throw new Error(`${id} is ${survey.state}`);
  return { id, means, elements, hears, steps: once, end: ended, sent: data() };
});

const lines = written.map((kind) => {
  const steps = kind.steps.map((step) => `      ${JSON.stringify(step)}`).join(",\n");
  const { id, means, elements, hears, end, sent } = kind;
  return `  { "id": ${JSON.stringify(id)}, "means": ${JSON.stringify(means)},\n    "elements": ${JSON.stringify(elements)},\n    "hears": ${JSON.stringify(hears)},\n    "steps": [\n${steps}],\n    "end": ${JSON.stringify(end)},\n    "sent": ${JSON.stringify(sent)} }`;
});
const head = "What survey-core 3.1.1 (MIT, see LICENSE-survey-library) stores after each step; written by tests/oracle/kinds.mjs.";
writeFileSync(new URL("../fixtures/kinds.json", import.meta.url), `{ "about": ${JSON.stringify(head)}, "kinds": [\n${lines.join(",\n")}\n] }\n`);
