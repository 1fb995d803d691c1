"""A download ends with the right bytes or with a sentence, whatever the server, the disk or the reader does."""

import _thread
import errno
import io
import itertools
import threading
import time
import urllib.request
from contextlib import suppress
from dataclasses import replace

import pytest

from coverage.ground.downloads.addresses import ElsewhereError, Redirect
from coverage.ground.downloads.files import LOCK, Progress, RemoteFile, bring
from coverage.ground.errors import InputError

from .conftest import RULES, cut, mute, random_bytes, refuse, silent

DAY = "Fri, 04 Oct 2024 12:00:00 GMT"
OTHER_DAY = "Sat, 05 Oct 2024 12:00:00 GMT"


@pytest.fixture
def part(folder):
    return folder / "jalan.part"


def files_in(folder):
    return sorted(path.name for path in folder.iterdir() if path.name != LOCK)


def test_whole_files_lie_in_the_cache_and_are_not_asked_for_again(fetch, site, folder):
    assert fetch() == site.content == fetch()
    assert site.asked == [None]
    assert files_in(folder) == ["jalan.tif"]


@pytest.mark.parametrize("damage", [b"", b"x", "flip"])
def test_a_registered_file_that_was_damaged_is_fetched_again(damage, site, folder):
    file = site.file(pinned=True)
    (path,) = bring([file], folder, RULES)
    path.write_bytes(site.content[:-1] + bytes([site.content[-1] ^ 1]) if damage == "flip" else damage)
    bring([file], folder, RULES)
    assert path.read_bytes() == site.content
    assert site.asked == [None, None]


@pytest.mark.parametrize("first", [1, 8191, 65536, 200_000, 300_000])
def test_a_cut_line_is_continued_where_it_stopped(first, fetch, site):
    site.manners = [cut(first)]
    assert fetch() == site.content
    assert site.asked == [None, f"bytes={first}-"]


def test_a_server_that_cannot_continue_begins_anew(fetch, site):
    site.manners, site.ranges = [cut(100_000)], False
    assert fetch() == site.content


def test_three_tries_that_fail_are_a_sentence_and_the_next_call_goes_on(fetch, site, part):
    site.manners = [cut(1000), cut(1000), cut(1000)]
    with pytest.raises(InputError, match=r"jalan\.tif terputus .*dilanjutkan"):
        fetch()
    assert part.read_bytes() == site.content[:3000]
    assert fetch() == site.content
    assert site.asked[-1] == "bytes=3000-"


@pytest.mark.parametrize("kind", ["tag", "date"])
def test_a_file_that_changed_between_two_parts_is_begun_anew(kind, site, folder, monkeypatch):
    """The bytes of two states never come together, though nobody registered the sha256 of either."""
    site.tag, site.date = ('"a"', "") if kind == "tag" else ("", DAY)
    site.manners = [cut(100_000)] * 3
    site.ranges = False
    with pytest.raises(InputError):
        bring([site.file(pinned=False)], folder, RULES)
    site.ranges, site.content = True, random_bytes(300_001, 8)
    site.tag, site.date = ('"b"', "") if kind == "tag" else ("", OTHER_DAY)
    (path,) = bring([site.file(pinned=False)], folder, RULES)
    assert path.read_bytes() == site.content
    assert site.asked[-1] == "bytes=100000-"


def test_a_server_that_ignores_the_state_asked_for_is_found_out(site, folder):
    def mixed(handler):
        body = random_bytes(300_001, 9)[100_000:]
        site.tag = '"b"'
        handler.begin(206, {"Content-Length": str(len(body)), "Content-Range": "bytes 100000-300000/300001"})
        handler.wfile.write(body)

    site.manners = [cut(100_000), mixed]
    (path,) = bring([site.file(pinned=False)], folder, RULES)
    assert path.read_bytes() == site.content
    assert site.asked == [None, "bytes=100000-", None]


def test_without_a_state_only_a_registered_sha256_lets_a_part_be_continued(fetch, site, pinned):
    site.tag = ""
    site.manners = [cut(100_000)]
    assert fetch() == site.content
    assert site.asked == [None, "bytes=100000-" if pinned else None]


