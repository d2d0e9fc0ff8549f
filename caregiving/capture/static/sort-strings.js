// Every word a person reads on the page for sorting cards. Plain words; a pile says how like the child
// a card is, never how a child ought to be.
const cards = (n) => (n === 1 ? "1 card" : `${n} cards`);

export const strings = {
  page_title: (alias) => `Sort cards about ${alias}`,
  back: "Back",
  whose: (who, alias) => `${who} sorts the cards about ${alias}`,
  to_night: "Switch to the night colours",
  to_day: "Switch to the day colours",
  undo: "Undo",
  // the line about saving
  saved: "Saved",
  saving: "Saving…",
  offline: "The server is not there. Every move is safe on this tablet and is sent when it is back.",
  unsafe: "This tablet cannot keep moves by itself. Leave this page open until it says saved.",
  sign_in_again: "Please sign in again. Every card stays where it lies.",
  sign_in: "Sign in",
  // instead of the cards
  nothing_kept: "The server does not answer, and it is needed once before these cards open on this tablet "
    + "without it. This page opens by itself when it answers; nothing is lost.",
  elsewhere: "This sort went on in another place. What lies here now is the newer one.",
  kept: "The sort is kept.",
  not_sent: "Not sent",
  apart_ended: {
    title: {
      discarded: (when) => `This sort was discarded${when} in another place.`,
      finished: (when) => `This sort was finished and kept${when} in another place.`,
    },
    rest: (n, total) => `What was laid here after that was not sent. ${n} of ${total} cards lie here as you left them.`,
    once: { "apart-anew": "Begin a new sort with these cards", "apart-go": "Let these cards go" },
    again: { "apart-go": "Yes, let these cards go" },
  },
  apart_other: {
    title: (n, total) => `Another sort of these cards was begun in another place: ${n} of ${total} cards lie there.`,
    rest: (n, total) => `What lies here was not sent: ${n} of ${total} cards. Only one of the two can go on.`,
    once: { "apart-anew": "Go on with these cards", "apart-go": "Go on with the other sort" },
    again: { "apart-anew": "Yes, and discard the other sort", "apart-go": "Yes, and let these cards go" },
  },
  // first step
  thirds_title: "First, three piles",
  thirds_hint: "Any number of cards may go into a pile. About a third in each makes the next step easier.",
  laid: (n, total) => `${n} of ${total}`,
  card: (n) => `Card ${n}`,
  printed: "Read this card in your printed deck.",
  targets: "Where does this card go?",
  third: { 1: (alias) => `Less like ${alias}`, 2: () => "In between, or cannot say", 3: (alias) => `More like ${alias}` },
  in_third: (n) => cards(n),
  another: "Another card first",
  all_parted: "All cards lie in three piles. Next they are spread over nine.",
  to_board: "Go on to the nine piles",
  went_to: (card, where) => `Card ${card}: ${where}.`,
  // second step
  board_title: "Then, nine piles",
  to_finish: "Finish",
  filters: "Cards that are not laid yet",
  filter: {
    1: (n) => `Less like (${n})`,
    2: (n) => `In between (${n})`,
    3: (n) => `More like (${n})`,
    0: (n) => `All not laid (${n})`,
  },
  tray: "Cards not laid yet",
  tray_empty: "None left here.",
  read_hint: "Tap cards, then a pile. Or drag a card onto a pile.",
  numbers_hint: "The numbers are those of your printed deck.",
  chosen: (n) => `${cards(n)} chosen. Tap a pile.`,
  choose_none: "Choose none",
  put_back: "Put back",
  choose_first: "Choose a card first, then tap a pile.",
  pile: (n, last, alias) =>
    ({ 1: `least like ${alias}`, [(last + 1) / 2]: "in between", [last]: `most like ${alias}` })[n] ?? "",
  column: (n, end, count, size) => `Pile ${n}${end ? `, ${end}` : ""}: ${count} of ${size} cards`,
  over: (n) => `${n} over`,
  too_many: (n) => `${n} too many`,
  chip: (card, pile, text) => `Card ${card}${pile ? `, in pile ${pile}` : ""}${text ? `: ${text}` : ""}`,
  moved: (n, pile, count, size) => `${cards(n)} to pile ${pile}, now ${count} of ${size}.`,
  moved_back: (n) => `${cards(n)} put back.`,
  complete: "Every card is laid and every pile is full.",
  not_laid: (n) => (n === 1 ? "1 card is not laid yet" : `${n} cards are not laid yet`),
  pile_over: (pile, n) => `pile ${pile} has ${n} too many`,
  still: (points) => `Still open: ${points.join(", ")}.`,
  // last step
  finish_title: "A few questions, and it is done",
  rater: "Who sorted?",
  certified: "Was this person trained and certified for this sort?",
  yes: "Yes",
  no: "No",
  minutes: "How many minutes was the child watched for it? (Leave empty when not known.)",
  shared: "Others to whom the family shows its figures may see this sort. Without this it is yours alone.",
  keep: "Keep this sort",
  to_piles: "Back to the piles",
  say_certified: "Say whether the person was trained and certified.",
  say_rater: "Say who sorted.",
  say_minutes: "Write the minutes as a number above 0, or leave them empty.",
  please: "One more look, please:",
  whole: (n) => (n === 1 ? "What was found" : `All ${n} findings, one by one`),
  keeping: "Keeping…",
};

// " at 14:02" for today, " on 3 March at 14:02" for another day: goes behind a verb.
export function dayAndTime(instant_ms) {
  const then = new Date(instant_ms);
  const time = then.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
  if (then.toDateString() === new Date().toDateString()) return ` at ${time}`;
  return ` on ${then.toLocaleDateString([], { day: "numeric", month: "long" })} at ${time}`;
}

// Fill the page's fixed words: data-text for the content, data-label for the accessible name.
export function fillWords() {
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = strings[element.dataset.text];
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", strings[element.dataset.label]);
  }
}

export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
