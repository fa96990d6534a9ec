/** Reads dates as people write them. Only for showing; what counts is how the server reads. */

export interface Day {
  year: number;
  month: number;
  day: number;
}

interface Era {
  name: string;
  letter: string;
  digit: string;
  first: Day;
}

const ERAS: Era[] = [
  { name: "令和", letter: "R", digit: "5", first: { year: 2019, month: 5, day: 1 } },
  { name: "平成", letter: "H", digit: "4", first: { year: 1989, month: 1, day: 8 } },
  { name: "昭和", letter: "S", digit: "3", first: { year: 1926, month: 12, day: 25 } },
  { name: "大正", letter: "T", digit: "2", first: { year: 1912, month: 7, day: 30 } },
  { name: "明治", letter: "M", digit: "1", first: { year: 1868, month: 10, day: 23 } },
];

export function read(typed: string, today: Day): Day | undefined {
  const text = typed.normalize("NFKC").trim().toUpperCase().replace(/\s/g, "");
  if (text === "今日" || text === "本日") return today;
  if (text === "昨日") return before(today);
  const digits = /^([1-5])(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (digits) return ofEra((era) => era.digit === digits[1], digits[2], digits[3], digits[4]);
  const japanese = /^(明治|大正|昭和|平成|令和|[MTSHR])(元|\d{1,2})[年.\-/](\d{1,2})[月.\-/](\d{1,2})日?$/.exec(text);
  if (japanese) {
    const word = japanese[1];
    return ofEra((era) => era.name === word || era.letter === word, japanese[2], japanese[3], japanese[4]);
  }
  const western = /^(\d{4})[年.\-/](\d{1,2})[月.\-/](\d{1,2})日?$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (western) return real(Number(western[1]), Number(western[2]), Number(western[3]));
  return undefined;
}

/** 「令和8年4月1日（水）」 */
export function shown(day: Day): string {
  const era = ERAS.find((candidate) => !earlier(day, candidate.first));
  const week = "日月火水木金土"[new Date(day.year, day.month - 1, day.day).getDay()] ?? "";
  const rest = `${day.month}月${day.day}日（${week}）`;
  if (!era) return `${day.year}年${rest}`;
  const year = day.year - era.first.year + 1;
  return `${era.name}${year === 1 ? "元" : year}年${rest} ${day.year}年`;
}

/** Full years as of today; nothing for a day to come. */
export function age(birth: Day, today: Day): number | undefined {
  if (earlier(today, birth)) return undefined;
  const had = today.month > birth.month || (today.month === birth.month && today.day >= birth.day);
  return today.year - birth.year - (had ? 0 : 1);
}

export function todayHere(): Day {
  const now = new Date();
  return { year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() };
}

function ofEra(is: (era: Era) => boolean, year = "", month = "", day = ""): Day | undefined {
  const place = ERAS.findIndex(is);
  const era = ERAS[place];
  if (!era) return undefined;
  const found = real(era.first.year + (year === "元" ? 1 : Number(year)) - 1, Number(month), Number(day));
  const next = ERAS[place - 1];
  if (!found || earlier(found, era.first)) return undefined;
  // 昭和64年 ended on January 7: what comes later belongs to the next era.
  return next && !earlier(found, next.first) ? undefined : found;
}

function real(year: number, month: number, day: number): Day | undefined {
  const date = new Date(year, month - 1, day);
  const same = date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day;
  return same && year >= 1000 ? { year, month, day } : undefined;
}

function before(day: Day): Day {
  const date = new Date(day.year, day.month - 1, day.day - 1);
  return { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate() };
}

function earlier(one: Day, other: Day): boolean {
  return one.year * 10_000 + one.month * 100 + one.day < other.year * 10_000 + other.month * 100 + other.day;
}
