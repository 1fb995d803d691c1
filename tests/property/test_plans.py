"""Laws of a campaign: days open, hours kept, every stop once, every reason true to the matrix."""

import dataclasses
import datetime as dt
import itertools
import json

import numpy as np
import pandas as pd
import pytest

from coverage.answers.pokling import Rules, base_place, rank, sensitivity, team_network
from coverage.answers.study import open_study
from coverage.answers.tours.calendar import closed
from coverage.answers.tours.campaign import move_stop, plan_campaign
from coverage.answers.tours.circuits import circuits, group
from coverage.answers.tours.left_out import why
from coverage.answers.tours.living import Earlier, Event, go_on
from coverage.answers.tours.plan import BASE
from coverage.answers.tours.request import Fixed, Request
from coverage.faces.files.itinerary import night_mark
from coverage.faces.files.message_file import messages
from coverage.faces.plan.itineraries import day_total, itinerary
from coverage.faces.plan.plan_file import plan_answer, read_plan
from coverage.ground.errors import InputError
from coverage.travel.od import od_matrix

KENDARI = "bnn-kota-kendari"
KNOWN = dt.date(2026, 11, 21)
FIRST = dt.date(2026, 12, 1)
SULTRA = Request(KENDARI, FIRST, 10, KNOWN, teams=2, visit_min=150, iterations=300)
OCTOBER = dt.date(2024, 10, 5)
LINGGAU = Request(None, dt.date(2024, 10, 7), 5, OCTOBER, visit_min=120, iterations=300)
WATERVANG, JAWA_KANAN_SS = "16.73.01.1016", "16.73.05.1002"
SOME = ("16.73.08.1007", "16.73.08.1008", "16.73.08.1009", "16.73.08.1010")


@pytest.fixture(scope="module")
def campaign(sultra):
    return plan_campaign(sultra, SULTRA)


@pytest.fixture(scope="module")
def linggau_plan(lubuklinggau):
    return plan_campaign(lubuklinggau, LINGGAU)


@pytest.fixture(params=["campaign", "linggau_plan"])
def plan(request):
    return request.getfixturevalue(request.param)


def visited(study, *visits):
    rows = [(kode, pd.Timestamp(day), "", "", "uji") for kode, day in visits]
    table = pd.DataFrame(rows, columns=list(study.visits.columns)).astype(study.visits.dtypes)
    return dataclasses.replace(study, visits=table)


def minutes_from_base(plan):
    network = team_network(plan.study)
    back = od_matrix(network, plan.study.villages.index, base_place(plan.study, plan.base))
    return pd.Series(back.minutes[:, 0], index=plan.study.villages.index)


def test_no_team_goes_out_on_a_closed_day_or_twice_on_one(plan):
    assert plan.days
    for day in plan.days:
        assert closed(day.date) is None
        assert plan.request.first <= day.date <= plan.request.last
    assert len({(day.date, day.team) for day in plan.days}) == len(plan.days)


def test_every_day_is_within_its_hours_and_adds_up(plan):
    for day in plan.days:
        assert day.total_min <= plan.request.day_min
        assert day.drive_min + day.visit_min + day.wait_min + day.break_min == day.total_min
        assert day.wait_min >= 0
        assert day.drive_min == sum(stop.drive_min for stop in day.stops) + day.back_drive_min


def test_every_stop_is_in_at_most_once_and_every_other_village_has_a_reason(plan):
    kodes = [stop.kode for _, stop in plan.stops]
    assert len(kodes) == len(set(kodes))
    assert sorted([*kodes, *plan.left_out.index]) == sorted(plan.study.villages.index)


def test_arrivals_services_and_drives_are_those_of_the_matrix(plan):
    network = team_network(plan.study)
    for day in plan.days:
        clock, at = day.start_min, None
        for stop in day.stops:
            if at is None:
                away = minutes_from_base(plan)[stop.kode]
            else:
                away = od_matrix(network, pd.Index([at]), plan.study.places([stop.kode])).minutes[0, 0]
            assert stop.drive_min == np.ceil(away - 1e-9)
            if not day.break_min:
                assert stop.arrival_min == clock + stop.drive_min
            assert stop.begin_min >= stop.arrival_min
            assert stop.departure_min == stop.begin_min + plan.request.visit_min
            clock, at = stop.departure_min, stop.kode
        if not day.break_min:
            assert day.end_min == clock + day.back_drive_min


