// Two texts changed from one: both changes stand, no word is lost (the same rules as comms/merging.py, which says why).
// What was put in at the same place stands mine first, so that whoever goes on typing is not torn apart.
const WORDS = /[\p{L}\p{N}_]+|\s|[^\p{L}\p{N}_\s]/gu;
const words = (text) => text.match(WORDS) ?? [];

// Longer middles than this are taken as replaced whole, which loses nothing but tells less.
const MOST_CELLS = 2_000_000;

/** Which word of `base` each word of `text` is, or -1: common beginnings and ends, and between them the longest common run. */
function origins(base, text) {
  const from = new Array(text.length).fill(-1);
  let start = 0;
  while (start < base.length && start < text.length && base[start] === text[start]) from[start] = start++;
  let ends = [base.length, text.length];
  while (ends[0] > start && ends[1] > start && base[ends[0] - 1] === text[ends[1] - 1]) {
    ends = ends.map((end) => end - 1);
    from[ends[1]] = ends[0];
  }
  const [rows, columns] = ends.map((end) => end - start);
  if (!rows || !columns || rows * columns > MOST_CELLS) return from;
  const width = columns + 1;
  const longest = new Uint32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      longest[i * width + j] = base[start + i] === text[start + j]
        ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  for (let i = 0, j = 0; i < rows && j < columns;) {
    if (base[start + i] === text[start + j]) from[start + j++] = start + i++;
    else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i++;
    else j++;
  }
  return from;
}

/** What a text put in before each word of the base, and where it kept the base's words. */
function read(base, text) {
  const edit = { words: words(text), putIn: new Map(), kept: new Map() };
  let place = 0;
  origins(base, edit.words).forEach((origin, at) => {
    if (origin < 0) edit.putIn.set(place, [...(edit.putIn.get(place) ?? []), at]);
    else {
      edit.kept.set(origin, at);
      place = origin + 1;
    }
  });
  return edit;
}

const joins = (left, right) => /[\p{L}\p{N}_]$/u.test(left) && /^[\p{L}\p{N}_]/u.test(right);

/** The merged text, and where a cursor that stood at `cursor` in `mine` stands in it. */
export function merge(base, mine, theirs, cursor = 0) {
  if (mine === theirs || theirs === base) return { text: mine, cursor };
  const origin = words(base);
  const [ours, others] = [read(origin, mine), read(origin, theirs)];
  const merged = [];
  for (let place = 0; place <= origin.length; place++) {
    const [here, there] = [ours.putIn.get(place) ?? [], others.putIn.get(place) ?? []];
    const same = here.length === there.length && here.every((at, i) => ours.words[at] === others.words[there[i]]);
    if (same) here.forEach((at, i) => merged.push({ text: ours.words[at], mine: at, theirs: there[i] }));
    else {
      for (const at of here) merged.push({ text: ours.words[at], mine: at, theirs: -1 });
      for (const at of there) merged.push({ text: others.words[at], mine: -1, theirs: at });
    }
    if (ours.kept.has(place) && others.kept.has(place)) {
      merged.push({ text: origin[place], mine: ours.kept.get(place), theirs: others.kept.get(place) });
    }
  }
  return written(merged, ours.words, cursor);
}

function written(merged, ours, cursor) {
  const starts = [];
  ours.reduce((sum, word, at) => { starts[at] = sum; return sum + word.length; }, 0);
  let text = "";
  let stands = 0;
  let before = null;
  for (const word of merged) {
    const follows = before && ((before.mine >= 0 && word.mine === before.mine + 1) || (before.theirs >= 0 && word.theirs === before.theirs + 1));
    if (before && !follows && joins(before.text, word.text)) text += " ";
    // The cursor keeps to the last of my own words that begins before it.
    if (word.mine >= 0 && starts[word.mine] < cursor) stands = text.length + Math.min(cursor - starts[word.mine], word.text.length);
    text += word.text;
    before = word;
  }
  return { text, cursor: stands };
}