def test_a_weak_tag_is_no_state(fetch, site, pinned):
    site.tag = 'W/"a"'
    site.manners = [cut(100_000)]
    assert fetch() == site.content
    assert site.asked == [None, "bytes=100000-" if pinned else None]


@pytest.mark.parametrize("answered", ["bytes 0-300000/300001", "bytes 99999-300000/300001", "junk", ""])
def test_a_part_that_is_not_the_one_asked_for_never_lies_in_the_file(answered, fetch, site):
    def other(handler):
        handler.begin(206, {"Content-Length": "200002", **({"Content-Range": answered} if answered else {})})
        handler.wfile.write(site.content[99_999:])

    site.manners = [cut(100_000), other]
    assert fetch() == site.content


def test_a_part_from_another_address_is_continued_only_if_registered(site, folder, part, pinned):
    folder.mkdir(parents=True)
    part.write_bytes(site.content[:5000])
    part.with_suffix(".part.state").write_text('http://127.0.0.1:9/jalan.tif\n"a"')
    bring([site.file(pinned=pinned)], folder, RULES)
    assert site.asked == ["bytes=5000-" if pinned else None]


def test_a_part_left_by_an_earlier_version_is_continued(site, folder, part):
    """Earlier versions wrote no note beside it."""
    folder.mkdir(parents=True)
    part.write_bytes(site.content[:5000])
    (path,) = bring([site.file(pinned=True)], folder, RULES)
    assert path.read_bytes() == site.content
    assert site.asked == ["bytes=5000-"]
    assert files_in(folder) == ["jalan.tif"]


def test_a_part_that_is_already_whole_is_not_asked_for(site, folder, part):
    folder.mkdir(parents=True)
    part.write_bytes(site.content)
    bring([site.file(pinned=True)], folder, RULES)
    assert site.asked == []


@pytest.mark.parametrize("left", [b"other bytes", b"x" * 400_000, b"x" * 300_001])
def test_a_part_of_another_file_is_thrown_away(left, site, folder, part):
    folder.mkdir(parents=True)
    part.write_bytes(left)
    (path,) = bring([site.file(pinned=True)], folder, RULES)
    assert path.read_bytes() == site.content


def test_another_file_than_the_registered_one_is_refused(site, folder, part):
    file = replace(site.file(pinned=True), sha256="0" * 64)
    with pytest.raises(InputError, match="sha256"):
        bring([file], folder, RULES)
    assert site.asked == [None]
    assert files_in(folder) == []


def test_a_web_page_is_told(fetch, site, folder):
    site.content = b"<!DOCTYPE html><html>masuk</html>"
    site_file = RemoteFile("jalan.tif", f"{site.url}/jalan.tif", "0" * 64)
    with pytest.raises(InputError, match="halaman web"):
        bring([site_file], folder, RULES)
    with pytest.raises(InputError, match="halaman web"):
        bring([site.file(pinned=False)], folder, RULES)
    assert files_in(folder) == []


@pytest.mark.parametrize(("length", "chunked"), [(None, False), (None, True), (300_001, False)])
def test_a_file_counts_only_if_its_end_is_known(length, chunked, fetch, site, pinned):
    def answer(handler):
        size = {"Content-Length": str(length)} if length else {}
        handler.begin(200, {"Transfer-Encoding": "chunked"} if chunked else size)
        body = site.content
        handler.wfile.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if chunked else body)

    site.manners = [answer]
    if pinned or length or chunked:
        assert fetch() == site.content
    else:
        with pytest.raises(InputError, match="tidak menyebut ukuran"):
            fetch()


def test_a_chunked_answer_that_is_cut_is_not_taken_for_whole(fetch, site):
    def answer(handler):
        handler.begin(200, {"Transfer-Encoding": "chunked"})
        handler.wfile.write(b"%x\r\n%b\r\n" % (1000, site.content[:1000]))

    site.manners = [answer]
    assert fetch() == site.content


