"""Addresses and URLs that must be refused, and how names come to lead to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

#: What is written in a URL's host, and the network that would admit it.
LITERALS: Mapping[str, str] = {
    "127.0.0.1": "127.0.0.1/32",
    "127.1": "127.0.0.1/32",
    "127.0.1": "127.0.0.1/32",
    "2130706433": "127.0.0.1/32",
    "0x7f000001": "127.0.0.1/32",
    "0X7F.1": "127.0.0.1/32",
    "017700000001": "127.0.0.1/32",
    "0177.1": "127.0.0.1/32",
    "127.255.255.254": "127.255.255.254/32",
    "0": "0.0.0.0/32",
    "0.0.0.0": "0.0.0.0/32",
    "0x0": "0.0.0.0/32",
    "0.255.255.255": "0.255.255.255/32",
    "localhost": "127.0.0.1/32",
    "localhost.": "127.0.0.1/32",
    "LOCALHOST": "127.0.0.1/32",
    "api.localhost": "127.0.0.1/32",
    "a.b.localhost.": "127.0.0.1/32",
    "127.0.0.1.": "127.0.0.1/32",
    "2852039166": "169.254.169.254/32",
    "0xa9fea9fe": "169.254.169.254/32",
    "[::]": "::/128",
    "[::1]": "::1/128",
    "[0:0:0:0:0:0:0:1]": "::1/128",
    "[::ffff:127.0.0.1]": "::ffff:7f00:1/128",
    "[::ffff:7f00:1]": "::ffff:7f00:1/128",
    "[::ffff:1.1.1.1]": "::ffff:101:101/128",
    "[::7f00:1]": "::7f00:1/128",
    "[::127.0.0.1]": "::7f00:1/128",
    "[::ffff:0:7f00:1]": "::ffff:0:7f00:1/128",
    "[::5efe:7f00:1]": "::5efe:7f00:1/128",
    "[2a00:1450::5efe:7f00:1]": "2a00:1450::5efe:7f00:1/128",
    "[2a00:1450::200:5efe:7f00:1]": "2a00:1450::200:5efe:7f00:1/128",
    "[64:ff9b::7f00:1]": "64:ff9b::7f00:1/128",
    "[64:ff9b::a9fe:a9fe]": "64:ff9b::a9fe:a9fe/128",
    "[64:ff9b:1::1]": "64:ff9b:1::1/128",
    "[2002:7f00:1::1]": "2002:7f00:1::1/128",
    "[2002:a9fe:a9fe::1]": "2002:a9fe:a9fe::1/128",
    "[2001::1]": "2001::1/128",
    "[2001:0:7f00:1::1]": "2001:0:7f00:1::1/128",
    "[2001:2::1]": "2001:2::1/128",
    "[2001:10::1]": "2001:10::1/128",
    "[2001:20::1]": "2001:20::1/128",
    "[2001:db8::1]": "2001:db8::1/128",
    "[3ffe::1]": "3ffe::1/128",
    "[3fff::1]": "3fff::1/128",
    "[3fff:fff::1]": "3fff:fff::1/128",
    "[5f00::1]": "5f00::1/128",
    "[4000::1]": "4000::1/128",
    "[100::1]": "100::1/128",
    "[100:0:0:1::1]": "100:0:0:1::1/128",
    "[2620:4f:8000::1]": "2620:4f:8000::1/128",
    "[fc00::1]": "fc00::1/128",
    "[fd00:ec2::254]": "fd00:ec2::254/128",
    "[fd20:ce::254]": "fd20:ce::254/128",
    "[fdff:ffff:ffff:ffff::1]": "fdff:ffff:ffff:ffff::1/128",
    "[fe80::1%25eth0]": "fe80::1/128",
    "[fe80::1%eth0]": "fe80::1/128",
    "[fe80::1]": "fe80::1/128",
    "[febf::1]": "febf::1/128",
    "[fec0::1]": "fec0::1/128",
    "[ff02::1]": "ff02::1/128",
    "[ff0e::1]": "ff0e::1/128",
}
#: The first and the last address of each block, and those by which clouds give away credentials.
PLAIN = (
    "10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255", "100.64.0.0",
    "100.100.100.200", "100.127.255.255", "168.63.129.16", "169.254.0.0", "169.254.169.254", "169.254.170.2",
    "169.254.255.255", "192.0.0.0", "192.0.0.192", "192.0.0.255", "192.0.2.0", "192.0.2.255", "198.51.100.0",
    "198.51.100.255", "203.0.113.0", "203.0.113.255", "198.18.0.0", "198.19.255.255", "192.31.196.1", "192.52.193.1",
    "192.88.99.0", "192.88.99.255", "192.175.48.1", "224.0.0.0", "224.0.0.1", "239.255.255.255", "240.0.0.0",
    "255.255.255.254", "255.255.255.255",
)  # fmt: skip
ADDRESSES: Mapping[str, str] = LITERALS | {address: f"{address}/32" for address in PLAIN}

#: URLs that are refused whatever the operator admits, with the port in the place of `PORT`.
NO_URLS = (
    # look-alike digits, dots and letters
    "http://\uff11\uff12\uff17.0.0.1:PORT/", "http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460:PORT/",
    "http://127\uff0e0\uff0e0\uff0e1:PORT/", "http://127\uff610\uff610\uff611:PORT/", "http://\u24dbocalhost:PORT/",
    "http://\uff4cocalhost:PORT/", "http://localho\u017ft:PORT/", "http://local\u00adhost:PORT/",
    "http://127.0.0.1\u200b:PORT/", "http://127.0.0.1\u2044@1.1.1.1:PORT/",
    # whom the host is, and who the user
    "http://user@127.0.0.1:PORT/", "http://1.1.1.1@127.0.0.1:PORT/", "http://1.1.1.1:80@127.0.0.1:PORT/",
    "http://1.1.1.1;@127.0.0.1:PORT/", "http://@127.0.0.1:PORT/", "http://:@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT@1.1.1.1/", "http://user:pass@1.1.1.1/", "http://1.1.1.1%40127.0.0.1:PORT/",
    "http://[::1]@1.1.1.1/", "http://[::1].1.1.1.1:PORT/", "http://[::1:PORT/", "http://[zz]:PORT/",
    # backslashes, tabs, newlines, blanks, NUL and percent signs
    "http://1.1.1.1\\@127.0.0.1:PORT/", "http:\\\\127.0.0.1:PORT\\", "http://127.0.0.1:PORT\\@1.1.1.1/",
    "http://127.0\t.0.1:PORT/", "ht\ttp://127.0.0.1:PORT/", "http://127.0.0.1:PORT/\r\nHost: 1.1.1.1",
    "http://127.0.0.1\n:PORT/", "\nhttp://127.0.0.1:PORT/", " http://127.0.0.1:PORT/", "http://127.0.0.1 :PORT/",
    "http://1.1.1.1 &@127.0.0.1:PORT/", "http://127.0.0.1\x00.example:PORT/", "http://127.0.0.1%00.example:PORT/",
    "http://%31%32%37.0.0.1:PORT/", "http://127.0.0.1%2eexample:PORT/", "http://127.0.0.1%2f@1.1.1.1:PORT/",
    # other schemes, and none
    "ftp://127.0.0.1:PORT/", "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "gopher://127.0.0.1:PORT/_x",
    "dict://127.0.0.1:PORT/", "ldap://127.0.0.1:PORT/", "ws://127.0.0.1:PORT/", "wss://127.0.0.1:PORT/",
    "tcp://127.0.0.1:PORT/", "javascript:alert(1)", "data:text/plain,x", "127.0.0.1:PORT", "//127.0.0.1:PORT/",
    "http:127.0.0.1:PORT/", "http:/127.0.0.1:PORT/", "http:///127.0.0.1:PORT/", "http://", "http://:PORT/",
    "http://./", "http://..:PORT/", "hook",
    # unix sockets
    "unix:///var/run/docker.sock", "unix:/var/run/docker.sock", "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "http://unix:/var/run/docker.sock:/", "http://%2Fvar%2Frun%2Fdocker.sock/", "npipe:////./pipe/docker_engine",
    # names and ports that are none
    "http://a..example:PORT/", "http://*.example:PORT/", "http://a,b.example:PORT/", "http://$(id):PORT/",
    "http://0177.0.0.01:PORT/", "http://127.0.0.01:PORT/", "http://127.0.0.999:PORT/", "http://127.0.0.1:99999/",
    "http://127.0.0.1:-1/", "http://127.0.0.1:/", "http://127.0.0.1:PORT:PORT/",
    f"http://{'a' * 64}.example:PORT/", f"http://{'a.' * 130}example:PORT/",
)  # fmt: skip

#: URLs that look bad and lead where the address says; what follows is not the host. (These are refused for the host.)
DISGUISED: Mapping[str, str] = {
    "http://127.0.0.1:PORT#@1.1.1.1/": "127.0.0.1/32",
    "http://127.0.0.1:PORT?@1.1.1.1/": "127.0.0.1/32",
    "http://127.0.0.1:PORT/@1.1.1.1": "127.0.0.1/32",
    "HTTP://127.0.0.1:PORT/": "127.0.0.1/32",
    "https://127.0.0.1:PORT/": "127.0.0.1/32",
    "https://localhost:PORT/": "127.0.0.1/32",
    "http://127\u30020\u30020\u30021:PORT/": "127.0.0.1/32",
}
PUBLIC = ("1.1.1.1", "2606:4700:4700::1111")
POSITIVES = (
    "https://1.1.1.1/", "http://1.1.1.1:8080/x?y=z#f", "https://1.1.1.1./", "https://[2606:4700:4700::1111]/",
    "http://[2606:4700:4700::1111]:8443/hook", "https://public.example/", "https://PUBLIC.example./", "https://six.example/",
    "https://both.example/", "https://alias.example/", "https://b\u00fccher.example/", "https://under_score.example/",
    "https://not-yet.example/", "http://1.1.1.1#@127.0.0.1/", "http://1.1.1.1?@127.0.0.1/", "http://1.1.1.1/@127.0.0.1",
    "https://9.255.255.255/", "https://11.0.0.0/", "https://172.15.255.255/", "https://172.32.0.0/", "https://[2003::1]/",
    "https://100.63.255.255/", "https://100.128.0.0/", "https://223.255.255.255/", "https://localhost.example/",
)  # fmt: skip

OWN_URL = "https://afterword.example"
OWN = (
    "https://afterword.example/api/v1/accounts", "http://AFTERWORD.example:PORT/", "https://afterword.example.:PORT/",
    "https://afterword\u3002example/",
)  # fmt: skip


@dataclass
class Zones:
    """Names of the test's own, resolved as a resolver does: aliases are followed, and answers may change each time."""

    answers: dict[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, host: str) -> Iterable[str]:
        self.asked.append(host)
        name = host
        for _ in range(8):
            name = self.aliases.get(name, name)
        if name not in self.answers:
            raise OSError(-2, "Name or service not known")
        turns = self.answers[name]
        return turns[min(self.asked.count(host), len(turns)) - 1]


