"""Who can open the app, and at which address others can."""

import pytest

from cnnviz.ui import reach

OPTIONS = {"server.address": "127.0.0.1", "server.port": 8501, "browser.serverAddress": "localhost"}
MACHINE = "192.168.1.7"


@pytest.fixture
def listening(monkeypatch):
    """Settings of the server, on a machine with an address in its network."""

    def set_up(machine=MACHINE, **options):
        given = OPTIONS | {name.replace("_", "."): value for name, value in options.items()}
        monkeypatch.setattr(reach.st, "get_option", given.__getitem__)
        monkeypatch.setattr(reach, "address_in_network", lambda: machine)
        monkeypatch.setattr(reach, "address_at", lambda host: f"http://{host}:8501")

    return set_up


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST.", "app.localhost", "localhost.localdomain", "127.0.0.1",
        "127.3.2.1", "0.0.0.0", "::1", "[::1]", "::", "::ffff:127.0.0.1", "[::ffff:7f00:1]",
    ],
)  # fmt: skip
def test_what_means_ones_own_computer(host):
    assert reach.is_own(host)


@pytest.mark.parametrize(
    "host", [MACHINE, "fd00::2", "[fd00::2]", "aula.escola.br", "notlocalhost", "128.0.0.1", ""]
)
def test_what_means_one_computer_to_all(host):
    assert not reach.is_own(host)


@pytest.mark.parametrize(
    ("address", "is_open", "host"),
    [
        ("127.0.0.1", False, None),
        ("localhost", False, None),
        ("::1", False, None),
        (None, True, MACHINE),
        ("", True, MACHINE),
        ("0.0.0.0", True, MACHINE),
        ("::", True, MACHINE),
        ("10.0.0.5", True, "10.0.0.5"),
        ("fd00::2", True, "[fd00::2]"),
        ("aula.escola.br", True, "aula.escola.br"),
    ],
)
def test_others_reach_what_listens_for_them(listening, address, is_open, host):
    listening(server_address=address)
    assert (reach.is_open(), reach.others_host()) == (is_open, host)


def test_a_machine_without_a_network_is_reached_by_nobody(listening):
    listening("127.0.0.1", server_address="0.0.0.0")
    assert reach.others_host() is None
    listening(server_address="127.0.0.1", browser_serverAddress="aula.escola.br")
    assert reach.others_host() == "aula.escola.br", "as told, whatever stands in between"


OPEN = {"server_address": "0.0.0.0"}


@pytest.mark.parametrize(
    ("options", "url", "visitor", "link", "said"),
    [
        (OPEN, "http://localhost:8501/a/convolution", None,
         "http://192.168.1.7:8501/a/convolution", reach._MOVED),
        (OPEN, "http://[::1]:8501/", "::ffff:127.0.0.1", "http://192.168.1.7:8501/", reach._MOVED),
        (OPEN, "http://localhost:8501/", "172.17.0.1", "http://localhost:8501/", reach._OTHERWISE),
        (OPEN, "http://localhost/", None, "http://localhost/", reach._OTHERWISE),
        (OPEN | {"machine": "127.0.0.1"}, "http://localhost:8501/", None,
         "http://localhost:8501/", reach._OTHERWISE),
        ({}, "http://127.0.0.1:8501/", None, "http://127.0.0.1:8501/", reach._CLOSED),
        ({}, "http://0.0.0.0:8501/", None, "http://0.0.0.0:8501/", reach._CLOSED),
        ({}, "https://localhost/aula/", None, "https://localhost/aula/", reach._OTHERWISE),
        ({"server_port": 80}, "http://localhost/", None, "http://localhost/", reach._CLOSED),
        ({"server_port": 80} | OPEN, "http://localhost/", None, "http://192.168.1.7:80/",
         reach._MOVED),
        ({}, "https://aula.escola.br/cnn/", "10.0.0.9", "https://aula.escola.br/cnn/", None),
        ({}, "http://192.168.1.7:8501/", None, "http://192.168.1.7:8501/", None),
        ({}, "", None, "", None),
    ],
)  # fmt: skip
def test_a_link_says_who_cannot_follow_it(listening, options, url, visitor, link, said):
    listening(**options)
    found, sentence = reach.for_others(url, visitor)
    assert found == link
    assert (sentence and sentence.message) == said


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        ({}, ["cnnviz: http://127.0.0.1:8501", "Only this computer can open it."]),
        (OPEN, ["cnnviz: http://localhost:8501", "For others: http://192.168.1.7:8501",
                "no log-in"]),
        (OPEN | {"machine": "127.0.0.1"}, ["cnnviz: http://localhost:8501", "no log-in"]),
        ({"server_address": "10.0.0.5"}, ["cnnviz: http://10.0.0.5:8501", "no log-in"]),
        ({"browser_serverAddress": "aula.br"},
         ["cnnviz: http://127.0.0.1:8501", "For others: http://aula.br:8501", "no log-in"]),
    ],
)  # fmt: skip
def test_who_starts_the_server_is_told_who_can_open_it(listening, options, lines):
    listening(**options)
    said = [line for line in reach.welcome().splitlines() if line.strip()]
    assert len(said) == len(lines)
    assert all(words in line for words, line in zip(lines, said, strict=True))