@pytest.mark.parametrize("code", [408, 429, 500, 502, 503, 504])
def test_a_server_that_is_busy_is_asked_again_after_the_pause_it_asks_for(code, fetch, site, monkeypatch):
    waited = []
    monkeypatch.setattr(
        "coverage.ground.downloads.patience.wait", lambda seconds, _: waited.append(seconds) if seconds else None
    )
    site.manners = [refuse(code, Retry_After="4"), refuse(code)]
    assert fetch() == site.content
    assert waited == [4.0]


@pytest.mark.parametrize(("code", "words"), [(503, "terputus"), (429, "kode 429"), (408, "kode 408")])
def test_a_server_that_stays_busy_is_a_sentence(code, words, fetch, site):
    site.manners = [refuse(code)] * 3
    with pytest.raises(InputError, match=words):
        fetch()
    assert len(site.asked) == 3


def test_a_server_that_asks_for_more_patience_than_there_is_is_left_alone(fetch, site):
    site.manners = [refuse(503, Retry_After="7200")] * 2
    with pytest.raises(InputError, match="2 jam"):
        fetch()
    assert len(site.asked) == 1


@pytest.mark.parametrize(("code", "words"), [(404, "tidak ada di server"), (403, "kode 403"), (410, "kode 410")])
def test_a_refusal_is_told_at_once(code, words, fetch, site):
    site.manners = [refuse(code)]
    with pytest.raises(InputError, match=words):
        fetch()
    assert len(site.asked) == 1


def test_a_slow_server_is_waited_for(fetch, site):
    def slowly(handler):
        handler.begin(200, {"Content-Length": "300001"})
        for at in range(0, 300_001, 60_000):
            handler.wfile.write(site.content[at : at + 60_000])
            time.sleep(0.02)

    site.manners = [slowly]
    assert fetch() == site.content
    assert site.asked == [None]


@pytest.mark.parametrize(("manner", "then"), [(silent, "bytes=150000-"), (mute, None)])
def test_a_silent_server_is_left_and_asked_again(manner, then, fetch, site):
    site.manners = [manner]
    assert fetch(replace(RULES, timeout_s=0.7)) == site.content
    assert site.asked == [None, then]


@pytest.mark.parametrize("target", ["http://localhost:{port}/jalan.tif", "ftp://127.0.0.1/x", "http://169.254.1.1/"])
def test_a_server_that_points_elsewhere_is_not_followed(target, fetch, site):
    port = site.url.rpartition(":")[2]
    site.manners = [refuse(302, Location=target.format(port=port))]
    with pytest.raises(InputError) as caught:
        fetch()
    assert target.split("/")[2].split(":")[0] in caught.value.text("id") or "302" in caught.value.text("id")
    assert site.asked == [None]


def test_a_server_may_point_to_itself_and_to_hosts_that_the_caller_allows(fetch, site):
    port = site.url.rpartition(":")[2]
    site.manners = [
        refuse(301, Location="/lain/jalan.tif"),
        refuse(307, Location=f"http://localhost:{port}/jalan.tif"),
    ]
    assert fetch(replace(RULES, hosts=frozenset({"localhost"}))) == site.content
    assert site.paths == ["/jalan.tif", "/lain/jalan.tif", "/jalan.tif"]


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/x", "file:///etc/passwd", "/etc/passwd", ""])
def test_only_http_is_asked(url, folder):
    with pytest.raises(InputError, match="https://"):
        bring([RemoteFile("x.tif", url, None)], folder, RULES)


@pytest.mark.parametrize("told", [True, False])
def test_a_file_that_is_too_large_is_not_taken(told, fetch, site, folder):
    def untold(handler):
        handler.begin(200, {"Transfer-Encoding": "chunked"})
        handler.wfile.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(site.content), site.content))

    site.manners = [] if told else [untold]
    with pytest.raises(InputError, match="lebih besar dari 0 MB"):
        fetch(replace(RULES, max_bytes=300_000))
    assert files_in(folder) == []
    assert fetch(replace(RULES, max_bytes=300_001)) == site.content


