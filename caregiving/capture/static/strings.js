// Every word a person reads on the tap page, in one place, ready for translation. Plain and warm;
// never a verdict. Functions are for sentences with a number or a name in them.
const moments = (n) => (n === 1 ? "1 moment" : `${n} moments`);

export const strings = {
  page_title: "Tap moments",
  heading: "Tap what you see",
  // top bar
  tapping: (alias) => `${alias} is tapping`,
  which_child: "Which child",
  to_night: "Switch to the night colours",
  to_day: "Switch to the day colours",
  to_left_hand: "Arrange for the left hand",
  to_right_hand: "Arrange for the right hand",
  more: "More",
  // the line about saving
  all_saved: "All saved",
  all_saved_set_aside: (n) => `All saved, ${n} set aside`,
  waiting: (n) => (n === 1 ? "1 waiting - it is safe on this tablet" : `${n} waiting - they are safe on this tablet`),
  offline: (n) => `Offline - ${n} waiting, safe on this tablet`,
  offline_saved: "Offline - you can go on tapping",
  sign_in: (n) => `Please sign in again - ${n} waiting, nothing is lost`,
  sign_in_saved: "Please sign in again - nothing is lost",
  sign_in_again: "Sign in",
  refused: (n) => (n === 1 ? "1 moment was not accepted" : `${n} moments were not accepted`),
  see_why: "See why",
  unsaved: (n) => `${moments(n)} could not be saved on the tablet - keep this page open`,
  insecure: "Keep this page open: without a secure address it cannot be loaded offline.",
  // watched window
  watching: (alias) => `Watching ${alias}`,
  since: (time) => `since ${time}`,
  start: "Start watching",
  start_hint: (alias) => `A moment to watch ${alias}? Just start.`,
  look_hint: (alias) => `A short look: start, tap what ${alias} shows and what you do, and end after a few minutes.`,
  unwatched: "Taps are kept as moments on the timeline. The timing figures only use watched time.",
  other_child: (alias) => `Taps for ${alias} are kept as moments meanwhile.`,
  watched_hint: "Tap each cue and each answer as it happens.",
  long_watch: "Still watching? End it whenever you stop.",
  end: "End",
  what_is_on: "What is going on (you can leave this open)",
  contexts: { feeding: "Feeding", play: "Play", bath: "Bath", bedtime: "Bedtime", night: "Night" },
  end_question: "Did you log every cue you saw?",
  end_comfort: "Any answer is a good answer. Missing some is part of every day.",
  attest: { all: "All of them", most: "Most", some: "Only some" },
  keep_watching: "Keep watching",
  // an observer's visit
  visit_title: "This visit",
  visit_start: "Start",
  start_procedure: "Start episode 1",
  visit_go_on: "Go on",
  visit_pause: "Pause",
  of_minutes: (n) => `of ${n} min`,
  from_recording: "from a recording",
  coded_again: "second coding",
  visit_planned: (alias) => `Start when you are ready to watch ${alias}. Nothing is kept before that.`,
  visit_hint: "A switch stays on until it is tapped again.",
  delay_taken_off: (s) => `${s} s are taken off every tap.`,
  time_is_up: (n) => `The ${n} minutes are over. End it when it suits you.`,
  visit_paused: "Paused. Whatever was on has been ended.",
  procedure_hint: "Each episode is kept with its start and end.",
  procedure_paused: "Paused. The episode goes on where it was.",
  not_started: "Not started yet: tap Start first.",
  paused: "Paused: tap Go on first.",
  not_observable: (label) => `${label} is on: tap it off first.`,
  visit_end_question: "Did you code everything you saw?",
  procedure_end_question: "Was all of it watched?",
  visit_end_comfort: "Any answer is a good answer. It tells which figures can be drawn.",
  visit_attest: { all: "All of it", most: "Most", some: "Only some" },
  visit_discard: "Discard this session",
  visit_back: "Go back",
  discard_question: "Discard this session?",
  discard_comfort: "What was coded stays in the record of the visit and is never used in a figure. This cannot be undone.",
  discard_yes: "Yes, discard it",
  discard_no: "No, go back",
  resume_question: "This session is still open",
  last_moment: (time, ago) => `Last moment ${time}, ${ago}.`,
  ago: (ms) => {
    const s = Math.max(0, Math.round(ms / 1000));
    const [n, one, many] = s < 90 ? [s, "second", "seconds"] : s < 5400 ? [Math.round(s / 60), "minute", "minutes"]
      : s < 129_600 ? [Math.round(s / 3600), "hour", "hours"] : [Math.round(s / 86_400), "day", "days"];
    return `${n} ${n === 1 ? one : many} ago`;
  },
  go_on_now: "Go on from now",
  go_on_now_small: "the time in between was not watched",
  kept_watching: "Go on",
  kept_watching_small: "I kept watching",
  resume_end: "End it",
  resume_discard: "Discard it",
  episode_of: (label, n, total) => (label.endsWith(String(n)) ? `${label} of ${total}` : `${label}, ${n} of ${total}`),
  next_episode: "Next episode",
  cut_short: "Next episode cuts this one short.",
  episode_over: "The time of this episode is over. Go on when it is right.",
  last_episode: "This is the last episode.",
  last_episode_over: "The time of the last episode is over. End it when it is right.",
  seconds_earlier: (n) => `-${n} s`,
  it_was_earlier_s: "It happened earlier, in seconds",
  no_visit: "No visit is waiting. A visit is prepared on the Visit page.",
  visit_ended: "The visit is ended. What was coded is kept; the Visit page has what comes next.",
  visit_discarded: "The session was discarded. The Visit page has what comes next.",
  to_visit: "To the Visit page",
  // the board
  baby_does: (alias) => `What ${alias} does`,
  you_do: "What you do",
  caregiver_does: "What the caregiver does",
  other_does: (alias) => `What ${alias} does`,
  answer_by: "Who answered",
  going_on: "Going on now",
  still_on: (time) => `since ${time}`,
  // the line about the last tap
  last_tap: "The last tap",
  hint: "Your taps will show here. A slip can be undone.",
  just_now: "just now",
  at: (time) => `at ${time}`,
  times: (label, n) => `${label}, ${n} taps`,
  ended: (label) => `${label} ended`,
  taken_back: (label) => `${label} - taken back`,
  undo: "Undo",
  it_was_earlier: "It happened earlier",
  minutes_ago: (n) => `${n} min ago`,
  could_not_save: "This tap could not be saved on the tablet. Trying to send it directly - keep this page open.",
  last_taps: "Last taps",
  no_taps: "Nothing tapped here yet.",
  close: "Close",
  // refused moments
  refused_title: "Not accepted yet",
  refused_comfort: "These moments are still on this tablet. Keep a copy if you would like to show them to somebody.",
  unknown_moment: "A moment",
  window_start: "Start of watching",
  window_end: "End of watching",
  keep_copy: "Keep a copy",
  try_again: "Try again",
  set_aside: "Set aside",
  // more
  more_title: "More",
  to_main: "Go to the other pages",
  copy_waiting: "Keep a copy of what is still on this tablet",
  // instead of the board
  may_not_log: "You can look at this family's pages, but not tap moments here.",
  please_sign_in: "Please sign in to tap moments. Whatever this tablet still holds is safe.",
  no_board: "The buttons have not been loaded yet. As soon as the connection is back they appear here, nothing else is needed.",
};

// Fill the page's fixed words: data-text for the content, data-label for the accessible name.
export function fillWords(root = document) {
  for (const element of root.querySelectorAll("[data-text]")) {
    element.textContent = strings[element.dataset.text];
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", strings[element.dataset.label]);
  }
}

// Words are written only when they change: an unchanged page draws no frame that a tap must wait for.
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// A stretch of time on a stopwatch: 04:31, or 1:02:03.
export function elapsedTime(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n) => String(n).padStart(2, "0");
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? rest : `${Math.floor(seconds / 3600)}:${rest}`;
}

export function clockTime(instant_ms) {
  return new Date(instant_ms).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
}