def test_no_visit_and_no_arrival_falls_into_the_friday_break(campaign):
    fridays = [day for day in campaign.days if day.date.weekday() == 4]
    assert fridays
    for day in fridays:
        for stop in day.stops:
            assert stop.departure_min <= 690 or stop.begin_min >= 780


def test_the_same_seed_gives_the_same_plan(sultra, campaign):
    again = plan_campaign(sultra, SULTRA)
    assert again.days == campaign.days
    pd.testing.assert_frame_equal(again.left_out, campaign.left_out)


def test_who_is_too_far_needs_more_than_a_day_by_the_matrix(campaign):
    minutes = minutes_from_base(campaign)
    far = campaign.left_out[campaign.left_out["cause"] == "too_far"]
    assert len(far) > 0
    for kode, row in far.iloc[::97].iterrows():
        assert row["need_min"] == 2 * np.ceil(minutes[kode] - 1e-9) + 150
        assert row["need_min"] > row["limit_min"] == 480
        (message,) = why(campaign, str(kode))
        assert message.key == "tours.out_too_far"
        assert message.values["need_min"] == row["need_min"]
        assert message.text("id")
        assert message.text("en")


def test_who_is_not_connected_has_no_way_by_the_matrix(campaign):
    minutes = minutes_from_base(campaign)
    cut_off = campaign.left_out.index[campaign.left_out["cause"] == "not_connected"]
    assert set(cut_off) == set(minutes.index[np.isinf(minutes)])
    (message,) = why(campaign, str(cut_off[0]))
    assert message.key == "tours.out_not_connected"


def test_who_is_outbid_is_worth_no_more_than_what_would_have_to_go(plan):
    value = {stop.kode: stop.value / 10 for _, stop in plan.stops}
    beaten = plan.left_out[plan.left_out["cause"] == "outbid"]
    assert len(beaten) > 0
    for kode, row in beaten.iterrows():
        assert row["displaced"]
        assert row["displaced_priority"] == pytest.approx(sum(value[one] for one in row["displaced"]))
        assert row["priority"] <= row["displaced_priority"]
        score = plan.ranking.ranked.at[kode, "score"]
        assert row["priority"] == pytest.approx(score, abs=0.051)
        day = next(day for day in plan.days if (day.date, day.team) == (row["on_day"], row["on_team"]))
        assert set(row["displaced"]) <= {stop.kode for stop in day.stops}


def test_what_would_be_displaced_really_makes_room(linggau_plan, lubuklinggau):
    beaten = linggau_plan.left_out[linggau_plan.left_out["cause"] == "outbid"]
    kode, row = str(beaten.index[0]), beaten.iloc[0]
    kept = [stop.kode for _, stop in linggau_plan.stops if stop.kode not in row["displaced"]]
    asked = dataclasses.replace(LINGGAU, must=(*kept, kode), must_not=tuple(row["displaced"]))
    held = {stop.kode for _, stop in plan_campaign(lubuklinggau, asked).stops}
    assert {*kept, kode} <= held


def test_lubuklinggau_rests_where_the_pokling_has_been(linggau_plan):
    held = {stop.kode for _, stop in linggau_plan.stops}
    assert not {WATERVANG, JAWA_KANAN_SS} & held
    assert linggau_plan.left_out.loc[[WATERVANG, JAWA_KANAN_SS], "cause"].tolist() == ["visited", "visited"]
    (message,) = why(linggau_plan, "Watervang")
    assert message.values["day"] == dt.date(2024, 10, 1)
    assert message.values["days"] == 6


def test_after_the_first_day_was_held_the_next_plan_starts_elsewhere(lubuklinggau, linggau_plan):
    first = linggau_plan.days[0]
    study = visited(lubuklinggau, *((stop.kode, first.date) for stop in first.stops))
    again = plan_campaign(study, LINGGAU)
    held = {stop.kode for stop in first.stops}
    assert not held & {stop.kode for _, stop in again.stops}
    assert set(again.left_out.loc[sorted(held), "cause"]) == {"visited"}


def test_a_stop_that_must_be_in_is_in_and_one_that_must_not_is_out(lubuklinggau, linggau_plan):
    out = linggau_plan.stops[0][1].kode
    asked = dataclasses.replace(LINGGAU, must=(WATERVANG,), must_not=(out,))
    plan = plan_campaign(lubuklinggau, asked)
    held = {stop.kode for _, stop in plan.stops}
    assert WATERVANG in held
    assert out not in held
    assert plan.left_out.at[out, "cause"] == "must_not"