def test_a_disk_that_fills_up_is_a_sentence_and_the_part_stays(fetch, site, part, monkeypatch):
    real = type(part).open

    def filling(path, *given, **named):
        opened = real(path, *given, **named)
        if given[:1] != ("ab",):
            return opened

        class Full:
            def __enter__(self):
                return self

            def __exit__(self, *_):
                opened.close()

            def write(self, piece):
                opened.write(piece[:1000])
                opened.flush()
                raise OSError(errno.ENOSPC, "No space left on device")

        return Full()

    with monkeypatch.context() as patch:
        patch.setattr(type(part), "open", filling)
        with pytest.raises(InputError, match=r"tidak dapat disimpan.* habis"):
            fetch()
    assert part.read_bytes() == site.content[:1000]
    assert fetch() == site.content
    assert site.asked == [None, "bytes=1000-"]


@pytest.mark.parametrize("stops", list(itertools.product(range(1, 5), repeat=2)), ids=str)
def test_stopped_anywhere_and_continued_gives_the_same_bytes(stops, fetch, site, part):
    for pieces in stops:
        told = []
        # The last pieces may come before the stop does.
        with suppress(InputError):
            fetch(watch=told.append, stopped=lambda told=told, pieces=pieces: len(told) >= pieces)
        there = part.read_bytes() if part.exists() else b""
        assert site.content.startswith(there)
        assert bool(there) == part.exists()
    assert fetch() == site.content
    assert all(asked is not None for asked in site.asked[1:]) or stops[0] == 1


def test_a_part_stopped_at_its_last_byte_is_not_fetched_twice_if_registered(fetch, site, part, pinned):
    told = []
    with pytest.raises(InputError, match="dihentikan"):
        fetch(watch=told.append, stopped=lambda: bool(told) and told[-1].read_bytes == len(site.content))
    assert part.read_bytes() == site.content
    assert fetch() == site.content
    assert site.asked == ([None] if pinned else [None, "bytes=300001-", None])


def test_a_stop_is_told(fetch):
    with pytest.raises(InputError, match="dihentikan setelah 0 dari 1 berkas"):
        fetch(stopped=lambda: True)


@pytest.mark.parametrize("manner", [silent, mute])
def test_a_silent_server_does_not_hold_up_who_stops(manner, fetch, site, part):
    """It would be waited for a minute."""
    site.manners = [manner]
    reached = threading.Event()

    def watch(now):
        if now.read_bytes >= len(site.content) // 2:
            reached.set()

    def stopped():
        return reached.is_set() or (manner is mute and site.asked != [])

    ended = []

    def work():
        with pytest.raises(InputError, match="dihentikan"):
            fetch(replace(RULES, timeout_s=60.0), watch=watch, stopped=stopped)
        ended.append(True)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(15)
    assert ended == [True]
    assert (part.stat().st_size if part.exists() else 0) == (150_000 if manner is silent else 0)
    assert fetch() == site.content


def test_who_stops_during_a_pause_does_not_wait_for_its_end(fetch, site):
    site.manners = [refuse(503, Retry_After="4")]
    begun = []
    with pytest.raises(InputError, match="dihentikan"):
        fetch(watch=begun.append, stopped=lambda: len(begun) > 1)
    assert len(site.asked) == 1


def test_progress_counts_bytes_of_all_tries_to_the_total(fetch, site):
    site.manners = [cut(100_000)]
    told = []
    fetch(watch=told.append)
    assert {one.total_bytes for one in told} == {None, 300_001}
    counted = [one.read_bytes for one in told if one.total_bytes]
    assert counted == sorted(counted)
    assert 100_000 in counted
    assert counted[-1] == 300_001
    assert (told[-1].done, told[-1].files, told[-1].name) == (1, 1, "")


def test_a_second_download_at_the_same_time_says_so(fetch, site):
    seen = []

    def watch(_):
        if not seen:
            seen.append(True)
            with pytest.raises(InputError, match="sedang diunduh"):
                fetch()

    fetch(watch=watch)
    assert seen == [True]