def zones() -> Zones:
    """The names that lead to addresses of the corpus, and some that lead to public ones."""
    found = Zones()
    for number, network in enumerate(sorted(set(ADDRESSES.values()))):
        address = network.partition("/")[0]
        found.answers[f"to-{number}.example"] = [[address]]
        found.answers[f"mixed-{number}.example"] = [["1.1.1.1", address]]
        found.aliases[f"alias-{number}.example"] = f"to-{number}.example"
    found.answers["public.example"] = [["1.1.1.1"]]
    found.answers["six.example"] = [["2606:4700:4700::1111"]]
    found.answers["both.example"] = [list(PUBLIC)]
    found.aliases["alias.example"] = "public.example"
    found.answers["afterword.example"] = [["1.1.1.1"]]
    for name in ("xn--bcher-kva.example", "under_score.example", "localhost.example"):
        found.aliases[name] = "public.example"
    return found


def named() -> Mapping[str, str]:
    """URLs by a name that leads to an address of the corpus, alone, through an alias, and beside a public one."""
    networks = sorted(set(ADDRESSES.values()))
    kinds = ("to", "alias", "mixed")
    return {f"http://{kind}-{n}.example:PORT/": network for kind in kinds for n, network in enumerate(networks)}


def refusals(port: int) -> Mapping[str, str | None]:
    """Every URL that must be refused, and the network that would admit it; None where none would."""
    written = {f"http://{host}:PORT/hook": network for host, network in ADDRESSES.items()}
    admissible = {**written, **DISGUISED, **named()}
    whole: dict[str, str | None] = {**admissible, **dict.fromkeys(NO_URLS), **dict.fromkeys(OWN, "1.1.1.1/32")}
    return {url.replace("PORT", str(port)): network for url, network in whole.items()}