def test_an_appointment_is_kept_to_the_minute(lubuklinggau):
    day = dt.date(2024, 10, 9)
    asked = dataclasses.replace(LINGGAU, fixed=(Fixed(WATERVANG, day, 10 * 60), Fixed(JAWA_KANAN_SS, day)))
    found = {stop.kode: (on, stop) for on, stop in plan_campaign(lubuklinggau, asked).stops}
    assert found[WATERVANG][0].date == found[JAWA_KANAN_SS][0].date == day
    assert found[WATERVANG][1].begin_min == 600


def test_a_quota_holds_and_is_the_reason_of_who_is_left_out(sultra):
    plan = plan_campaign(sultra, dataclasses.replace(SULTRA, days=4, quota={"74.71": 2}))
    assert sum(stop.kode.startswith("74.71.") for _, stop in plan.stops) == 2
    city = plan.left_out[plan.left_out.index.str.startswith("74.71.")]
    assert set(city["cause"]) <= {"quota", "base", "not_connected"}
    message = why(plan, str(city.index[city["cause"] == "quota"][0]))[0]
    assert message.values["quota"] == 2
    assert all(name in str(message.values["others"]) for name in city[city["cause"] == "quota"]["displaced"].iloc[0])


def test_visits_a_day_are_at_most_as_many_as_allowed(sultra):
    plan = plan_campaign(sultra, dataclasses.replace(SULTRA, days=3, visits_per_day=1))
    assert {len(day.stops) for day in plan.days} == {1}


def test_nights_away_reach_farther_and_keep_each_day_within_its_hours(sultra):
    asked = dataclasses.replace(SULTRA, days=2, teams=1, nights=1)
    plan = plan_campaign(sultra, asked)
    home = plan_campaign(sultra, dataclasses.replace(asked, nights=0))
    assert plan.objective >= home.objective
    assert [day.ends_at == BASE for day in plan.days] == [False, True]
    assert plan.days[1].starts_at == plan.days[0].ends_at
    assert (plan.left_out["cause"] == "too_far").sum() < (home.left_out["cause"] == "too_far").sum()
    for day in plan.days:
        assert day.total_min <= asked.day_min
        assert day.drive_min + day.visit_min + day.wait_min + day.break_min == day.total_min
        assert day.wait_min >= 0
        assert day.drive_min == sum(stop.drive_min for stop in day.stops) + day.back_drive_min
    paper = itinerary(plan, "id")
    for sheet, after in itertools.pairwise(paper.days):
        assert sheet.way[-1] == sheet.end == after.start == after.way[0]
        assert f"enginap di sekitar {sheet.end.name}." in night_mark(sheet, "id")
        assert night_mark(sheet, "id") in day_total(sheet, "id")
        assert night_mark(sheet, "id") in "".join(messages(paper))
    assert night_mark(paper.days[-1], "id") == ""
    told = json.dumps(plan_answer(plan, "id", {})).encode()
    assert read_plan(told, "rencana.json", "74").days == plan.days


def test_saturday_opens_when_asked(lubuklinggau):
    friday_on = dataclasses.replace(LINGGAU, first=dt.date(2024, 10, 11), days=3, saturday_open=True)
    days = {day.date.weekday() for day in plan_campaign(lubuklinggau, friday_on).days}
    assert days == {4, 5}


BAD = [
    (Request(None, OCTOBER, 5, OCTOBER, teams=0), "teams"),
    (Request(None, dt.date(2024, 10, 4), 5, OCTOBER), "sudah lewat"),
    (Request(None, dt.date(2024, 10, 5), 2, OCTOBER), "tutup"),
    (Request(None, dt.date(2024, 12, 25), 1, OCTOBER), "Natal"),
    (dataclasses.replace(LINGGAU, visit_min=600), "lebih lama dari hari kerja"),
    (dataclasses.replace(LINGGAU, start_min=20 * 60), "tengah malam"),
    (dataclasses.replace(LINGGAU, must=(WATERVANG,), must_not=(WATERVANG,)), "sekaligus dilarang"),
    (dataclasses.replace(LINGGAU, quota={"74.71": 1}), "74.71"),
    (dataclasses.replace(LINGGAU, fixed=(Fixed(WATERVANG, dt.date(2024, 10, 6)),)), "akhir pekan"),
    (dataclasses.replace(LINGGAU, fixed=(Fixed(WATERVANG, dt.date(2024, 10, 21)),)), "di luar kampanye"),
    (dataclasses.replace(LINGGAU, fixed=(Fixed(WATERVANG, dt.date(2024, 10, 8), 481),)), "tidak terkejar"),
    (dataclasses.replace(LINGGAU, fixed=(Fixed(WATERVANG, dt.date(2024, 10, 8), 16 * 60),)), "sesudah batas"),
    (
        dataclasses.replace(
            LINGGAU,
            fixed=(Fixed(WATERVANG, dt.date(2024, 10, 8), 600), Fixed(JAWA_KANAN_SS, dt.date(2024, 10, 8), 660)),
        ),
        r"(?s)bertabrakan pada 8 Okt 2024.*Sediakan 2 tim",
    ),
    (dataclasses.replace(LINGGAU, days=1, must=(WATERVANG, JAWA_KANAN_SS, *SOME)), "tersisa"),
]