@pytest.mark.parametrize(
    "target",
    ["http://[x/", "http://a..b/", "http://127.0.0.1:99999/", "//127.0.0.1:port/x y"],
)
def test_a_server_that_points_to_no_address_is_a_sentence(target, fetch, site):
    def point(handler):
        handler.send_response(302)
        handler.wfile.write(b"".join(handler._headers_buffer) + b"Location: " + target.encode() + b"\r\n\r\n")
        handler._headers_buffer = []

    site.manners = [point] * 3
    with pytest.raises(InputError) as caught:
        fetch()
    assert caught.value.text("id").startswith("jalan.tif: ") or "jalan.tif" in caught.value.text("en")


def test_a_server_that_points_to_itself_without_end_is_a_sentence(fetch, site):
    site.manners = [refuse(302, Location="/lagi")] * 30
    with pytest.raises(InputError, match="kode 302"):
        fetch()
    assert len(site.asked) < 15


def test_from_https_a_server_may_not_point_to_http():
    request = urllib.request.Request("https://a.example/x")
    with pytest.raises(ElsewhereError, match=r"^http://a\.example$"):
        Redirect({"a.example"}).redirect_request(request, io.BytesIO(), 302, "", None, "http://a.example/x")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Length": "9" * 5000},
        {"Content-Length": "-1"},
        {"Content-Length": "\u00b2"},
        {"Content-Length": "300001", "ETag": '"a\u00e9"'},
        {"Content-Length": "300001", "ETag": '"a\r\n b"'},
        {"Content-Length": "300001", "Content-Range": "bytes 0-" + "9" * 5000},
    ],
    ids=range(6),
)
def test_odd_headers_end_in_the_right_bytes_or_a_sentence(headers, fetch, site):
    def odd(handler):
        handler.send_response(200)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(site.content[:1000])

    site.manners, site.tag = [odd], ""
    with suppress(InputError):
        assert fetch() == site.content
    site.manners = []
    assert fetch() == site.content
    assert len(site.asked) <= 3


def test_a_part_of_odd_length_named_by_the_server_is_begun_anew(fetch, site):
    def odd(handler):
        handler.begin(206, {"Content-Length": "5", "Content-Range": f"bytes {'9' * 5000}-1/*"})

    site.manners = [cut(1000), odd]
    assert fetch() == site.content


def test_a_network_that_asks_for_a_login_does_not_cost_what_has_come(fetch, site, part):
    def page(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.send_header("Content-Length", "22")
        handler.end_headers()
        handler.wfile.write(b"<html>masuk</html>    ")

    site.manners = [cut(100_000), page]
    with pytest.raises(InputError, match="halaman web"):
        fetch()
    assert part.read_bytes() == site.content[:100_000]
    assert fetch() == site.content
    assert site.asked[-1] == "bytes=100000-"


def test_ctrl_c_ends_a_silent_download_and_the_part_stays(fetch, site, part):
    """Ctrl+C comes while the main thread waits for a server that says nothing."""

    def interrupt(handler):
        silent_for(handler)
        handler.site.released.wait(20)

    def silent_for(handler):
        handler.whole_or_part(1000)
        handler.wfile.flush()

    site.manners = [interrupt]

    def watch(now):
        if now.read_bytes == 1000:
            threading.Timer(0.0, _thread.interrupt_main).start()

    with pytest.raises(KeyboardInterrupt):
        fetch(replace(RULES, timeout_s=60.0), watch=watch)
    assert part.read_bytes() == site.content[:1000]
    assert fetch() == site.content


def test_the_share_of_a_download_grows_with_its_bytes():
    assert Progress(0, 2, "a", 50, 100).share == 0.25
    assert Progress(1, 2, "b", 50, None).share == 0.5
    assert Progress(2, 2, "").share == Progress(0, 1, "a", 9, 9).share == 1.0
    assert Progress(0, 0, "").share == 0.0


@pytest.mark.parametrize(
    "url", ["http://nama:sandi@127.0.0.1/x", "http://127.0.0.1/jalan \u00e9", "http://127.0.0.1/\x7f", "http://a..b/x"]
)
def test_an_address_that_cannot_be_asked_is_told_at_once(url, folder):
    with pytest.raises(InputError, match="tidak dapat dipakai"):
        bring([RemoteFile("x.tif", url)], folder, RULES)
