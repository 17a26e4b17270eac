"use strict";

/*
 * The page of a code's history. Everything shown is a reading of the data in the page: a field is a row of pieces, each
 * with the step (an instruction, carried out on a day) that put it there and the one that took it away.
 *
 * A "moment" is the number of a day on which something changes; 0 is the day with which the record begins.
 * Nothing is fetched, nothing is stored, and all text goes into the page as text, never as HTML.
 */

const data = JSON.parse(document.getElementById("data").textContent);
const LAST = data.days.length - 1;
const NEVER = LAST + 1;
const MONTHS = "January February March April May June July August September October November December".split(" ");
const NOUNS = {definitions: "definition", sections: "provision", contents: "entry", documents: "document"};
const PARAMETERS = {definitions: "term", sections: "provision", contents: "entry", documents: "document"};
const FIELD_NAMES = {title: "Title", version: "Version", in_force_from: "In force from", heading: "Heading", note: "Note"};

// --- small things ---------------------------------------------------------------------------------------------------

const byId = (id) => document.getElementById(id);

/** An element with attributes, class and children; children are elements or texts. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** An element of a picture. */
function draw(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** "2021-12-17" as a letter writes it: 17 December 2021. */
function said(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

/** A number with its noun, on one line. */
function count(number, noun, plural = `${noun}s`) {
  return `${grouped(number)}\u00a0${number === 1 ? noun : plural}`;
}

/** A number with commas. The browser's own way loads the rules of all languages first, which takes some 50 ms. */
const grouped = (number) => String(number).replace(/\B(?=(?:\d{3})+$)/g, ",");

/** How many records of each kind: "2 definitions, 1 document". */
function tally(found) {
  return Object.entries(NOUNS).map(([kind, noun]) => [found.filter((record) => record.kind === kind).length, noun])
    .filter(([number]) => number).map(([number, noun]) => count(number, noun, noun === "entry" ? "entries" : `${noun}s`)).join(", ") || "nothing";
}

/** How many of some sorted numbers are at most `limit`. */
function upTo(sorted, limit) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The reader's own date. */
function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** The moment of a day: that of the last change on or before it. */
const momentOf = (iso) => Math.max(upTo(data.days, iso) - 1, 0);

// --- letters and steps ----------------------------------------------------------------------------------------------

const steps = [null, ...data.steps.map(([letter, moment, item, sentence]) => ({letter, moment, item, sentence}))];
const letters = numbered(data.letters);

/** The letters with the moments at which they commence, and numbers in that order. */
function numbered(found) {
  const result = found.map((letter, at) => ({...letter, at, moments: [], number: 0}));
  for (const step of steps.slice(1)) {
    const moments = result[step.letter].moments;
    if (!moments.includes(step.moment)) moments.push(step.moment);
  }
  const first = (letter) => (letter.moments.length ? Math.min(...letter.moments) : NEVER);
  const ordered = [...result].sort((one, other) => first(one) - first(other) || one.at - other.at);
  ordered.forEach((letter, at) => { letter.number = at + 1; });
  return result;
}

/** For each moment the letters that commence then. */
const lettersAt = data.days.map(() => []);
for (const letter of letters) for (const moment of letter.moments) lettersAt[moment].push(letter);

const titleOf = (letter) => letter.title || letter.name;
const letterOf = (step) => letters[steps[step].letter];

/** "letter of 6 February 2023", or its name where it has no date. */
const calledLetter = (letter) => (letter.made ? `letter of ${said(letter.made)}` : letter.name);

// --- records --------------------------------------------------------------------------------------------------------

const records = [];
const lists = data.lists.map((list, at) => {
  const result = {kind: list.kind, name: list.name, at, records: [], groups: []};
  for (const each of list.records) {
    const record = recordFrom(each, result);
    records.push(record);
    result.records.push(record);
  }
  return result;
});

/** A record with, for each piece of each field, from which moment and until which it stands. */
function recordFrom(given, list) {
  const record = {
    list, kind: list.kind, key: given.key, number: records.length, by: given.by || 0, gone: given.gone || 0,
    from: given.by ? steps[given.by].moment : 0, until: given.gone ? steps[given.gone].moment : NEVER,
    fields: {}, row: null, group: null, drawn: null, names: 0, plain: new Map(), links: null, open: false,
  };
  for (const [name, pieces] of Object.entries(given.fields)) {
    record.fields[name] = pieces.map(([text, by = 0, gone = 0]) => ({
      text, by, gone, from: by ? steps[by].moment : 0, until: gone ? steps[gone].moment : NEVER,
    }));
  }
  record.height = heightOf(record);
  record.steps = stepsOf(record);
  record.changes = [...new Set(record.steps.map((step) => steps[step].moment))].sort((one, other) => one - other);
  return record;
}

/** About how high the row of a record will be, in pixels, until it has been in sight. */
function heightOf(record) {
  const text = record.fields.text;
  if (!text) return 60;
  return text.reduce((sum, piece) => sum + 28 * piece.text.split("\n").length + piece.text.length / 3.5, 60);
}

/** The steps that touched a record, in their order. */
function stepsOf(record) {
  const found = new Set([record.by, record.gone]);
  for (const pieces of Object.values(record.fields)) for (const piece of pieces) found.add(piece.by).add(piece.gone);
  found.delete(0);
  return [...found].sort((one, other) => one - other);
}

const stands = (thing, moment) => thing.from <= moment && moment < thing.until;

/** A field of a record as it stands at a moment. */
function fieldAt(record, name, moment) {
  if (!stands(record, moment)) return "";
  let text = "";
  for (const piece of record.fields[name] || []) if (stands(piece, moment)) text += piece.text;
  return text;
}

const keyAt = (record, moment) => fieldAt(record, record.key, moment);

/** The number of a record's state at a moment: it changes when, and only when, the record does. */
const stateAt = (record, moment) => upTo(record.changes, moment);

/** The moment nearest to one at which a record stands. */
const within = (record, moment) => Math.min(Math.max(moment, record.from), record.until - 1);

/** What a record is called: at a moment, or, where it does not stand then, by its last name. */
function nameOf(record, moment = view.moment) {
  const at = within(record, moment);
  const key = keyAt(record, at);
  return record.kind === "contents" ? `${key}: ${fieldAt(record, "title", at)}` : key;
}

/** The same for a link elsewhere. */
const linkName = (record, moment) => (record.kind === "sections" ? `Section ${nameOf(record, moment)}` : nameOf(record, moment));

/** All that can be searched in a record at a moment, in small letters. */
function plainText(record, moment) {
  const state = stateAt(record, moment);
  if (!record.plain.has(state)) {
    const fields = Object.keys(record.fields).filter((name) => name !== "note");
    record.plain.set(state, simple(fields.map((name) => fieldAt(record, name, moment)).join("\n")));
  }
  return record.plain.get(state);
}

const simple = (text) => text.toLowerCase().replace(/[“”„]/g, '"').replace(/[‘’]/g, "'").replace(/\s+/g, " ");

// --- which terms a text uses ----------------------------------------------------------------------------------------

const WORDS = /[\p{L}\p{N}£(][\p{L}\p{N}]*/gu;
const PLURAL = /^(?:['’]s|e?s['’]?)?(?![\p{L}\p{N}_-])/u;

/** What a term may be called: "Home Area Network (or HAN)" is also "HAN", "the Authority" also "Authority". */
function namesOf(record, moment) {
  const key = keyAt(record, moment);
  if (record.kind === "sections") return [`Section ${key}`];
  if (record.kind === "documents") return [key];
  const base = key.replace(/^the /, "");
  const found = /^(.+?) \((?:or |the )?[“"]?([^()“”"]+)[”"]?\)$/.exec(base);
  return found ? [found[1], found[2]] : [base];
}

/**
 * The names in use at a moment: `names` of each record, the forms of them by their keys, the longest first, and
 * `starts`, with which two letters they begin and how many do: most words of a text begin no name.
 */
const index = {moment: -1, names: new Map(), forms: new Map(), starts: new Map()};

const startAt = (text, at) => (text.charCodeAt(at) << 16) | text.charCodeAt(at + 1);

/**
 * The keys under which what begins at a place of a text may be found, the longest first.
 *
 * A name is kept under its first word and four letters of the rest, or four letters of its only word; a shorter one
 * under all of it. So few are compared at each word, however many names begin alike ("Section …").
 */
function keysOf(text, at) {
  const space = text.indexOf(" ", at), result = [];
  for (let size = 5; space > 0 && size > 1; size -= 1) result.push(text.slice(at, space + size));
  for (let size = 4; size > 1; size -= 1) result.push(text.slice(at, at + size));
  return result;
}

/** The forms in which a name may stand in a text, but for the endings. */
const formsOf = (name) => (name.endsWith("y") ? [name, `${name.slice(0, -1)}ies`] : [name]);

/** Take a form of a name into the index, or out of it. */
function enter(form, record) {
  const [key] = keysOf(form, 0);
  if (!index.forms.has(key)) index.forms.set(key, []);
  const found = index.forms.get(key), at = found.findIndex((each) => each.form.length <= form.length);
  found.splice(at < 0 ? found.length : at, 0, {form, record});
  index.starts.set(startAt(form, 0), (index.starts.get(startAt(form, 0)) || 0) + 1);
}

function leave(form, record) {
  const [key] = keysOf(form, 0), rest = index.forms.get(key).filter((each) => each.record !== record || each.form !== form);
  if (rest.length) index.forms.set(key, rest);
  else index.forms.delete(key);
  index.starts.set(startAt(form, 0), index.starts.get(startAt(form, 0)) - 1);
}

/** Bring the index to a moment; the names that came or went. */
function indexAt(moment) {
  const changed = [];
  for (const record of records) {
    if (record.kind === "contents" || (index.moment >= 0 && stateAt(record, moment) === stateAt(record, index.moment))) continue;
    const now = stands(record, moment) ? namesOf(record, moment).filter((name) => name.length > 1) : [];
    const before = index.names.get(record) || [];
    if (now.join("\n") === before.join("\n")) continue;
    changed.push(...before, ...now);
    for (const form of before.flatMap(formsOf)) leave(form, record);
    for (const form of now.flatMap(formsOf)) enter(form, record);
    index.names.set(record, now);
  }
  index.moment = moment;
  return changed;
}

/** Where a text uses names of other records: [start, end, record], the longest name at each place. */
function uses(text, own) {
  const result = [];
  let free = 0;
  for (const word of text.matchAll(WORDS)) {
    const at = word.index;
    if (at < free || (at > 0 && /[\p{L}\p{N}_-]/u.test(text[at - 1]))) continue;
    const found = nameAt(text, at);
    if (!found) continue;
    free = found.end;
    if (found.record !== own) result.push([at, free, found.record]);
  }
  return result;
}

/** The longest name that begins at a place of a text, with where it ends; none where no name does. */
function nameAt(text, at) {
  if (!index.starts.get(startAt(text, at))) return null;
  for (const key of keysOf(text, at)) {
    for (const {form, record} of index.forms.get(key) || []) {
      if (!text.startsWith(form, at)) continue;
      const end = at + form.length, ending = PLURAL.exec(text.slice(end, end + 4));
      if (!ending || (record.kind !== "definitions" && /^(?:\.\d|\w)/.test(text.slice(end, end + 2)))) continue;
      return {record, end: end + ending[0].length};
    }
  }
  return null;
}

/** The records that a record uses on the day shown, in the order in which it names them. */
function usedBy(record) {
  const state = `${stateAt(record, view.moment)} ${view.names}`;
  if (!record.links || record.links.state !== state) {
    const found = uses(fieldAt(record, "text", view.moment), record).map(([, , other]) => other);
    record.links = {state, records: [...new Set(found)]};
  }
  return record.links.records;
}

/** The records that use a record on the day shown. */
function usersOf(record) {
  const names = index.names.get(record) || [];
  return records.filter((other) => other.fields.text && mentionsAny(other, names) && usedBy(other).includes(record));
}

/** Whether the text of a record on the day shown could use one of some names. */
function mentionsAny(record, names) {
  const text = fieldAt(record, "text", view.moment);
  return names.some((name) => text.includes(name.endsWith("y") ? name.slice(0, -1) : name));
}

// --- the redline of a field -----------------------------------------------------------------------------------------

/** The runs of a field between two moments: `kind` is "", "new" or "gone"; with one moment, its words as they stand. */
function runsOf(record, name, before, after) {
  const result = [];
  for (const piece of record.fields[name] || []) {
    const there = stands(piece, before) && stands(record, before);
    const here = stands(piece, after) && stands(record, after);
    if (there || here) result.push({text: piece.text, kind: there && here ? "" : here ? "new" : "gone", by: there && !here ? piece.gone || record.gone : piece.by, record: null});
  }
  return result;
}

/** The same runs, cut where names of other records begin and end. */
function linked(runs, record) {
  const text = runs.map((run) => (run.kind === "gone" ? "" : run.text)).join("");
  const spans = uses(text, record);
  const result = [];
  let at = 0, next = 0;
  for (const run of runs) {
    if (run.kind === "gone") {
      result.push(run);
      continue;
    }
    const end = at + run.text.length;
    let done = at;
    while (done < end) {
      while (next < spans.length && spans[next][1] <= done) next += 1;
      const [start, stop, other] = spans[next] || [end, end, null];
      const inside = start <= done && other !== null;
      const cut = Math.min(end, inside ? stop : start);
      result.push({...run, text: run.text.slice(done - at, cut - at), record: inside ? other : null});
      done = cut;
    }
    at = end;
  }
  return result;
}

const LABEL = /^(?:\((?:\d{1,3}[A-Z]{0,3}|[A-Z]{1,2}\d{0,2}|[ivxlc]{1,7}|[a-z]{1,3})\)|(?:[a-z]{1,2}|[ivxlc]{2,7})\)|\d{1,3}[A-Z]{0,3}\.|[•–])(?=\s|$)/;

/** The paragraphs of some runs, with how deep each stands and whether it is an item of a list. */
function paragraphs(runs) {
  const rows = [[]];
  for (const run of runs) {
    run.text.split("\n").forEach((part, at) => {
      if (at) rows.push([]);
      if (part) rows[rows.length - 1].push({...run, text: part});
    });
  }
  const result = [];
  for (const row of rows) {
    const words = row.map((run) => run.text).join("");
    let blank = words.length - words.trimStart().length;
    if (blank === words.length) continue;
    const depth = Math.min(blank >> 1, 7), item = LABEL.test(words.trimStart());
    const kept = [];
    for (const run of row) {
      const text = run.text.slice(blank);
      blank = Math.max(blank - run.text.length, 0);
      if (text) kept.push({...run, text});
    }
    result.push({depth, item, runs: kept});
  }
  return result;
}

const tip = byId("tip");

// --- what is shown --------------------------------------------------------------------------------------------------

const view = {
  day: data.days[LAST], moment: LAST, from: null, before: LAST, selected: null, step: 0, query: "",
  origins: true, only: true, names: 0, renamed: [],
};

/** The address of a view: the day, the day compared with, and a record. */
function address({day = view.day, from = view.from, record = null, step = 0} = {}) {
  const parameters = new URLSearchParams({day});
  if (from) parameters.set("from", from);
  if (record) {
    parameters.set(PARAMETERS[record.kind], keyAt(record, within(record, momentOf(day))));
    if (record.kind === "contents") parameters.set("list", record.list.name);
  }
  if (step) parameters.set("letter", letterOf(step).id);
  return `#${parameters}`;
}

/** What an address says; what it does not say stays as it is. */
function read(hash) {
  const parameters = new URLSearchParams(hash.slice(1));
  const valid = (iso) => (/^\d{4}-\d{2}-\d{2}$/.test(iso || "") && !Number.isNaN(Date.parse(iso)) ? iso : null);
  const day = valid(parameters.get("day"));
  const kind = Object.keys(PARAMETERS).find((each) => parameters.has(PARAMETERS[each]));
  return {
    day, from: valid(parameters.get("from")), kind, key: kind ? parameters.get(PARAMETERS[kind]) : null,
    list: parameters.get("list"), letter: parameters.get("letter"),
  };
}

/** The record that an address names: one that stands on the day, else the last that ever stood under that name. */
function recordNamed({kind, key, list}, moment) {
  const alike = records.filter((record) => record.kind === kind && (!list || record.list.name === list));
  const now = alike.find((record) => keyAt(record, moment) === key);
  if (now) return now;
  const ever = (record) => [record.from, ...record.changes].some((at) => keyAt(record, at) === key);
  return alike.filter(ever).pop() || null;
}

/** Go to what an address says. */
function follow(hash, focus) {
  const asked = read(hash);
  if (asked.day) show({day: asked.day, from: asked.from});
  else if (asked.kind === undefined) show({day: view.day, from: view.from});
  const record = asked.kind ? recordNamed(asked, view.moment) : null;
  const step = record && asked.letter ? record.steps.findLast((each) => letterOf(each).id === asked.letter) : 0;
  select(record, step || 0, focus);
  notice(asked, record);
}

/** Say why a record that an address names is not to be seen. */
function notice(asked, record) {
  const place = byId("notice");
  place.hidden = !asked.kind || (record !== null && !record.row.hidden);
  if (place.hidden) return;
  if (record === null) {
    place.replaceChildren(`There is no ${NOUNS[asked.kind]} “${asked.key}” in this record.`);
  } else if (!stands(record, view.moment)) {
    const day = data.days[record.until <= view.moment ? record.until - 1 : record.from];
    const when = record.until <= view.moment ? `stood until ${said(data.days[record.until])}` : `stands from ${said(data.days[record.from])}`;
    place.replaceChildren(`“${asked.key}” does not stand on ${said(view.day)}: it ${when}. `,
      make("a", {href: address({day, from: null, record})}, `Show it on ${said(day)}`));
  } else {
    place.replaceChildren(`“${asked.key}” is not among what is shown: `,
      make("a", {href: address({from: null, record})}, "show the whole text"));
  }
}

/** Keep the address in step with what is shown: `push` where going back should lead here. */
function keepAddress(push) {
  const wanted = address({record: view.selected, step: view.step});
  if (wanted === location.hash) return;
  try {
    history[push ? "pushState" : "replaceState"](null, "", wanted);
  } catch {
    location.hash = wanted; // a browser that lets no page from a file name its own address
  }
}

/** Show a day, and with `from` what changed since another. */
function show({day = view.day, from = view.from}) {
  if (!tip.hidden) hideTip();
  view.day = day < data.days[0] ? data.days[0] : day;
  view.from = from && from < data.days[0] ? data.days[0] : from;
  view.moment = momentOf(view.day);
  view.before = view.from ? momentOf(view.from) : view.moment;
  const renamed = indexAt(view.moment);
  if (renamed.length) view.names = view.renamed.push(renamed);
  drawRows(renamed.length > 0);
  drawBar();
  drawLetters();
  drawChanges();
  filter();
  if (view.selected && view.selected.open) drawPicture(view.selected);
  requestAnimationFrame(() => {
    revealLetters();
    requestAnimationFrame(revealLetters); // once more, when the heights of what has come into sight are known
  });
}

/** The two moments of a redline, the earlier first. */
const span = () => [Math.min(view.before, view.moment), Math.max(view.before, view.moment)];

/** The two days of a redline in words. */
const spanSaid = () => { const days = [view.from, view.day].sort(); return `from ${said(days[0])} to ${said(days[1])}`; };

// --- the text -------------------------------------------------------------------------------------------------------

/** How many rows make a group. The browser passes over whole groups that are far from sight. */
const GROUP = 12;

/** The rows of all records, made once and filled as they are shown. */
function makeRows() {
  for (const list of lists) {
    const id = `list-${list.at}`;
    const heading = make("h2", {id, tabindex: "-1"}, list.name, " ", make("span", {class: "count"}));
    list.section = make("section", {"aria-labelledby": id, class: `list ${list.kind}`}, heading);
    list.heading = heading;
    for (let at = 0; at < list.records.length; at += GROUP) {
      const group = {records: list.records.slice(at, at + GROUP), near: false, found: 0, element: make("div", {class: "group"})};
      for (const record of group.records) {
        record.group = group;
        record.row = make("article", {id: `r${record.number}`, hidden: true});
        group.element.append(record.row);
      }
      list.groups.push(group);
      list.section.append(group.element);
    }
    byId("lists").append(list.section);
    const link = make("a", {href: `#${id}`}, list.name, " ", make("span", {class: "count"}));
    link.addEventListener("click", (event) => { event.preventDefault(); heading.scrollIntoView(); heading.focus(); });
    list.link = link;
    byId("parts").append(make("li", {}, link));
  }
}

/** The state in which a record's row has to be drawn, "" for one that does not stand; two where they are compared. */
function stateOf(record, before, after) {
  if (!stands(record, before) && !stands(record, after)) return "";
  const one = stateAt(record, before), other = stateAt(record, after);
  return one === other ? `${one}` : `${one} ${other}`;
}

/**
 * Draw again the rows whose text is another now, or, where names came or went, may have other links.
 *
 * Those in sight, or near it, are drawn at once and the others a few at a time, so that no reader waits for what is far.
 */
function drawRows(renamed) {
  const [before, after] = span();
  for (const record of records) {
    if ((renamed && record.fields.text) || stateOf(record, before, after) !== record.drawn) late.rows.add(record);
  }
  for (const record of [...late.rows]) if (record.group.near || record === view.selected) drawNow(record);
  drawLater(PAUSE);
}

/** The rows still to be looked at, the days of the list whose letters are still to be written, and for how many milliseconds a reader has done nothing before they are. */
const late = {rows: new Set(), days: new Map(), timer: 0};
const PAUSE = 120;

/** Draw a row, if what it shows is another now. */
function drawNow(record) {
  const [before, after] = span(), state = stateOf(record, before, after);
  late.rows.delete(record);
  if (state !== record.drawn || (state && mentionsAny(record, view.renamed.slice(record.names).flat()))) {
    if (state) drawRow(record, before, after);
    else record.row.replaceChildren();
  }
  record.drawn = state;
  record.names = view.names;
}

function drawLater(pause = 0) {
  clearTimeout(late.timer);
  if (late.rows.size || late.days.size) late.timer = setTimeout(drawSome, pause);
}

/** Draw what is far from sight, for some milliseconds, and go on after the browser has had its turn. */
function drawSome(limit = 12) {
  const end = performance.now() + limit;
  for (const item of late.days.keys()) {
    fillDay(item);
    if (performance.now() > end) break;
  }
  for (const record of late.rows) {
    if (performance.now() > end) break;
    drawNow(record);
  }
  if (!late.rows.size && view.query) highlight();
  drawLater();
}

const drawAll = () => drawSome(Infinity);

/** Keep in mind which groups are in sight or near it (the browser tells), and how high each is when it is passed over. */
function watchRows() {
  const groups = new Map(lists.flatMap((list) => list.groups).map((group) => [group.element, group]));
  byId("lists").addEventListener("contentvisibilityautostatechange", ({target, skipped}) => {
    const group = groups.get(target);
    if (!group) return;
    group.near = !skipped;
    if (group.near) for (const record of group.records) if (late.rows.has(record)) drawNow(record);
  });
  const sizes = new ResizeObserver((entries) => {
    for (const {target, contentRect: {height}} of entries) if (height) target.style.containIntrinsicBlockSize = `${height}px`;
  });
  for (const element of groups.keys()) sizes.observe(element);
}

/** Fill the row of a record. */
function drawRow(record, before, after) {
  const focused = record.row.contains(document.activeElement) && document.activeElement.className === "name";
  record.row.classList.toggle("compared", compared(record));
  const text = make("div", {class: "text"}, heading(record, before, after));
  for (const {depth, item, runs} of paragraphs(linked(runsOf(record, "text", before, after), record))) {
    text.append(paragraph(record, depth, item, runs));
  }
  for (const name of Object.keys(record.fields)) {
    if (name === "text" || name === record.key || (name === "title" && record.kind === "contents")) continue;
    const runs = runsOf(record, name, before, after);
    if (runs.length) text.append(make("p", {class: "field"}, make("span", {class: "field-name"}, FIELD_NAMES[name] || name), " ", ...shown(record, runs)));
  }
  const old = record.row.querySelector(":scope > .text");
  if (old) old.replaceWith(text);
  else record.row.prepend(text);
  if (focused) text.querySelector(".name").focus();
}

/** Whether a record is shown with what changed in it. The others look the same whether days are compared or not. */
const compared = (record) => changed(record, ...span());

/** The heading of a record: its name, which opens its history, and from when until when it reads as it does. */
function heading(record, before, after) {
  const title = record.kind === "contents" ? [{text: ": ", kind: "", by: 0}, ...runsOf(record, "title", before, after)] : [];
  const name = [...runsOf(record, record.key, before, after), ...title];
  const button = make("button", {type: "button", class: "name", "aria-expanded": String(record.open), "aria-controls": `m${record.number}`},
    ...shown(record, name.map((run) => ({...run, by: 0})))); // no link may stand in a button
  const result = make("h3", {}, button);
  const whole = stands(record, after) ? record.by : record.gone;
  if (whole && (!compared(record) || stands(record, before) !== stands(record, after))) result.append(mark(whole));
  if (before !== after && stands(record, before) !== stands(record, after)) {
    const kind = stands(record, after) ? "new" : "gone";
    result.append(" ", make("span", {class: `state ${kind}`}, kind === "new" ? "new" : "omitted"));
  }
  const since = compared(record) ? null : lasting(record);
  if (since) result.append(" ", make("span", {class: "since"}, since));
  return result;
}

/** From when until when a record reads as it does; null for one that never changes. */
function lasting(record) {
  const state = stateAt(record, view.moment);
  const since = state ? `since ${said(data.days[record.changes[state - 1]])}` : "";
  const until = state < record.changes.length ? `until ${said(data.days[record.changes[state]])}` : "";
  return [since, until].filter(Boolean).join(", ") || null;
}

function paragraph(record, depth, item, runs) {
  return make("p", {class: `level-${depth}${item ? " item" : ""}`}, ...shown(record, runs));
}

/** The nodes of some runs: links to other records, words with their origin, and what was put in and taken out. */
function shown(record, runs) {
  const found = groups(runs, (run) => `${run.kind} ${run.by}`);
  return found.flatMap((words, at) => ofOneOrigin(record, words, at + 1 < found.length && found[at + 1][0].by === words[0].by));
}

/** Neighbours that are alike, together. */
function groups(runs, alike) {
  const result = [];
  for (const run of runs) {
    const last = result[result.length - 1];
    if (last && alike(last[0]) === alike(run)) last.push(run);
    else result.push([run]);
  }
  return result;
}

/** Words that one step put there, or took away, with the number of its letter behind them unless it `goes on`. */
function ofOneOrigin(record, words, goesOn) {
  const {by, kind} = words[0];
  const inner = words.map((run) => (run.record ? make("a", {class: "term", href: "#", "data-record": run.record.number}, run.text) : run.text));
  if (!kind && (!by || compared(record))) return inner;
  const whole = !by || by === record.by || by === record.gone; // then it is said at its name
  const last = inner[inner.length - 1], body = typeof last === "string" ? last.trimEnd() : last;
  if (whole || goesOn || (!body && inner.length === 1)) return [wrapped(kind, by, whole, inner)];
  const rest = typeof last === "string" ? last.slice(body.length) : "";
  const result = [wrapped(kind, by, whole, [...inner.slice(0, -1), body]), mark(by)];
  if (rest) result.push(kind ? make(kind === "new" ? "ins" : "del", {}, rest) : rest);
  return result;
}

/** Words as what they are: put in, taken out, or with an origin. */
function wrapped(kind, by, whole, inner) {
  const origin = {"data-by": by || null};
  if (kind === "new") return make("ins", origin, spoken("put in: "), ...inner, spoken(" (end)"));
  if (kind === "gone") return make("del", origin, spoken("taken out: "), ...inner, spoken(" (end)"));
  return make("span", {class: whole ? "whole" : "from", ...origin}, ...inner);
}

const spoken = (text) => make("span", {class: "spoken"}, text);

/** The number of the letter of a step, as a link into the history of the record in which it stands. */
function mark(step) {
  const letter = letterOf(step);
  return make("a", {class: "mark", href: "#", "data-by": step, "aria-label": `from letter ${letter.number}, in force from ${said(data.days[steps[step].moment])}`}, String(letter.number));
}

// --- a record's own history -----------------------------------------------------------------------------------------

/** Open or close what a record has beside its text. */
function open(record, wanted) {
  record.open = wanted;
  const button = record.row.querySelector(".name");
  if (button) button.setAttribute("aria-expanded", String(wanted));
  const old = record.row.querySelector(":scope > .more");
  if (old) old.remove();
  record.row.classList.toggle("open", wanted);
  if (!wanted) return;
  const name = `Of ${nameOf(record)}`;
  const more = make("div", {class: "more", id: `m${record.number}`},
    make("aside", {class: "history", "aria-label": `History. ${name}`}, make("h4", {}, "History"), historyOf(record)));
  if (record.kind !== "contents") {
    more.append(make("div", {class: "picture", role: "group", "aria-label": `What depends on what. ${name}`}));
  }
  record.row.append(more);
  if (record.kind !== "contents") drawPicture(record);
}

/** What each letter did to a record, the last first, with the sentence of the letter. */
function historyOf(record) {
  const list = make("ol", {class: "acts"});
  for (const step of [...record.steps].reverse()) {
    const {moment, item, sentence} = steps[step], letter = letterOf(step);
    const before = moment > 0 ? data.days[moment - 1] : null;
    list.append(make("li", {"data-step": step, class: step === view.step ? "lit" : null},
      make("p", {class: "when"}, make("span", {class: "number"}, String(letter.number)), ` from ${said(data.days[moment])}`, effect(record, step)),
      make("blockquote", {}, make("p", {}, sentence)),
      make("p", {class: "source"}, `${item}, ${calledLetter(letter)} `,
        before ? make("a", {href: address({day: data.days[moment], from: before, record})}, "show what it changed") : null)));
  }
  if (!record.by) list.append(make("li", {class: "first"}, make("p", {class: "source"}, "in the code with which this record begins, ", said(data.days[0]))));
  return list;
}

/** A word for what a step did to the whole of a record; none where it changed words. */
function effect(record, step) {
  const word = step === record.by ? "new" : step === record.gone ? "omitted" : null;
  return word ? make("span", {class: `state ${word === "new" ? "new" : "gone"}`}, word) : null;
}

const SHOWN_AT_FIRST = 7;

/** The picture of what uses a record and what it uses: two lists of links and the lines between them. */
function drawPicture(record) {
  const place = record.row.querySelector(".picture");
  if (!place) return;
  const users = usersOf(record), used = record.fields.text ? usedBy(record) : [];
  const centre = make("p", {class: "centre"}, linkName(record));
  place.classList.toggle("alone", !users.length && !used.length);
  place.replaceChildren(draw("svg", {"aria-hidden": "true", class: "lines"}),
    side("users", users.length ? `Used by ${users.length}` : "Nothing uses it", users, place, centre),
    centre,
    side("used", used.length ? `Uses ${used.length}` : "It uses no other", used, place, centre));
  drawLines(place);
}

/** One side of the picture. */
function side(kind, title, found, place) {
  const list = make("ul", {});
  const fill = (limit) => {
    list.replaceChildren(...found.slice(0, limit).map((record) => make("li", {}, make("a", {class: "term", href: "#", "data-record": record.number}, linkName(record)))));
    if (found.length > limit) {
      const more = make("button", {type: "button", class: "rest"}, `and ${found.length - limit} more`);
      more.addEventListener("click", () => {
        fill(found.length);
        drawLines(place);
        list.children[limit].firstChild.focus();
      });
      list.append(make("li", {class: "plain"}, more));
    }
  };
  fill(found.length <= SHOWN_AT_FIRST + 1 ? found.length : SHOWN_AT_FIRST);
  return make("div", {class: `side ${kind}`}, make("h4", {}, title), list);
}

/** The lines of the picture, from each name to the middle. */
function drawLines(place) {
  const svg = place.querySelector("svg"), box = place.getBoundingClientRect();
  const centre = place.querySelector(".centre").getBoundingClientRect();
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${box.width} ${box.height}`);
  for (const link of place.querySelectorAll(".side a, .side .rest")) {
    const name = link.getBoundingClientRect(), left = name.right <= centre.left;
    if (!left && name.left < centre.right) continue; // one below the other: there is no room for lines
    const [x1, x2] = left ? [name.right, centre.left] : [name.left, centre.right];
    const y1 = name.top + name.height / 2 - box.top, y2 = centre.top + centre.height / 2 - box.top;
    const [start, end, middle] = [x1 - box.left, x2 - box.left, (x1 + x2) / 2 - box.left];
    svg.append(draw("path", {d: `M${start} ${y1}C${middle} ${y1} ${middle} ${y2} ${end} ${y2}`}));
  }
}

/** Open a record, go to it, and remember that it was chosen. */
function select(record, step, focus) {
  if (view.selected && view.selected !== record) open(view.selected, false);
  view.selected = record;
  view.step = step;
  if (!record || !stateOf(record, ...span())) return;
  if (late.rows.has(record)) drawNow(record);
  if (record.row.hidden && view.query) search("");
  if (record.row.hidden) return;
  open(record, true);
  const target = step ? record.row.querySelector(`[data-step="${step}"]`) : null;
  if (focus) {
    goTo(record.row);
    record.row.querySelector(".name").focus({preventScroll: true});
  }
  if (target && focus) target.scrollIntoView({block: "nearest"});
}

/** Scroll to a row. The rows between have never been laid out, so their heights are known only when they are near. */
function goTo(row) {
  row.scrollIntoView({block: "start", behavior: "instant"});
  requestAnimationFrame(() => row.scrollIntoView({block: "start", behavior: "instant"}));
}

// --- search ---------------------------------------------------------------------------------------------------------

/** Hide what is not asked for, and count what is left. */
function filter() {
  const words = simple(view.query).split(" ").filter(Boolean);
  const [before, after] = span();
  let total = 0, all = 0;
  for (const list of lists) {
    let found = 0;
    for (const group of list.groups) {
      let here = 0, height = 0;
      for (const record of group.records) {
        const there = stands(record, before) || stands(record, after);
        const wanted = there && (view.from === null || !view.only || changed(record, before, after)) && matches(record, words, before, after);
        if (record.row.hidden === wanted) record.row.hidden = !wanted;
        here += wanted;
        height += wanted ? record.height : 0;
        all += there;
      }
      if (group.found !== here) group.element.style.containIntrinsicBlockSize = `${height}px`;
      group.element.hidden = !here;
      group.found = here;
      found += here;
    }
    list.section.hidden = !found;
    list.link.parentElement.hidden = !found;
    if (list.found !== found) for (const place of [list.heading, list.link]) place.lastChild.textContent = grouped(found);
    list.found = found;
    total += found;
  }
  byId("found").textContent = total ? (total === all ? "" : `${grouped(total)} of ${grouped(all)}`)
    : view.query ? "Nothing on this day has these words." : view.from ? "Nothing changes between these days." : "There is no text on this day.";
  byId("lists").classList.toggle("comparing", view.from !== null);
  highlight();
}

const changed = (record, before, after) => stateAt(record, before) !== stateAt(record, after);

function matches(record, words, before, after) {
  if (!words.length) return true;
  const moment = stands(record, after) ? after : before;
  return words.every((word) => plainText(record, moment).includes(word));
}

/** Mark the words that are searched for, where the browser can do so without changing the text. */
function highlight() {
  const words = simple(view.query).split(" ").filter(Boolean);
  if (!window.CSS || !CSS.highlights) return;
  CSS.highlights.delete("found");
  if (!words.length) return;
  const ranges = [];
  for (const record of records) {
    if (ranges.length > 500) break;
    if (!record.row.hidden && record.drawn) markWords(record.row.querySelector(".text"), words, ranges);
  }
  CSS.highlights.set("found", new Highlight(...ranges));
}

function markWords(element, words, ranges) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.toLowerCase();
    if (text.length !== walker.currentNode.data.length) continue; // a letter that is two in small: no offset holds
    for (const word of words) {
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
        const range = new Range();
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + word.length);
        ranges.push(range);
      }
    }
  }
}

function search(query) {
  view.query = query.trim();
  if (byId("search").value.trim() !== view.query) byId("search").value = query;
  filter();
}

// --- the bar: the day, the slider, the buttons ----------------------------------------------------------------------

/** How far along the slider a moment is, in hundredths. */
const share = (moment) => (LAST ? (100 * moment) / LAST : 0);

/** A moment in words, for the slider. */
function describe(moment) {
  const titles = lettersAt[moment].map(titleOf);
  return `${said(data.days[moment])}: ${titles.join("; ") || "the record begins"}`;
}

const versionAt = (moment) => {
  const [code, definitions] = data.versions[moment];
  return [code && `version ${code}`, definitions && definitions !== code && `definitions ${definitions}`].filter(Boolean).join(", ");
};

function makeBar() {
  for (const id of ["slider", "from"]) byId(id).max = LAST;
  byId("date").min = data.days[0];
  const sizes = data.days.map(() => 0);
  for (const record of records) for (const moment of record.changes) sizes[moment] += 1;
  const most = Math.max(...sizes, 1);
  const height = (size) => (size ? 15 + 85 * Math.sqrt(size / most) : 8);
  const path = sizes.map((size, moment) => `M${share(moment)} 100V${100 - height(size)}`).join("");
  for (const layer of ["all", "past"]) {
    const picture = draw("svg", {class: layer, viewBox: "0 0 100 100", preserveAspectRatio: "none"});
    picture.append(draw("path", {d: path, "vector-effect": "non-scaling-stroke"}));
    byId("bars").append(picture);
  }
  data.days.forEach((day, moment) => {
    const year = moment === 0 || day.slice(0, 4) !== data.days[moment - 1].slice(0, 4);
    if (LAST <= 8) tick(`${MONTHS[Number(day.slice(5, 7)) - 1].slice(0, 3)} ${day.slice(0, 4)}`, moment, "");
    else if (year) tick(day.slice(0, 4), moment, "");
  });
  if (LAST && today() >= data.days[0]) tick("today", momentOf(today()), "today-mark");
  thinOut(byId("years"));
}

/** A label below the slider. */
function tick(text, moment, className) {
  const at = share(moment);
  const label = make("span", {class: `${className}${at < 3 ? " first" : at > 97 ? " last" : ""}`}, text);
  label.style.left = `${at}%`;
  byId("years").append(label);
}

/** Hide the labels for which there is no room; that of today stays. */
function thinOut(place) {
  const labels = [...place.children], boxes = labels.map((label) => { label.hidden = false; return label.getBoundingClientRect(); });
  const kept = [];
  for (const at of [...labels.keys()].sort((one, other) => labels[other].matches(".today-mark") - labels[one].matches(".today-mark") || one - other)) {
    const free = kept.every((other) => boxes[at].right + 10 < boxes[other].left || boxes[other].right + 10 < boxes[at].left);
    labels[at].hidden = !free;
    if (free) kept.push(at);
  }
}

function drawBar() {
  const [before, after] = span(), version = versionAt(view.moment);
  const day = said(view.day), began = data.days[view.moment];
  byId("kicker").textContent = view.from ? "What changes"
    : view.day > today() ? "The code as it will stand" : view.moment < momentOf(today()) ? "The code as it stood" : "The code as it stands";
  byId("standing").textContent = view.from
    ? spanSaid()
    : `on ${day}${version ? `, ${version}` : ""}${began !== view.day ? `, unchanged since ${said(began)}` : ""}`;
  byId("now").textContent = view.from ? [view.from, view.day].sort().map((each) => said(each).replaceAll(" ", "\u00a0")).join(" to ") : day;
  byId("bar").classList.toggle("two", view.from !== null);
  document.title = `${data.title}, ${view.from ? spanSaid() : day}`;
  const slider = byId("slider"), from = byId("from");
  slider.value = view.moment;
  slider.setAttribute("aria-valuetext", describe(view.moment));
  byId("bars").lastChild.style.clipPath = `inset(-2px calc(${100 - share(after)}% - 2px) -2px calc(${view.from ? share(before) : 0}% - 4px))`;
  byId("date").value = view.day;
  byId("previous").disabled = view.moment === 0 && view.day === data.days[0];
  byId("next").disabled = view.moment === LAST;
  byId("compare").checked = view.from !== null;
  for (const id of ["from-slide", "only-label", "key"]) byId(id).hidden = view.from === null;
  byId("origins-label").hidden = view.from !== null;
  if (view.from) {
    from.value = view.before;
    from.setAttribute("aria-valuetext", describe(view.before));
  }
}

/** Tell, once things are quiet, what has come of it. */
function announce() {
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => {
    const [before, after] = span();
    const here = records.filter((record) => stateOf(record, before, after) && changed(record, view.from ? before : Math.max(after - 1, 0), after));
    byId("live").textContent = view.from
      ? `${spanSaid()}: ${tally(here)} changed.`
      : `${said(view.day)}${versionAt(after) ? `, ${versionAt(after)}` : ""}. ${after ? `${describe(after)}; ${tally(here)} changed.` : "The record begins."}`;
  }, 400);
}

// --- the letters ----------------------------------------------------------------------------------------------------

/** The list of the letters, the latest first: what waits, what is to come, what is in force. */
function makeLetters() {
  const place = byId("letters-scroll");
  byId("letters-count").textContent = letters.length;
  const waiting = new Map();
  for (const [letter, item, sentence, event] of data.waiting) {
    if (!waiting.has(letter)) waiting.set(letter, {event, orders: []});
    waiting.get(letter).orders.push([item, sentence, null]);
  }
  if (waiting.size) {
    const list = make("ol", {class: "waiting"});
    for (const [letter, {event, orders}] of waiting) list.append(make("li", {}, card(letters[letter], `pending: ${event}`, "", 0), sentences(orders)));
    place.append(make("h3", {}, "Waiting for an event"), list, make("h3", {}, "By day"));
  }
  const list = make("ol", {id: "days"});
  for (let moment = LAST; moment >= 0; moment -= 1) {
    const link = make("a", {href: "#", "data-moment": moment}, make("span", {class: "when"}, said(data.days[moment])), " ", make("span", {class: "badge"}));
    const item = make("li", {"data-moment": moment}, link);
    late.days.set(item, moment);
    list.append(item);
  }
  place.append(list);
  list.addEventListener("contentvisibilityautostatechange", ({target, skipped}) => {
    if (!skipped && late.days.has(target)) fillDay(target);
  });
  const none = letters.filter((letter) => !letter.moments.length && !waiting.has(letter.at));
  if (none.length) place.append(make("h3", {}, "Without effect on the text"), make("ol", {}, ...none.map((letter) => make("li", {}, card(letter, null, "", 0), sentences(leftOut(letter))))));
}

/** Fill a day of the list with its letters. */
function fillDay(item) {
  const moment = late.days.get(item), link = item.firstChild;
  late.days.delete(item);
  for (const letter of lettersAt[moment]) {
    const number = steps.filter((step) => step && step.moment === moment && step.letter === letter.at).length;
    link.append(card(letter, null, letter.moments.length > 1 ? "in part, " : "", number));
  }
  if (!lettersAt[moment].length) link.append(make("span", {class: "letter-title"}, "The record begins"));
}

/** The instructions of a letter that change nothing: item, sentence and why. */
const leftOut = (letter) => data.left_out.filter(([at]) => at === letter.at).map(([, ...order]) => order);

/** The sentences of a letter, folded. */
function sentences(orders) {
  if (!orders.length) return null;
  return make("details", {class: "sentences"}, make("summary", {}, count(orders.length, "instruction")),
    ...orders.map(([item, sentence, why]) => order(item, sentence, why)));
}

/** An instruction: its item, its sentence, and why it changes nothing. */
function order(item, sentence, why) {
  return make("div", {}, make("p", {class: "sentence"}, make("span", {class: "item-name"}, item), " ", sentence), why ? make("p", {class: "links"}, why) : null);
}

/** A letter in the list. */
function card(letter, state, part, number) {
  const facts = [letter.made ? `made ${said(letter.made)}` : letter.name, number ? part + count(number, "instruction") : ""];
  return make("span", {class: "letter"},
    make("span", {class: "number"}, String(letter.number)),
    make("span", {class: `letter-title${titleOf(letter) === titleOf(letter).toUpperCase() ? " caps" : ""}`}, titleOf(letter)),
    state ? make("span", {class: "badge pending"}, state) : null,
    make("span", {class: "facts"}, facts.filter(Boolean).join(", ")));
}

/** Which of the letters are in force on the day shown. */
function drawLetters() {
  for (const item of byId("days").children) {
    const moment = Number(item.dataset.moment), link = item.firstChild;
    const state = moment > view.moment ? "later" : moment === view.moment ? "current" : "past";
    if (item.className === state) continue;
    item.className = state;
    const ahead = data.days[moment] > today(), badge = link.children[1];
    badge.textContent = state === "later" ? "not yet in force" : !moment ? "" : ahead ? "still to come" : "in force";
    badge.classList.toggle("ahead", ahead);
    if (state === "current") link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** Have the letters of the day shown in sight, without moving the page. This has the page laid out, so it comes last. */
function revealLetters() {
  const current = byId("days").querySelector(".current"), box = byId("letters-scroll");
  if (current && box.scrollHeight > box.clientHeight + 1) {
    const top = current.offsetTop - box.offsetTop;
    if (top < box.scrollTop || top + current.offsetHeight > box.scrollTop + box.clientHeight) box.scrollTop = top - box.clientHeight / 3;
  }
}

/** What the letters of the day say, sentence for sentence, and which records that changed. */
function drawChanges() {
  const place = byId("changes"), moment = view.moment;
  place.hidden = view.from !== null || moment === 0;
  if (place.hidden || place.dataset.moment === String(moment)) return;
  place.dataset.moment = moment;
  const found = lettersAt[moment];
  const touched = records.filter((record) => record.changes.includes(moment));
  const redline = address({day: data.days[moment], from: data.days[moment - 1]});
  const body = make("div", {class: "changes-in"}, make("p", {class: "links"}, make("a", {href: redline}, "Show the text with what was put in and taken out")));
  for (const letter of found) {
    const orders = make("ol", {class: "orders"});
    steps.forEach((step, at) => {
      if (!step || step.moment !== moment || step.letter !== letter.at) return;
      const where = touched.filter((record) => record.steps.includes(at));
      orders.append(make("li", {},
        make("p", {class: "sentence"}, make("span", {class: "item-name"}, step.item), " ", step.sentence),
        make("p", {class: "links"}, ...where.flatMap((record, number) => [number ? ", " : "changes ", make("a", {class: "term", href: "#", "data-record": record.number}, linkName(record, moment))]))));
    });
    for (const each of leftOut(letter)) orders.append(make("li", {}, order(...each)));
    const facts = [letter.made && `made ${said(letter.made)}`, letter.signed && `signed by ${letter.signed}`].filter(Boolean).join("; ");
    body.append(make("h3", {}, make("span", {class: "number"}, String(letter.number)), " ", titleOf(letter)), make("p", {class: "links"}, facts), orders);
  }
  place.replaceChildren(make("summary", {}, `What changed on ${said(data.days[moment])} `,
    make("span", {class: "count"}, `${count(found.length, "letter")}: ${tally(touched)}`)), body);
}

// --- where a word comes from ----------------------------------------------------------------------------------------


/** Show of which letter some words are, beside them. */
function showTip(target) {
  clearTimeout(hideTip.timer);
  const step = Number(target.dataset.by), {moment, item, sentence} = steps[step], letter = letterOf(step);
  tip.replaceChildren(make("p", {class: "when"}, make("span", {class: "number"}, String(letter.number)), ` in force from ${said(data.days[moment])}`),
    make("p", {class: "letter-title"}, `${titleOf(letter)}${letter.made ? `, made ${said(letter.made)}` : ""}`),
    make("p", {class: "sentence"}, make("span", {class: "item-name"}, item), " ", sentence));
  tip.hidden = false;
  if (tip.owner) tip.owner.removeAttribute("aria-describedby");
  tip.owner = target;
  if (target.matches("a")) target.setAttribute("aria-describedby", "tip");
  placeTip();
}

/** Put the tip beside its words: below the last line of them, or above the first where there is no room. */
function placeTip() {
  const rects = tip.owner.getClientRects();
  if (!rects.length) return hideTip(); // the words are no longer there
  const rect = rects[rects.length - 1], width = tip.offsetWidth, height = tip.offsetHeight;
  const left = Math.min(Math.max(rect.left, 8), document.documentElement.clientWidth - width - 8);
  const below = rect.bottom + height + 8 < window.innerHeight;
  tip.style.left = `${Math.max(left, 8)}px`;
  tip.style.top = `${below ? rect.bottom + 6 : Math.max(rects[0].top - height - 6, 8)}px`;
}

function hideTip() {
  clearTimeout(hideTip.timer);
  if (tip.owner) tip.owner.removeAttribute("aria-describedby");
  tip.owner = null;
  tip.hidden = true;
}

/** What a pointer or the focus has come to that has an origin. */
function originOf(element) {
  const shown = view.from === null ? view.origins : element instanceof Element && element.closest(".compared, .acts");
  return shown && element instanceof Element ? element.closest("[data-by]") : null;
}

function listenForOrigins() {
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const target = originOf(event.target);
    if (target) showTip(target);
    else if (tip.contains(event.target)) clearTimeout(hideTip.timer);
    else if (!tip.hidden && !(tip.owner && tip.owner === document.activeElement)) hideTip.timer = setTimeout(hideTip, 200);
  });
  document.addEventListener("focusin", (event) => {
    const target = originOf(event.target);
    if (target && target === event.target) showTip(target);
    else hideTip();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !tip.hidden) hideTip(); });
  window.addEventListener("scroll", () => { if (!tip.hidden) placeTip(); }, {passive: true});
}

// --- what the reader does -------------------------------------------------------------------------------------------

/** Links inside the text get their address when somebody is about to use or to copy it: it has the day shown in it. */
function fillAddress(event) {
  const link = event.target instanceof Element && event.target.closest('a[href="#"], a[data-filled]');
  if (!link) return;
  link.dataset.filled = "";
  if (link.dataset.record) link.href = address({record: records[link.dataset.record]});
  else if (link.dataset.moment) link.href = address({day: data.days[link.dataset.moment], record: view.selected});
  else if (link.dataset.by) link.href = address({record: recordOf(link), step: Number(link.dataset.by)});
}

const recordOf = (element) => records[Number(element.closest("article").id.slice(1))];

/** A link to what is shown already would do nothing; one in the list of letters leaves the reader where they are. */
function clicked(event) {
  const link = event.target instanceof Element && event.target.closest('a[href^="#day"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.dataset.moment) {
    event.preventDefault();
    go({day: data.days[link.dataset.moment]});
  } else if (link.hash === location.hash) {
    event.preventDefault();
    follow(link.hash, true);
  }
}

/** Go to a day, and to the record that is open, if it stands then. A slider that is dragged has only its last day kept. */
function go(change, how = "asked") {
  show(change);
  if (view.selected && stateOf(view.selected, ...span()) && !view.selected.open) open(view.selected, true);
  byId("notice").hidden = true;
  clearTimeout(go.timer);
  if (how === "asked") keepAddress(true);
  else go.timer = setTimeout(() => keepAddress(false), PAUSE);
  announce();
}

function listen() {
  byId("skip").addEventListener("click", (event) => { event.preventDefault(); byId("text").focus(); });
  byId("bar").addEventListener("submit", (event) => event.preventDefault());
  byId("slider").addEventListener("input", (event) => atNextFrame(() => go({day: data.days[event.target.value]}, "dragged")));
  byId("from").addEventListener("input", (event) => atNextFrame(() => go({from: data.days[event.target.value]}, "dragged")));
  byId("previous").addEventListener("click", () => step(-1));
  byId("next").addEventListener("click", () => step(1));
  byId("date").addEventListener("change", (event) => { if (event.target.value) go({day: event.target.value}); });
  byId("compare").addEventListener("change", (event) => go({from: event.target.checked ? data.days[Math.max(view.moment - 1, 0)] : null}));
  byId("search").addEventListener("input", (event) => search(event.target.value));
  byId("only").addEventListener("change", (event) => { view.only = event.target.checked; filter(); });
  byId("origins").addEventListener("change", (event) => {
    view.origins = event.target.checked;
    byId("lists").classList.toggle("no-origins", !view.origins);
  });
  byId("lists").addEventListener("click", (event) => {
    const button = event.target.closest("button.name");
    if (button) toggle(recordOf(button));
  });
  document.addEventListener("click", clicked);
  for (const name of ["pointerdown", "focusin", "contextmenu", "click"]) document.addEventListener(name, fillAddress, true);
  window.addEventListener("beforeprint", () => drawAll());
  window.addEventListener("hashchange", () => follow(location.hash, true));
  new ResizeObserver(measureBar).observe(byId("bar"));
  window.addEventListener("resize", () => {
    thinOut(byId("years"));
    if (view.selected && view.selected.open) drawLinesOf(view.selected);
  });
  listenForOrigins();
}

/** Tell the style sheet how much of the window the bar takes, so that nothing hides behind it. */
function measureBar() {
  const root = document.documentElement, bar = byId("bar");
  root.style.setProperty("--extras-height", `${bar.querySelector(".extras").offsetHeight}px`);
  const top = parseFloat(getComputedStyle(bar).top) || 0;
  root.style.setProperty("--bar-height", `${Math.ceil(bar.offsetHeight + top)}px`);
}

/** To the next day on which something changes, or the one before. */
function step(by) {
  const back = by < 0 && view.day !== data.days[view.moment] ? view.moment : view.moment + by;
  go({day: data.days[Math.min(Math.max(back, 0), LAST)]});
}

/** Open or close the history of a record. */
function toggle(record) {
  if (record.open) {
    open(record, false);
    view.selected = null;
    view.step = 0;
  } else {
    select(record, 0, false);
  }
  keepAddress(true);
}

function drawLinesOf(record) {
  const place = record.row.querySelector(".picture");
  if (place) drawLines(place);
}

/** A slider that is dragged says more than can be drawn: of what it says within a frame the last is taken. */
function atNextFrame(act) {
  if (atNextFrame.act === undefined) requestAnimationFrame(() => {
    const wanted = atNextFrame.act;
    atNextFrame.act = undefined;
    wanted();
  });
  atNextFrame.act = act;
}

/** Have what will be in sight at first drawn at once: the browser tells what is only when it has drawn. */
function foresee(asked) {
  const moment = momentOf(asked.day || today());
  const record = (asked.kind && recordNamed(asked, moment)) || records.find((each) => stands(each, moment));
  if (record) record.group.near = true;
  for (const [item, at] of [...late.days]) if (Math.abs(at - moment) < 9) fillDay(item);
}

function start() {
  makeBar(); // this has the page laid out, so it comes first
  measureBar();
  makeRows();
  makeLetters();
  watchRows();
  listen();
  if (matchMedia("(max-width: 60rem)").matches) byId("letters").open = false;
  const asked = read(location.hash);
  foresee(asked);
  view.day = asked.day || (today() > data.days[0] ? today() : data.days[0]);
  show({from: asked.from});
  follow(location.hash, true);
  keepAddress(false);
}

start();
