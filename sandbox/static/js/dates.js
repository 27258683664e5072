// Moments in the words and the time zone of the person who looks.
import { now, zone } from "./session.js";

const format = (date, options) => new Intl.DateTimeFormat("en-US", { timeZone: zone(), ...options }).format(date);

export const momentOf = (ts) => new Date(parseFloat(ts) * 1000);
export const timeOf = (date) => format(date, { hour: "numeric", minute: "2-digit" });
export const dayKey = (date) => format(date, { year: "numeric", month: "2-digit", day: "2-digit" });
export const fullMoment = (date) => `${format(date, { weekday: "long", month: "long", day: "numeric", year: "numeric" })} at ${timeOf(date)}`;
export const shortMoment = (date) => `${format(date, { weekday: "short", month: "short", day: "numeric" })}, ${timeOf(date)}`;

const DAY = 86_400_000;

function nearDay(date) {
  const key = dayKey(date);
  if (key === dayKey(now())) return "Today";
  if (key === dayKey(new Date(now() - DAY))) return "Yesterday";
  if (key === dayKey(new Date(+now() + DAY))) return "Tomorrow";
  return null;
}

const ordinal = (day) => `${day}${["th", "st", "nd", "rd"][day % 10 > 3 || (day % 100 >= 11 && day % 100 <= 13) ? 0 : day % 10]}`;

/** "December 1st", "Tuesday, December 1st", with the year where it is another one. */
function longDate(date, { weekday = false } = {}) {
  const day = ordinal(Number(format(date, { day: "numeric" })));
  const year = format(date, { year: "numeric" });
  const words = `${weekday ? `${format(date, { weekday: "long" })}, ` : ""}${format(date, { month: "long" })} ${day}`;
  return year === format(now(), { year: "numeric" }) ? words : `${words}, ${year}`;
}

/** The heading between two days of messages. */
export const daySeparator = (date) => nearDay(date) ?? longDate(date, { weekday: true });

function ago(date) {
  const seconds = Math.round((date - now()) / 1000);
  const words = new Intl.RelativeTimeFormat("en-US", { numeric: "auto" });
  for (const [unit, size] of [["day", 86_400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(seconds, "second");
}

const pretty = (date, otherwise) => nearDay(date)?.toLowerCase() ?? otherwise(date);
const DATE_TOKENS = {
  date_num: (date) => format(date, { year: "numeric" }) + "-" + format(date, { month: "2-digit" }) + "-" + format(date, { day: "2-digit" }),
  date_slash: (date) => format(date, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (date) => longDate(date),
  date_short: (date) => format(date, { month: "short", day: "numeric", year: "numeric" }),
  date_long: (date) => longDate(date, { weekday: true }),
  date_pretty: (date) => pretty(date, DATE_TOKENS.date),
  date_short_pretty: (date) => pretty(date, DATE_TOKENS.date_short),
  date_long_pretty: (date) => pretty(date, DATE_TOKENS.date_long),
  day_divider_pretty: (date) => pretty(date, DATE_TOKENS.date_long),
  date_long_full: (date) => format(date, { weekday: "long", month: "long", day: "numeric", year: "numeric" }),
  time: timeOf,
  time_secs: (date) => format(date, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago,
};

/** `{date_long} at {time}` filled in, or null when the template names a token Slack does not have. */
export function fillDate(template, timestamp) {
  const date = new Date(Number(timestamp) * 1000);
  if (Number.isNaN(+date)) return null;
  let known = /\{\w+\}/.test(template);
  const words = template.replace(/\{(\w+)\}/g, (whole, token) => {
    if (Object.hasOwn(DATE_TOKENS, token)) return DATE_TOKENS[token](date);
    known = false;
    return whole;
  });
  return known ? words.charAt(0).toUpperCase() + words.slice(1) : null;
}

/** Unix seconds -> the value of a datetime-local input, on the looking person's clock. */
export function toLocalInput(seconds) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone(), year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(new Date(seconds * 1000));
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/** And back: the offset is looked up at the guessed moment, then once more where it changes nearby. */
export function fromLocalInput(local) {
  const wanted = Date.parse(`${local}:00Z`);
  if (Number.isNaN(wanted)) return null;
  let guess = wanted;
  for (let round = 0; round < 2; round += 1) guess += wanted - Date.parse(`${toLocalInput(guess / 1000)}:00Z`);
  return Math.round(guess / 1000);
}
