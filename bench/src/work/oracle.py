"""The other side of W10: the same rows in DuckDB, the same questions as plain SQL.

Reads {"database", "from", "after", "month", "month_after", "year", "tables", "sets", "repeat"} from
the standard input, answers as JSON. It shares no code with Engawa: what counts as one is written
down here a second time. Days are Japanese days; moments in the database are UTC.
"""

import csv, datetime, json, os, sqlite3, sys, tempfile, time, uuid

import duckdb

ask = json.load(sys.stdin)
duck = duckdb.connect()
duck.execute("set TimeZone = 'UTC'")
# Its bar would stand in the answer.
duck.execute("set enable_progress_bar = false")

COPIED = {
    "contact": ("select id, room_id, desk_id, at, kind, minutes, work, deleted_at is null as stands from cases_contact",
                "id uuid, room uuid, desk uuid, happened timestamp, kind text, minutes bigint, work text, stands boolean"),
    "contact_subject": ("select contact_id, person_id from cases_contact_subject", "event uuid, person uuid"),
    "case_issue": ("select distinct room_id, code from cases_issue", "room uuid, issue text"),
    "cases": ("select room_id, opened_on, closed_on from cases_case", "event uuid, happened date, until date"),
    "closure": ("select x.id, x.closed_on, c.compound from cases_closure x join cases_case c on c.room_id = x.room_id",
                "event uuid, happened date, compound boolean"),
    "consultation": ("""select room_id, received_at, route, state, coalesce(compound_manual, compound_auto), gap_kind <> '',
                         triaged_at is not null from consultations_consultation""",
                     "event uuid, happened timestamp, route text, state text, compound boolean, gap boolean, decided boolean"),
    "consultation_subject": ("select distinct room_id, person_id from consultations_subject", "event uuid, person uuid"),
    "referral": ("select room_id, sent_at, answered_at, state from referrals_sheet where not arrived and sent_at is not null",
                 "event uuid, sent timestamp, answered timestamp, state text"),
    "person": ("""select p.id, coalesce(p.merged_into, p.id), p.birth_sort, p.sex,
                         exists (select 1 from people_name n where n.person_id = coalesce(p.merged_into, p.id))
                    from people_person p""", "id uuid, kept uuid, birth date, sex text, named boolean"),
    "household_room": ("select household_id, room_id from people_household_room", "household uuid, room uuid"),
    "code": ("select list, code, canonical from organisations_code", "list text, code text, canonical text"),
}


def load():
    """Copies the rows over, by CSV: DuckDB keeps them in memory, in columns."""
    base = sqlite3.connect(f"file:{ask['database']}?mode=ro", uri=True)
    for name, (text, columns) in COPIED.items():
        with tempfile.NamedTemporaryFile("w", newline="", suffix=".csv", delete=False) as file:
            out = csv.writer(file)
            for row in base.execute(text):
                out.writerow([str(uuid.UUID(bytes=v)) if isinstance(v, bytes) else "" if v is None
                              else v.replace("+00:00", "") if isinstance(v, str) else v for v in row])
        duck.execute(f"create table {name} ({columns})")
        duck.execute(f"copy {name} from '{file.name}' (header false, nullstr '')")
        os.unlink(file.name)
    duck.execute("analyze")


def moment(day):
    """The beginning of a Japanese day."""
    return f"(timestamp '{day} 00:00:00' - interval 9 hour)"


def years_before(day, years):
    day = datetime.date.fromisoformat(day)
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def band(last_day):
    """Bands of age on the last day; 0: birthday unknown."""
    ages = [18, 30, 40, 50, 60, 65, 75, 85]
    whens = " ".join(f"when p.birth > date '{years_before(last_day, age)}' then {n}" for n, age in enumerate(ages, 1))
    return f"(case when p.birth is null then 0 {whens} else 9 end)"


def slot():
    """Fiscal years of the period, counted from 1."""
    first, last = int(ask["from"][:4]), int(ask["after"][:4])
    whens = " ".join(f"when e.happened < {moment(f'{year}-04-01')} then {year - first}" for year in range(first + 1, last))
    return f"(case {whens} else {last - first} end)"


def timed(statements):
    """The rows of all statements, and the milliseconds of each repetition after one that warms up."""
    took, rows = [], []
    for _ in range(ask["repeat"] + 1):
        start = time.perf_counter()
        rows = [duck.execute(text).fetchall() for text in statements]
        took.append((time.perf_counter() - start) * 1000)
    return rows, took[1:]


PERSON = "left join contact_subject l on l.event = e.id left join person p on p.id = l.person"
DIMS = {
    "desk": ("e.desk", []),
    "time": (slot(), []),
    "issue": ("i.issue", ["left join case_issue i on i.room = e.room"]),
    "age": (band(str(datetime.date.fromisoformat(ask["after"]) - datetime.timedelta(days=1))), [PERSON]),
}


UNITS = {
    "events": ("e.id", "count(distinct u)"),
    "persons": ("case when p.named then p.kept end", "count(distinct u)"),
    "person_times": ("l.person", "count(u)"),
}