@pytest.mark.parametrize(("request_", "said"), BAD)
def test_what_cannot_be_fulfilled_is_refused_with_a_remedy(lubuklinggau, request_, said):
    with pytest.raises(InputError, match=said):
        plan_campaign(lubuklinggau, request_)


def test_a_village_that_must_be_in_and_is_too_far_or_cut_off_is_refused(sultra):
    minutes = pd.Series(
        od_matrix(team_network(sultra), sultra.villages.index, base_place(sultra, KENDARI)).minutes[:, 0],
        index=sultra.villages.index,
    )
    far = str(minutes.index[np.isfinite(minutes) & (minutes > 400)][0])
    with pytest.raises(InputError, match="butuh"):
        plan_campaign(sultra, dataclasses.replace(SULTRA, must=(far,)))
    with pytest.raises(InputError, match="tidak terhubung"):
        plan_campaign(sultra, dataclasses.replace(SULTRA, must=(str(minutes.index[np.isinf(minutes)][0]),)))


def test_nobody_within_a_day_and_everybody_visited_are_told_apart(lubuklinggau):
    short = dataclasses.replace(LINGGAU, hours=1.0, visit_min=60)
    with pytest.raises(InputError, match="tercapai dalam sehari"):
        plan_campaign(lubuklinggau, short)
    everywhere = visited(lubuklinggau, *((kode, OCTOBER) for kode in lubuklinggau.villages.index))
    with pytest.raises(InputError, match="sudah dikunjungi"):
        plan_campaign(everywhere, LINGGAU)


def test_a_unit_on_an_island_without_a_ferry_is_named_as_a_base_without_any_way_out():
    unit = b"name,kind,kode\nKlinik pulau,klinik BNNK,74.07.03.2012\n"
    study = open_study("74.07", units_file=unit)
    study = dataclasses.replace(study, network=study.network.without_ferries(study.network.ferry_ids))
    with pytest.raises(InputError, match=r"tidak terhubung.*jangkau ferry --from 74.07.03.2012"):
        plan_campaign(study, dataclasses.replace(SULTRA, base="klinik-pulau"))


def test_a_living_plan_keeps_what_was_held_and_tells_every_change(lubuklinggau, linggau_plan):
    first, second = linggau_plan.days[0], linggau_plan.days[1]
    gone, moved = second.stops[0].kode, linggau_plan.days[2].stops[0].kode
    today = second.date
    events = (
        *(Event("held", stop.kode) for stop in first.stops),
        Event("cancelled", gone),
        Event("moved", moved, dt.date(2024, 10, 11)),
    )
    plan, told = go_on(lubuklinggau, Earlier(LINGGAU, linggau_plan.days), today, events)
    assert [stop.kode for stop in plan.days[0].stops] == [stop.kode for stop in first.stops]
    assert plan.days[0].kept
    assert {stop.state for stop in plan.days[0].stops} == {"held"}
    where = {stop.kode: day.date for day, stop in plan.stops}
    assert gone not in where
    assert plan.left_out.at[gone, "cause"] == "must_not"
    assert where[moved] == dt.date(2024, 10, 11)
    assert len(where) == len(plan.stops)
    before = {stop.kode: (day.date, day.team, stop.begin_min) for day, stop in linggau_plan.stops}
    after = {stop.kode: (day.date, day.team, stop.begin_min) for day, stop in plan.stops}
    differing = {kode for kode in before.keys() | after.keys() if before.get(kode) != after.get(kode)}
    assert len(told) == len(differing)
    assert all(any(kode in message.text() for message in told) for kode in differing)


