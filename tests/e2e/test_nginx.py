"""The app behind nginx, set up as `docs/serving.md` says: under a path, with a certificate."""

import os
import re
import shutil
import subprocess
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from cnnviz.core.samples import draw_sample
from cnnviz.figures.raster import png
from cnnviz.ui.streamlit_internals import address_in_network
from tests.e2e.browser import ROOT, free_port, ready, settled, wait_for
from tests.e2e.starting import APP, HERE, Way, started

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        not (shutil.which("nginx") and shutil.which("openssl")),
        reason="nginx and openssl are not here; on Debian: apt-get install nginx-light openssl",
    ),
]

MACHINE = address_in_network()
(BLOCK,) = re.findall(
    r"```nginx\n(.*?)```", (ROOT / "docs" / "serving.md").read_text(encoding="utf-8"), re.DOTALL
)
SETTINGS = """
{user} daemon off; pid nginx.pid; error_log error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path 1; proxy_temp_path 2; fastcgi_temp_path 3; uwsgi_temp_path 4;
    scgi_temp_path 5;
    server {{
        listen {host}:{port};
        listen {host}:{secure} ssl;
        ssl_certificate certificate.pem; ssl_certificate_key key.pem;
        {block}
    }}
}}
"""
KEPT, CUT = "kept", "cut"
"""What nginx does with the path before it hands a request on."""


@contextmanager
def nginx(folder, block):
    """Yield the addresses of an nginx with one block of locations: plain, and by https."""
    port, secure = free_port(), free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    text = SETTINGS.format(user=user, host=MACHINE, port=port, secure=secure, block=block)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=aula",
         "-days", "2", "-keyout", "key.pem", "-out", "certificate.pem"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    process = subprocess.Popen(["nginx", "-p", str(folder), "-c", "nginx.conf"])
    try:
        wait_for(f"http://{MACHINE}:{port}/aula/cnn/_stcore/health", process)
        yield f"http://{MACHINE}:{port}", f"https://{MACHINE}:{secure}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="module", params=[KEPT, CUT])
def proxy(request, tmp_path_factory):
    """The addresses of the start page behind nginx, and whether that has to end in a slash."""
    is_cut = request.param == CUT
    options = () if is_cut else ("--server.baseUrlPath", "aula/cnn")
    way = Way((*APP, *options), path="" if is_cut else "/aula/cnn")
    with started(way) as address:
        block = BLOCK.replace("127.0.0.1:8501", address.split("/")[2])
        if is_cut:
            block = block.replace("/aula/cnn {", "/aula/cnn/ {").replace(";", "/;", 1)
        with nginx(tmp_path_factory.mktemp("nginx"), block) as addresses:
            yield tuple(f"{each}/aula/cnn" for each in addresses)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_deep_link_opens_and_the_link_handed_out_has_the_whole_path(proxy, open_page, scheme):
    start = proxy[scheme == "https"]
    page = open_page(f"{start}/convolution?lang=en&stride=3&section=take", ignore_https_errors=True)
    program, link = page.locator('[data-testid="stCode"]').all()[:2]
    assert "stride=3" in program.inner_text()
    assert link.inner_text().startswith(f"{start}/convolution?")
    others = page.get_by_text("to everybody else")
    expect(others).to_have_count(1 if MACHINE == HERE else 0)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="PNG").first.click()
    assert waiting.value.path().read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("slash", ["", "/"])
def test_pages_lead_to_pages_and_a_picture_comes_in(proxy, open_page, slash):
    page = open_page(f"{proxy[0]}{slash}?lang=en")
    door = page.locator('[data-testid="stMain"] a[href*="lang=en"]').first
    name = door.get_attribute("href").partition("?")[0]
    assert name in ("pixels", "convolution", "pooling", "network")
    assert door.evaluate("a => a.href").startswith(f"{proxy[0]}/{name}?")
    settled(page, lambda: page.get_by_role("link", name="Pixels", exact=True).click())
    assert page.url.startswith(f"{proxy[0]}/pixels?")
    settled(page, lambda: page.get_by_role("radio", name="Upload", exact=True).click())
    sent = {"name": "seven.png", "mimeType": "image/png"}
    sent["buffer"] = png((draw_sample("digit-7") * 255).astype("uint8"))
    settled(page, lambda: page.locator('input[type="file"]').set_input_files(sent))
    page.locator('[data-testid="stFileUploaderFile"]').wait_for(state="detached", timeout=30_000)
    ready(page)
    expect(page.get_by_role("group", name="Your pictures").locator("button.pick")).to_have_count(1)