def table(question):
    """Cells, totals of rows and columns, and the total: 'row|column' → number, '*' for all."""
    unit, dims = question["unit"], [question["rows"], question["columns"]]
    one, measure = UNITS[unit]
    if unit == "events" and not {"issue", "age"} & set(dims):
        measure = "count(*)"
    where = f"e.stands and e.happened >= {moment(ask['from'])} and e.happened < {moment(ask['after'])}"

    def lines(of):
        joins = [] if unit == "events" else [PERSON]
        for dim in of:
            joins += [j for j in DIMS[dim][1] if j not in joins]
        keys = ", ".join(f"{DIMS[d][0] if d in of else 'null'} as {name}" for d, name in zip(dims, "rc"))
        return f"(select {keys}, {one} as u from contact e {' '.join(joins)} where {where})"

    levels = [dims, dims[:1], dims[1:], []]
    if unit == "person_times" and "issue" in dims:
        # Added up, not counted: a total must not go through the issues.
        groups = [(of, "r, c") for of in levels]
    else:
        groups = [(dims, "grouping sets ((r, c), (r), (c), ())")]
    rows, took = timed([f"select r, c, grouping(r), grouping(c), {measure} from {lines(of)} group by {by}" for of, by in groups])
    cells = {}
    for part, (of, by) in zip(rows, groups):
        for r, c, all_rows, all_columns, n in part:
            whole = (all_rows or dims[0] not in of, all_columns or dims[1] not in of)
            key = "|".join("*" if w else "-" if v in (None, 0) else str(v) for w, v in zip(whole, (r, c)))
            if n:
                cells[key] = n
    return {"cells": cells, "ms": took}


def codes(table_list, wanted):
    """The municipality's own codes that are counted as these."""
    own = duck.execute("select code from code where list = ? and canonical in (select unnest(?))", [table_list, wanted])
    return ", ".join(f"'{c}'" for c in sorted({*wanted, *(c for (c,) in own.fetchall())}))


SOURCES = {
    "contact": ("contact e", "e.happened", True, "contact_subject", "e.id"),
    "case": ("cases e", "e.happened", False, None, "e.event"),
    "closure": ("closure e", "e.happened", False, None, "e.event"),
    "consultation": ("consultation e", "e.happened", True, "consultation_subject", "e.event"),
    "referral": ("referral e", "e.sent", True, None, "e.event"),
    "referral_accepted": ("referral e", "e.answered", True, None, "e.event"),
}
MARKS = {
    "compound": "e.compound", "gap": "e.gap", "decided": "e.decided", "answered": "e.state = 'answered'",
    "handed_over": "e.state = 'handed_over'", "community": "e.work = 'community'", "individual": "e.work = 'individual'",
    "new": """not exists (select 1 from consultation_subject a join consultation_subject b on b.person = a.person and b.event <> a.event
                          join consultation o on o.event = b.event where a.event = e.event and o.happened < e.happened)""",
}


def count(rule, first, after):
    """One number of a return as SQL; none where nobody records such events yet."""
    if rule["source"] not in SOURCES:
        return None
    unit, wanted = rule["unit"], rule.get("filter", {})
    events, at, moments, subjects, event = SOURCES[rule["source"]]
    of = moment if moments else lambda day: f"date '{day}'"
    where = [f"{at} >= {of(first)} and {at} < {of(after)}"]
    if unit == "open":
        where = [f"{at} < {of(after)} and (e.until is null or e.until >= {of(after)})"]
    if unit == "active":
        where = [f"{at} < {of(after)} and (e.until is null or e.until >= {of(first)})"]
    if rule["source"] == "contact":
        where.append("e.stands")
    if rule["source"] == "referral_accepted":
        where.append("e.state in ('accepted', 'in_progress', 'on_hold', 'reported', 'closed')")
    where += [MARKS[m] for m in wanted.get("marks", [])]
    for name, field, codes_of in [("route", "e.route", "route"), ("kind", "e.kind", "contact_kind")]:
        if wanted.get(name):
            where.append(f"{field} in ({codes(codes_of, wanted[name])})")
    last = str(datetime.date.fromisoformat(after) - datetime.timedelta(days=1))
    if wanted.get("age"):
        where.append(f"{band(last)} in ({', '.join(wanted['age'])})")
    if wanted.get("sex"):
        where.append("p.sex in (" + ", ".join(f"'{s}'" for s in wanted["sex"]) + ")")
    join, measure = "", "count(*)"
    if unit in ("persons", "person_times"):
        join = f"left join {subjects} l on l.event = {event} left join person p on p.id = l.person"
        measure = "count(distinct case when p.named then p.kept end)" if unit == "persons" else "count(l.person)"
    if unit == "households":
        join, measure = f"left join household_room h on h.room = {event}", "count(distinct h.household)"
    if unit == "minutes":
        measure = "coalesce(sum(e.minutes), 0)::bigint"
    return f"select {measure} from {events} {join} where {' and '.join(where)}"


def filled(items):
    """[in the month, in the year so far] of each item in thousandths; null: no records, "base": a rate of nothing."""
    texts, places = [], {}

    def place(rule, first):
        text = count(rule, first, ask["month_after"])
        if text is not None and text not in places:
            places[text] = len(texts)
            texts.append(text)
        return text

    plan = []
    for item in items:
        per = item["rule"].get("per") or {}
        for first in (ask["month"], ask["year"]):
            under = place(per["counted"], first) if "counted" in per else per.get("fixed")
            plan.append((place(item["rule"]["count"], first), under, bool(per)))
    rows, took = timed(texts)
    number = lambda of: rows[places[of]][0][0] if isinstance(of, str) else of
    values = []
    for over, under, is_rate in plan:
        over, under = number(over), number(under)
        if over is None or (is_rate and under is None):
            values.append(None)
        elif not is_rate:
            values.append(over * 1000)
        else:
            values.append("base" if under == 0 else (over * 1000 + under // 2) // under * 100)
    return {"values": values, "ms": took}


load()
json.dump({"version": duckdb.__version__, "threads": duck.execute("select current_setting('threads')").fetchone()[0],
           "tables": [table(q) for q in ask["tables"]], "sets": [filled(s) for s in ask["sets"]]}, sys.stdout)