def test_a_day_marked_to_be_kept_stays_and_its_villages_are_not_planned_twice(lubuklinggau, linggau_plan):
    kept = linggau_plan.days[2]
    cancel = Event("cancelled", linggau_plan.days[1].stops[0].kode)
    plan, _ = go_on(lubuklinggau, Earlier(LINGGAU, linggau_plan.days), OCTOBER, (cancel,), keep=(kept.date,))
    same = next(day for day in plan.days if day.date == kept.date)
    assert [stop.kode for stop in same.stops] == [stop.kode for stop in kept.stops]
    kodes = [stop.kode for _, stop in plan.stops]
    assert len(kodes) == len(set(kodes))


def test_an_event_outside_the_plan_is_refused(lubuklinggau, linggau_plan):
    with pytest.raises(InputError, match="tidak ada dalam rencana"):
        go_on(lubuklinggau, Earlier(LINGGAU, linggau_plan.days), OCTOBER, (Event("held", WATERVANG),))


def test_circuits_part_the_region_and_hold_together(lubuklinggau):
    table = circuits(lubuklinggau, 6)
    assert sorted(table.index) == sorted(lubuklinggau.villages.index)
    assert table["circuit"].nunique() == 6
    assert (table["centre_min"] >= 0).all()
    for _, part in table.groupby("circuit"):
        assert part.loc[part["centre"].iloc[0], "centre_min"] == 0
    with pytest.raises(InputError):
        circuits(lubuklinggau, 0)


def test_places_that_are_not_connected_never_share_a_circuit():
    minutes = np.array([[0, 5, np.inf], [5, 0, np.inf], [np.inf, np.inf, 0]])
    assert group(minutes, 1).tolist() == [0, 0, 1]
    assert group(np.zeros((1, 1)), 1).tolist() == [0]


def test_sensitivity_ranks_as_a_ranking_with_the_changed_weight_would(sultra):
    ranking = rank(sultra, KENDARI, FIRST)
    found = sensitivity(ranking)
    worst = ranking.ranked["rank"].copy()
    for part in ranking.rules.weights:
        for factor in (0.8, 1.2):
            weights = {**ranking.rules.weights, part: ranking.rules.weights[part] * factor}
            moved = rank(sultra, KENDARI, FIRST, rules=Rules(weights)).ranked["rank"]
            worst = np.maximum(worst, moved.reindex(worst.index))
    assert (found["worst_rank"] == worst[found.index]).all()
    assert set(found.index[found["stays"]]) == set(worst.index[worst <= 10])
    assert set(ranking.ranked.index[:10]) <= set(found.index)


def test_bersinar_and_requests_raise_the_need_and_are_told(lubuklinggau):
    plain = rank(lubuklinggau, as_of=OCTOBER)
    kode = str(plain.ranked.index[20])
    named = rank(lubuklinggau, as_of=OCTOBER, rules=Rules(bersinar=(kode,), requests=(kode,)))
    assert named.ranked.at[kode, "rank"] < plain.ranked.at[kode, "rank"]
    keys = [message.key for message in named.reasons(kode)]
    assert keys[-2:] == ["pokling.bersinar", "pokling.requested"]


def test_a_stop_moved_by_hand_changes_only_the_two_days_and_says_when_one_is_too_long(linggau_plan):
    source, target = linggau_plan.days[0], linggau_plan.days[1]
    kode = source.stops[0].kode
    plan = move_stop(linggau_plan, kode, target.date, target.team)
    assert {one.kode: day.date for day, one in plan.stops}[kode] == target.date
    assert sorted(one.kode for _, one in plan.stops) == sorted(one.kode for _, one in linggau_plan.stops)
    assert [day for day in plan.days if day.date not in {source.date, target.date}] == list(linggau_plan.days[2:])
    assert plan.status == "edited"
    changed = next(day for day in plan.days if day.date == target.date)
    assert changed.late_min(480) == max(0, changed.total_min - 480)
    assert changed.drive_min == sum(one.drive_min for one in changed.stops) + changed.back_drive_min
    beaten = plan.left_out[plan.left_out["cause"] == "outbid"]
    assert (beaten["priority"] <= beaten["displaced_priority"]).all()
    assert sorted([*(one.kode for _, one in plan.stops), *plan.left_out.index]) == sorted(plan.study.villages.index)


def test_a_move_to_a_closed_day_or_of_a_village_not_planned_is_refused(linggau_plan):
    kode = linggau_plan.days[0].stops[0].kode
    with pytest.raises(InputError, match="tidak dapat direncanakan"):
        move_stop(linggau_plan, kode, dt.date(2024, 10, 6), 1)
    with pytest.raises(InputError, match="tidak ada pada hari"):
        move_stop(linggau_plan, WATERVANG, linggau_plan.days[1].date, 1)
